"""Completion: what follows from the numbers that a paper reports of a point.

Rules are tried in order, each fills only what is still missing, and each filled cell says how it came about.  The order
follows Blalock et al. 2020, section 3.3, footnote 1, and the survey's published analysis: absolute numbers before and
after pruning come before shares, shares before ratios.

A share of some layers is none of the model, and a bound is no number: such a cell is missing here, and its rule says
why.  Numbers of a paper that was retracted or superseded are left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TypeAlias

import narwhals as nw
import pandas as pd
from narwhals import col

from prunelit.analysis.frames.columns import TEXT, Column, columns_without
from prunelit.analysis.frames.flop_convention import CONVENTION
from prunelit.analysis.frames.lazy import Lazy, Table, as_given, first_of, lazy, with_cells
from prunelit.analysis.frames.reported import RESULTS
from prunelit.schema.scope import OF_WHAT

RULED = (
    "top1", "top5", "base_top1", "base_top5", "top1_change", "top5_change",
    "params_kept", "params_removed", "compression_ratio", "flops_kept", "flops_removed", "speedup",
)  # fmt: skip
"""Quantities that completion derives; each has a column ``<name>_rule`` that says how."""


def _rule(name: str) -> Column:
    meaning = f"How {name} came about: 'reported', or the formula."
    return Column(f"{name}_rule", TEXT, "", meaning, "analysis.frames.completed")


COMPLETED = (*columns_without(RESULTS, "flop_convention", "status"), *CONVENTION, *map(_rule, RULED))
"""Columns of ``completed()``: as ``results()``, operating points of papers that stand, with what follows from them."""

REPORTED = "reported"
"""What stands among the rules of a quantity for the number that the paper gives, or that an earlier round has found."""


Round: TypeAlias = dict[str, tuple[str, ...]]


def _of_accuracies(after: str) -> tuple[Round, Round, Round]:
    before, change = f"base_{after}", f"{after}_change"
    return (
        {name: (REPORTED, f"100 - {name}_error") for name in (after, before)},
        {change: (f"{after} - {before}", REPORTED)},
        {after: (REPORTED, f"{before} + {change}"), before: (REPORTED, f"{after} - {change}")},
    )


def _of_shares(quantity: str, ratio: str) -> tuple[Round, Round, Round]:
    base, kept, removed = f"base_{quantity}", f"{quantity}_kept", f"{quantity}_removed"
    return (
        {kept: (f"{quantity} / {base}", REPORTED, f"1 - {removed}", f"1 / {ratio}")},
        {removed: (REPORTED, f"1 - {kept}"), ratio: (REPORTED, f"1 / {kept}")},
        {},
    )


ROUNDS: tuple[Round, ...] = tuple(
    one | two | three | four
    for one, two, three, four in zip(
        _of_accuracies("top1"),
        _of_accuracies("top5"),
        _of_shares("params", "compression_ratio"),
        _of_shares("flops", "speedup"),
        strict=True,
    )
)
"""Rules, in rounds of which each builds on the one before: the quantity, and where it comes from, the best first.

The name of a rule is its formula, so that no table can say another one than was computed.
"""


PARTIAL, BOUND = "missing: counted over ", "missing: given as "
"""What the rule of a quantity begins with that is not of the whole model, or of which a bound alone is known."""


def _family(name: str) -> str:
    """What a quantity is about: params, flops, top1 or top5."""
    plain = {"compression_ratio": "params", "speedup": "flops"}.get(name, name)
    return plain.removeprefix("base_").partition("_")[0]


def complete(reported: Table, wanted: tuple[str, ...] = RULED) -> Table:
    """The rows of ``results()``, with everything that follows from the reported numbers.

    Args:
        reported: Rows as of ``results()``, those without operating points included; a table of any engine.
        wanted: Quantities that are asked for.  Rules that lead to none of them are left out, so that the rows may lack
            all columns but those of :func:`columns_read`.
    """
    _, read = _rounds_to(wanted)
    partly = tuple(name for name in _partly(reported) if name in read)
    rounds = _fruitful(wanted, _given(reported, read))
    frame = lazy(reported).filter(col("status").is_null())
    return as_given(with_cells(frame, columns_read(wanted), lambda rows: _completed(rows, rounds, partly)), reported)


def _completed(frame: Lazy, rounds: tuple[Round, ...], partly: tuple[str, ...]) -> Lazy:
    """The rows with what rules give, where some of the quantities may be of less than the whole model, or bounds."""
    if partly:
        frame = frame.with_columns(*(_why_not_of_the_model(name).alias(_why(name)) for name in partly))
        frame = frame.with_columns(*(nw.when(col(_why(name)).is_null()).then(col(name)).alias(name) for name in partly))
    for at, rules in enumerate(rounds):
        known = {name for earlier in rounds[:at] for name in earlier}
        cells = [cell for name in rules for cell in _filled(name, rules[name], name in known)]
        frame = frame.with_columns(*cells) if cells else frame
    if partly:
        ruled = [name for name in RULED if any(name in rules for rules in rounds)]
        whys = [*_why_missing(ruled, partly)]
        frame = frame.with_columns(*whys) if whys else frame
        frame = frame.drop(*map(_why, partly))
    return frame


def columns_read(wanted: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of ``results()`` that tell quantities which are asked for, and whether they count.

    Example:
        >>> columns_read(("base_flops",))
        ('base_flops', 'base_flops_scope', 'bounds', 'status')
    """
    read = sorted(_rounds_to(wanted)[1])
    scopes = dict.fromkeys(OF_WHAT[name] for name in read if name in OF_WHAT)
    return (*read, *scopes, "bounds", "status")


