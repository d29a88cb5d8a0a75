"""Rules on how papers count operations."""

from __future__ import annotations

from collections.abc import Iterator

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.flop_convention import (
    BOTH,
    BY_ARCHITECTURE,
    MULTIPLY_ADDS,
    STATED,
    known_multiply_adds,
)

PLACE = 60

_COUNTS = ["paper_id", "experiment", "dataset", "architecture", "base_flops", "flop_convention", "flop_convention_rule"]


def _experiments(dataset: Dataset) -> list[dict[str, object]]:
    table = evidence.without_sweeps(dataset)
    counted = table.loc[table["base_flops"].notna(), _COUNTS].drop_duplicates().astype(object)
    rows = counted.where(counted.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _count(row: dict[str, object]) -> float:
    return float(str(row["base_flops"]))


def _suspicion(row: dict[str, object], found: str) -> Suspicion:
    subject = f"base_flops of {row['architecture']} on {row['dataset']}: {_count(row):.4g}"
    return Suspicion(str(row["paper_id"]), subject, found, ("experiments", int(str(row["experiment"])), "base_flops"))


@rule(
    "note",
    why="About twice the architecture's multiply-adds: the paper seems to count multiplications and additions.",
    settle="The paper's definition of its operation count.",
    of_record=True,
)
def twice_the_multiply_adds(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned operation count is about twice the known multiply-adds, and the paper does not say why."""
    known = known_multiply_adds(dataset.reference_models())
    for row in _experiments(dataset):
        if row["flop_convention"] == BOTH and row["flop_convention_rule"] == BY_ARCHITECTURE:
            reference = known[str(row["dataset"]), str(row["architecture"])]
            yield _suspicion(row, f"{_count(row) / reference:.2f} times the known {reference:.4g} multiply-adds")


@rule(
    "warning",
    why="Neither once nor twice the architecture's multiply-adds: another network, other images, or another count.",
    settle="The paper's description of its unpruned model.",
    of_record=True,
)
def neither_once_nor_twice(dataset: Dataset) -> Iterator[Suspicion]:
    """An unpruned operation count is near neither one nor two times the architecture's known multiply-adds."""
    known = known_multiply_adds(dataset.reference_models())
    for row in _experiments(dataset):
        reference = known.get((str(row["dataset"]), str(row["architecture"])))
        if reference:
            ratio = _count(row) / reference / (2 if row["flop_convention"] == BOTH else 1)
            if not 0.85 <= ratio <= 1.15:
                yield _suspicion(row, f"{ratio:.2f} times the known {reference:.4g} multiply-adds")


@rule(
    "warning",
    why="One paper counts in one way.",
    settle="The paper's definition of its operation count.",
    of_record=True,
)
def mixed_conventions(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper's unpruned counts are once the multiply-adds for one architecture and twice for another."""
    found: dict[str, dict[str, str]] = {}
    for row in _experiments(dataset):
        if row["flop_convention_rule"] in (STATED, BY_ARCHITECTURE):
            found.setdefault(str(row["paper_id"]), {})[str(row["architecture"])] = str(row["flop_convention"])
    for paper, conventions in found.items():
        if {MULTIPLY_ADDS, BOTH} <= set(conventions.values()):
            said = ", ".join(f"{name}: {convention}" for name, convention in sorted(conventions.items()))
            yield Suspicion(paper, "base_flops", said, ("experiments",))
