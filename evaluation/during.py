"""Pruning while training: more and more weights are masked, and may come back as long as it goes on.

The share that is pruned rises along a cubic curve (Zhu and Gupta 2018, equation 1) from nothing at the start to the
whole at three quarters of the training.  A masked weight keeps its value beside the network and gets no update until it
is chosen again; the gradient at its place goes on telling how it would move (Sanh et al. 2020, section 4).
"""

from __future__ import annotations

from collections.abc import Callable

import torch

from prunelit.evaluation.counting import Layer
from prunelit.evaluation.masks import Masks
from prunelit.evaluation.subject import Scores

END = 0.75
"""Share of the training at which the masks have reached the ratio."""
UPDATES = 100
"""How often the masks change at most until then."""


def share_of(progress: float) -> float:
    """How much of the pruning is done, 0 to 1, at some progress of the training, 0 to 1.

    >>> share_of(0.0), share_of(0.375), share_of(0.75), share_of(1.0)
    (0.0, 0.875, 1.0, 1.0)
    """
    return 1 - (1 - min(progress / END, 1.0)) ** 3


class Gradually:
    """Masks that change while a network is trained; call :meth:`watch` after each step."""

    def __init__(
        self,
        layers: dict[str, Layer],
        keep: int,
        masks: Callable[[Scores, int], Masks],
        score: Callable[[Scores], Scores],
    ) -> None:
        self.layers, self.keep, self.make, self.score = layers, keep, masks, score
        self.values = {name: layer.weight.detach().clone() for name, layer in layers.items()}
        self.masks = {name: torch.ones_like(one, dtype=torch.bool) for name, one in self.values.items()}
        self.moved = {name: torch.zeros_like(one) for name, one in self.values.items()}
        self.hooks = [layer.weight.register_hook(self._note(name)) for name, layer in layers.items()]
        self.number = sum(one.numel() for one in self.values.values())

    def _note(self, name: str) -> Callable[[torch.Tensor], torch.Tensor]:
        def note(gradient: torch.Tensor) -> torch.Tensor:
            self.moved[name] -= gradient * self.values[name]
            return gradient

        return note

    def watch(self, step: int, steps: int) -> None:
        """Keep what was learned, change the masks if it is time, and mask the weights."""
        with torch.no_grad():
            for name, layer in self.layers.items():
                self.values[name] = torch.where(self.masks[name], layer.weight, self.values[name])
            if self._is_time(step, steps):
                self._change(step / steps)
            for name, layer in self.layers.items():
                layer.weight.copy_(self.values[name] * self.masks[name])

    def finish(self) -> Masks:
        """The final masks, on the processor."""
        for hook in self.hooks:
            hook.remove()
        return {name: one.cpu() for name, one in self.masks.items()}

    def _is_time(self, step: int, steps: int) -> bool:
        last = max(1, int(END * steps))
        every = max(1, last // UPDATES)
        return step <= last and (step % every == 0 or step == last)

    def _change(self, progress: float) -> None:
        for name, layer in self.layers.items():
            layer.weight.copy_(self.values[name])
        done = 1.0 if progress >= END - 1e-9 else share_of(progress)
        keep = self.number - round((self.number - self.keep) * done)
        made = self.make(self.score(self.moved), keep)
        self.masks = {name: one.to(self.values[name].device) for name, one in made.items()}
