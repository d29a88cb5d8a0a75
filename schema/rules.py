"""Rules between records, beyond the form of each.

Every rule is a small generator of (document, path, message): a table of them, so that a new rule is one function and a
message says where the fault is.  Rules about facts (can this number be true?) belong to the audit, not here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel

from prunelit.schema.canonical import MODELINE
from prunelit.schema.canonical_methods import MethodNames, run_of
from prunelit.schema.closed_checks import closed_collections
from prunelit.schema.conditions import MeasurementConditions, conditions_in_force
from prunelit.schema.corpus import SHARED, VOCABULARIES, Corpus
from prunelit.schema.correction import Correction, Corrections
from prunelit.schema.correction_checks import guard, guard_of_references
from prunelit.schema.correction_targets import OF_PAPER
from prunelit.schema.fields import names as names_in
from prunelit.schema.measurement import Measurement
from prunelit.schema.problems import MAX_PROBLEMS, Path, Problem, at_most, nearest, nearest_name, quoted
from prunelit.schema.record import Paper, Point
from prunelit.schema.record_header import RecordHeader
from prunelit.schema.references import PAPER_REFERENCE, names_used, papers_used
from prunelit.schema.sweeps import names_in_sweep
from prunelit.schema.validation import Document
from prunelit.schema.vocabulary import ALL, Collections, Metric
from prunelit.schema.vocabulary_rules import faults_within
from prunelit.schema.walk import Measured, curves, experiments, measurements, survey_rows

K = TypeVar("K")
_Fault: TypeAlias = tuple[Path, str]
_Rule: TypeAlias = Callable[["Names", Document[Paper]], Iterator[_Fault]]


class Taken:
    """What records take for themselves: how often each id, nickname and row of the survey is used."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    @cached_property
    def papers(self) -> Counter[str]:
        """How many files hold each id; a file that could not be read counts for its name."""
        unread = (_stem(name) for name in self.corpus.unread if name.startswith("papers/"))
        return Counter([paper.id for paper in self.corpus.papers] + list(unread))

    @cached_property
    def survey_ids(self) -> dict[str, list[str]]:
        """The papers that have each nickname of the survey."""
        known: list[Paper | RecordHeader] = [*self.corpus.papers, *self.corpus.headers]
        return _grouped((paper.survey_id, paper.id) for paper in known if paper.survey_id)

    @cached_property
    def rows(self) -> dict[int, list[str]]:
        """The papers that enter each row of the survey, once for each time."""
        read = ((row, paper.id) for paper in self.corpus.papers for _, row in survey_rows(paper))
        return _grouped([*read, *((row, one.id) for one in self.corpus.headers for row in one.survey_rows)])


class Names:
    """The names that records may use, and what they take for themselves."""

    def __init__(self, corpus: Corpus, taken: Taken | None = None) -> None:
        self.corpus = corpus
        self.taken = taken or Taken(corpus)
        self._measured: tuple[Paper | None, list[Measured]] = None, []

    def measured(self, paper: Paper) -> list[Measured]:
        """The measurements of a record, which several rules ask for one after the other."""
        if self._measured[0] is not paper:
            self._measured = paper, list(measurements(paper))
        return self._measured[1]

    @cached_property
    def vocabularies(self) -> dict[str, dict[str, str]]:
        """For each vocabulary that could be read: its canonical names and aliases, each with the canonical name."""
        return {
            entry: _spellings(self.corpus.part(SHARED[file].stem()))
            for entry, file in VOCABULARIES.items()
            if file not in self.corpus.unread
        }

    def unknown(self, of: str, found: str) -> str | None:
        """What is wrong with a name: nothing, that it is only an alias, or that there is none."""
        known = self.vocabularies.get(of)
        if known is None or known.get(found) == found:
            return None
        if found in known:
            return f"{of} '{found}' is called '{known[found]}' here; use that name"
        hint = self._hint(of, found, known) or f"; use a name from {VOCABULARIES[of]} in the corpus, or add it there"
        return f"{of} '{found}' is not known{hint}"

    def _hint(self, of: str, found: str, known: Iterable[str]) -> str:
        """The name that is meant: never another thing, nor a collection to which nothing can be added."""
        if of != "collection":
            return nearest_name(found, known)
        return nearest(found, [one.name for one in self.corpus.collections if not one.closed])

    def without_record(self, found: str) -> str | None:
        """What is wrong with the id of a paper: nothing, or that there is no record of it."""
        if found in self.references:
            return None
        if found in self.former:
            return f"paper '{found}' is called '{self.former[found]}' now; use that id"
        return f"paper '{found}' has no record{nearest(found, self.references) or _NO_PAPER}"

    @cached_property
    def former(self) -> dict[str, str]:
        """The ids that records had before, each with the one of today."""
        return {former: paper.id for paper in self.corpus.papers for former in paper.former_ids or ()}

    @cached_property
    def metrics(self) -> dict[str, Metric]:
        """The metrics by their names."""
        return {one.name: one for one in self.corpus.metrics}

    @cached_property
    def timed(self) -> frozenset[str]:
        """The metrics that depend on the device."""
        return frozenset(one.name for one in self.corpus.metrics if one.hardware_dependent)

    @cached_property
    def methods(self) -> MethodNames:
        """The canonical names of methods."""
        return MethodNames(self.corpus.methods)

    @cached_property
    def proposers(self) -> dict[str, set[str]]:
        """The papers that propose a method of each canonical name, as far as their records were read."""
        return _proposers(self.corpus, listed_methods(self.corpus))

    @cached_property
    def references(self) -> set[str]:
        """What a reference may name: every id, and the file name of a record whose id is wrong."""
        return set(self.taken.papers).union(map(file_stem, self.corpus.documents))


