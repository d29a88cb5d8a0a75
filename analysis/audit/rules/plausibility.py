"""Rules on numbers that cannot be, or hardly, whatever others report: spreads, chance, columns, metrics."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.digits import accuracy_interval, least_accuracy, middle
from prunelit.analysis.audit.findings import Suspicion, at, rule
from prunelit.analysis.audit.rows import AuditRow, any_of, grouped
from prunelit.analysis.audit.rules.repetition import QUALITY
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.record import Point

PLACE = 45

_WIDE = 5
"""Percentage points of a standard deviation beyond which runs would hardly be reported as one number."""
_CHANCE = {"top1": 15, "top5": 60}
"""Percent beyond which no image classifier of ten or more classes is at chance."""
_CEILING = 99
"""Percent of the unpruned top-5 accuracy that only few classes allow."""
_UNCHANGED = 0.995
"""Share that is left from which on nothing counts as removed."""
_SMALL_CHANGE = 0.2
"""Percentage points of change from which on another point makes no change at all plausible."""
_LITTLE = Decimal("0.1")
"""Share removed from which on pruning is worth a row of a table."""
_OTHER_SHARES, _TIMES = 2, 4
"""Other shares of a paper that tell, and how many times one must be below them."""
_LEAST, _NEAR = 3, 3
"""Other points that make a column, and those that show how many digits it is printed with."""
_Table: TypeAlias = Callable[[AuditRow], Hashable]
_TABLES: tuple[_Table, ...] = (
    lambda row: (row.paper.id, row.path[:4]),
    lambda row: row.network,
    lambda row: row.paper.id,
)
"""What may stand in one table: the points of a curve, of a network, of a paper."""


@rule("warning", why="Runs that lie so far apart are rarely given as one number.", settle="The table.", of_record=True)
def wide_deviation(dataset: Dataset) -> Iterator[Suspicion]:
    """A standard or largest deviation of an accuracy is over five percentage points."""
    names = ("top1_std", "top1_max_deviation", "base_top1_std")
    for row in evidence.rows_where(dataset, any_of(*names)):
        for name in names:
            value = row.get(name)
            if value is not None and value > _WIDE:
                yield at(row, name, f"{value} percentage points")


@rule(
    "error",
    why="A network at chance level is right about once in as many times as there are classes.",
    settle="The plot.",
    of_record=True,
)
def collapsed_above_chance(dataset: Dataset) -> Iterator[Suspicion]:
    """A network that is said to have collapsed has over 15 % top-1, 60 % top-5 or a third of its earlier accuracy."""
    # The third does not count for a top-5 accuracy that was near 100 %: of ten classes, half are right by chance.
    for row in evidence.points_where(dataset, any_of("collapsed")):
        for name in ("top1", "top5"):
            after, before = least_accuracy(row, name), accuracy_interval(row, f"base_{name}")
            most = Decimal(_CHANCE[name])
            if before and middle(before) < _CEILING:
                most = min(most, middle(before) / 3)
            if after is not None and after > most:
                yield at(row, name, f"{after} %")


@rule(
    "warning",
    why="Nothing was pruned; this is the unpruned model, or another number.",
    settle="The table.",
    of_record=True,
)
def nothing_removed(dataset: Dataset) -> Iterator[Suspicion]:
    """A point has as many parameters or operations as the unpruned model, and no other sign of having been pruned."""
    for row, known in evidence.derived_where(dataset, any_of("params_kept", "flops_kept")):
        kept = [known[name] for name in ("params_kept", "flops_kept") if name in known]
        if min(kept) > _UNCHANGED and max(kept) <= 1:
            yield Suspicion(row.paper.id, row.name, f"{min(kept):.4g} of the unpruned model is left", row.path)


@rule(
    "note",
    why="Pruning that takes so little is rarely reported; a point shifted to the left looks like this.",
    settle="The table that the number comes from.",
    of_record=True,
)
def hardly_anything_removed(dataset: Dataset) -> Iterator[Suspicion]:
    """The only efficiency of a point is a share removed of less than a tenth."""
    for row in evidence.points_where(dataset, lambda reported: len(reported.intersection(Point.EFFICIENCY)) == 1):
        for name, value in row.values(Point.EFFICIENCY):
            if name.endswith("_removed") and 0 < value < _LITTLE:
                yield at(row, name, f"{value}")


@rule(
    "note",
    why="The shares of one paper are of one order; a point shifted to the left looks like this.",
    settle="The table that the number comes from.",
    of_record=True,
)
def share_far_below_others(dataset: Dataset) -> Iterator[Suspicion]:
    """A share kept or removed is less than a quarter of all of at least two others of its paper."""
    for rows in evidence.points_by_paper(dataset).values():
        for name in _SHARES if len(rows) > _OTHER_SHARES else ():
            shares = sorted((row.get(name), place) for place, row in enumerate(rows) if name in row.names)
            if len(shares) > _OTHER_SHARES and shares[0][0] * _TIMES < shares[1][0]:
                found = f"{shares[0][0]}; {shares[1][0]} or more in {len(shares) - 1} others"
                yield at(rows[shares[0][1]], name, found)


@rule(
    "note",
    why="Pruning mostly takes both parameters and operations; one of them may be the unpruned model's number.",
    settle="The table, or what the method removes.",
    of_record=True,
)
def one_quantity_unchanged(dataset: Dataset) -> Iterator[Suspicion]:
    """Points of a method keep all parameters but not all operations, or the other way round (one finding a method)."""
    names = (("params_kept", "flops_kept"), ("flops_kept", "params_kept"))
    seen: set[Hashable] = set()
    for row, known in evidence.derived_where(dataset, {*names[0]}.issubset):
        for name, other in names:
            unchanged = known[name] == 1 and known[other] <= _UNCHANGED
            if unchanged and (row.paper.id, row.method, name) not in seen:
                seen.add((row.paper.id, row.method, name))
                subject = f"{row.method or 'no method'}: {name}"
                yield Suspicion(row.paper.id, subject, f"all, but {known[other]:.4g} {other} in {row.name}", row.path)


@rule(
    "note",
    why="No loss at all, to the digit, is rare; the number of the unpruned model may have been entered twice.",
    settle="The table that the numbers come from.",
    of_record=True,
)
def pruned_equals_unpruned(dataset: Dataset) -> Iterator[Suspicion]:
    """A pruned accuracy equals the unpruned one to the digit, and no other of the network comes within 0.2 points."""
    known = evidence.known(dataset)
    for rows in grouped(evidence.audit_points(dataset), lambda row: row.network).values():
        for row in rows:
            for name in ("top1", "top5", "top1_error", "top5_error"):
                value, change = row.get(name), f"{name.removesuffix('_error')}_change"
                if value is None or value != row.get(f"base_{name}") or row.unit(name) >= 1:
                    continue
                losses = [abs(known[id(one)][change]) for one in rows if one is not row and change in known[id(one)]]
                if not losses or min(losses) > _SMALL_CHANGE:
                    yield at(row, name, f"{value}, before and after")


@rule(
    "note",
    why="A table prints the points of a curve, network or paper in the same columns.",
    settle="The column heads of the table.",
)
def column_of_its_own(dataset: Dataset) -> Iterator[Suspicion]:
    """Of several points, one alone gives a quantity, and lacks the one that all others give in its place."""
    told: set[Hashable] = set()
    for table in _TABLES:
        for rows in _points_by(dataset, table):
            reported = Counter(row.names for row in rows) if len(rows) >= _LEAST else {}
            for names in (QUALITY, Point.EFFICIENCY) if 1 in reported.values() else ():
                used = {name: sum(reported[one] for one in reported if name in one) for name in names}
                for row in rows if 1 in used.values() else ():
                    alone = [name for name in names if used[name] == 1 and row.has(name)]
                    if not alone:
                        continue
                    lacking = {
                        _FORM.get(name): name for name in names if not row.has(name) and used[name] == len(rows) - 1
                    }
                    for name in alone:
                        if _FORM.get(name) in lacking and (id(row), name) not in told:
                            told.add((id(row), name))
                            others = f"which the other {len(rows) - 1} points have"
                            yield at(row, name, f"no {lacking[_FORM.get(name)]}, {others}")


@computed_once
def _points_by(dataset: Dataset, table: _Table) -> list[list[AuditRow]]:
    """The points that may stand in each table of a kind."""
    return list(grouped(evidence.audit_points(dataset), table).values())


_FORM = {
    **dict.fromkeys(("top1", "top5"), "accuracy"),
    **dict.fromkeys(("top1_error", "top5_error"), "error"),
    **dict.fromkeys(("top1_change", "top5_change"), "change"),
    **dict.fromkeys(("params_kept", "params_removed", "flops_kept", "flops_removed"), "share"),
    **dict.fromkeys(("compression_ratio", "speedup"), "ratio"),
    **dict.fromkeys(("params", "flops"), "count"),
}
"""What a quantity is, so that it could be taken for another of the same form."""

_COLUMNS = (
    "top1", "top5", "top1_change", "top5_change",
    "params_kept", "params_removed", "flops_kept", "flops_removed",
)  # fmt: skip
_FIELDS = tuple(field for name in _COLUMNS for field in (name, f"base_{name}"))
"""Of the pruned model, and of the unpruned one."""
_SHIFTED = {"accuracy": Decimal(10), "change": Decimal(10), "share": Decimal("0.1")}
"""The most that a number can be whose point was shifted to the left."""


@rule(
    "note",
    why="A table prints a column with the same decimals; a point shifted to the left shows as one more.",
    settle="The table that the number comes from.",
    of_record=True,
)
def more_decimals_than_its_column(dataset: Dataset) -> Iterator[Suspicion]:
    """A small number has one decimal more than all of at least two others of its curve, network or paper."""
    told: set[Hashable] = set()
    for name, cells in _cells(dataset).items():
        for table in _TABLES:
            for column in _columns(cells, table):
                most = sorted((one.decimals for one in column), reverse=True)
                if len(column) < _NEAR or most[0] != most[1] + 1:
                    continue
                cell = next(one for one in column if one.decimals == most[0])
                small = abs(cell.row.get(cell.field)) <= _SHIFTED[_FORM[name]]
                if small and not cell.row.padded and cell.place not in told:
                    told.add(cell.place)
                    found = f"{cell.row.get(cell.field)}; the others have {most[1]} decimals at most"
                    yield at(cell.row, cell.field, found)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A printed number: its row and field, where it stands, and how many decimals it has."""

    row: AuditRow
    field: str
    place: Hashable
    decimals: int


