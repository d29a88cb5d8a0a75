"""Draft of a mapping for a table, which the contributor corrects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from prunelit.cli.entry.columns import ACCURACIES, FRACTIONS
from prunelit.cli.entry.headings import Meaning, meaning
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.marks import unmarked_name
from prunelit.cli.entry.names import meant
from prunelit.cli.entry.quantity_units import unit_in
from prunelit.cli.entry.unpruned_rows import is_architecture, is_called_unpruned
from prunelit.cli.tables.grid import Grid
from prunelit.cli.tables.sheet import Sheet, section_cells
from prunelit.schema.canonical import canonical_text
from prunelit.schema.rules import Names
from prunelit.schema.tree import Node, tree_of

_HEAD = """\
# Drafted by `prunelit import ... --dry-run`: correct every line with "Look here", then import with --mapping."""
_MAX_METHODS = 60
_OURS = re.compile(r"\b(ours?|proposed|this (work|paper))\b", re.IGNORECASE)


def drafted(sheet: Sheet, reading: dict[str, Any], remarks: dict[str, str], names: Names) -> str:
    """The text of a mapping for a sheet, with a remark at every guess.

    Args:
        sheet: The table.
        reading: Keys of the mapping that reading the file took already, such as its encoding.
        remarks: What to say beside those keys.
        names: The names that a record may use.
    """
    means = {heading: meaning(heading, names) for heading in sheet.columns if heading}
    known = {heading: one for heading, one in means.items() if one}
    ignored = [heading for heading, one in means.items() if one is None]
    held = {one.name for one in known.values()} | {name for one in known.values() for name in one.constants}
    parts: dict[str, Node] = {key: _said(tree_of(value), remarks.get(key, "")) for key, value in reading.items()}
    if columns := {heading: _column(one) for heading, one in known.items() if one != Meaning(heading, {}, "")}:
        parts["columns"] = Node(columns)
    if ignored:
        parts["ignore"] = Node([_said(tree_of(one), "what is it?") for one in ignored])
    parts |= _of_cells(sheet, known)
    if stated := _sections(sheet, names):
        parts["sections"] = _said(tree_of(stated), "what do rows with one cell alone hold?")
        held.add(stated)
    parts |= _of_rows(sheet, known, held, names)
    missing = [f"#   {name}: {example}" for name, example in _EXAMPLES.items() if name not in held]
    end = ["# The same in every row; add under 'constants' what no column says:", *missing] if missing else []
    return canonical_text(Node(parts, before=[_HEAD], end=end), Mapping)


_EXAMPLES = {"dataset": "ImageNet", "architecture": "ResNet-50", "table": "1"}


def _said(node: Node, remark: str) -> Node:
    node.after = f"# Look here: {remark}" if remark else ""
    return node


def _column(one: Meaning) -> Node:
    if one.constants:
        return _said(tree_of({"holds": one.name} | one.constants), one.remark)
    return _said(tree_of(one.name), one.remark)


def _texts(sheet: Sheet, heading: str) -> list[str]:
    at = sheet.columns.index(heading)
    return [row.cells[at].text for row in sheet.rows if row.cells[at].text]


def _of_cells(sheet: Sheet, known: dict[str, Meaning]) -> dict[str, Node]:
    """What the cells of numbers show: decimal mark, units, brackets, spreads and losses."""
    parts: dict[str, Node] = {}
    texts = {heading: _texts(sheet, heading) for heading in known}
    every = [text for found in texts.values() for text in found]
    if any(re.fullmatch(r"[+−-]?\d+,\d{1,2}\s*%?", one) for one in every) and not any(
        re.fullmatch(r"[+−-]?\d+\.\d{1,2}\s*%?", one) for one in every
    ):
        parts["decimal"] = _said(tree_of(","), "the decimal mark?")
    units = {
        heading: unit
        for heading, one in known.items()
        if unit_in(heading) is None and (unit := _unit(one.name, texts[heading]))
    }
    if units:
        parts["units"] = Node({heading: _said(tree_of(unit), "the unit?") for heading, unit in units.items()})
    if drops := [heading for heading, one in known.items() if one.drop]:
        parts["drops"] = Node([_said(tree_of(one), "a positive number is a loss?") for one in drops])
    signed = [one for one in known if any(re.search(r"\(\s*[+−-]\s*\d", text) for text in texts[one])]
    if brackets := {one: f"{known[one].name}_change" for one in signed if known[one].name in ("top1", "top5")}:
        remark = "the change from the unpruned model?"
        parts["brackets"] = Node({one: _said(tree_of(name), remark) for one, name in brackets.items()})
    if any("±" in one or "+/-" in one for one in every):
        parts["spread"] = _said(tree_of("unstated"), "what is behind ±: standard_deviation, standard_error ...?")
    return parts


