"""Headers of records: what matters to other records, as far as a glance at the text shows.

One record is checked against hundreds: reading them all takes far longer than reading it.  Of the others only the names
and numbers that must not be used twice matter, and where these stand in the text is plain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SURVEY_ID = re.compile(r"""^survey_id: *["']?([^"'\s#]+)""", re.MULTILINE)
_SURVEY_ROW = re.compile(
    r"""survey_row(?:(?<![\w"']survey_row)|(?<=["']survey_row)(?<![\w"']["']survey_row))["']? *: *(\d+)"""
)
"""The key, in quotes or not, that no other word ends with; it begins with what is searched for, which is fast."""


@dataclass(frozen=True, slots=True)
class RecordHeader:
    """A record that was not read: its file's name without suffix, and what it takes for itself."""

    id: str
    survey_id: str | None
    survey_rows: tuple[int, ...]


def record_header(stem: str, text: str) -> RecordHeader:
    """A glance at the text of a record; ``stem`` is the name of its file without suffix."""
    named = _SURVEY_ID.search(text) if "survey_id" in text else None
    return RecordHeader(stem, named[1] if named else None, tuple(int(row) for row in _SURVEY_ROW.findall(text)))
