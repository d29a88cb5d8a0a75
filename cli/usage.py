"""Messages about values on the command line: what was expected, what came, and the nearest right name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from typer import BadParameter
from typer.core import TyperGroup

from prunelit.schema.problems import nearest, quoted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


class GroupOfCommands(TyperGroup):
    """Commands whose values are refused in the words of this project, not in those of the library that reads them."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is asked for."""
        try:
            return super().invoke(ctx)
        except BadParameter as error:
            from pydantic import ValidationError

            if isinstance(error.__cause__, ValidationError):
                error.message = _told(error.__cause__.errors()[0])
            raise


def _told(error: ErrorDetails) -> str:
    from prunelit.schema.messages import expectation

    came = str(error["input"])
    _, expected = expectation(error)
    _, refused, choices = expected.rpartition(" is not one of ")
    known = re.findall("'([^']+)'", choices) if refused else []
    if known:
        expected = f"expected one of {', '.join(known)}"
    return f"{expected}; found {quoted(came)}{nearest(came, known)}"