@cache
def _rounds_to(wanted: tuple[str, ...]) -> tuple[tuple[Round, ...], frozenset[str]]:
    """The rules that lead to quantities, in their rounds, and the quantities that they read."""
    read, found = {*wanted}, []
    for rules in reversed(ROUNDS):
        leading = {name: formulas for name, formulas in rules.items() if name in read}
        read |= {term for formulas in leading.values() for formula in formulas for term in _terms(formula)}
        found.append(leading)
    return tuple(rules for rules in reversed(found) if rules), frozenset(read)


def _given(reported: object, read: frozenset[str]) -> frozenset[str]:
    """The quantities that any of the rows may give: those that do, where rows are in memory, and can be looked at."""
    if not isinstance(reported, pd.DataFrame):
        return read
    return frozenset(str(name) for name, there in reported[sorted(read)].notna().any().items() if there)


@cache
def _fruitful(wanted: tuple[str, ...], given: frozenset[str]) -> tuple[Round, ...]:
    """The rules that lead to quantities, without those that build on what no row gives."""
    there, found = {*given}, []
    for rules in _rounds_to(wanted)[0]:
        left = {name: tuple(rule for rule in rules[name] if _sources(name, rule) <= there) for name in rules}
        there |= {name for name, formulas in left.items() if formulas}
        found.append(left)
    return tuple(found)


def _sources(name: str, rule: str) -> set[str]:
    """The quantities that a rule of a quantity takes."""
    return {name} if rule == REPORTED else {*_terms(rule)}


def _terms(rule: str) -> list[str]:
    """The quantities that a rule takes from others."""
    return [] if rule == REPORTED else [term for term in rule.split() if term.isidentifier()]


def _filled(name: str, rules: tuple[str, ...], ruled: bool) -> tuple[nw.Expr, ...]:
    """A quantity by the first of the rules that gives one, and which that is."""
    if ruled and {*rules} <= {REPORTED}:
        return ()
    if not rules:
        return (nw.lit(None, nw.String).alias(f"{name}_rule"),)
    values = [col(name) if rule == REPORTED else _formula(rule) for rule in rules]
    said = [col(f"{name}_rule") if rule == REPORTED and ruled else nw.lit(rule) for rule in rules]
    which = [(~value.is_null(), text) for value, text in zip(values, said, strict=True)]
    rule = first_of(*which).alias(f"{name}_rule")
    return (rule,) if rules == (REPORTED,) else (nw.coalesce(*values).alias(name), rule)


def _formula(rule: str) -> nw.Expr:
    """What the name of a rule says: two quantities or numbers, and a sign between them."""
    left, sign, right = rule.split()
    one, other = (col(term) if term.isidentifier() else nw.lit(float(term)) for term in (left, right))
    if sign == "/":
        return nw.when(other > 0).then(one / other)
    return one + other if sign == "+" else one - other


_ERRORS = ("top1_error", "top5_error", "base_top1_error", "base_top5_error")
_PRINTED = tuple(dict.fromkeys((*OF_WHAT, *RULED, *_ERRORS)))
"""Quantities that may be of less than the whole model, or bounds."""


def _partly(reported: object) -> tuple[str, ...]:
    """The quantities that may be such in these rows: fewer, where they are in memory, and all can be looked at."""
    if not isinstance(reported, pd.DataFrame):
        return _PRINTED
    bounds = "; ".join(reported["bounds"].dropna().unique())
    scopes = {name for name in {*OF_WHAT.values()} & {*reported} if reported[name].dropna().ne("all").any()}
    return tuple(name for name in _PRINTED if f"{name}: " in bounds or OF_WHAT.get(name) in scopes)


def _why(name: str) -> str:
    """The column that says why what is printed is not the number of the whole model."""
    return f"{name} is not of the model"


def _why_not_of_the_model(name: str) -> nw.Expr:
    there = ~col(name).is_null()
    bounds = [(there & _bounded(name, bound), f"{BOUND}{bound}") for bound in ("at_most", "at_least")]
    scope = OF_WHAT.get(name)
    partial = [(there & (col(scope) != "all"), nw.concat_str(nw.lit(PARTIAL), col(scope)))] if scope else []
    return first_of(*bounds, *partial)


def _bounded(name: str, bound: str) -> nw.Expr:
    return col("bounds").str.contains(rf"(?:^|; ){name}: {bound}(?:;|$)")


def _why_missing(ruled: list[str], partly: tuple[str, ...]) -> Iterator[nw.Expr]:
    """The rules of the quantities; where one is missing because of what it or one of its kin is of, why."""
    for name in ruled:
        kin = sorted((one for one in partly if _family(one) == _family(name)), key=lambda one: one != name)
        if kin:
            yield nw.coalesce(col(f"{name}_rule"), *(col(_why(one)) for one in kin)).alias(f"{name}_rule")


def operating_points(table: Table) -> Table:
    """The rows that are operating points."""
    return as_given(lazy(table).filter(~col("point").is_null()), table)