class ListedMethod(NamedTuple):
    """A method that a record lists by name: its canonical name, the paper, and whether that only runs it, of whom."""

    canonical: str
    paper: str
    is_run: bool
    proposed_by: str | None


def listed_methods(corpus: Corpus) -> Iterator[ListedMethod]:
    """The methods that the records of a corpus list by name."""
    proposed = MethodNames(corpus.methods).proposed
    for paper in corpus.papers:
        for name in filter(None, (method.name for method in paper.methods or ())):
            run = run_of(paper, name)
            yield ListedMethod(
                proposed.get((paper.id, name), name), paper.id, run is not None, run.proposed_by if run else None
            )


def _proposers(corpus: Corpus, listed: Iterable[ListedMethod]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {one.name: {one.proposed_by} for one in corpus.methods if one.proposed_by}
    for one in listed:
        if not one.is_run:
            found.setdefault(one.canonical, set()).add(one.paper)
    return found


def share_a_name(corpus: Corpus, listed: Collection[ListedMethod]) -> bool:
    """Whether :func:`unique_methods` would tell something of methods, listed by records that are not at hand."""
    proposers = _proposers(corpus, listed)
    others = ((one, proposers.get(one.canonical, set()) - {one.paper}) for one in listed)
    return any(papers and not (one.is_run and one.proposed_by in papers) for one, papers in others)


_NO_PAPER = "; add corpus/papers/<id>.yaml for it first"


def _spellings(entries: Iterable[Any]) -> dict[str, str]:
    """The canonical names and aliases of entries, each with the canonical name."""
    return {spelling: one.name for one in entries for spelling in (one.name, *(getattr(one, "aliases", None) or ()))}


def file_stem(document: Document[Paper]) -> str:
    """The name of a record's file, which its id must repeat."""
    return _stem(document.file)


def _stem(file: str) -> str:
    # Rules ask again and again, and a path takes long to make.
    return file.rpartition("/")[2].rpartition(".")[0]


def _grouped(pairs: Iterable[tuple[K, str]]) -> dict[K, list[str]]:
    groups: dict[K, list[str]] = {}
    for key, one in pairs:
        groups.setdefault(key, []).append(one)
    return groups


def file_name_is_id(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """A record stands in a file that is named after it."""
    stem, found = file_stem(document), document.value.id
    if stem != found and names.taken.papers[found] == 1:
        yield ("id",), f"the id '{found}' differs from the file name '{stem}'; make them equal"


def unique_id(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """No two records share an id or a survey id."""
    paper, stem = document.value, file_stem(document)
    if names.taken.papers[paper.id] > 1 and paper.id != stem:
        yield ("id",), f"the id '{paper.id}' belongs to another record; after its file this one is '{stem}'"
    for index, former in enumerate(paper.former_ids or ()):
        if former in names.references or names.former[former] != paper.id:
            yield ("former_ids", index), f"'{former}' is the id of another record"
    if paper.survey_id and len(names.taken.survey_ids[paper.survey_id]) > 1:
        users = _listed(names.taken.survey_ids[paper.survey_id])
        yield ("survey_id",), f"the survey id '{paper.survey_id}' is used by {users}"


def authors_or_reason(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """Authors are named, or a note says why they are not."""
    if document.value.authors is None and document.value.note is None:
        yield (), "key 'authors' is missing; where no source names them, say so in 'note'"


def unique_survey_row(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """A row of the survey is entered once."""
    for path, row in survey_rows(document.value):
        users = names.taken.rows[row]
        if len(users) > 1:
            yield path, f"row {row} of the survey is entered {len(users)} times, in {_listed(users)}"


def _listed(papers: list[str]) -> str:
    return " and ".join(f"'{one}'" for one in sorted(set(papers))[:5])


def known_names(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """Names from a vocabulary stand there, and are its canonical ones."""
    used = names_used(document.value)
    for of, path, found in (*used, *_names_in_sweeps(document.value, names.corpus)):
        if message := names.unknown(of, found):
            yield path, message


def _names_in_sweeps(paper: Paper, corpus: Corpus) -> Iterator[tuple[str, Path, str]]:
    """The names in the files of sweeps, once for each file."""
    for path, curve in curves(paper):
        if curve.points_file:
            used = names_in_sweep(corpus.sweeps.get(curve.points_file, ()))
            yield from ((of, (*path, "points_file"), found) for of, found in used)


def known_papers(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """Papers that a record refers to have a record themselves."""
    for _, path, found in papers_used(document.value):
        if found == file_stem(document) and path[0] != "experiments":
            verb = "supersede" if path == ("superseded_by",) else "compare to or cite"
            yield path, f"a paper does not {verb} itself"
        elif message := names.without_record(found):
            yield path, message


def times_on_hardware(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """What depends on a device says on which it was measured; no other quality has the conditions of a device."""
    for one in names.measured(document.value):
        metric = one.measurement.metric
        if metric in names.timed and one.conditions.keys().isdisjoint(("hardware", "device_class")):
            yield one.path, f"'{metric}' means nothing without the 'hardware' that it was measured on"
        for condition in MeasurementConditions.OF_DEVICE if metric not in names.timed else ():
            if getattr(one.measurement, condition) is not None:
                yield (*one.path, condition), f"'{metric}' does not depend on hardware; leave it out"


def measured_once(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """A model has one value in a metric under the same conditions; top-1 and top-5 accuracy have keys of their own."""
    seen: set[tuple[Path, str, str]] = set()
    for one in names.measured(document.value):
        metric, conditions = one.measurement.metric, one.conditions
        key = (one.path[:-1], metric, repr(conditions))
        if _has_key(one.measurement) and conditions == conditions_in_force(*one.around):
            named = f"base_{metric}" if one.path[-2] == "base_metrics" else metric
            message = f"write it as '{named}'; only a value under other conditions stands here, with those conditions"
            yield (*one.path, "metric"), message
        elif key in seen:
            yield (*one.path, "metric"), f"'{metric}' stands here already, under the same conditions"
        seen.add(key)


WITH_KEYS = ("top1", "top5")
"""Metrics that have keys of their own."""


def _has_key(measured: Measurement) -> bool:
    """Whether a measurement could stand under a key of its own; the runs of top-5 accuracy have none."""
    return measured.metric in WITH_KEYS and (measured.runs is None or f"{measured.metric}_runs" in Point.model_fields)


def metric_bounds(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """A quality lies between the smallest and the largest value that its metric can have."""
    for found in names.measured(document.value):
        measured, path = found.measurement, found.path
        printed = [((*path, "value"), measured.value)] if measured.value is not None else []
        printed += [((*path, "runs", index), one) for index, one in enumerate(measured.runs or ())]
        for place, value in printed:
            if (metric := names.metrics.get(measured.metric)) and (bound := _beyond(metric, value)):
                yield place, f"'{metric.name}' is {bound}; found {value}"


def _beyond(metric: Metric, value: Decimal) -> str | None:
    """The bound of a metric that a value oversteps, with its unit."""
    unit = "" if metric.unit == "1" else f" {metric.unit}"
    if metric.minimum is not None and value < metric.minimum:
        return f"at least {metric.minimum}{unit}"
    return f"at most {metric.maximum}{unit}" if metric.maximum is not None and value > metric.maximum else None


def listed_once(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """Nothing stands twice in a list of papers, collections or methods."""
    for path, items in _lists(document.value):
        seen: set[str] = set()
        for index, item in enumerate(items):
            if item in seen:
                yield (*path, index), f"'{item}' stands already in '{path[-1]}'"
            if item is not None:
                seen.add(item)
    listed = set(document.value.compares_to or ())
    for index, comparison in enumerate(document.value.added_comparisons or ()):
        if comparison.paper in listed:
            yield ("added_comparisons", index, "paper"), f"'{comparison.paper}' stands already in 'compares_to'"


def _lists(paper: Paper) -> Iterator[tuple[Path, Sequence[str | None]]]:
    yield ("compares_to",), paper.compares_to or ()
    yield ("cites",), paper.cites or ()
    yield ("collections",), paper.collections
    yield ("methods",), [method.name for method in paper.methods or ()]
    yield ("added_comparisons",), [comparison.paper for comparison in paper.added_comparisons or ()]
    for index, comparison in enumerate(paper.added_comparisons or ()):
        yield ("added_comparisons", index, "collections"), comparison.collections
    for path, experiment in experiments(paper):
        yield (*path, "collections"), experiment.collections


def collections_of_paper(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """An experiment counts only in collections that its paper belongs to."""
    own, known = set(document.value.collections), names.vocabularies.get("collection", {})
    if not own.issubset(known):  # a misspelt name there is one mistake, not one for each experiment
        return
    for path, experiment in experiments(document.value):
        for index, collection in enumerate(experiment.collections):
            if collection in known and collection not in own:
                yield (*path, "collections", index), f"the paper's own 'collections' do not list '{collection}'"


def origin_agrees(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """Own methods are proposed by the paper itself; only copied numbers say where from."""
    paper = document.value
    for path, curve in curves(paper):
        if curve.origin == "own" and curve.proposed_by not in (None, paper.id):
            yield (
                (*path, "proposed_by"),
                "origin is 'own', but another paper proposed the method; use 'rerun', 'copied' or 'unclear'",
            )
        if curve.origin != "copied" and curve.copied_from:
            yield (*path, "copied_from"), f"origin is '{curve.origin}'; only 'copied' numbers have 'copied_from'"
        if curve.copied_from == paper.id:
            yield (*path, "copied_from"), "a paper does not copy from itself; name the paper that the numbers come from"


def known_methods(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """A paper's own method that has a name is listed in its 'methods'."""
    paper = document.value
    own = {method.name for method in paper.methods or () if method.name}
    for path, curve in curves(paper):
        if curve.origin == "own" and curve.method and curve.method not in own:
            hint = nearest(curve.method, own) or "; list it there"
            yield (*path, "method"), f"method '{curve.method}' is not in this paper's 'methods'{hint}"


def unique_methods(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """No two papers propose methods of one canonical name; who runs another's may list it, too."""
    paper = document.value
    for index, method in enumerate(paper.methods or ()):
        canonical = method.name and names.methods.proposed.get((paper.id, method.name), method.name)
        others = names.proposers.get(canonical or "", set()) - {paper.id}
        run = method.name and run_of(paper, method.name)
        if others and not (run and run.proposed_by in others):
            yield (
                ("methods", index, "name"),
                f"'{canonical}' is a method of {_listed(sorted(others))}, too; "
                f"give this one a name of its own in {VOCABULARIES['canonical_method']}",
            )


def one_without_name(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """Only one method of a paper can do without a name."""
    unnamed = [index for index, method in enumerate(document.value.methods or ()) if method.name is None]
    for index in unnamed[1:]:
        yield ("methods", index), "a second method without a name; only one can do without"


def sweep_files(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """A file of points exists, and belongs to a curve marked as a sweep."""
    for path, curve in curves(document.value):
        if curve.points_file and curve.points_file not in names.corpus.sweeps:
            hint = nearest(curve.points_file, names.corpus.sweeps)
            yield (*path, "points_file"), f"file '{curve.points_file}' is not in corpus/sweeps{hint}"
        if curve.points_file and not curve.sweep:
            yield (*path, "points_file"), "points in a file are a sweep; add 'sweep: true'"


def no_local_path(names: Names, document: Document[Paper]) -> Iterator[_Fault]:
    """No text names a place on somebody's machine; the path of a locator lies within its source."""
    text = document.text.removeprefix(MODELINE)
    if not any(one.search(text) for one in (_ESCAPE, _LOCAL, _PATH_NOT_BELOW)):
        return  # without escapes, no text of the record holds what its file does not
    for path, text in _texts(document.value):
        if _LOCAL.search(text) or (path[-1] == "path" and _NOT_BELOW.match(text)):
            message = f"{quoted(text)} names a place on one machine; write the path within the source"
            yield path, message


def _texts(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Every text of a record, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, one in value:
            yield from _texts(one, (*path, name))
    elif isinstance(value, tuple):
        for index, one in enumerate(value):
            yield from _texts(one, (*path, index))


_AT_START = r"""(?<![^\s"'(\[{=,;])"""
"""Where a path may begin; looked back at from the signs that paths have, as a search for few signs is much faster."""
_LOCAL = re.compile(
    rf"""[/~\\(](?:(?<=file:/)/|(?<=Path\()["']|(?<={_AT_START}/)(?:[\w.@+-]+/)+[\w.@+-]"""
    rf"""|(?<={_AT_START}~)(?:[a-z]\w*)?/\w|(?<={_AT_START}[A-Za-z]:[\\/])[\w.]|(?<={_AT_START}\\)\\\w)"""
)
"""A path from the top of a machine, or from a home folder."""
_NOT_BELOW = re.compile(r"[/~\\]|[A-Za-z]:[\\/]|(?:.*[\\/])?\.\.(?:[\\/]|$)")
_ESCAPE = re.compile(r"\\")
_PATH_NOT_BELOW = re.compile(
    r"""path["']?\s*:[\s>|+\-\d"']*(?:[/~#]|[A-Za-z]:/)|\.\.(?<![^\s"'/{]\.\.)(?:[\s"'/,}#]|$)"""
)
"""In a file, a path that begins elsewhere, or after a remark, and ``..`` as a folder; it may find what is none."""


RULES: tuple[_Rule, ...] = (
    file_name_is_id,
    unique_id,
    authors_or_reason,
    unique_survey_row,
    known_names,
    known_papers,
    times_on_hardware,
    measured_once,
    metric_bounds,
    listed_once,
    collections_of_paper,
    origin_agrees,
    known_methods,
    unique_methods,
    one_without_name,
    sweep_files,
    no_local_path,
)
"""Every rule between records, in the order of its messages."""


def check_corpus(
    corpus: Corpus, asked: Callable[[str], bool] = lambda file: True, taken: Taken | None = None
) -> list[Problem]:
    """The problems between the records of a corpus, each rule's with its name in kebab case.

    Args:
        corpus: The records.
        asked: Whether it is asked about a file; the others are only there to be held against it.
        taken: What the records take for themselves, where that is known.
    """
    names = Names(corpus, taken)
    found = [problem for document in corpus.documents if asked(document.file) for problem in _check(names, document)]
    faulty = {problem.file for problem in found}
    found += [problem for one in corpus.shared.values() if asked(one.file) for problem in _check_shared(names, one)]
    between = (*closed_collections(corpus, faulty), *guard(corpus), *guard_of_references(corpus))
    return sorted([*found, *(one for one in between if asked(one.file))])


def _check(names: Names, document: Document[Paper]) -> list[Problem]:
    problems = (
        document.problem(path, rule.__name__.replace("_", "-"), message)
        for rule in RULES
        for path, message in rule(names, document)
    )
    return at_most(list(islice(problems, MAX_PROBLEMS + 1)))


def _check_shared(names: Names, document: Document[Any]) -> list[Problem]:
    """A shared file uses each name once, and refers to names that exist."""
    value = document.value
    faults = chain(_defined_twice(value), _unknown(names, value), _reserved(value), faults_within(value))
    problems = (document.problem(path, rule, message) for path, rule, message in faults)
    return at_most(list(islice(problems, MAX_PROBLEMS + 1)))


def _defined_twice(value: BaseModel) -> Iterator[tuple[Path, str, str]]:
    """Names and aliases that an entry of a vocabulary takes from an earlier one."""
    for field, entries in value:
        seen: set[str] = set()
        for index, entry in enumerate(entries or ()):
            for name in (getattr(entry, "name", None), *(getattr(entry, "aliases", None) or ())):
                if name in seen:
                    yield (field, index, "name"), "unique-name", f"the name '{name}' stands already in '{field}'"
                if name:
                    seen.add(name)


def _reserved(value: BaseModel) -> Iterator[tuple[Path, str, str]]:
    """The name of everything is no name of a collection."""
    for index, one in enumerate(value.collections if isinstance(value, Collections) else ()):
        if one.name == ALL:
            yield ("collections", index, "name"), "reserved-name", f"'{ALL}' means all collections; choose another name"


def _unknown(names: Names, value: BaseModel) -> Iterator[tuple[Path, str, str]]:
    """The names that a shared file uses without an entry or a record of their own."""
    corrected = _corrected(value.corrections) if isinstance(value, Corrections) else ()
    for of, path, found in (*names_used(value), *papers_used(value), *corrected):
        rule = "known-papers" if of == PAPER_REFERENCE else "known-names"
        if message := names.without_record(found) if of == PAPER_REFERENCE else names.unknown(of, found):
            yield path, rule, message


def _corrected(corrections: Iterable[Correction]) -> Iterator[tuple[str, Path, str]]:
    """The names that corrections put into papers."""
    for index, one in enumerate(corrections):
        of = names_in(Paper).get(one.field)
        if of and one.field in OF_PAPER and one.correct is not None:
            yield of, ("corrections", index, "correct"), str(one.correct)
