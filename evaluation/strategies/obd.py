"""Optimal brain damage (LeCun et al. 1990), the diagonal of the Hessian taken from squared gradients."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject, squared_gradients


def obd(subject: Subject) -> Scores:
    """Half the square of each weight times the mean square of the gradient for it (the empirical Fisher matrix)."""
    found = squared_gradients(subject)
    return {name: layer.weight.detach() ** 2 * found[name] / 2 for name, layer in subject.layers.items()}
