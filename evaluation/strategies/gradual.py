"""Gradual magnitude pruning while training (Zhu and Gupta 2018)."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject


def gradual(subject: Subject) -> Scores:
    """The absolute value of each weight, those that are masked for now included."""
    return {name: layer.weight.detach().abs() for name, layer in subject.layers.items()}
