"""What becomes of findings: open, corrected or acknowledged, and where they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from audit_records import BY_NAME, A, B, one, single
from prunelit import audit, dataset
from prunelit.analysis.audit import engine
from prunelit.analysis.audit.engine import STALE, findings
from prunelit.analysis.audit.excuses import Excuse, excuse_of
from prunelit.analysis.audit.findings import Rule, Suspicion, rule
from prunelit.schema.corpus import Corpus
from prunelit.schema.correction import Acknowledgement, Acknowledgements, Correction
from prunelit.schema.validation import read_bytes


def acknowledgement(**what: object) -> Acknowledgement:
    usual = {"rule": "title-in-capitals", "paper": "ada2015title", "reason": "So it is printed."}
    excuses = [{"field": "title", "values": ["PRUNING"]}]
    return Acknowledgement.model_validate(usual | {"excuses": excuses} | what)


def correction(**what: object) -> Correction:
    usual = {"reason": "A slip.", "evidence": "Arithmetic.", "date": "2026-01-01", "status": "applied"}
    return Correction.model_validate({"paper": "ada2015title"} | usual | what)


CHANGE = (BY_NAME["change-disagrees"],)
OF_CHANGE: dict[str, Any] = {"survey_row": 1, "field": "top1_change"}


@pytest.mark.parametrize(
    ("change", "status", "correct", "expected"),
    [
        ("-3.0", "applied", -1, ["corrected"]),
        ("-3.0", "reported", -1, ["corrected"]),
        ("-3.0", "proposed", -1, ["open"]),
        ("-3.0", "applied", -2, ["open"]),
        ("-1.0", "applied", -3, ["open"]),
        ("-1.0", "proposed", -3, []),
    ],
)
def test_a_finding_is_corrected_where_a_correction_removes_it(
    change: str, status: str, correct: int, expected: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    text = one(f"top1: 75.0, top1_change: {change}", base="base_top1: 76.0")
    said = correction(status=status, correct=correct, expect=Decimal(change), **OF_CHANGE)
    found = findings(dataset(corpus_of(text, corrections=(said,))), CHANGE)
    assert [finding.status for finding in found] == expected


def test_findings_about_others_are_none_of_a_single_record(corpus_of: Callable[..., Corpus]) -> None:
    @rule("note", why="Why.", settle="How.")
    def elsewhere(_: object) -> Iterator[Suspicion]:
        """A finding about another paper."""
        yield Suspicion("bob2016title", "experiments", "found", ("experiments", 0))

    found = single(A, corpus_of(A, one("top1: 75.0", paper="bob2016title")))
    assert findings(found, (elsewhere,)) == []


def test_a_finding_tells_what_is_left_after_correction(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, top1_change: -3.0", base="base_top1: 76.0")
    said = correction(correct=-2, expect=-3, **OF_CHANGE)
    (found,) = findings(dataset(corpus_of(text, corrections=(said,))), CHANGE)
    assert found.suspicion.found == "-2, but after minus before is -1.00"


LATER = {
    "field": "compares_to: bob2016title",
    "values": ["2015-06 compares to bob2016title, published 2016, first known 2016-01"],
}


@pytest.mark.parametrize(("excuses", "status"), [((), "open"), (([LATER],), "acknowledged")])
def test_the_place_of_a_finding_is_that_in_the_record_as_published(
    excuses: tuple[list[object], ...], status: str, corpus_of: Callable[..., Corpus]
) -> None:
    said = correction(field="compares_to", expect="cia2014title")
    covered = tuple(acknowledgement(rule="compares-to-the-future", excuses=one) for one in excuses)
    records = (A + "compares_to: [cia2014title, bob2016title]", B + "published: {year: 2016}", "id: cia2014title")
    corpus = corpus_of(*records, corrections=(said,), acknowledgements=covered)
    (found,) = findings(dataset(corpus), (BY_NAME["compares-to-the-future"],))
    assert (found.status, found.suspicion.path) == (status, ("compares_to", 1))


def test_a_rule_is_named_after_its_function_and_its_module() -> None:
    @rule("note", why="Why.", settle="How.")
    def some_rule(dataset: object) -> list[Suspicion]:
        """What it catches."""
        return []

    said = (some_rule.name, some_rule.severity, some_rule.why, some_rule.settle, some_rule.meaning)
    assert said == ("some-rule", "note", "Why.", "How.", "What it catches.")
    assert BY_NAME["change-disagrees"].family == "closure"


CAPITALS, BELOW = (BY_NAME["title-in-capitals"],), (BY_NAME["top5-below-top1"],)


@pytest.fixture
def row_of(monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, object]]:
    """The last row of the table of all that some rules find."""

    def row(corpus: Corpus, rules: tuple[Rule, ...]) -> dict[str, object]:
        monkeypatch.setattr(engine, "findings", lambda dataset: findings(dataset, rules))
        table = audit(corpus)
        assert table.columns.tolist() == engine.FINDING_COLUMNS
        *_, found = table.astype(object).where(table.notna(), None).to_dict("records")
        return {str(name): value for name, value in found.items()}

    return row


def test_the_table_says_all_that_is_known_of_a_finding(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    corpus, (rule,) = corpus_of(B, A + "title: PRUNING", acknowledgements=(acknowledgement(),)), CAPITALS
    assert row_of(corpus, CAPITALS) == {
        "rule": "title-in-capitals", "family": "identity", "severity": rule.severity, "status": "acknowledged",
        "paper_id": "ada2015title", "subject": "title", "found": "PRUNING", "why": rule.why, "settle": rule.settle,
        "reason": "So it is printed.", "file": "papers/ada2015title.yaml", "line": 2,
    }  # fmt: skip


def test_an_open_finding_has_no_reason(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    assert row_of(corpus_of(A + "title: PRUNING"), CAPITALS)["reason"] is None


def test_a_finding_on_the_corpus_has_no_place(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    found = row_of(corpus_of(A, acknowledgements=(acknowledgement(),)), CAPITALS)
    assert [found[name] for name in ("rule", "paper_id", "file", "line")] == [STALE, None, None, None]


def test_a_finding_on_a_paper_that_was_not_read_from_a_file_has_no_place(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    found = row_of(replace(corpus_of(A + "title: PRUNING"), documents=()), CAPITALS)
    assert [found[name] for name in ("paper_id", "file", "line")] == ["ada2015title", None, None]


def test_file_and_line_are_those_of_the_number(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    found = row_of(corpus_of(one("top1: 75.0", base="base_top1: 76.0, base_top5: 70.0")), BELOW)
    assert (found["file"], found["line"], found["subject"]) == ("papers/ada2015title.yaml", 5, "row 1: base_top5")


def test_lines_are_told_of_findings_of_a_status(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, top1_change: -3.0", base="base_top1: 76.0")
    said = correction(correct=-1, expect=-3, **OF_CHANGE)
    made = dataset(corpus_of(text, corrections=(said,)))
    everywhere, where_open = engine.audit_table(made), engine.audit_table(made, "open")
    assert {"open", "corrected"} == set(everywhere["status"])
    of_open = everywhere["line"].where(everywhere["status"] == "open")
    assert not of_open.equals(everywhere["line"])
    assert where_open.equals(everywhere.assign(line=of_open))


STALE_FILE = """
acknowledgements:
  - rule: title-in-capitals
    paper: ada2015title
    reason: So it is printed.
    excuses:
      - field: title
        values: [PRUNING]
  - rule: title-in-capitals
    paper: bob2016title
    reason: So it was printed.
    excuses:
      - field: title
        values: [SPARSITY]
