"""The time that the environment gives what is built, as in all reproducible builds.

It is looked at before any command runs: packages that commands import take it for a number unseen.
"""

from __future__ import annotations

import os
import re

import typer

from prunelit.cli.report import visible

_NAME = "SOURCE_DATE_EPOCH"
_LAST_SECOND = 253_402_300_799
"""The last one of the year 9999."""


def build_time() -> int | None:
    """The time in seconds since 1970 that the environment says, if it says any; an empty one is forgotten.

    Raises:
        typer.BadParameter: if what it says is no time.
    """
    if not (said := os.environ.get(_NAME)):
        os.environ.pop(_NAME, None)
        return None
    if not re.fullmatch("[0-9]{1,12}", said) or int(said) > _LAST_SECOND:
        message = f"'{visible(said)}' is no time in seconds since 1970; unset it, or give one such as 1796000000"
        raise typer.BadParameter(message, param_hint=_NAME)
    return int(said)
