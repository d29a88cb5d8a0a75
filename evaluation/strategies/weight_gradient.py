"""Weight times gradient, the first-order effect of removing a weight, as in ShrinkBench."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject, gradients


def weight_gradient(subject: Subject) -> Scores:
    """The absolute value of each weight times the gradient of the loss for it."""
    found = gradients(subject)
    return {name: (layer.weight.detach() * found[name]).abs() for name, layer in subject.layers.items()}
