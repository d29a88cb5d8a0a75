"""What do tests share: how long property tests search, and corpora to ask about.

``pytest --hypothesis-profile thorough`` searches a hundred times as long.
"""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest
from another_process import another_machine
from hypothesis import HealthCheck, settings

import prunelit
from audit_records import document
from prunelit.analysis.dataset import dataset
from prunelit.analysis.frames.kept_files import OFF
from prunelit.analysis.load import load_corpus
from prunelit.cli import main
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.reading import parse
from prunelit.schema.record import Comparison, Paper
from prunelit.schema.vocabulary import Collection
from release_corpus import NAME, WITHOUT, commit, repository_in

settings.register_profile(
    "quick",
    max_examples=100,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("thorough", settings.get_profile("quick"), max_examples=10_000, derandomize=False)
settings.load_profile("quick")

_OF_EXTRAS = {
    "torch": "test_evaluation_*.py",
    "frictionless": "test_release_validators.py",
    "polars": "test_engines.py",
    "distributed": "test_engines.py",
}
collect_ignore_glob = [files for package, files in _OF_EXTRAS.items() if not find_spec(package)]

gc.set_threshold(100_000, 20, 20)  # corpora and tables stay: to look through them for garbage takes a tenth of the time
os.environ[OFF] = "1"  # tests make their tables, those of the cache aside; so do the processes that they start


def pytest_sessionfinish() -> None:
    """Look for garbage a last time: pytest does it again, and Python as it ends, through corpora and tables."""
    gc.collect()
    gc.freeze()


MadeOnce = Callable[[str, Callable[[], Any]], Any]


class Outcome(NamedTuple):
    """How a command ended: its exit status, and what it printed."""

    status: int
    out: str
    err: str


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Runs the command line."""

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["prunelit", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            main()
        return Outcome(int(leaving.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def run(terminal: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Runs the command line; errors come on one line without their box."""

    def run(*arguments: object) -> Outcome:
        outcome = terminal(*arguments)
        return outcome._replace(err=" ".join(outcome.err.replace("│", "").split()))

    return run


@pytest.fixture
def papers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Corpus) -> Path:
    """The records of a corpus in the current folder: the vocabularies that ship, and two papers."""
    assert whole.shared  # as long as these files are in use, none of the same bytes is validated again
    monkeypatch.chdir(tmp_path)
    shutil.copytree(shipped(), "corpus", ignore=shutil.ignore_patterns("*.csv", "papers"))
    Path("corpus/papers").mkdir()
    for name in ("han2015learning", "li2016pruning"):
        shutil.copy(shipped() / "papers" / f"{name}.yaml", "corpus/papers")
    return Path("corpus/papers")


