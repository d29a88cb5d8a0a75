"""Does `import prunelit` offer what the design promises, at little cost, and refuse what is wrong?"""

from __future__ import annotations

import ast
import contextlib
import doctest
import inspect
import io
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest

import prunelit
from prunelit.schema.corpus import Corpus, shipped

SURFACE = ["load_corpus", "papers", "results", "normalized", "baselines", "comparisons", "comparison_graph"]
OF_A_CORPUS = [name for name in SURFACE if name != "load_corpus"]


@pytest.mark.parametrize("name", prunelit.__all__)
def test_public_name_has_a_docstring_of_its_own(name: str) -> None:
    described = getattr(prunelit, name)
    assert (described.__doc__ or "").strip()[:1].isupper()


@pytest.mark.parametrize("name", SURFACE)
def test_name_of_the_design_is_public(name: str) -> None:
    assert name in prunelit.__all__


@pytest.mark.parametrize("name", OF_A_CORPUS)
def test_function_takes_a_corpus_and_a_collection(name: str) -> None:
    parameters = inspect.signature(getattr(prunelit, name)).parameters
    assert [(one, parameters[one].default) for one in ("corpus", "collection")] == [
        ("corpus", None),
        ("collection", None),
    ]


@pytest.mark.parametrize("name", OF_A_CORPUS)
def test_function_describes_each_of_its_parameters(name: str) -> None:
    function = getattr(prunelit, name)
    described = inspect.getdoc(function) or ""
    assert [one for one in inspect.signature(function).parameters if f"    {one}: " not in described] == []


@pytest.mark.parametrize("name", [name for name in OF_A_CORPUS if name != "comparison_graph"])
def test_function_needs_no_argument(name: str) -> None:
    assert isinstance(getattr(prunelit, name)(), pd.DataFrame)


def test_comparison_graph_is_directed() -> None:
    assert isinstance(prunelit.comparison_graph(), nx.DiGraph)


def test_public_names_are_listed() -> None:
    assert set(prunelit.__all__) < set(dir(prunelit))


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'prunelit' has no attribute 'normalised'"):
        _ = prunelit.normalised


@pytest.mark.parametrize(("old", "new"), prunelit._RENAMED.items())
def test_renamed_name_works_and_names_the_new_one(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=rf"^prunelit\.{old} is called prunelit\.{new} now$"):
        assert getattr(prunelit, old) is getattr(prunelit, new)


@pytest.mark.parametrize(("old", "new"), prunelit._RENAMED.items())
def test_only_the_new_one_of_two_names_is_listed(old: str, new: str) -> None:
    assert (old in dir(prunelit), new in prunelit.__all__) == (False, True)


DOCUMENTED = (
    "tables",
    "answers",
    "analysis.dataset",
    "analysis.load",
    "analysis.dictionary",
    "analysis.synthesis.meta_analysis",
    "analysis.release.reading",
    "analysis.release.identity",
    "analysis.release.released_table",
    "analysis.release.records",
    "analysis.release.sources",
)
EXAMPLES = {
    test.name.removeprefix("prunelit."): test
    for module in DOCUMENTED
    for test in doctest.DocTestFinder(exclude_empty=True).find(import_module(f"prunelit.{module}"))
    if test.examples
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_gives_what_it_shows(name: str, request: pytest.FixtureRequest) -> None:
    if name == "answers.audit":
        found = request.getfixturevalue("audited")
        EXAMPLES[name].globs["audit"] = lambda: found
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        failed, _ = doctest.DocTestRunner(verbose=False).run(EXAMPLES[name])
    assert failed == 0, told.getvalue()


def test_every_public_function_has_an_example() -> None:
    functions = {name for name in prunelit.__all__ if inspect.isfunction(getattr(prunelit, name))}
    assert functions <= {name.rpartition(".")[2] for name in EXAMPLES}


STEPS = ("import prunelit", "prunelit.load_corpus()", "prunelit.papers(); prunelit.normalized()")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[set[str]]]:
    """The folder in which a fresh Python took these steps, and the top-level modules that it had loaded after each."""
    folder = tmp_path_factory.mktemp("fresh")
    look = "print(*{name.partition('.')[0] for name in sys.modules})"
    script = "\n".join(["import sys", *(f"{step}\n{look}" for step in STEPS)])
    command = [sys.executable, "-W", "error", "-c", script]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return folder, [set(line.split()) for line in run.stdout.splitlines()]


def test_import_loads_neither_pandas_nor_altair(fresh: tuple[Path, list[set[str]]]) -> None:
    assert fresh[1][0].isdisjoint({"pandas", "altair", "pydantic", "networkx"})


def test_reading_records_loads_no_pandas(fresh: tuple[Path, list[set[str]]]) -> None:
    assert fresh[1][1].isdisjoint({"pandas", "altair", "networkx"})


