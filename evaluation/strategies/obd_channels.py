"""Optimal brain damage (LeCun et al. 1990) on filters."""

from __future__ import annotations

from prunelit.evaluation.strategies.obd import obd
from prunelit.evaluation.subject import Scores, Subject


def obd_channels(subject: Subject) -> Scores:
    """The sum over each filter of what its weights have for themselves."""
    return {name: one.flatten(1).sum(1) for name, one in obd(subject).items()}
