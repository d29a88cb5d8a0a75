"""Rules on whose numbers and whose addresses they are: own, rerun or copied methods, sources, links."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import TypeAlias

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.digits import accuracy_interval, apart, interval, printed_interval
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.audit.rows import AuditRow, Interval, Pair, grouped
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.cache import computed_once
from prunelit.schema.canonical_methods import MethodNames
from prunelit.schema.problems import Path
from prunelit.schema.record import Curve, Paper
from prunelit.schema.vocabulary import EVALUATIONS
from prunelit.schema.walk import curves

PLACE = 22


def _named(path: Path, curve: Curve) -> str:
    """How findings call a curve."""
    return f"experiment {path[1]}, curve {path[3]}: {curve.method or 'no method'}"


@rule(
    "error",
    why="A paper's own method is neither its rerun of somebody else's nor copied.",
    settle="The paper's list of what it proposes, or 'proposed_by'.",
    of_record=True,
)
def own_method_as_others(dataset: Dataset) -> Iterator[Suspicion]:
    """A curve that is not 'own' has a method of the paper's own list, no name and no proposer, or the paper as such."""
    # Our own evaluations propose nothing: they list what they run.
    # A list may name methods that the paper runs, where the vocabulary says that they are another's or nobody's.
    names = MethodNames(dataset.corpus.methods)
    for paper in dataset.records.papers:
        own = {method.name for method in paper.methods or () if method.name}
        for path, curve in curves(paper):
            nameless = curve.method is None and curve.proposed_by is None
            others = (curve.proposed_by, curve.method) in names.proposed or (paper.id, curve.method) in names.reported
            listed = curve.method in own and not others and EVALUATIONS not in paper.collections
            if curve.origin != "own" and (nameless or listed or curve.proposed_by == paper.id):
                found = f"{curve.origin}, proposed by {curve.proposed_by or 'nobody that is named'}"
                yield Suspicion(paper.id, _named(path, curve), found, (*path, "origin"))


@rule(
    "warning",
    why="Numbers are copied from who proposed the method, or from who reports it.",
    settle="What the paper says about where its numbers come from.",
)
def source_without_the_method(dataset: Dataset) -> Iterator[Suspicion]:
    """Numbers are copied from a paper that did not propose the method and whose record does not report it."""
    for paper, path, curve, source in _copies(dataset):
        if curve.proposed_by != source.id and not _reports(source, curve):
            found = f"from {source.id}, proposed by {curve.proposed_by or 'nobody that is named'}"
            yield Suspicion(paper.id, _named(path, curve), found, (*path, "copied_from"))


def _copies(dataset: Dataset) -> Iterator[tuple[Paper, Path, Curve, Paper]]:
    """The curves that papers copy, each with its paper and path, and the paper that it is copied from."""
    papers = evidence.papers_by_id(dataset)
    for paper in dataset.records.papers:
        for path, curve in curves(paper):
            if source := curve.copied_from and papers.get(curve.copied_from):
                yield paper, path, curve, source


def _reports(source: Paper, curve: Curve) -> bool:
    """Whether a paper has a curve of the method, by its proposer or, where none is named, its name."""
    if curve.proposed_by is None:
        named = {one.name for one in source.methods or ()} | {one.method for _, one in curves(source)}
        return curve.method in named
    return any(one.proposed_by == curve.proposed_by for _, one in curves(source))


