"""N of every M consecutive weights by their magnitude (Zhou et al. 2021): masks only, as the kernels need CUDA."""

from __future__ import annotations

from prunelit.evaluation.subject import Scores, Subject


def n_of_m(subject: Subject) -> Scores:
    """The absolute value of each weight; the pattern of the masks does the rest."""
    return {name: layer.weight.detach().abs() for name, layer in subject.layers.items()}
