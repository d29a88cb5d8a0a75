"""What is said when the files of a dataset are not there."""

from __future__ import annotations


class MissingDataError(Exception):
    """Raised when a dataset cannot be read; the message says where to get it."""
