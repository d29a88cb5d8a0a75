"""Network slimming (Liu et al. 2017): the scales of batch normalization, trained with a penalty on them."""

from __future__ import annotations

from torch import nn

from prunelit.evaluation.impossible import CannotPruneError
from prunelit.evaluation.subject import Scores, Subject


def slimming(subject: Subject) -> Scores:
    """The absolute scale of each channel.

    Raises:
        CannotPruneError: if the network has no batch normalization.
    """
    norms = {name: one for name, one in subject.network.named_modules() if isinstance(one, nn.BatchNorm2d)}
    if not norms:
        raise CannotPruneError("network slimming needs batch normalization, and this network has none")
    return {name: one.weight.detach().abs() for name, one in norms.items()}