"""


def test_a_stale_acknowledgement_is_open_at_its_line(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    read, _ = read_bytes(STALE_FILE.encode(), Acknowledgements, "corpus/acknowledgements.yaml")
    assert read
    parts = {"acknowledgements": read.value.acknowledgements, "shared": {"acknowledgements.yaml": read}}
    found = row_of(corpus_of(A + "title: PRUNING", B, **parts), CAPITALS)
    names = ("rule", "family", "status", "severity", "file", "line", "subject")
    assert [found[name] for name in names] == [
        STALE, "survey", "open", "note", "acknowledgements.yaml", 14, "title-in-capitals, bob2016title, title",
    ]  # fmt: skip


def test_of_a_single_record_only_its_own_findings_are_told(corpus_of: Callable[..., Corpus]) -> None:
    stale = acknowledgement(excuses=[{"field": "year", "values": ["2016"]}])
    corpus = corpus_of(A + "title: PRUNING", B + "title: SPARSITY", acknowledgements=(stale,))
    found = findings(single(A + "title: SPARSITY", corpus), (*CAPITALS, BY_NAME["same-identity"]))
    assert {one.suspicion.paper for one in found} == {"ada2015title"}
    assert STALE not in {one.rule for one in found}


def test_columns_hold_text_but_for_the_line(monkeypatch: pytest.MonkeyPatch, corpus_of: Callable[..., Corpus]) -> None:
    monkeypatch.setattr(engine, "findings", lambda _: [])
    types = audit(corpus_of(A)).dtypes.map(str)
    assert types.drop("line").unique().tolist() == ["string"]
    assert types["line"] == "Int64"


def test_rules_look_once_where_nothing_is_corrected(corpus_of: Callable[..., Corpus]) -> None:
    seen = []

    @rule("note", why="Why.", settle="How.")
    def looking(records: object) -> Iterator[Suspicion]:
        """Nothing."""
        seen.append(records)
        yield from ()

    findings(dataset(corpus_of(A)), (looking,))
    assert len(seen) == 1


def test_the_first_of_two_acknowledgements_excuses(corpus_of: Callable[..., Corpus]) -> None:
    twice = tuple(acknowledgement(reason=reason) for reason in ("The first.", "The second."))
    (found,) = findings(dataset(corpus_of(A + "title: PRUNING", acknowledgements=twice)), CAPITALS)
    assert found.reason == "The first."


def test_what_is_printed_is_looked_up_only_where_something_is_acknowledged(
    monkeypatch: pytest.MonkeyPatch, corpus_of: Callable[..., Corpus]
) -> None:
    asked: set[str | None] = set()

    def looked_up(name: str, suspicion: Suspicion, corpus: Corpus) -> Excuse:
        asked.add(suspicion.paper)
        return excuse_of(name, suspicion, corpus)

    monkeypatch.setattr(engine, "excuse_of", looked_up)
    found = findings(dataset(corpus_of(TITLE, OTHER, acknowledgements=(acknowledgement(), old()))), CAPITALS)
    assert [(one.suspicion.paper, one.status) for one in found[:2]] == [
        ("ada2015title", "acknowledged"), ("bob2016title", "open"),
    ]  # fmt: skip
    assert asked == {"ada2015title"}


def old(**what: object) -> Acknowledgement:
    """An acknowledgement of a title that is printed nowhere."""
    return acknowledgement(excuses=[{"field": "title", "values": ["OLD"]}], **what)


ELSEWHERE = acknowledgement(excuses=[{"field": "venue", "values": ["PRUNING"]}])
TITLE, OTHER = A + "title: PRUNING", B + "title: SPARSITY"
STALE_TOLD = {
    "gone": ([A], [old()], ["'OLD' is gone, and with it the finding: remove the value"]),
    "gone, and another paper has a finding": (
        [A, OTHER], [old()], ["'OLD' is gone, and with it the finding: remove the value"]),
    "gone, and the new one is acknowledged": (
        [TITLE], [acknowledgement(), old()], ["'OLD' is gone, and with it the finding: remove the value"]),
    "another value": (
        [TITLE], [old()], ["'OLD' is gone; the finding now has 'PRUNING': write that in its place"]),
    "another place": (
        [TITLE], [ELSEWHERE],
        ["'PRUNING' is gone from here; the finding is now 'title-in-capitals, ada2015title, title': "
         "write that in its place"]),
    "printed, but found once": ([TITLE], [acknowledgement()] * 2, []),
    "printed, but the next one is gone": (
        [TITLE, B], [acknowledgement(), acknowledgement(), old(paper="bob2016title")],
        ["'OLD' is gone, and with it the finding: remove the value"]),
}  # fmt: skip


@pytest.mark.parametrize(("records", "acknowledged", "expected"), STALE_TOLD.values(), ids=STALE_TOLD)
def test_a_stale_acknowledgement_tells_what_to_write(
    records: list[str], acknowledged: list[Acknowledgement], expected: list[str], corpus_of: Callable[..., Corpus]
) -> None:
    found = findings(dataset(corpus_of(*records, acknowledgements=tuple(acknowledged))), CAPITALS)
    assert [one.suspicion.found for one in found if one.rule == STALE] == expected


def test_an_acknowledgement_of_what_is_corrected_is_stale(corpus_of: Callable[..., Corpus]) -> None:
    text = one("top1: 75.0, top1_change: -3.0", base="base_top1: 76.0")
    printed = "top1_change -3.0; top1 75.0, base_top1 76.0"
    excuse = {"dataset": "Set", "architecture": "Net", "values": [printed]}
    corpus = corpus_of(
        text,
        corrections=(correction(correct=-1, expect=Decimal("-3.0"), **OF_CHANGE),),
        acknowledgements=(acknowledgement(rule="change-disagrees", excuses=[excuse]),),
    )
    corrected, stale = findings(dataset(corpus), CHANGE)
    assert corrected.excuse == stale.stale
    assert (stale.rule, stale.suspicion.found) == (STALE, "the finding is corrected by now")


def test_an_acknowledgement_of_no_rule_is_an_error(corpus_of: Callable[..., Corpus]) -> None:
    corpus = corpus_of(TITLE, acknowledgements=(acknowledgement(rule="title-in-capital"),))
    *_, found = findings(dataset(corpus), CAPITALS)
    assert (found.rule, found.severity) == ("stale-acknowledgement", "error")
    assert found.suspicion.found.startswith("there is no rule 'title-in-capital'")
    assert "'title-in-capitals'" in found.suspicion.found


def test_findings_of_papers_keep_their_place_beside_those_of_the_corpus(
    row_of: Callable[..., dict[str, object]], corpus_of: Callable[..., Corpus]
) -> None:
    @rule("note", why="Why.", settle="How.")
    def both(_: object) -> Iterator[Suspicion]:
        """A finding about the corpus, and one about a paper."""
        yield Suspicion(None, "corpus", "found")
        yield Suspicion("ada2015title", "id", "found", ("id",))

    found = row_of(corpus_of(A), (both,))
    assert (found["file"], found["line"]) == ("papers/ada2015title.yaml", 1)


def test_a_rule_may_go_without_a_meaning() -> None:
    def silent(_: object) -> Iterator[Suspicion]:
        yield from ()

    assert rule("note", why="Why.", settle="How.")(silent).meaning == ""


def test_a_family_is_the_last_part_of_the_name_of_a_module() -> None:
    def some(_: object) -> Iterator[Suspicion]:
        yield from ()

    some.__module__ = "rooms.rules.closure"
    assert rule("note", why="Why.", settle="How.")(some).family == "closure"
