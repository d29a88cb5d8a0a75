"""Unicode from LaTeX and HTML in titles and names."""

from __future__ import annotations

import pytest

from prunelit.cli.entry.bibliography import SourceError
from prunelit.cli.entry.latex import decoded, in_unicode, plain_text
from prunelit.cli.entry.markup import tidy, unmarked


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"{L}$_0$-ARM", "L₀-ARM"),
        (r"O($n^{10}$) and 10$^{-3}$", "O(n¹⁰) and 10⁻³"),
        (r"l\({}_{\mbox{0}}\)-Norm", "l₀-Norm"),
        (r"{\(\ell\)}{\_}1", "ℓ₁"),
        (r"na{\"\i}ve \textit{Net}-\textsc{Trim}", "naïve Net-Trim"),
        (r"{\em Deep} {\bf nets} in \mbox{one} box", "Deep nets in one box"),
        (r"Weights \& Connections, 95% fewer, C#", "Weights & Connections, 95% fewer, C#"),
        ("already Ünïcode 朱", "already Ünïcode 朱"),
        (r"{unbalanced \emph{text", "unbalanced text"),
        ("zero\u200bwidth \u202eand order", "zerowidth and order"),
        (r"\texorpdfstring{$\ell_0$}{L0} nets", "L0 nets"),
        (r"\href{https://example.com/x}{Sparse} nets", "Sparse nets"),
        (r"\ifmmode a\else b\fi{}c", "bc"),
        (r"{\textless}i{\textgreater}Sparse{\textless}/i{\textgreater} nets", "Sparse nets"),
        (r"$\backslash$emph{\{}Sparse{\}} {\%} {\_}", "Sparse % _"),
        (r"{\$}{\backslash}ell{\_}0{\$}", "ℓ₀"),
        (r"{\textquotesingle}x{\textquotesingle} {\texttimes} {\unicode{x2080}}", "'x' × ₀"),
        ("Sparse &amp; deep", "Sparse & deep"),
        (r"Sparse \&amp; deep", "Sparse & deep"),
        (r"Sparse {\&}amp; deep", "Sparse & deep"),
        ("&#233;t&eacute; &lt;i&gt;x&lt;/i&gt;", "été x"),
        ("CO<sub>2</sub> <b>bold</b>", "CO₂ bold"),
        (r"CO\textsubscript{2}", "CO₂"),
        ("E\ufb03cient \ufb01lters", "Efficient filters"),
        (r"``Quoted'' --- and -- so~on", "“Quoted” — and – so on"),
        (r"Ro\textcommabelow{s}ia", "Ro\u0219ia"),
        (r"first\\second", "first second"),
        (r"{\noopsort{1973b}}Sparse", "Sparse"),
        (r"costs \$5 or \$6", "costs $5 or $6"),
    ],
)
def test_texts(latex: str, text: str) -> None:
    assert in_unicode(latex) == text


@pytest.mark.parametrize(
    ("latex", "text", "doubt"),
    [
        (r"\href{https://example.com/x}{Sparse} nets", "Sparse nets", "the link to https://example.com/x"),
        (r"Sparse nets\footnote{Code: there}", "Sparse nets", r"\footnote{Code: there}"),
        (r"\OurNet: Sparse", r"\OurNet: Sparse", r"the command \OurNet is not known"),
        (r"\fancy{Sparse} nets", "Sparse nets", r"the command \fancy is not known"),
        (r"$\backslash$emph{\{}Sparse{\}}", "Sparse", "escaped twice"),
        (r"In\_\{0.1\}Ga", "In_{0.1}Ga", "still holds markup"),
        (r"$L_p$ norms", "L_p norms", "still holds markup"),
        (r"\input{/etc/passwd}", "/etc/passwd", r"the command \input is not known"),
    ],
)
def test_what_has_no_plain_reading_is_told(latex: str, text: str, doubt: str) -> None:
    read = decoded(latex)
    assert (read.text, doubt in "; ".join(read.doubts)) == (text, True)


@pytest.mark.parametrize("latex", [r"\href{x", r"\frac", r"\sqrt[", "{" * 5000, "x" * 10_001])
def test_what_cannot_be_read_is_no_traceback(latex: str) -> None:
    with pytest.raises(SourceError):
        in_unicode(latex)


@pytest.mark.parametrize(
    "latex", ["\\", "}{", "$", "$$x$$ $", r"\v", r"\'", r"\begin{", r"\def\x{y}", "%", r"\begin{a}x\end{b}"]
)
def test_broken_latex_ends(latex: str) -> None:
    decoded(latex)


def test_text_of_other_sources_is_latex_only_where_it_looks_like_it() -> None:
    assert (plain_text("a~b {c}").text, plain_text(r"$\ell_1$ of a~b").text) == ("a~b {c}", "ℓ₁ of a b")


def test_text_is_tidied() -> None:
    assert tidy(" e\u0301\n x\u200b ") == "é x"


@pytest.mark.parametrize("text", ["a < b and c > d", "AT&T; x", "R&D &copy 3", "<unknown> tag"])
def test_what_is_no_markup_stays(text: str) -> None:
    assert unmarked(text) == text
