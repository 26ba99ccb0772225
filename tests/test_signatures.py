"""Calls can be read: public functions of the kit take two arguments by place, all others by name."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import data_scripts
import helpers

PLACES = ("POSITIONAL_ONLY", "POSITIONAL_OR_KEYWORD")
# Compiled, and so called by place; drawing, whose arguments are coordinates; exercises, called with the page's names.
ELSEWHERE = ("helpers.fused_loop", "helpers.taxi_arithmetic", "helpers.synthetic.", "helpers.check.")
MODULES = [
    module.name
    for package in (helpers, data_scripts)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
    if not module.name.startswith(ELSEWHERE)
]


@pytest.mark.parametrize("name", MODULES)
def test_what_follows_the_first_two_arguments_is_named(name):
    module = importlib.import_module(name)
    public = [value for key, value in vars(module).items() if not key.startswith("_") and callable(value)]
    for function in (value for value in public if inspect.isfunction(value) and value.__module__ == name):
        kinds = [parameter.kind.name for parameter in inspect.signature(function).parameters.values()]
        assert sum(kind in PLACES for kind in kinds) <= 2, f"{name}.{function.__name__}{inspect.signature(function)}"