@rule(
    "note",
    why="Where the source's record holds results of the network, a copied number should be among them.",
    settle="The tables of the paper that the numbers are copied from.",
)
def copied_but_not_in_source(dataset: Dataset) -> Iterator[Suspicion]:
    """None of a curve's copied numbers is among those that the source's record holds of the network (one a method)."""
    held = dataset.beside or dataset
    told: set[Hashable] = set()
    copies = (row for row in evidence.audit_points(dataset) if row.curve and row.curve.origin == "copied")
    for rows in grouped(copies, lambda row: (row.paper.id, row.path[:4])).values():
        row, curve = rows[0], rows[0].curve
        if curve is None or not (source := curve.copied_from) or not _held(held, source):
            continue
        copied, known = [one for each in rows for one in _printed(each)], _held(held, source).get(row.pair, [])
        comparable = not known or {name for name, _ in copied} & {name for name, _ in known}
        same = any(name == other and not apart(span, theirs) for name, span in copied for other, theirs in known)
        if copied and comparable and not same and (key := (row.paper.id, curve.method, source)) not in told:
            told.add(key)
            network = " on ".join(name or "?" for name in reversed(row.pair))
            found = f"{source} has {network}, but none of these numbers" if known else f"{source} has no {network}"
            yield Suspicion(row.paper.id, f"{curve.method or 'no method'}: copied_from", found, row.path[:4])


_Printed: TypeAlias = tuple[str, Interval]
"""A quality, and the values that its printed number can stand for."""


@computed_once
def _held(dataset: Dataset, paper: str) -> dict[Pair, list[_Printed]]:
    """The qualities of the pruned models of a paper, by network."""
    found: dict[Pair, list[_Printed]] = {}
    for row in evidence.points_by_paper(dataset).get(paper, ()):
        if printed := list(_printed(row)):
            found.setdefault(row.pair, []).extend(printed)
    return found


def _printed(row: AuditRow) -> Iterator[_Printed]:
    """The qualities of a pruned model: accuracies, as such where errors are printed, changes, and other metrics."""
    spans = {name: accuracy_interval(row, name) for name in ("top1", "top5")}
    spans |= {name: interval(row, name) for name in ("top1_change", "top5_change")}
    yield from ((name, span) for name, span in spans.items() if span)
    for one in (row.point and row.point.metrics) or ():
        if one.value is not None:
            yield one.metric, printed_interval(one.value)


@rule("error", why="Of two papers only one can have copied from the other.", settle="The dates of both.")
def copied_in_a_circle(dataset: Dataset) -> Iterator[Suspicion]:
    """A paper copies from one that copies from it, or that compares to it without being compared to."""
    for paper, path, curve, source in _copies(dataset):
        if _copies_from(source, paper) or _only_compared_by(source, paper):
            found = f"from {source.id}, which copies from or compares to {paper.id}"
            yield Suspicion(paper.id, _named(path, curve), found, (*path, "copied_from"))


def _copies_from(paper: Paper, source: Paper) -> bool:
    return any(curve.copied_from == source.id for one in paper.experiments or () for curve in one.curves or ())


def _only_compared_by(other: Paper, paper: Paper) -> bool:
    return paper.id in (other.compares_to or ()) and other.id not in (paper.compares_to or ())


@rule("error", why="An address leads to one paper.", settle="What stands at the address.")
def address_of_another_paper(dataset: Dataset) -> Iterator[Suspicion]:
    """A link leads to the arXiv identifier or the DOI of another paper of the corpus."""
    for paper in dataset.records.papers:
        for index, link in enumerate(paper.links or ()):
            owner = _owner(dataset, paper, link)
            if owner:
                yield Suspicion(paper.id, f"links: {link}", f"an address of {owner}", ("links", index))


def _owner(dataset: Dataset, paper: Paper, link: str) -> str | None:
    """Another paper that an address belongs to by its identifier."""
    linked = _ARXIV.search(link.casefold())
    users = _identifiers(dataset.beside or dataset)
    named = users.get(linked[1], ()) if linked else users.get(link.casefold().partition("doi.org/")[2], ())
    return next((one for one in named if one != paper.id), None)


_ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/((?:[a-z-]+/)?[\d.]*\d)")


@computed_once
def _identifiers(dataset: Dataset) -> dict[str, list[str]]:
    """The papers that have each arXiv identifier and DOI."""
    users: dict[str, list[str]] = {}
    for paper in dataset.records.papers:
        for name in (paper.identifiers.arxiv, paper.identifiers.doi) if paper.identifiers else ():
            if name:
                users.setdefault(name.casefold(), []).append(paper.id)
    return users