def test_tables_load_no_altair(fresh: tuple[Path, list[set[str]]]) -> None:
    assert "pandas" in fresh[1][2]
    assert fresh[1][2].isdisjoint({"altair", "vl_convert", "rich", "typer"})


def test_import_and_tables_write_nothing(fresh: tuple[Path, list[set[str]]]) -> None:
    assert list(fresh[0].iterdir()) == []


def test_corpus_is_the_shipped_one_by_default() -> None:
    assert prunelit.load_corpus().papers == prunelit.load_corpus(shipped()).papers


def test_corpus_is_read_once() -> None:
    assert prunelit.load_corpus() is prunelit.load_corpus()


def test_path_can_be_text() -> None:
    assert prunelit.load_corpus(str(shipped())).papers == prunelit.load_corpus().papers


def test_collection_has_only_its_experiments(survey: Corpus) -> None:
    experiments = [one for paper in survey.papers for one in paper.experiments or ()]
    assert all("blalock2020" in one.collections for one in experiments)


def test_unknown_collection_names_the_nearest() -> None:
    with pytest.raises(ValueError, match="no collection 'blalok2020'; did you mean 'blalock2020'"):
        prunelit.load_corpus(collection="blalok2020")


def test_unknown_collection_names_all_there_are() -> None:
    with pytest.raises(ValueError, match="there are blalock2020, blalock2020-notes"):
        prunelit.load_corpus(collection="qqq")


def test_all_is_everything() -> None:
    assert prunelit.load_corpus(collection="all") is prunelit.load_corpus()


def test_all_of_a_corpus_at_hand_is_that_corpus(survey: Corpus) -> None:
    assert len(prunelit.papers(survey, "all")) == len(survey.papers)


@pytest.mark.parametrize("name", OF_A_CORPUS)
def test_function_refuses_an_unknown_collection(name: str) -> None:
    with pytest.raises(ValueError, match="no collection 'blalok2020'"):
        getattr(prunelit, name)(collection="blalok2020")


@pytest.mark.parametrize("name", OF_A_CORPUS)
def test_function_refuses_an_unknown_collection_of_a_corpus_at_hand(name: str, whole: Corpus) -> None:
    with pytest.raises(ValueError, match="no collection 'blalok2020'"):
        getattr(prunelit, name)(whole, "blalok2020")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    ignored = shutil.ignore_patterns("__pycache__", "*.py")
    return Path(shutil.copytree(shipped(), tmp_path / "corpus", ignore=ignored))


def test_invalid_corpus_tells_all_its_problems(copied: Path) -> None:
    (copied / "papers" / "han2015learning.yaml").write_bytes(b"")
    (copied / "papers" / "he2017channel.yaml").write_bytes(b"title: [")
    with pytest.raises(prunelit.CorpusError) as raised:
        prunelit.load_corpus(copied)
    files = {Path(problem.file).name for problem in raised.value.problems}
    assert files == {"han2015learning.yaml", "he2017channel.yaml"}


def test_problems_between_records_and_within_them_are_told_together(copied: Path) -> None:
    (copied / "papers" / "he2017channel.yaml").write_bytes(b"")
    yang = copied / "papers" / "yang2017designing.yaml"
    yang.write_text(
        yang.read_text(encoding="utf-8").replace("dataset: ImageNet", "dataset: ImageNot"), encoding="utf-8"
    )
    with pytest.raises(prunelit.CorpusError) as raised:
        prunelit.load_corpus(copied)
    rules = {(Path(problem.file).name, problem.rule) for problem in raised.value.problems}
    assert rules == {("he2017channel.yaml", "empty-file"), ("yang2017designing.yaml", "known-names")}


def test_error_reads_as_the_command_line_prints_it(copied: Path) -> None:
    (copied / "papers" / "he2017channel.yaml").write_bytes(b"")
    with pytest.raises(prunelit.CorpusError, match=r"he2017channel\.yaml:1:1: empty-file: the file is empty"):
        prunelit.load_corpus(copied)


def test_folder_that_is_no_corpus_is_refused(tmp_path: Path) -> None:
    with pytest.raises(prunelit.CorpusError, match=r"datasets\.yaml"):
        prunelit.load_corpus(tmp_path / "nowhere")


def test_every_error_of_the_package_has_one_base() -> None:
    found = {
        name
        for file in sorted(Path(__file__).parents[1].glob("*/**/*.py"))
        if file.relative_to(Path(__file__).parents[1]).parts[0] in {"schema", "analysis", "figures", "cli", "public"}
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and (name := node.name).endswith("Error")
        if not {ast.unparse(base) for base in node.bases} & {"PrunelitError", "SourceError"}
    }
    assert found == {"PrunelitError"}
