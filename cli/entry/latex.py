r"""Unicode text of LaTeX, and what of it has no plain reading.

pylatexenc does the reading.  It drops commands that it does not know, together with what they stand for, and fails on
some that it knows, so that those are replaced or named before it reads.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pylatexenc.latex2text import LatexNodes2Text, get_default_latex_context_db

from prunelit.cli.entry.bibliography import SourceError
from prunelit.cli.entry.markup import script_digits, tidy, unescaped, unmarked

_MAX_LENGTH, MAX_NAMES = 10_000, 100_000
"""Characters of a title, and of a list of authors, of whom some papers have a thousand."""

logging.getLogger("pylatexenc").addHandler(logging.NullHandler())  # what it stumbles over is told below

_KNOWN = get_default_latex_context_db()
_PLAIN = LatexNodes2Text(latex_context=_KNOWN, math_mode="text")
_GROUPED = LatexNodes2Text(latex_context=_KNOWN, math_mode="text", keep_braced_groups=True)

_STYLES = {
    "mbox", "hbox", "text", "textnormal", "textup", "textmd", "em", "it", "bf", "rm", "sc", "tt", "sf", "sl",
    "itshape", "bfseries", "scshape", "upshape", "rmfamily", "large", "small", "boldmath", "bm", "boldsymbol",
    "mathop", "operatorname", "nolinkurl", "xspace", "protect", "relax", "noexpand", "null", "left", "right",
    "big", "Big", "mkbibemph", "mkbibbold", "mkbibitalic", "bibcyr", "allowbreak", "nobreakdash",
    "ignorespaces", "unskip", "textsuperscript", "textsubscript", "url", "path",
}  # fmt: skip
"""Commands that change the look of their argument, or nothing."""
_SIGNS = {
    "textless": "<", "textgreater": ">", "textbar": "|", "textbraceleft": r"\{", "textbraceright": r"\}",
    "slash": "/", "hyp": "-", "newline": " ", "linebreak": " ", "copyright": "©", "TeX": "TeX", "LaTeX": "LaTeX",
    "textquotedbl": '"', "glqq": "„", "grqq": "“", "lq": "‘", "rq": "’", "flqq": "«", "frqq": "»",
    "textdoublebarpipe": "ǂ", "not": "\u0338",
}  # fmt: skip
_ACCENTS = {
    "textcommabelow": "\u0326",
    "textogonekcentered": "\u0328",
    "cb": "\u0326",
    "t": "\u0361",
    "newtie": "\u0361",
}
_UNREADABLE = {"accent", "char", "symbol", "verb", "input", "include"}
"""Commands that the library knows and reads wrongly."""

_GROUP = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_COMMAND = re.compile(r"\\([A-Za-z]+)\*?")
_COMMAND_AND_SPACE = re.compile(_COMMAND.pattern + r"\s*")
_CONDITIONAL = re.compile(r"\\ifmmode\b(?:(?!\\fi\b).)*?(?:\\else\b((?:(?!\\fi\b).)*))?\\fi\b\s*(?:\{\})?", re.S)
_LINE_BREAK = re.compile(r"\\\\\*?(?:\[[^\[\]]*\])?")
_CODE_POINT = re.compile(r"\\unicode\s*\{\s*(?:x([0-9a-f]{1,6})|([0-9]{1,7}))\s*\}", re.I)
_LINK = re.compile(r"\\href\s*" + _GROUP)
_ASIDE = re.compile(
    r"\\(?:footnote|footnotetext|footnotemark|thanks|label|noopsort|cite[a-z]*)\s*(?:\[[^\[\]]*\])?" + _GROUP
)
_QUOTE = re.compile(r"\\(?:enquote|mkbibquote)\*?\s*" + _GROUP)
_SIGN = re.compile(rf"\\({'|'.join(_SIGNS)})(?![A-Za-z])(?:\s*\{{\}}|\s+)?")
_ACCENT = re.compile(rf"\\({'|'.join(_ACCENTS)})(?![A-Za-z])\s*(?:\{{\s*(\w)(\w?)\s*\}}|(\w))")
_SHIFTED = re.compile(r"\\text(super|sub)script\s*\{\s*([0-9]+)\s*\}")
_FORMULA = re.compile(r"\$[^$]*\$|\\\(.*?\\\)", re.S)
_INDEX = re.compile(r"(?:\{\})?([_^])\s*(?:\{\s*(?:\\(?:mbox|text|mathrm)\s*\{)?\s*([-+]?[0-9]+)\s*\}?\s*\}|([0-9]))")
_LOW_DIGIT = re.compile("(?<=[\u2113\U0001d4c1])_([0-9])")  # of a script l, as in the names of norms
_LEFT_OVER = re.compile(r"(?<=[^\s_^])[_^]|\$[^$]*[\\^_{][^$]*\$|</?[A-Za-z][\w:-]*(?:\s[^<>]*)?/?>")
_BARE_SIGN = re.compile(r"(?<!\\)([%&#])")


@dataclass(frozen=True)
class Decoded:
    """Unicode text, and what a person must look at in it."""

    text: str
    doubts: tuple[str, ...] = ()


def in_unicode(text: str) -> str:
    r"""The text without braces and commands: ``na{\"\i}ve $\ell_1$`` is ``naïve ℓ₁``.

    Example:
        >>> in_unicode(r"na{\"\i}ve $\ell_1$")
        'naïve ℓ₁'
    """
    return decoded(text).text


def decoded(latex: str, groups: bool = False, once: bool = False) -> Decoded:
    """The text without commands, and what could not be read or was left out.

    A bare percent sign is one, although LaTeX takes it for a comment: titles on the web hold it so.

    Args:
        latex: Text with LaTeX, HTML entities and tags.
        groups: Whether braces stay around what is longer than one character, as in names of groups.
        once: Whether LaTeX that was itself escaped, as some exports do, is left as it is.

    Raises:
        SourceError: if no title or name is so long or so nested.
    """
    if len(latex) > (MAX_NAMES if groups else _MAX_LENGTH):
        raise SourceError(f"a title or name of {len(latex):,} characters is none")
    doubts = list(_left_out(latex))
    text = _replaced(unescaped(latex))
    unknown = _unknown(text)
    doubts += [f"the command \\{name} is not known: write what it stands for" for name in unknown]
    read = unmarked(_converted(_named(text, unknown), groups))
    if not once and any(command[1] not in unknown for command in _COMMAND.finditer(read)):
        again = decoded(read, groups, once=True)
        return Decoded(again.text, (*doubts, "its LaTeX was escaped twice: compare it with the paper", *again.doubts))
    if _LEFT_OVER.search(read) and not unknown:
        doubts.append("it still holds markup, as it seems")
    return Decoded(tidy(_LOW_DIGIT.sub(lambda low: script_digits(low[1], raised=False), read)), tuple(doubts))


def plain_text(text: str) -> Decoded:
    """Text of a source that is no LaTeX, but may hold some."""
    is_latex = re.search(r"\\[A-Za-z]|\\[\"'`^~=.&%_]|\$[^$]+\$", text)
    return decoded(text) if is_latex else Decoded(tidy(unmarked(text)))


def _left_out(latex: str) -> Iterator[str]:
    yield from (f"left out: the link to {link[1].strip()}" for link in _LINK.finditer(latex))
    yield from (f"left out: {aside[0]}" for aside in _ASIDE.finditer(latex))


def _replaced(text: str) -> str:
    """The text without the commands that the library fails on or drops."""
    text = _CONDITIONAL.sub(lambda found: found[1] or "", text)
    text = _LINE_BREAK.sub(" ", text)
    text = _CODE_POINT.sub(_character, text)
    text = _ASIDE.sub("", _LINK.sub("", text))
    text = _QUOTE.sub(r"“\1”", text)
    text = _SIGN.sub(lambda sign: f"{_SIGNS[sign[1]]}", text)
    text = _ACCENT.sub(lambda on: f"{on[2] or on[4]}{_ACCENTS[on[1]]}{on[3] or ''}", text)
    text = _SHIFTED.sub(lambda found: script_digits(found[2], raised=found[1] == "super"), text)
    return _FORMULA.sub(lambda formula: _INDEX.sub(_index, formula[0]), text)


def _character(point: re.Match[str]) -> str:
    number = int(point[1], 16) if point[1] else int(point[2])
    return chr(number) if number <= 0x10FFFF else point[0]


def _index(index: re.Match[str]) -> str:
    return script_digits(index[2] or index[3], raised=index[1] == "^")


def _unknown(text: str) -> list[str]:
    names = dict.fromkeys(command[1] for command in _COMMAND.finditer(text))
    known = [
        name for name in names if name in _STYLES or name in {"begin", "end"} or _KNOWN.get_macro_spec(name) is not None
    ]
    return [name for name in names if name not in known or name in _UNREADABLE]


def _named(text: str, unknown: list[str]) -> str:
    """The text without commands of style, and with the unknown ones written out unless text follows in braces."""

    def replaced(command: re.Match[str]) -> str:
        if command[1] in _STYLES or (command[1] in unknown and text[command.end() :].startswith("{")):
            return ""
        return rf"\textbackslash{{}}{command[0][1:]}" if command[1] in unknown else command[0]

    return _COMMAND_AND_SPACE.sub(replaced, text)


def _converted(text: str, groups: bool) -> str:
    """What the library reads.

    Raises:
        SourceError: whatever goes wrong within it, so that no text of a stranger ends in a traceback.
    """
    reader = _GROUPED if groups else _PLAIN
    try:
        read = str(reader.latex_to_text(_BARE_SIGN.sub(r"\\\1", text)))
    except RecursionError:
        raise SourceError("the LaTeX of a title or name is nested too deeply to be read") from None
    except Exception as error:  # the library's own faults differ from command to command
        shown = tidy(text)[:80]
        raise SourceError(f"the LaTeX '{shown}' cannot be read ({error}); write it in Unicode") from None
    if "%s" in read and "%s" not in text:  # a command without its arguments
        raise SourceError(f"the LaTeX '{tidy(text)[:80]}' lacks the arguments of a command; write it in Unicode")
    return read