def _unit(name: str, texts: Iterable[str]) -> str | None:
    """The unit that the numbers of a column look like, where it is not the usual one."""
    plain = [float(one) for one in texts if re.fullmatch(r"\d+(\.\d+)?", one)]
    if not plain:
        return None
    if name in ACCURACIES and max(plain) <= 1:
        return "fraction"
    return "percent" if name in FRACTIONS and max(plain) > 1 else None


def _sections(sheet: Sheet, names: Names) -> str | None:
    """What rows with one cell alone are likely to hold."""
    alone = [unmarked_name(one.text).text for one in section_cells(sheet)]
    if not alone:
        return None
    kinds = (kind for kind in ("architecture", "dataset") if all(meant(kind, one, names) for one in alone))
    return next(kinds, "ignore")


def _of_rows(sheet: Sheet, known: dict[str, Meaning], held: set[str], names: Names) -> dict[str, Node]:
    """What the rows show: cells to fill from above, and methods whose origin no column says."""
    parts: dict[str, Node] = {}
    named = {one.name: heading for heading, one in known.items() if not one.constants}
    down = [
        named[name] for name in ("dataset", "architecture", "method") if name in named and _gaps(sheet, named[name])
    ]
    if down:
        parts["fill_down"] = Node([_said(tree_of(one), "do empty cells say the same?") for one in down])
    if "origin" not in held:
        methods = dict.fromkeys(_texts(sheet, named["method"])) if "method" in named else {}
        pruned = [one for one in methods if not _is_unpruned(one, names)]
        if pruned and len(pruned) <= _MAX_METHODS:
            parts["methods"] = Node({one: _method(one, names) for one in pruned})
        else:
            parts["constants"] = Node({"origin": _said(tree_of("unclear"), "own, rerun, copied or unclear?")})
    return parts


def _is_unpruned(label: str, names: Names) -> bool:
    return is_called_unpruned(label, names, None) or is_architecture(label, "", names)


def _gaps(sheet: Sheet, heading: str) -> bool:
    texts = [row.cells[sheet.columns.index(heading)].text for row in sheet.rows]
    return bool(texts) and bool(texts[0]) and not all(texts)


def _method(name: str, names: Names) -> Node:
    """What is likely of a method: the paper's own if it is called so, else whose it is where that is known."""
    if _OURS.search(name):
        return tree_of({"origin": "own"})
    said = {"origin": "unclear"} | dict(_proposer(unmarked_name(name).text, names))
    return _said(tree_of(said), "own, rerun or copied (with copied_from)?")


def _proposer(name: str, names: Names) -> Iterator[tuple[str, str]]:
    canonical = names.methods.anywhere.get(name)
    found = sorted(names.proposers.get(canonical, ())) if canonical else []
    if len(found) == 1 and found[0] in names.references:
        yield "proposed_by", found[0]


def largest(grids: list[Grid]) -> tuple[Grid, dict[str, Any], dict[str, str]]:
    """The largest of several tables, with the key of a mapping that names it, and what to say beside that."""
    best = max(grids, key=lambda one: len(one.rows) * len(one.rows[0].cells))
    if len(grids) == 1:
        return best, {}, {}
    name: int | str = int(best.name) if best.name.isdecimal() else best.name
    return best, {"read_table": name}, {"read_table": f"the largest of {len(grids)} tables"}
