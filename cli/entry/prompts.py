"""Comments of a new record that ask for something, and their removal once they are answered.

What ``prunelit new`` writes leads through a record.  A comment goes when the keys that it asks for are there; one that
says what is doubtful (``Look here``) stays until a person removes it, and so does every comment of anybody else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from prunelit.schema.tree import Node, children

NEW_COLLECTION = "contributed"
"""Collection of what contributors enter."""
LOOK = "Look here: "
"""How a comment begins that says what is doubtful."""

WRITTEN_BY = """\
# Written by `prunelit new` from {source}. Follow the comments, then remove them; `prunelit fmt FILE` removes those
# that are answered, and puts the record in order. `prunelit check FILE` says what is wrong."""

ASK_PUBLISHED = """\
# When the paper appeared at its venue; of a preprint, when its first version was posted."""

ASK_VENUE = "The venue, by its name in corpus/venues.yaml{container}; add it there if it is missing."
VENUE_EXAMPLE = "# venue: ICLR"

ASK_COLLECTIONS = """\
# New results count in the collection of contributions, not in the closed one of the 2020 survey."""

ASK_COMPARES_TO = """\
# Papers whose pruning results this paper compares its own to, as their files in corpus/papers are called:
# compares_to:
#   - han2015learning"""

ASK_CONTRIBUTORS = """\
# Who entered or checked the record:
# contributors:
#   - Ada Lovelace"""

ASK_METHODS = """\
# Methods that the paper proposes, as it calls them:
# methods:
#   - name: Our Method"""

ASK_EXPERIMENTS = f"""\
# One experiment for each dataset and architecture (names: corpus/datasets.yaml and corpus/architectures.yaml), with
# the paper's own unpruned model, and a curve for each method: its own one, a rerun of somebody else's, or copied
# numbers. Digits as printed: 76.0 is not 76. Accuracies in percent, kept and removed shares from 0 to 1. Leave out
# what the paper does not say. A locator says where the numbers stand.
# experiments:
#   - dataset: ImageNet
#     architecture: ResNet-50
#     collections: [{NEW_COLLECTION}]
#     base_top1: 76.15
#     base_params: 25.6M
#     curves:
#       - method: Our Method
#         origin: own
#         points:
#           - top1: 75.44
#             params_kept: 0.30
#             locator: {{table: 2, row: Our Method-70, read: printed}}
#       - method: Magnitude
#         origin: rerun
#         proposed_by: han2015learning
#         points:
#           - top1: 74.9
#             params_kept: 0.30
#             locator: {{figure: 3a, read: plot}}
#"""

ASK_LANGUAGE_MODEL = f"""\
# Of a language model, with the conditions that the paper states, calibration data, and a pattern of weights:
#   - dataset: WikiText-2
#     architecture: LLaMA-7B
#     collections: [{NEW_COLLECTION}]
#     conditions: {{split: test, sequence_length: 2048}}
#     base_metrics:
#       - {{metric: perplexity, value: 5.68}}
#     curves:
#       - method: Our Method
#         origin: own
#         recipe:
#           calibration: {{samples: 128, sequence_length: 2048}}
#         sparsity_scope: pruned_layers
#         points:
#           - n_of_m: "2:4"
#             metrics:
#               - {{metric: perplexity, value: 6.90}}
#             params_removed: 0.50
#             locator: {{table: 3, read: printed}}"""

NO_BIBLIOGRAPHY = "# The bibliography is missing: title, authors, published; `prunelit new` writes a record with them."


@dataclass(frozen=True, slots=True)
class Prompt:
    """A comment that asks for something: how its first line begins, its other lines, and the keys that answer it."""

    opening: str
    others: Collection[str]
    keys: Collection[str]
    folded: bool = False
    """Whether its first line may go on in lines that are indented."""

    def goes_on(self, line: str) -> bool:
        """Whether a line below the first one belongs to it, too."""
        return line in self.others or (self.folded and line.startswith("#   "))


def _prompt(text: str, *keys: str) -> Prompt:
    first, *others = text.split("\n")
    return Prompt(first.partition("{")[0], others, keys)


_HEAD = _prompt(WRITTEN_BY)
_PROMPTS = (
    _prompt(ASK_PUBLISHED, "experiments"),
    _prompt(ASK_COLLECTIONS, "experiments"),
    Prompt(f"# {ASK_VENUE.partition('{')[0]}", (VENUE_EXAMPLE,), ("venue",), folded=True),
    _prompt(ASK_COMPARES_TO, "compares_to"),
    _prompt(ASK_CONTRIBUTORS, "contributors"),
    _prompt(ASK_METHODS, "methods"),
    _prompt(ASK_EXPERIMENTS, "experiments"),
    _prompt(ASK_LANGUAGE_MODEL, "experiments"),
    _prompt(NO_BIBLIOGRAPHY, "title", "authors", "published"),
)


def remove_answered(record: Node) -> None:
    """Remove the comments of the template that a record answers; the one at its top goes with the last of them."""
    there = record.content if isinstance(record.content, dict) else {}
    answered = [one for one in _PROMPTS if all(key in there for key in one.keys)]
    for lines in _comment_lines(record):
        lines[:] = _without(lines, answered)
    left = list(chain.from_iterable(_comment_lines(record)))
    if not any(line.startswith((f"# {LOOK}", *(one.opening for one in _PROMPTS))) for line in left):
        record.before[:] = _without(record.before, [_HEAD])


def _comment_lines(node: Node) -> Iterator[list[str]]:
    """The lists of lines above entries and at the ends of blocks."""
    yield from (node.before, node.end)
    yield from chain.from_iterable(map(_comment_lines, children(node)))


def _without(lines: Iterable[str], answered: Collection[Prompt]) -> list[str]:
    """The lines without those of prompts, each of which ends at the first line that is none of its own."""
    kept: list[str] = []
    prompt: Prompt | None = None
    for line in lines:
        opened = next((one for one in answered if line.startswith(one.opening)), None)
        if opened and kept and kept[-1] == "#":
            kept.pop()
        prompt = opened or (prompt if prompt and prompt.goes_on(line) else None)
        if not prompt:
            kept.append(line)
    return kept
