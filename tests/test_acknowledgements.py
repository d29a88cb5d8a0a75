"""Does an acknowledgement excuse what it names, and nothing else?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from prunelit import dataset
from prunelit.analysis.audit.acknowledging import Acknowledged, with_acknowledged
from prunelit.analysis.audit.engine import AUDIT_RULES, STALE, Finding, audit_table, findings
from prunelit.analysis.audit.excuses import About, Excuse
from prunelit.schema.canonical import canonical
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.correction import Acknowledgement, Acknowledgements, Correction
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document, read_bytes

BY_NAME = {rule.name: rule for rule in AUDIT_RULES}
RULE = "change-disagrees"
ADA = """
schema_version: 2
id: ada2015title
title: Title of a paper
authors: ["Lovelace, Ada"]
published: {year: 2015, month: 6}
collections: [living]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [living]
    base_top1: 93.0
    curves:
      - method: Cut
        origin: own
        points:
          - {top1: 92.0, top1_change: -2.0, speedup: 2.0}
"""
SAYS = "top1_change -2.0; top1 92.0, speedup 2.0, base_top1 93.0"
PLACE = {"dataset": "CIFAR-10", "architecture": "ResNet-56", "method": "Cut"}
EARLIER = """experiments:
  - dataset: CIFAR-10
    architecture: ResNet-20
    collections: [living]
    base_top1: 91.0
    curves:
      - origin: own
        points:
          - {top1: 90.0, speedup: 2.0}
