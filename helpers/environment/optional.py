"""Packages that the course does not install, used by the notebook about other strategies and libraries."""

from __future__ import annotations

from importlib.util import find_spec


def has_packages(*modules: str) -> bool:
    """Whether all these modules can be imported; if not, print how to install them.

    Parameters
    ----------
    *modules : str
        Names as in ``import``; the package's name is the same, with "-" in place of "_".
    """
    if all(map(find_spec, modules)):
        return True
    print(f"Not installed: `pip install {' '.join(modules).replace('_', '-')}` to run this cell.")
    return False
