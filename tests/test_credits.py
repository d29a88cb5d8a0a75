"""Is everybody credited whom a record names?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from prunelit.analysis.pages.credits import credited
from prunelit.cli.credits import credits_page
from prunelit.schema.corpus import Corpus

ROOT = Path(__file__).parents[1]


def test_the_list_in_the_repository_is_fresh(whole: Corpus) -> None:
    assert (ROOT / "CONTRIBUTORS.md").read_text(encoding="utf-8") == credits_page(credited(whole)), (
        "run: prunelit credits"
    )


def test_people_are_counted_over_records(made: Callable[..., Corpus]) -> None:
    corpus = made("id: aaa2020\ncontributors: [Zoe Z, ada A]", "id: bbb2020\ncontributors: [Zoe Z]", "id: ccc2020")
    assert credited(corpus).to_numpy().tolist() == [["ada A", 1], ["Zoe Z", 2]]


def test_names_cannot_style_the_list(made: Callable[..., Corpus]) -> None:
    assert "| &lt;b>x\\|y | 1 |" in credits_page(credited(made("id: aaa2020\ncontributors: ['<b>x|y']")))
