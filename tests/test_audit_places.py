"""Is the line of a finding the one that composing the whole record tells?"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from prunelit.analysis.audit import places
from prunelit.analysis.audit.places import line_in_record
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import Path
from prunelit.schema.record import Paper
from prunelit.schema.validation import Document, read_bytes

CANONICAL = """\
schema_version: 2
id: ada2015title
title: A title
authors:
  - Lovelace, Ada
  - Babbage, Charles
published: {year: 2015}
venue: arXiv
compares_to: [bob2014other, cia2014other]
collections: [living]
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [living]
    base_top1: 71.5
    base_metrics:
      - {metric: bleu, value: 10.5}
      - metric: bleu
        value: 11.5
    curves:
      - origin: own
        method: A
        note: >-
          Text that looks like
          points: or, as here, like
          - an item.
        locator: {table: 1}
        points:
          - {top1: 70.0, speedup: 2.0}
          # A comment.
          - top1: 69.0
            speedup: 3.0
            metrics: [{metric: bleu, value: 9.5}]
      - origin: own
        locator: {table: 2}
        points:
          - {top1: 68.0, speedup: 2.5}
  - dataset: CIFAR-10
    collections: [living]
    note: Listed.
links: [https://example.org/a, https://example.org/b]
"""
OTHERWISE = {
    "canonical": CANONICAL,
    "comments": CANONICAL.replace("experiments:\n", "# One.\nexperiments:\n  # Two.\n").replace(
        "    curves:\n", "    # Three.\n    curves:\n# Four.\n"
    ),
    "a comment behind a key": CANONICAL.replace("    curves:\n", "    curves: # both\n"),
    "points in one line": CANONICAL.replace(
        "          - {top1: 68.0, speedup: 2.5}\n", "          [{top1: 68.0, speedup: 2.5}]\n"
    ),
    "items below their dash": CANONICAL.replace("          - {top1: 70", "          -\n            {top1: 70"),
    "lists that are not indented": CANONICAL.replace("  - Lovelace, Ada\n  - B", "- Lovelace, Ada\n- B").replace(
        "        points:\n          - {top1: 68.0", "        points:\n        - {top1: 68.0"
    ),
    "text in quotes that goes on like a record": CANONICAL.replace(
        "    note: Listed.\n", '    note: "Listed\n  - as\n    curves:\n      - an\nexperiments:\n  - too"\n'
    ),
    "a title in quotes that goes on like a record": CANONICAL.replace(
        "title: A title\n", 'title: "A\n  title: of\n  - an item"\n'
    ),
    "a note in quotes that goes on like numbers": CANONICAL.replace(
        "            speedup: 3.0\n",
        '            speedup: 3.0\n            note: "As\n            top1: 1.0\n            missing: 2.0"\n',
    ),
    "a first key on a line of its own": CANONICAL.replace(
        "          - top1: 69.0", "          - \n            top1: 69.0"
    ),
    "a record in flow style": "{schema_version: 2, id: ada2015title, title: A title, published: {year: 2015},\n"
    "collections: [living], experiments: [\n{collections: [living], curves: [{origin: own,\n"
    "locator: {table: 1}, points: [{top1: 70.0}, \n{top1: 69.0}]}]}]}\n",
}


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    """The path of a value, those of all in it, and one that leads nowhere."""
    yield path
    yield (*path, "missing")
    if isinstance(value, Paper):
        value = value.model_dump(exclude_unset=True)
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple | list) else ()
    for name, one in inside:
        yield from paths(one, (*path, name))


def record(text: str) -> Document[Paper]:
    found, problems = read_bytes(text.encode(), Paper, "record")
    assert found is not None, problems
    return found


@pytest.mark.parametrize("layout", OTHERWISE)
def test_a_line_is_that_of_the_whole_record_however_it_is_laid_out(layout: str) -> None:
    document = record(OTHERWISE[layout])
    for path in paths(document.value):
        assert line_in_record(document, path) == document.line(path), path


def test_a_line_is_that_of_the_whole_record_in_all_that_ship(whole: Corpus) -> None:
    for document in whole.documents[::40]:
        for path in [one for one in paths(document.value) if len(one) < 7][::7]:
            assert line_in_record(document, path) == document.line(path), (document.file, path)


def test_a_point_is_found_without_composing_its_record(monkeypatch: pytest.MonkeyPatch) -> None:
    document = record(CANONICAL)
    monkeypatch.setattr(Document, "line", None)
    point: Path = ("experiments", 0, "curves", 0, "points", 1)
    assert [line_in_record(document, one) for one in (point, (*point, "speedup"), point[:2], ("compares_to", 1))] == [
        31, 32, 12, 9,
    ]  # fmt: skip


def test_a_number_is_found_without_composing_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    document = record(CANONICAL)
    monkeypatch.setattr(Document, "line", None)
    monkeypatch.setattr(places, "position", None)
    experiment, point = ("experiments", 0), ("experiments", 0, "curves", 0, "points", 1)
    of_experiment = [line_in_record(document, (*experiment, name)) for name in ("dataset", "base_top1")]
    of_point = [line_in_record(document, (*point, name)) for name in ("top1", "speedup", "missing")]
    assert (of_experiment, of_point) == ([12, 15], [31, 32, 31])
