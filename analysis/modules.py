"""Modules of a package of many alike, such as rules or figures: a new one joins by being there."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

LAST = 1_000_000


def modules(package: ModuleType) -> dict[str, ModuleType]:
    """The modules of a package by their names, in the order of their ``PLACE``; those without one are last, by name."""
    found = {one.name: import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)}
    return dict(sorted(found.items(), key=lambda one: (getattr(one[1], "PLACE", LAST), one[0])))
