"""Exercises that answer back; see `helpers.check.answer`. ``check.name(answer, …)`` is the exercise of that name.

There is a module for each notebook. Every function that `answer.exercise` decorates in one of them is found here.
"""

from importlib import import_module
from pkgutil import iter_modules

from helpers.check.answer import EXERCISES

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
globals().update(EXERCISES)