@pytest.fixture(scope="session")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a small corpus."""
    found = repository_in(tmp_path_factory.mktemp("repository"))
    commit(found)
    return found


@pytest.fixture(scope="session")
def release(top: Path) -> Path:
    """The release of a small corpus, not to be changed."""
    from prunelit.analysis import dictionary
    from prunelit.cli.release import release as write

    with pytest.MonkeyPatch.context() as patch:
        # Taken out of the dictionary itself, it would come back as the last one.
        patch.setattr(dictionary, "TABLES", {name: of for name, of in dictionary.TABLES.items() if name != WITHOUT})
        patch.chdir(top)
        write(Path("out"), None)
    return top / "out" / NAME


@pytest.fixture
def altered(release: Path, tmp_path: Path) -> Path:
    """A copy of the release, to be altered."""
    return Path(shutil.copytree(release, tmp_path / NAME))


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run alone, the same for all workers of pytest."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def elsewhere(shared_folder: Path) -> dict[str, str]:
    """The environment of processes as on another machine; what one of them makes, the next may take from its cache."""
    return another_machine(shared_folder / "elsewhere")


@pytest.fixture(scope="session")
def made_once(shared_folder: Path) -> MadeOnce:
    """Makes what takes long once for all workers of pytest: the first that asks makes it, the others read it."""

    def made(name: str, make: Callable[[], Any]) -> Any:
        file = shared_folder / f"{name}.pickle"
        with (shared_folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                file.write_bytes(pickle.dumps(make()))
        return pickle.loads(file.read_bytes())

    return made


@pytest.fixture(scope="session")
def audited(made_once: MadeOnce) -> pd.DataFrame:
    """What the audit finds in everything that ships."""
    found: pd.DataFrame = made_once("audit", prunelit.audit)
    return found


@pytest.fixture(scope="session")
def effects(made_once: MadeOnce, survey: Corpus) -> pd.DataFrame:
    """What the corrections of the survey change."""
    from prunelit.analysis.survey.correction_effects import correction_effects

    found: pd.DataFrame = made_once("effects", lambda: correction_effects(prunelit.dataset(survey)))
    return found


@pytest.fixture(scope="session")
def whole() -> Corpus:
    """Everything that ships."""
    found = dataset().corpus  # so that its tables are those of everybody who names no corpus
    gc.freeze()
    return found


@pytest.fixture(scope="session")
def survey() -> Corpus:
    """The collection of the 2020 survey."""
    return load_corpus(collection="blalock2020")


@pytest.fixture(scope="session")
def made(whole: Corpus) -> Callable[..., Corpus]:
    """Makes a corpus of records written in YAML, with the vocabularies and reference models that ship."""

    def make(*records: str, **parts: object) -> Corpus:
        empty: dict[str, Any] = {"corrections": (), "exclusions": (), "documents": (), "shared": {}}
        return replace(whole, papers=tuple(map(record, records)), **{**empty, **parts})

    return make


@pytest.fixture(scope="session")
def corpus_of(whole: Corpus) -> Callable[..., Corpus]:
    """Makes a corpus for the audit, which asks for the places of numbers, of records written in YAML."""

    def make(*texts: str, **parts: object) -> Corpus:
        documents = tuple(map(document, texts))
        empty: dict[str, Any] = {
            "corrections": (),
            "acknowledgements": (),
            "exclusions": (),
            "sweeps": {},
            "shared": {},
        }
        papers = tuple(one.value for one in documents)
        return replace(whole, papers=papers, documents=documents, **{**empty, **parts})

    return make


def record(text: str) -> Paper:
    """A record: what the text says, and something for every other field that must be there."""
    value, problems = parse(text, "made.yaml")
    assert not problems
    usual = {
        "schema_version": 2,
        "title": "A title",
        "authors": ["Lovelace, Ada"],
        "published": {"year": 2015},
        "collections": ["blalock2020"],
    }
    return Paper.model_validate(usual | value)


@pytest.fixture(scope="session")
def grown(whole: Corpus) -> Corpus:
    """The corpus after later work: a new paper, and new results and comparisons of papers of the survey.

    All of it belongs to another collection, so that no statistic of the survey may move.
    """
    later = record(LATER)
    experiments = later.experiments or ()

    def with_more(paper: Paper) -> Paper:
        if paper.id not in GAINING:
            return paper
        comparison = Comparison(paper=later.id, collections=("later",))
        return paper.model_copy(
            update={
                "collections": (*paper.collections, "later"),
                "experiments": (*experiments, *(paper.experiments or ()), *experiments),
                "added_comparisons": (comparison,),
            }
        )

    return replace(
        whole,
        papers=(*map(with_more, whole.papers), later),
        collections=(*whole.collections, Collection(name="later", title="Later results", source="made up")),
        documents=(),
    )


GAINING = ("han2015learning", "li2016pruning", "lebedev2016fast", "zhuang2018discrimination")
LATER = """
id: zzz2021later
title: Later
authors: ["Han, Song"]
published: {year: 2015, month: 1}
collections: [later]
compares_to: [han2015learning, li2016pruning]
experiments:
  - dataset: ImageNet
    architecture: VGG-16
    collections: [later]
    base_top1: 80.0
    base_top5: 95.0
    base_params: 1.0M
    base_flops: 15.5G
    flop_convention: multiply_adds
    curves:
      - origin: own
        points:
          - {top1: 79.0, top5: 94.0, params: 0.1M, flops: 3.1G}
          - {top1: 78.0, top5: 93.5, params_removed: 0.95, flops_removed: 0.9}
  - dataset: CIFAR-10
    architecture: DenseNet-40
    collections: [later]
    method: Unheard-of
"""
