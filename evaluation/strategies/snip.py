"""SNIP (Lee et al. 2019): connection sensitivity before training."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject, gradients


def snip(subject: Subject) -> Scores:
    """The absolute value of the gradient for a gate on each weight, which is weight times gradient."""
    found = gradients(subject)
    return {name: (layer.weight.detach() * found[name]).abs() for name, layer in subject.layers.items()}
