"""Assignment of a table's columns to ours, by a mapping, and the rows with one operating point each that result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from prunelit.cli.entry.columns import ACCURACIES, FRACTIONS, KNOWN, POINTS, is_known
from prunelit.cli.entry.faults import MAX_LISTED, CellFault
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.tables.sheet import Sheet, SheetCell, SheetRow, section_cells
from prunelit.schema.problems import Path, Problem, nearest, nearest_key, quoted
from prunelit.schema.reading import UnreadableError
from prunelit.schema.validation import Document

HOLDS_KEY = "holds"
"""The key of a column of a wide table under which our name of its cells stands."""
IGNORED = "ignore"


class TableColumn(NamedTuple):
    """A column that is read: its place, its heading, our name, and the cells that its heading stands for."""

    at: int
    heading: str
    name: str
    constants: tuple[tuple[str, str], ...] = ()


class TableCell(NamedTuple):
    """A cell that says something, and where: its text, its place, and the heading of its column."""

    text: str
    place: str
    heading: str


class TableRow(NamedTuple):
    """One operating point, or one unpruned model: its line, and its cells by our names of their columns."""

    line: int
    cells: dict[str, TableCell]
    wide: frozenset[str] = frozenset()
    """Those of its columns whose cells the heading of a wide table says."""
    held: frozenset[str] = frozenset()
    """Those of its columns whose cells stand below that heading."""


def columns_of(sheet: Sheet, mapping: Document[Mapping], file: str) -> list[TableColumn]:
    """The columns that are read.

    Raises:
        UnreadableError: with every problem of the headings and the mapping.
    """
    said = mapping.value
    problems = [*_mapping_problems(sheet, mapping), *_heading_problems(sheet, said, file)]
    if problems:
        raise UnreadableError(*problems)
    return list(_columns(sheet, said))


def _columns(sheet: Sheet, said: Mapping) -> Iterator[TableColumn]:
    for at, heading in enumerate(sheet.columns):
        if heading and heading not in said.ignore:
            held = said.columns.get(heading, heading)
            if isinstance(held, str):
                yield TableColumn(at, heading, held)
            else:
                rest = tuple((name, str(cell)) for name, cell in held.items() if name != HOLDS_KEY)
                yield TableColumn(at, heading, str(held[HOLDS_KEY]), rest)


def names_held(name: str) -> list[str]:
    """Our names of what a column holds; of several that stand in each cell with a slash between them, all."""
    return [part.strip() for part in name.split("/")]


def _heading_problems(sheet: Sheet, said: Mapping, file: str) -> Iterator[Problem]:
    def problem(rule: str, message: str) -> Problem:
        return Problem(file, sheet.line, 1, rule, message)

    unknown, seen = [], set()
    for at, heading in enumerate(sheet.columns):
        if not heading and any(row.cells[at].text for row in sheet.rows):
            yield problem("unknown-column", f"column {at + 1} has cells but no name")
        elif not heading or heading in said.ignore:
            continue
        elif heading not in said.columns and not is_known(heading):
            unknown.append(f"{quoted(heading)}{nearest_key(heading, KNOWN)}")
        elif heading in seen:
            yield problem("duplicate-column", f"column {quoted(heading)} stands twice")
        seen.add(heading)
    if unknown:
        what = f"column {unknown[0]} is not known"
        if "; did you mean" in unknown[0]:
            what = f"column {unknown[0].replace('; did', ' is not known; did', 1)}"
        more = f"; nor are {', '.join(one.split('; did')[0] for one in unknown[1:])}" if unknown[1:] else ""
        mend = "; translate it, or list it under 'ignore', in a mapping file ('--dry-run' drafts one)"
        yield problem("unknown-column", f"{what}{more}{mend}")
    yield from _twice(sheet, said, problem)


def _twice(sheet: Sheet, said: Mapping, problem: Callable[[str, str], Problem]) -> Iterator[Problem]:
    """Columns that would hold the same cell of the same row."""
    held: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for column in _columns(sheet, said):
        for name in names_held(column.name):
            before = held.setdefault((name, column.constants), column.heading)
            if before != column.heading:
                message = (
                    f"columns {quoted(before)} and {quoted(column.heading)} both hold '{name}'; ignore one, or say "
                )
                message += "what tells them apart: '{holds: " + name + ", dataset: ...}'"
                yield problem("duplicate-column", message)


def _mapping_problems(sheet: Sheet, mapping: Document[Mapping]) -> Iterator[Problem]:
    said = mapping.value
    faults = [*_faults_of_columns(sheet, said), *_faults_of_names(sheet, said)]
    for path, message in faults:
        yield mapping.problem(path, "mapping", message)


def _faults_of_columns(sheet: Sheet, said: Mapping) -> Iterator[tuple[Path, str]]:
    """What is wrong with the columns that a mapping names, by their headings."""
    for heading, held in said.columns.items():
        if heading not in sheet.columns and heading not in said.optional:
            hint = nearest(heading, sheet.columns) or "; list it under 'optional' if some tables lack it"
            yield ("columns", heading), f"the spreadsheet has no column {quoted(heading)}{hint}"
        if not isinstance(held, str) and HOLDS_KEY not in held:
            yield (
                ("columns", heading),
                f"say what its cells are: '{HOLDS_KEY}: top1', beside what the heading stands for",
            )
        for name in _names_of(held):
            if not is_known(name):
                yield ("columns", heading), f"column {quoted(name)} is not known{nearest_key(name, KNOWN)}"
    for at, heading in enumerate(said.ignore):
        if heading not in (*sheet.columns, *said.optional):
            yield ("ignore", at), f"the spreadsheet has no column {quoted(heading)}{nearest(heading, sheet.columns)}"
    for at, heading in enumerate(said.optional):
        if heading not in (*said.columns, *said.ignore):
            yield ("optional", at), f"{quoted(heading)} stands neither under 'columns' nor under 'ignore'"


def _names_of(held: object) -> list[str]:
    if isinstance(held, str):
        return names_held(held)
    assert isinstance(held, dict)
    return [*names_held(str(held.get(HOLDS_KEY, "top1"))), *(name for name in held if name != HOLDS_KEY)]


def _faults_of_names(sheet: Sheet, said: Mapping) -> Iterator[tuple[Path, str]]:
    """What is wrong with our names in the other parts of a mapping."""
    columns = list(_columns(sheet, _without_faults(said)))
    ours = {name for one in columns for name in names_held(one.name)}
    either = {*sheet.columns, *ours, *said.optional}
    for name in said.constants:
        if not is_known(name) or name in ours:
            why = "is a column of the spreadsheet, too" if name in ours else f"is not known{nearest_key(name, KNOWN)}"
            yield ("constants", name), f"column {quoted(name)} {why}"
    for method, cells in said.methods.items():
        for name in cells:
            if not is_known(name):
                yield ("methods", method, name), f"column {quoted(name)} is not known{nearest_key(name, KNOWN)}"
    for heading, name in said.brackets.items():
        if heading not in either:
            yield ("brackets", heading), f"the spreadsheet has no column {quoted(heading)}{nearest(heading, either)}"
        if not is_known(name):
            yield ("brackets", heading), f"column {quoted(name)} is not known{nearest_key(name, KNOWN)}"
    if said.sections not in (None, IGNORED) and not is_known(str(said.sections)):
        yield ("sections",), f"column {quoted(str(said.sections))} is not known{nearest_key(str(said.sections), KNOWN)}"
    for key in ("units", "drops", "fill_down", "left_open"):
        for at, name in enumerate(getattr(said, key)):
            step = name if key == "units" else at
            if name not in either and not (key == "units" and name in said.constants):
                known = sorted(ACCURACIES | FRACTIONS) if key == "units" else either
                yield (
                    (key, step),
                    f"{quoted(name)} is no column of this table, nor one of ours in it{nearest(name, known)}",
                )
    if wrong := [one for one in said.drops if one in ours and one not in POINTS and ":change" not in one]:
        yield ("drops",), f"{quoted(wrong[0])} is no change of an accuracy or metric"


def _without_faults(said: Mapping) -> Mapping:
    """The mapping without columns that do not say what they hold."""
    whole = {heading: held for heading, held in said.columns.items() if isinstance(held, str) or HOLDS_KEY in held}
    return said.model_copy(update={"columns": whole})


def table_rows(sheet: Sheet, columns: list[TableColumn], said: Mapping) -> tuple[list[TableRow], list[CellFault]]:
    """The rows with one operating point or unpruned model each, and what is wrong with their empty cells."""
    faults = [*_section_faults(sheet, said)]
    found: list[TableRow] = []
    above: dict[str, TableCell] = {}
    blank: dict[str, list[SheetCell]] = {}
    constants = {name: TableCell(str(cell), "", "constants") for name, cell in said.constants.items()}
    wide = list(dict.fromkeys(column.constants for column in columns if column.constants))
    for row in sheet.rows:
        headed = {**constants, **_of_section(row, said)}
        shared = _filled(row, [one for one in columns if not one.constants], said, above, blank)
        for group in wide or [()]:
            own = _filled(row, [one for one in columns if group and one.constants == group], said, above, blank)
            if own or not group:
                stated = {name: TableCell(cell, "", "the heading") for name, cell in group}
                cells = headed | stated | shared | own
                found.append(
                    TableRow(row.line, _with_method(cells, said), frozenset(stated), frozenset(own if group else ()))
                )
    faults += [fault for heading, cells in blank.items() for fault in _blank_faults(heading, cells)]
    return found, faults


def _section_faults(sheet: Sheet, said: Mapping) -> Iterator[CellFault]:
    alone = list(section_cells(sheet))
    if alone and said.sections is None:
        shown = ", ".join(f"{quoted(one.text)} ({one.place})" for one in alone[:MAX_LISTED])
        message = f"rows with one cell alone: {shown}; say what they hold for the rows below them, as "
        message += "'sections: architecture' in a mapping file, or 'sections: ignore'"
        yield CellFault(sheet.rows[0].line, "section", message)


def _of_section(row: SheetRow, said: Mapping) -> dict[str, TableCell]:
    if row.section is None or said.sections in (None, IGNORED):
        return {}
    return {str(said.sections): TableCell(row.section.text, row.section.place, "a row alone")}


_IDENTITY = ("dataset", "architecture", "method")


def _filled(
    row: SheetRow,
    columns: list[TableColumn],
    said: Mapping,
    above: dict[str, TableCell],
    blank: dict[str, list[SheetCell]],
) -> dict[str, TableCell]:
    """The cells of a row that say something, those that are filled from above among them."""
    found: dict[str, TableCell] = {}
    for column in columns:
        text, place = row.cells[column.at]
        down = column.heading in said.fill_down or column.name in said.fill_down
        if not text and down and column.heading in above:
            text = above[column.heading].text
        if text:
            cell = TableCell(text, place, column.heading)
            above[column.heading] = cell
            found |= _parts(column, cell)
        elif (
            column.name in _IDENTITY
            and column.heading in above
            and not (column.heading in said.left_open or column.name in said.left_open)
        ):
            blank.setdefault(column.heading, []).append(row.cells[column.at])
    return found


def _parts(column: TableColumn, cell: TableCell) -> dict[str, TableCell]:
    """A cell under each of our names of what stands in it."""
    names = names_held(column.name)
    if len(names) == 1:
        return {column.name: cell}
    texts = [part.strip() for part in cell.text.split("/")]
    if len(texts) != len(names):
        texts = [cell.text] * len(names) if cell.text in ("-", "–", "—") else [cell.text, *[""] * (len(names) - 1)]
    return {name: TableCell(text, *cell[1:]) for name, text in zip(names, texts, strict=True) if text}


def _blank_faults(heading: str, cells: list[SheetCell]) -> Iterator[CellFault]:
    message = (
        f"column {quoted(heading)}: empty below cells that say something; list it under 'fill_down' in a mapping file "
    )
    message += "if they say the same, under 'left_open' if the source leaves it open"
    for cell in cells:
        line = int("".join(one for one in cell.place if one.isdecimal()))
        yield CellFault(line, "empty-cell", message, cell.place)


def _with_method(cells: dict[str, TableCell], said: Mapping) -> dict[str, TableCell]:
    """The cells of a row, and those that the mapping says of its method."""
    method = cells.get("method")
    stated = said.methods.get(method.text) if method else None
    more = {name: TableCell(str(cell), "", "methods") for name, cell in (stated or {}).items()}
    return cells | more