"""
OTHER = "          - {top1: 91.0, top1_change: -3.0, speedup: 3.0}\n"

CorpusOf = Callable[..., Corpus]


def document(text: str) -> Document[Paper]:
    read, problems = read_bytes(text.lstrip().encode(), Paper, "corpus/papers/ada2015title.yaml")
    assert read, [str(problem) for problem in problems]
    return read


@pytest.fixture(scope="module")
def corpus_of(whole: Corpus) -> CorpusOf:
    """Makes a corpus of one record, with the vocabularies that ship and what is acknowledged."""

    def make(text: str, *acknowledged: Acknowledgement, **parts: object) -> Corpus:
        documents = (document(text),)
        empty: dict[str, Any] = {"corrections": (), "exclusions": (), "sweeps": {}, "shared": {}} | parts
        papers = tuple(one.value for one in documents)
        return replace(whole, papers=papers, documents=documents, acknowledgements=acknowledged, **empty)

    return make


def excusing(*values: str, rule: str = RULE, paper: str | None = "ada2015title", **place: str) -> Acknowledgement:
    excused = (place or PLACE) | {"values": values or (SAYS,)}
    said = {"rule": rule, "reason": "So it is printed.", "excuses": [excused]} | ({"paper": paper} if paper else {})
    return Acknowledgement.model_validate(said)


def found(corpus: Corpus, rule: str = RULE) -> list[Finding]:
    return findings(dataset(corpus), (BY_NAME[rule],))


def fates(corpus: Corpus, rule: str = RULE) -> list[str]:
    """What becomes of the findings of a rule, and that acknowledgements are stale."""
    return [STALE if one.rule == STALE else one.status for one in found(corpus, rule)]


def test_an_acknowledgement_excuses_what_it_names(corpus_of: CorpusOf) -> None:
    [one] = found(corpus_of(ADA, excusing()))
    assert (one.status, one.reason) == ("acknowledged", "So it is printed.")


@pytest.mark.parametrize(
    "other",
    [
        excusing(rule="error-disagrees"),
        excusing(paper=None),
        excusing(**PLACE | {"dataset": "CIFAR-100"}),
        excusing(**PLACE | {"architecture": "ResNet-20"}),
        excusing(**PLACE | {"method": "Trim"}),
        excusing(dataset="CIFAR-10", architecture="ResNet-56"),
        excusing(SAYS.replace("top1 92.0", "top1 92.1")),
        excusing(SAYS.replace("-2.0;", "-2.00;")),
        excusing("top1_change -2.0"),
    ],
)
def test_it_excuses_nothing_else(other: Acknowledgement, corpus_of: CorpusOf) -> None:
    assert "open" in fates(corpus_of(ADA, other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("top1: 92.0", "top1: 82.0"),
        ("top1_change: -2.0", "top1_change: -3.0"),
        ("top1_change: -2.0", "top1_change: 2.0"),
        ("base_top1: 93.0", "base_top1: 95.0"),
        ("speedup: 2.0", "speedup: 20.0"),
        ("method: Cut", "method: Slice"),
        ("ResNet-56", "ResNet-20"),
        ("CIFAR-10", "CIFAR-100"),
    ],
)
def test_a_value_that_moves_is_a_new_finding_and_makes_the_old_one_stale(
    old: str, new: str, corpus_of: CorpusOf
) -> None:
    assert fates(corpus_of(ADA.replace(old, new), excusing())) == ["open", STALE]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("experiments:\n", EARLIER),
        ("          - {top1: 92.0", "          - {top1: 92.5, speedup: 1.5}\n          - {top1: 92.0"),
        ("    curves:\n", "    curves:\n      - {method: Trim, origin: own, points: [{top1: 91.0, speedup: 3.0}]}\n"),
        ("top1: 92.0, top1_change: -2.0, speedup: 2.0", "speedup: 2.0, top1: 92.0, top1_change: -2.0"),
        ("title: Title", "title: Another title"),
        ("speedup: 2.0}", "speedup: 2.0, note: A remark., locator: {table: 1}}"),
    ],
)
def test_what_stands_elsewhere_does_not_matter(old: str, new: str, corpus_of: CorpusOf) -> None:
    assert fates(corpus_of(ADA.replace(old, new), excusing())) == ["acknowledged"]


def test_another_point_of_the_same_curve_is_another_finding(corpus_of: CorpusOf) -> None:
    assert fates(corpus_of(ADA + OTHER, excusing())) == ["acknowledged", "open"]


def test_one_value_excuses_one_finding(corpus_of: CorpusOf) -> None:
    twice = ADA + ADA.splitlines()[-1] + "\n"
    assert fates(corpus_of(twice, excusing())) == ["acknowledged", "open"]
    assert fates(corpus_of(twice, excusing(SAYS, SAYS))) == ["acknowledged", "acknowledged"]


@pytest.mark.parametrize(
    ("rule", "values", "place", "says"),
    [
        (
            RULE,
            (),
            {},
            f"'{SAYS}' is gone; the finding now has 'top1_change -3.0; top1 92.0, speedup 2.0, base_top1 93.0'",
        ),
        (
            RULE,
            ("top1_change -3.0; top1 92.0, speedup 2.0, base_top1 93.0",),
            PLACE | {"method": "Trim"},
            "the finding is now",
        ),
        ("error-disagrees", (), {}, "is gone, and with it the finding: remove the value"),
        ("change-disagree", (), {}, "there is no rule 'change-disagree'; did you mean 'change-disagrees'?"),
    ],
)
def test_a_stale_acknowledgement_says_what_to_write(
    rule: str, values: tuple[str, ...], place: dict[str, str], says: str, corpus_of: CorpusOf
) -> None:
    moved = ADA.replace("top1_change: -2.0", "top1_change: -3.0")
    [stale] = [one for one in found(corpus_of(moved, excusing(*values, rule=rule, **place))) if one.rule == STALE]
    assert says in stale.suspicion.found


@pytest.mark.parametrize(
    ("rule", "severity"), [(RULE, "error"), ("implausible-ratio", "warning"), ("large-gain", "note")]
)
def test_a_stale_acknowledgement_is_as_bad_as_its_rule(rule: str, severity: str, corpus_of: CorpusOf) -> None:
    [stale] = [one for one in found(corpus_of(ADA, excusing("top1 1.0", rule=rule))) if one.rule == STALE]
    assert (stale.status, stale.severity) == ("open", severity)


@pytest.mark.parametrize(
    ("rule", "value", "place"),
    [
        ("unpruned-model-far-from-others", "base_top1 93.0", {"dataset": "CIFAR-10", "architecture": "ResNet-56"}),
        ("large-gain", "top1 92.0; top1_change -2.0, speedup 2.0, base_top1 93.0", PLACE),
        ("title-in-capitals", "Title of a paper", {"field": "title"}),
    ],
)
def test_a_value_that_is_printed_stays_excused_without_a_finding(
    rule: str, value: str, place: dict[str, str], corpus_of: CorpusOf
) -> None:
    """The rule finds nothing there, as when the median of other papers has moved."""
    assert fates(corpus_of(ADA, excusing(value, rule=rule, **place)), rule) == []
    assert fates(corpus_of(ADA, excusing(f"{value}1", rule=rule, **place)), rule) == [STALE]


def test_what_is_corrected_needs_no_excuse(corpus_of: CorpusOf) -> None:
    change = {
        "paper": "ada2015title", "result": {"method": "Cut"}, "field": "top1_change", "expect": -2, "correct": -1,
        "reason": "A slip.", "evidence": "Arithmetic.", "date": "2026-01-01", "status": "applied",
    }  # fmt: skip
    text = ADA.replace("-2.0", "-2")
    correction = Correction.model_validate(change)
    assert fates(corpus_of(text, corrections=(correction,))) == ["corrected"]
    told = excusing(SAYS.replace("-2.0;", "-2;"))
    assert fates(corpus_of(text, told, corrections=(correction,))) == ["corrected", STALE]


def test_findings_about_the_paper_are_excused_by_what_it_says(corpus_of: CorpusOf) -> None:
    capitals, rule = ADA.replace("Title of a paper", "PRUNING"), "title-in-capitals"
    assert fates(corpus_of(capitals, excusing("PRUNING", rule=rule, field="title")), rule) == ["acknowledged"]
    assert fates(corpus_of(capitals, excusing("SPARSITY", rule=rule, field="title")), rule) == ["open", STALE]


def test_a_stale_acknowledgement_is_told_at_its_line(corpus_of: CorpusOf) -> None:
    text = with_acknowledged("acknowledgements: []", "x", [Acknowledged(EXCUSE, "Seen.")], [], [RULE])
    read, _ = read_bytes(text.encode(), Acknowledgements, "corpus/acknowledgements.yaml")
    assert read
    corpus = corpus_of(ADA, *read.value.acknowledgements, shared={"acknowledgements.yaml": read})
    stale = audit_table(dataset(corpus)).set_index("rule").loc[STALE]
    assert (stale["file"], stale["line"]) == ("acknowledgements.yaml", 10)
    assert stale["subject"] == "change-disagrees, ada2015title, ResNet-56 on CIFAR-10, Cut"


EXCUSE = Excuse(About(RULE, "ada2015title", "CIFAR-10", "ResNet-56", "Cut"), "top1 1.0")
FILE = """\
# Ours.
acknowledgements:
  # The first.
  - rule: change-disagrees
    paper: ada2015title
    reason: Seen.
    excuses:
      - dataset: CIFAR-10
        architecture: ResNet-56
        method: Cut
        values:
          - top1 2.0  # as in Table 1
