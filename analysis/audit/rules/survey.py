"""Rules on the survey: its text, figures and data against each other."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from prunelit.analysis.audit import evidence
from prunelit.analysis.audit.findings import Suspicion, rule
from prunelit.analysis.claims.claim import NUMBER_DIFFERS, UNEXPLAINED
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.comparisons import stated_comparisons

PLACE = 100


@rule(
    "error",
    why="The survey publishes a number that its data does not give, for no reason that is known.",
    settle="The survey's analysis, step by step.",
)
def claim_unexplained(dataset: Dataset) -> Iterator[Suspicion]:
    """A published number that cannot be reproduced, without a reason."""
    for claim in _judged(dataset, UNEXPLAINED):
        yield Suspicion(None, claim["claim"], f"published {claim['published']}, computed {claim['computed']}")


@rule(
    "note",
    why="The survey's text or code says something else than its data.",
    settle="The reason given with the claim.",
)
def claim_differs(dataset: Dataset) -> Iterator[Suspicion]:
    """A published number that the data does not give, for a reason that is known."""
    for claim in _judged(dataset, NUMBER_DIFFERS):
        value = f"published {claim['published']}, computed {claim['computed']}"
        yield Suspicion(None, claim["claim"], f"{value}: {claim['reason']}", value=value)


def _judged(dataset: Dataset, verdict: str) -> list[dict[str, str]]:
    table = evidence.survey_claims(dataset)
    found = table[table["verdict"] == verdict].astype(object).to_dict("records")
    return [{str(name): str(value) for name, value in claim.items()} for claim in found]


@rule(
    "note",
    why="The text does not count unknown names, but the histogram of pairs per paper counts them as one more.",
    settle="One rule for both.",
    of_record=True,
)
def unknown_name_counted(dataset: Dataset) -> Iterator[Suspicion]:
    """Experiments of a paper leave the dataset or the architecture open (one finding a paper)."""
    for paper in dataset.records.papers:
        places = [at for at, one in enumerate(paper.experiments or ()) if not (one.dataset and one.architecture)]
        if places:
            found = f"{len(places)} without dataset or architecture"
            yield Suspicion(paper.id, "experiments", found, ("experiments", places[0]), found)


@rule(
    "note",
    why="The same layer sizes under two names: the list of architectures may count one network twice.",
    settle="The descriptions of the networks.",
)
def one_network_two_names(dataset: Dataset) -> Iterator[Suspicion]:
    """Two architectures in use on one dataset are named after the same two or more layer sizes."""
    users: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for row in evidence.audit_rows(dataset):
        on, architecture = row.pair
        if on and architecture and len(sizes := re.findall(r"\d{2,}", architecture)) > 1:
            users[on, tuple(sizes)].add(architecture)
    for (on, _), names in sorted(users.items()):
        if len(names) > 1:
            yield Suspicion(None, " and ".join(sorted(names)), f"both on {on}")


@rule("error", why="Every paper stands in each histogram once.", settle="The comparison graph.")
def histogram_does_not_add_up(dataset: Dataset) -> Iterator[Suspicion]:
    """The bars of the histograms of comparisons do not add up to the papers and to the comparisons."""
    if dataset.beside:  # a single record has no histogram
        return
    published = dataset.as_published()
    table, edges = published.degrees(), len(stated_comparisons(published.comparisons()))
    for name in ("compares_to", "compared_to_by"):
        if len(table) != len(published.papers()) or int(table[name].sum()) != edges:
            found = f"{len(table)} papers and {int(table[name].sum())} comparisons; {edges} are stated"
            yield Suspicion(None, name, found)
