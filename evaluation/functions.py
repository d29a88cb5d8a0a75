"""Functions by their names: ``module:function``, from the current folder too."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any


class MissingFunctionError(Exception):
    """Raised when there is no function of a name."""


def function_of(name: str) -> Callable[..., Any]:
    """The function that ``module:function`` names.

    >>> function_of("math:sqrt")(9.0)
    3.0

    Raises:
        MissingFunctionError: if there is no such module or function.
    """
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        found = getattr(import_module(module_name), attribute, None)
    except ModuleNotFoundError as error:
        raise MissingFunctionError(f"there is no module '{error.name}' for '{name}'") from None
    finally:
        sys.path.remove(here)
    if not callable(found):
        raise MissingFunctionError(f"there is no function '{attribute}' in module '{module_name}'")
    return found  # type: ignore[no-any-return]


def source_of(name: str) -> str:
    """The text of the module that holds a function."""
    function = function_of(name)
    return inspect.getsource(sys.modules[function.__module__])