def _cells(dataset: Dataset) -> dict[str, list[_Cell]]:
    """Where each quantity stands, of the pruned models and of the unpruned ones beside them, each place once."""
    found: dict[str, dict[Hashable, _Cell]] = {name: {} for name in _COLUMNS}
    for row in evidence.rows_where(dataset, any_of(*_FIELDS)):
        for field, value in row.values(_FIELDS):
            cells, place = found[field.removeprefix("base_")], (row.paper.id, row.where(field))
            if place not in cells:
                cells[place] = _Cell(row, field, place, -int(value.as_tuple().exponent))
    return {name: list(cells.values()) for name, cells in found.items()}


def _columns(cells: list[_Cell], table: _Table) -> Iterable[list[_Cell]]:
    columns: dict[Hashable, list[_Cell]] = {}
    for cell in cells:
        columns.setdefault(table(cell.row), []).append(cell)
    return columns.values()


@rule(
    "note",
    why="A paper mostly says either what is left or what is gone; one number in the other field looks like this.",
    settle="The column heads of the tables.",
    of_record=True,
)
def shares_in_two_ways(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper gives the share kept for some points and the share removed for others (one finding a quantity)."""
    for rows in evidence.points_by_paper(dataset).values():
        for quantity in ("params", "flops") if len(rows) > 1 else ():
            one, other = f"{quantity}_kept", f"{quantity}_removed"
            kept, removed = ([row for row in rows if row.has(name)] for name in (one, other))
            if kept and removed and set(map(id, kept)) != set(map(id, removed)):
                row, name = (kept[0], one) if len(kept) <= len(removed) else (removed[0], other)
                found = f"{len(kept)} points with {one}, {len(removed)} with {other}; see {row.name}"
                yield Suspicion(row.paper.id, f"{quantity}: shares", found, row.where(name))


@rule(
    "warning",
    why="Rows of tables are often named by their share; two values that changed places look like this.",
    settle="The row of the table.",
    of_record=True,
)
def place_names_another_share(dataset: Dataset) -> Iterator[Suspicion]:
    """The name or place of a point holds, in percent, the share of another point of its paper, and not its own."""
    points = evidence.points_where(dataset, any_of(*_SHARES))
    for rows in grouped(points, lambda row: row.paper.id).values():
        shares = [(row, _shares_in_percent(row)) for row in rows]
        known = {share for _, own in shares for share in own}
        for row, own in shares:
            named = _percents_named(row)
            if named & known and named.isdisjoint(own):
                name = row.first_of(*_SHARES)
                yield at(row, name, f"{row.get(name)}, but named {', '.join(f'{one} %' for one in sorted(named))}")


_SHARES = ("params_kept", "params_removed", "flops_kept", "flops_removed")
_PERCENT = re.compile(r"(?<![\d.~≈])(?<![~≈] )(\d+(?:\.\d+)?) ?%")
"""A number of percent that is not only about right."""


def _shares_in_percent(row: AuditRow) -> set[Decimal]:
    """The shares that a point gives, and what is missing to the whole, in percent."""
    return {one for _, share in row.values(_SHARES) for one in (100 * share, 100 - 100 * share)}


def _percents_named(row: AuditRow) -> set[Decimal]:
    """The numbers of percent in the name of a pruned model and in that of its row and column."""
    place = row.get("locator")
    texts = (row.get("pruned_model"), *((place.row, place.column) if place else ()))
    return {Decimal(number) for text in texts if text for number in _PERCENT.findall(str(text))}


@rule(
    "note",
    why="Pruning mostly loses, or mostly gains, in one table; a slip of sign looks like this.",
    settle="The table.",
)
def sign_of_its_own(dataset: Dataset) -> Iterator[Suspicion]:
    """One change is a gain where five others of its network, or eight of its paper, are losses, or the reverse."""
    told: set[Hashable] = set()
    for table, least in _SIGNS:
        for rows in _points_by(dataset, table):
            for name in ("top1_change", "top5_change") if len(rows) > least else ():
                changes = [(row.get(name), row) for row in rows if row.has(name)]
                gains = [one for one in changes if one[0] >= _CLEAR]
                losses = [one for one in changes if one[0] <= -_CLEAR]
                for alone, others in ((gains, losses), (losses, gains)):
                    for change, row in alone if len(alone) == 1 and len(others) >= least else ():
                        if (row.paper.id, row.where(name)) not in told:
                            told.add((row.paper.id, row.where(name)))
                            yield at(row, name, f"{change}; {len(others)} others have the other sign")


_CLEAR = Decimal("0.1")
"""Percentage points from which on a change has a clear sign."""
_SIGNS = ((_TABLES[1], 5), (_TABLES[2], 8))
"""Other changes that make a sign the usual one, of a network and of a paper."""