"""


def written(*new: tuple[Excuse, str], gone: tuple[Excuse, ...] = (), text: str = FILE) -> str:
    order = ["error-disagrees", RULE]
    return with_acknowledged(text, "x", [Acknowledged(*one) for one in new], gone, order)


def test_a_value_joins_those_of_the_same_place_and_reason() -> None:
    assert written((EXCUSE, "Seen.")) == f"{FILE}          - top1 1.0\n"


def test_another_reason_makes_an_entry_of_its_own() -> None:
    assert written((EXCUSE, "Looked at.")).count("- rule: change-disagrees") == 2


def test_another_place_joins_the_entry() -> None:
    other = Excuse(replace(EXCUSE.about, method="Trim"), "top1 1.0")
    assert written((other, "Seen.")).endswith("        method: Trim\n        values:\n          - top1 1.0\n")
    assert written((other, "Seen.")).count("- rule:") == 1


def test_entries_stand_by_rule_and_paper_and_comments_go_with_them() -> None:
    rule = Excuse(replace(EXCUSE.about, rule="error-disagrees"), "top1 1.0")
    earlier = Excuse(replace(EXCUSE.about, paper="aaa2015title"), "top1 1.0")
    lines = written((rule, "Seen."), (earlier, "Seen.")).splitlines()
    assert [line.split()[-1] for line in lines if "- rule:" in line or "paper:" in line] == [
        "error-disagrees", "ada2015title", RULE, "aaa2015title", RULE, "ada2015title",
    ]  # fmt: skip
    assert lines.index("  # The first.") + 1 == lines.index("    paper: ada2015title", 10) - 1


def test_what_is_superseded_goes_and_an_empty_entry_with_it() -> None:
    old = Excuse(EXCUSE.about, "top1 2.0")
    assert written((EXCUSE, "Looked at."), gone=(old,)).count("- rule:") == 1
    assert "top1 2.0" not in written((EXCUSE, "Seen."), gone=(old,))
    assert written(gone=(EXCUSE,)) == FILE


def test_the_shipped_acknowledgements_are_in_canonical_order(whole: Corpus) -> None:
    text = (shipped() / "acknowledgements.yaml").read_text(encoding="utf-8")
    assert canonical(text, "x", Acknowledgements) == text
    assert with_acknowledged(text, "x", [], [], list(BY_NAME)) == text


def test_every_shipped_acknowledgement_is_made_use_of(whole: Corpus, audited: pd.DataFrame) -> None:
    listed = [value for one in whole.acknowledgements for place in one.excuses for value in place.values]
    assert (audited["status"] == "acknowledged").sum() == len(listed)
