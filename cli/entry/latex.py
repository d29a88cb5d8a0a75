"""What does text with LaTeX in it say in Unicode?"""

from __future__ import annotations

import re

from pylatexenc.latex2text import LatexNodes2Text

from prunelit.cli.entry.bibliography import SourceError, tidy

MAX_LENGTH = 10_000
_FORMULA = re.compile(r"\$[^$]*\$")
_INDEX = re.compile(r"([_^])(?:\{([0-9]+)\}|([0-9]))")
_LOWERED = dict(zip("0123456789", "₀₁₂₃₄₅₆₇₈₉", strict=True))
_RAISED = dict(zip("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
_BARE_SIGN = re.compile(r"(?<!\\)([%&#])")
_DECODER = LatexNodes2Text(math_mode="text")


def in_unicode(text: str) -> str:
    r"""The text without braces and commands: ``na{\"\i}ve $\ell_1$`` is ``naïve ℓ₁``.

    A bare percent sign is one, although LaTeX takes it for a comment: titles on the web hold it so.

    Raises:
        SourceError: if no title or name is so long or so nested.
    """
    if len(text) > MAX_LENGTH:
        raise SourceError(f"a title or name of {len(text):,} characters is none")
    formulas = _FORMULA.sub(lambda formula: _INDEX.sub(_digits, formula[0]), text)
    try:
        return tidy(str(_DECODER.latex_to_text(_BARE_SIGN.sub(r"\\\1", formulas))))
    except RecursionError:
        raise SourceError("the LaTeX of a title or name is nested too deeply to be read") from None


def _digits(index: re.Match[str]) -> str:
    signs = _LOWERED if index[1] == "_" else _RAISED
    return "".join(signs[digit] for digit in index[2] or index[3])
