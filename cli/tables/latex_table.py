"""Tables of LaTeX: rows of a ``tabular`` and its kin, read with pylatexenc."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from prunelit.cli.tables.grid import MAX_CELLS, Grid, GridRow, even
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError

_ENVIRONMENTS = {
    "tabular": "[{", "tabular*": "{[{", "tabularx": "{[{", "tabulary": "{[{", "longtable": "[{", "tabu": "{",
    "array": "[{", "NiceTabular": "[{", "supertabular": "{", "xltabular": "{[{", "tblr": "[{", "longtblr": "[{",
}  # fmt: skip
_RULES = {
    "hline": "", "toprule": "[", "midrule": "[", "bottomrule": "[", "cmidrule": "[{", "cline": "{", "hhline": "{",
    "addlinespace": "[", "specialrule": "{{{", "noalign": "{", "morecmidrules": "", "Xhline": "{", "endhead": "",
    "endfirsthead": "", "endfoot": "", "endlastfoot": "", "hdashline": "[", "cdashline": "{[",
}  # fmt: skip
_SILENT = {
    "rowcolor": "[{", "cellcolor": "[{", "centering": "", "rule": "[{{", "phantom": "{", "hphantom": "{",
    "vphantom": "{", "label": "{", "caption": "[{", "small": "", "footnotesize": "", "scriptsize": "", "tiny": "",
    "bf": "", "bfseries": "", "it": "", "itshape": "", "color": "[{", "rm": "", "sc": "", "em": "", "raggedright": "",
    "boldmath": "", "displaystyle": "", "arraybackslash": "", "strut": "", "hspace": "*{", "vspace": "*{", "relax": "",
    "normalsize": "", "large": "", "left": "", "right": "", "noindent": "", "setlength": "{{", "hfill": "",
    "unskip": "",
}  # fmt: skip
_KEPT = {
    "textbf": "{", "textit": "{", "emph": "{", "underline": "{", "mathbf": "{", "bm": "{", "boldsymbol": "{",
    "mathrm": "{", "mathit": "{", "text": "{", "textrm": "{", "textsc": "{", "texttt": "{", "textsf": "{", "mbox": "{",
    "uline": "{", "hl": "{", "num": "[{", "textsl": "{", "mathbb": "{", "makecell": "*[{", "thead": "*[{", "hbox": "{",
    "shortstack": "[{", "textcolor": "[{{", "colorbox": "{{", "multicolumn": "{{{", "multirow": "[{[{[{", "st": "{",
    "rotatebox": "[{{", "scalebox": "{{", "resizebox": "{{{", "adjustbox": "{{", "rothead": "{", "fbox": "{",
    "href": "{{", "specialcell": "[{", "mathsf": "{", "mathcal": "{", "uwave": "{", "dashuline": "{", "underbar": "{",
}  # fmt: skip
"""Macros of which the last argument stands in the table."""
_RAISED = {"textsuperscript": "{", "tnote": "{", "footnote": "[{", "footnotemark": "[", "sups": "{"}
_LOWERED = {"textsubscript": "{"}
_CITED = {
    "cite": "*[[{",
    "citep": "*[[{",
    "citet": "*[[{",
    "citealp": "*[[{",
    "citeyear": "{",
    "ref": "{",
    "citeauthor": "*{",
}
_SIGNS = {
    "pm": "±", "times": "×", "downarrow": "↓", "uparrow": "↑", "dagger": "†", "ddagger": "‡", "approx": "≈", "sim": "~",
    "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "textpm": "±", "texttimes": "×", "textdownarrow": "↓", "S": "§",
    "textuparrow": "↑", "dag": "†", "ddag": "‡", "star": "*", "ast": "*", "cdot": "·", "textasciitilde": "~", "P": "¶",
    "textless": "<", "textgreater": ">", "lt": "<", "gt": ">", "slash": "/", "textminus": "−", "checkmark": "✓",
    "Delta": "Δ", "%": "%", "&": "&", "#": "#", "_": "_", "$": "$", "{": "{", "}": "}", " ": " ", ",": "", "!": "",
    ";": " ", ":": " ", ">": " ", "/": "", "quad": " ", "qquad": " ", "xspace": "", "textendash": "–", "ding": "✓",
    "textemdash": "—", "infty": "∞", "lambda": "λ", "alpha": "\u03b1", "beta": "β", "gamma": "\u03b3", "ell": "\u2113",
    "newline": " ",
    "linebreak": " ", "xmark": "✗", "cmark": "✓", "dots": "…", "ldots": "…", "textbackslash": "\\", "rightarrow": "→",
    "to": "→", "textdagger": "†", "textasteriskcentered": "*", "degree": "°", "Downarrow": "↓", "Uparrow": "↑",
}  # fmt: skip
_ARGUMENTS = {"diagbox": "{{", "SI": "[{{", "qty": "[{{", "ding": "{", "backslashbox": "{{"}
_NEW = re.compile(
    r"\\(?:re)?newcommand\*?\s*\{?\\([A-Za-z]+)\}?\s*\{((?:[^{}]|\{[^{}]*\})*)\}|\\def\\([A-Za-z]+)\{([^{}]*)\}"
)
_TRIMMED = re.compile(r"\\cmidrule\s*(?:\([^)\n]*\)|\[[^\]\n]*\])+")
_SPECIALS = {"~": " ", "--": "–", "---": "—", "``": '"', "''": '"', "&": " "}
_MAX_DEPTH, _MAX_LENGTH = 40, 5_000_000


def latex_tables(text: str, file: str) -> list[Grid]:
    """The tables of a LaTeX text, and cells as a reader of the page sees them.

    Raises:
        UnreadableError: if it is no LaTeX that can be read, or nested without end.
    """
    from pylatexenc.latexwalker import LatexWalker, LatexWalkerError

    text = _expanded(text)
    if len(text) > _MAX_LENGTH:
        message = f"more than {_MAX_LENGTH:,} characters when the macros that it defines are written out"
        raise UnreadableError(Problem(file, 1, 1, "too-large", message))
    if _depth(text) > _MAX_DEPTH:
        raise UnreadableError(Problem(file, 1, 1, "too-deep", f"braces nested more than {_MAX_DEPTH} levels deep"))
    try:
        nodes = LatexWalker(text, latex_context=_context(), tolerant_parsing=False).get_latex_nodes()[0]
    except LatexWalkerError as error:
        line = getattr(error, "lineno", None) or 1
        message = f"this LaTeX cannot be read: {getattr(error, 'msg', error)}"
        raise UnreadableError(Problem(file, line, 1, "not-latex", " ".join(str(message).split()))) from None
    tables = list(_tables(nodes))
    grids = [_grid(str(at), one, text, file) for at, one in enumerate(tables, 1)]
    found = [grid for grid in grids if grid.rows]
    return found or ([_bare(nodes, text, file)] if "&" in text else [])


def _expanded(text: str) -> str:
    r"""The text with every macro without arguments that it defines (``\newcommand{\ours}{X}``) written out."""
    text = _TRIMMED.sub(r"\\cmidrule", text)
    known = {one[1] or one[3]: one[2] or one[4] or "" for one in _NEW.finditer(text)}
    rest = _NEW.sub(lambda one: "\n" * one[0].count("\n"), text)
    for name, meaning in known.items():
        form = re.compile(rf"\\{name}(?![A-Za-z])(?:\{{\}}|\\xspace)?")
        rest = meaning.join(form.split(rest))
        if len(rest) > _MAX_LENGTH:
            break
    return rest


def _depth(text: str) -> int:
    deep = most = 0
    for sign in re.findall(r"\\.|[{}]|\\begin|\\end", text):
        deep += (sign == "{") - (sign == "}")
        most = max(most, deep)
    return most


def _context() -> Any:
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import EnvironmentSpec, MacroSpec

    every = _RULES | _SILENT | _KEPT | _RAISED | _LOWERED | _CITED | dict.fromkeys(_SIGNS, "") | _ARGUMENTS
    known = get_default_latex_context_db()
    known.add_context_category(
        "tables",
        macros=[*(MacroSpec(name, form) for name, form in every.items()), MacroSpec("tabularnewline", "[")],
        environments=[EnvironmentSpec(name, form) for name, form in _ENVIRONMENTS.items()],
        prepend=True,
    )
    return known


def _tables(nodes: list[Any]) -> Iterator[Any]:
    """The environments of tables that lie in no other one, in their order."""
    for node in nodes:
        if getattr(node, "environmentname", None) in _ENVIRONMENTS:
            yield node
        else:
            yield from _tables(_inner(node))


def _inner(node: Any) -> list[Any]:
    arguments = node.nodeargd.argnlist if getattr(node, "nodeargd", None) and node.nodeargd.argnlist else []
    return [*(getattr(node, "nodelist", None) or []), *filter(None, arguments)]


def _bare(nodes: list[Any], text: str, file: str) -> Grid:
    """Rows that were copied without their environment."""
    return _rows("1", nodes, text, file)


def _grid(name: str, table: Any, text: str, file: str) -> Grid:
    return _rows(name, table.nodelist, text, file)


def _rows(name: str, nodes: list[Any], text: str, file: str) -> Grid:
    rows: list[GridRow] = []
    said: list[tuple[int, str]] = []
    down: dict[int, tuple[int, str, int]] = {}  # for each column: rows that a merged cell still covers, text, number
    headings: int | None = None
    total = 0
    for line, cells, ruled in _split(nodes, text):
        if ruled and rows and headings is None and any(any(row.cells) for row in rows):
            headings = len([row for row in rows if any(row.cells)])
        if cells is None:
            continue
        texts: list[str] = []
        parts: list[int] = []
        for cell in cells:
            wide, high, content, unknown = _cell(cell)
            said += [(line, f"the macro {one} is not known, and stands as it is") for one in unknown]
            for _ in range(wide):
                column = len(texts)
                left, above, part = down.get(column, (0, "", 0))
                number = len(rows) * 1000 + column if _ == 0 else parts[-1]
                shown = content
                if left and not content:
                    down[column] = (left - 1, above, part)
                    shown, number = above, part
                elif high > 1:
                    down[column] = (high - 1, content, number)
                else:
                    down.pop(column, None)
                if high < -1:
                    _upwards(rows, column, -high, content)
                texts.append(shown)
                parts.append(number)
                total += 1
        if total > MAX_CELLS:
            raise UnreadableError(Problem(file, line, 1, "too-large", f"a table of more than {MAX_CELLS:,} cells"))
        rows.append(GridRow(line, tuple(texts), tuple(parts)))
    filled = even(rows)
    return Grid(name, filled, headings if headings and headings < len(filled) else None, tuple(dict.fromkeys(said)))


def _upwards(rows: list[GridRow], column: int, high: int, content: str) -> None:
    """Write a cell that is merged with those above it into these, where they are empty."""
    for at in range(max(0, len(rows) - high + 1), len(rows)):
        row = rows[at]
        if column < len(row.cells) and not row.cells[column]:
            rows[at] = row._replace(cells=(*row.cells[:column], content, *row.cells[column + 1 :]))


def _split(nodes: list[Any], text: str) -> Iterator[tuple[int, list[list[Any]] | None, bool]]:
    """The rows, each with its line, its cells, and whether a line is drawn above it; a last line without cells."""
    cells: list[list[Any]] = [[]]
    ruled = False
    for node in [*(one for one in nodes if type(one).__name__ != "LatexCommentNode"), None]:
        name = getattr(node, "macroname", None)
        if node is None or name in ("\\", "tabularnewline", "cr"):
            filled = [one for cell in cells for one in cell if getattr(one, "chars", "x").strip()]
            if filled:
                yield _line(filled[0], text), cells, ruled
                ruled = False
            elif node is None and ruled:
                yield 0, None, True
            cells = [[]]
        elif name in _RULES:
            ruled = ruled or name in ("hline", "midrule", "endhead", "endfirsthead", "Xhline", "hdashline")
        elif getattr(node, "specials_chars", None) == "&":
            cells.append([])
        else:
            cells[-1].append(node)


def _line(node: Any, text: str) -> int:
    """The line, from 1, on which what a node says begins."""
    chars = getattr(node, "chars", "")
    return text.count("\n", 0, node.pos + len(chars) - len(chars.lstrip())) + 1


def _cell(nodes: list[Any]) -> tuple[int, int, str, list[str]]:
    """How many columns and rows a cell covers, its text, and the macros in it that are not known."""
    wide = high = 1
    for node in _below(nodes):
        arguments = _arguments(node)
        if getattr(node, "macroname", None) == "multicolumn" and len(arguments) == 3:
            wide = _whole(arguments[0])
        if getattr(node, "macroname", None) == "multirow" and arguments:
            numbers = [one for one in map(_whole, arguments) if one != 1]
            high = numbers[0] if numbers else 1
    unknown: list[str] = []
    text = " ".join(_text(nodes, unknown.append).split())
    return max(1, min(wide, 500)), max(-500, min(high, 500)), text, unknown


def _below(nodes: list[Any]) -> Iterator[Any]:
    for node in nodes:
        yield node
        yield from _below(_inner(node))


def _whole(node: Any) -> int:
    found = re.fullmatch(r"\{?\s*(-?\d{1,4})\s*\}?", node.latex_verbatim()) if node is not None else None
    return int(found[1]) if found else 1


def _arguments(node: Any) -> list[Any]:
    found = getattr(node, "nodeargd", None)
    return list(found.argnlist or ()) if found else []


def _text(nodes: list[Any], tell: Callable[[str], object]) -> str:
    """What a reader sees; raised text as ``^{…}`` and lowered as ``_{…}``, so that no footnote joins a number."""
    parts: list[str] = []
    rest = list(nodes)
    while rest:
        node = rest.pop(0)
        chars = getattr(node, "chars", None)
        if chars is not None and chars.rstrip().endswith(("^", "_")) and rest:
            mark = chars.rstrip()[-1]
            lifted = _text([rest.pop(0)], tell).strip()
            parts.append(f"{chars.rstrip()[:-1]}{mark}{{{lifted}}}" if lifted else chars.rstrip()[:-1])
        else:
            parts.append(_node_text(node, tell))
    return "".join(parts)


def _node_text(node: Any, tell: Callable[[str], object]) -> str:
    name = getattr(node, "macroname", None)
    if name is not None:
        return _macro_text(node, name, tell)
    if getattr(node, "specials_chars", None):
        return _SPECIALS.get(node.specials_chars, str(node.specials_chars))
    if getattr(node, "nodelist", None) is not None:
        return _text(node.nodelist, tell)
    return str(getattr(node, "chars", ""))


def _macro_text(node: Any, name: str, tell: Callable[[str], object]) -> str:
    arguments = [one for one in _arguments(node) if one is not None]
    last = _text(arguments[-1:], tell).strip()
    if name in ("\\", "tabularnewline"):
        return " "
    if name in _ARGUMENTS and name != "ding":
        return ("/" if "box" in name else " ").join(_text([one], tell).strip() for one in arguments[-2:])
    if name in _SIGNS:
        return _SIGNS[name]
    if name in _RAISED:
        return f"^{{{last or '*'}}}"
    if name in _LOWERED:
        return f"_{{{last}}}"
    if name in _CITED:
        return f" [{last}]"
    if name in _KEPT:
        return last
    if name in _SILENT or name in _RULES:
        return ""
    return _by_pylatexenc(node, name, tell)


def _by_pylatexenc(node: Any, name: str, tell: Callable[[str], object]) -> str:
    """What pylatexenc makes of a macro, such as an accent; the macro itself if it makes nothing of it."""
    from pylatexenc.latex2text import LatexNodes2Text

    text = LatexNodes2Text().nodelist_to_text([node])
    if text.strip():
        return str(text)
    tell(f"\\{name}")
    return f"\\{name}{''.join(one.latex_verbatim() for one in _arguments(node) if one is not None)}"
