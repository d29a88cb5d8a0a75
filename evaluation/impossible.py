"""What cannot be done to a network, which is a result too."""

from __future__ import annotations


class CannotPruneError(Exception):
    """Raised when a network cannot be pruned as asked: what must stay is too large, or a strategy does not suit it."""
