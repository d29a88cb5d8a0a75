"""Does the command line do what its help says?"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from inspect import signature
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

import prunelit
from prunelit import figures as drawing
from prunelit.analysis.writing import write_all, write_text
from prunelit.cli import command_line
from prunelit.cli.formats import as_json, as_latex, markdown_table
from prunelit.cli.report import github, text_of, visible
from prunelit.cli.rows import TableName
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.problems import CorpusError, Problem
from prunelit.schema.record_header import record_header
from prunelit.schema.walk import survey_rows

READING = "reading the corpus in corpus\n"
HEAVY = {"pandas", "numpy", "networkx", "altair", "vl_convert", "scipy", "bibtexparser", "pylatexenc"}
PAPERS = len(prunelit.load_corpus().papers)

Run = Callable[..., Any]


@pytest.fixture
def run(terminal: Run) -> Run:
    return terminal


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(shipped(), tmp_path / "mine"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def unboxed(message: str) -> str:
    """The words of a message without the box that breaks its lines."""
    return " ".join(message.replace("│", "").split())


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)


def test_shipped_corpus_is_in_order(run: Run) -> None:
    assert run("check") == (0, "", f"{READING}{PAPERS} papers, 551 rows of the survey: no problems\n")


def test_check_waits_for_no_heavy_library() -> None:
    code = (
        "import sys; from prunelit.cli import command_line; command_line()(['check'], standalone_mode=False); "
        f"print({HEAVY!r} & set(sys.modules))"
    )
    assert python("-c", code).stdout == "set()\n"


def test_the_command_line_has_the_same_commands_whenever_it_is_made() -> None:
    def commands() -> dict[str | None, list[str | None]]:
        groups = [group.typer_instance for group in command_line().registered_groups if group.typer_instance]
        return {one.info.name: [command.name for command in one.registered_commands] for one in groups}

    before = commands()
    assert (commands(), set(before)) == (before, {"evaluate", "import"})


def test_runs_as_a_module() -> None:
    assert python("-m", "prunelit", "--version").stdout == f"prunelit {prunelit.__version__}\n"


FAULTS = {
    "unknown-key": ("venue: NIPS", "venu: NIPS", "9:1: unknown-key: key 'venu' is not known; did you mean 'venue'?"),
    "missing-key": ("title:", "# title:", "missing-key: key 'title'"),
    "wrong-type": ("month: 12", "month: December", "8:25: type: 'month': expected a whole number"),
    "duplicate-key": ("venue: NIPS", "venue: NIPS\nvenue: ICLR", "10:1: duplicate-key: key 'venue'"),
    "unknown-dataset": ("dataset: ImageNet", "dataset: ImagNet", "known-names: dataset 'ImagNet'"),
    "duplicate-id": ("id: alvarez2016learning", "id: he2017channel", "3:1: unique-id: the id 'he2017channel'"),
    "unknown-paper": ("survey_id:", "compares_to: [nobody2020]\nsurvey_id:", "15:15: known-papers: paper 'nobody2020'"),
    "fraction": ("survey_row: 252", "base_top1: 0.76", "0.76"),
    "nan": ("survey_row: 252", "base_top1: .nan", "'.nan'"),
}


def test_the_end_waits_for_no_search_for_garbage() -> None:
    code = (
        "import atexit, gc, sys; from prunelit.cli import main; "
        "atexit.register(lambda: print(gc.get_freeze_count() > 0)); sys.argv = ['prunelit', '--version']; main()"
    )
    shown = python("-c", code)
    assert (shown.returncode, shown.stdout.splitlines()[1:]) == (0, ["True"])


@pytest.mark.parametrize(("old", "new", "told"), FAULTS.values(), ids=FAULTS)
def test_one_mistake_is_one_message(run: Run, corpus: Path, old: str, new: str, told: str) -> None:
    record = corpus / "papers" / "alvarez2016learning.yaml"
    edit(record, old, new)
    status, out, err = run("check", record)
    assert (status, out.count("\n"), err) == (1, 1, f"1 file, checked against {PAPERS} papers: 1 problem\n")
    assert out.startswith("mine/papers/alvarez2016learning.yaml:")
    assert told in out


@pytest.mark.parametrize(
    ("data", "place", "rule"),
    [
        (b"title: [\n", "2:1", "not-yaml"),
        (b"", "1:1", "empty-file"),
        (b"title: caf\xe9\n", "1:11", "not-utf-8"),
    ],
)
def test_unreadable_file_is_one_message(run: Run, corpus: Path, data: bytes, place: str, rule: str) -> None:
    record = corpus / "papers" / "alvarez2016learning.yaml"
    record.write_bytes(data)
    status, out, _ = run("check", record)
    assert (status, out.count("\n")) == (1, 1)
    assert out.startswith(f"mine/papers/alvarez2016learning.yaml:{place}: {rule}: ")


def test_all_files_are_told_in_one_run(run: Run, corpus: Path) -> None:
    broken = ["alvarez2016learning", "anwar2016compact", "baykal2018data"]
    for name in broken:
        (corpus / "papers" / f"{name}.yaml").write_bytes(b"")
    status, out, err = run("check", "mine")
    assert status == 1
    assert [line.split(":")[0] for line in out.splitlines()] == [f"mine/papers/{name}.yaml" for name in broken]
    assert f"{PAPERS} papers" in err


def test_a_file_answers_for_itself_alone(run: Run, corpus: Path) -> None:
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    assert run("check", "mine/papers/alvarez2016learning.yaml").status == 0


def test_a_folder_below_a_corpus_answers_for_its_files(run: Run, corpus: Path) -> None:
    (corpus / "datasets.yaml").write_bytes(b"")
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    assert run("check", "mine/papers").out.startswith("mine/papers/anwar2016compact.yaml:1:1")


def test_files_elsewhere_have_their_whole_path(
    run: Run, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    monkeypatch.chdir(corpus / "sweeps")
    assert run("check", "..").out.startswith(f"{tmp_path}/mine/papers/anwar2016compact.yaml:1:1")


def test_json_holds_every_problem(run: Run, corpus: Path) -> None:
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    status, out, _ = run("check", "mine", "--format", "json")
    told = json.loads(out)
    assert (status, told["papers"], len(told["problems"])) == (1, PAPERS, 1)
    assert list(told["problems"][0]) == ["file", "line", "column", "rule", "message"]


def test_json_of_a_clean_corpus_is_an_object_too(run: Run) -> None:
    told = json.loads(run("check", "--format", "json").out)
    assert told == {"papers": PAPERS, "survey_rows": 551, "problems": []}


def test_github_annotates_the_line(run: Run, corpus: Path) -> None:
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    out = run("check", "mine", "--format", "github").out
    assert out.startswith("::error file=mine/papers/anwar2016compact.yaml,line=1,col=1,title=empty-file::the file is")


def test_github_cannot_be_given_orders() -> None:
    assert github(Problem("a,b:c", 1, 2, "x", "100%\n::set-env")) == (
        "::error file=a%2Cb%3Ac,line=1,col=2,title=x::100%25\\n::set-env"
    )


def test_a_terminal_cannot_be_given_orders() -> None:
    assert text_of(Problem("a", 1, 2, "x", "\x1b[31m\u202e")) == "a:1:2: x: \\x1b[31m\\u202e"


def test_visible_keeps_what_people_write() -> None:
    assert visible("Müller – 朱 'x'") == "Müller – 朱 'x'"


def test_no_colours_in_a_pipe(run: Run, corpus: Path) -> None:
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    assert "\x1b" not in run("check", "mine").out


def test_colours_on_a_terminal(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (corpus / "papers" / "anwar2016compact.yaml").write_bytes(b"")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert "\x1b[31mempty-file" in run("check", "mine").out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["check", "nowhere.yaml"], "there is no"),
        (["check", "mine/papers/draft.yml"], "is no file of the corpus"),
        (["check", "--format", "xml"], "xml"),
        (["table", "nonsense"], "found 'nonsense'"),
        (["table", "normalised"], "found 'normalised'; did you mean 'normalized'?"),
        (["table", "papers", "--format", "cvs"], "expected one of csv, json, markdown, latex, parquet; found 'cvs'"),
        (["table", "papers", "--format", "{0.x}"], "parquet; found '{0.x}'"),
        (["table", "papers", "--format", "a is not one of 'b'"], "one of csv, json, markdown, latex, parquet;"),
        (["table", "papers", "--limit", "few"], "expected a whole number; found 'few'"),
        (["evaluate", "run", "mine/spec.yaml", "--workers", "-3"], "expected at least 1; found '-3'"),
        (["table", "papers", "--collection", "blalok2020"], "did you mean"),
        (["table", "papers", "--reference", "all"], "these have: normalized, evidence"),
        (["table", "claims", "--collection", "living"], "table 'claims' has no collection"),
        (["table", "papers", "--where", "yaer > 2015"], "did you mean 'year'"),
        (["table", "papers", "--where", "year = 2015"], "cannot be read at character 6"),
        (["table", "papers", "--columns", "year,titel"], "did you mean 'title'"),
        (["table", "papers", "--columns", ","], "names no column"),
        (["table", "papers", "--sort", "-yaer"], "no column 'yaer'"),
        (["table", "papers", "--limit", "-1"], "expected at least 0; found '-1'"),
        (["figures", "--collection", "blalok2020"], "did you mean"),
        (["nonsense"], "nonsense"),
    ],
)
def test_bad_usage_is_explained(run: Run, corpus: Path, arguments: list[str], told: str) -> None:
    (corpus / "papers" / "draft.yml").touch()
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert told in unboxed(err)


def test_the_folder_above_a_corpus_leads_to_it(run: Run, corpus: Path) -> None:
    corpus.rename(corpus.with_name("corpus"))
    status, _, err = run("check", ".")
    assert (status, "did you mean 'corpus'?" in unboxed(err)) == (2, True)


@pytest.mark.parametrize("name", ["papers", "results", "normalized", "baselines", "comparisons"])
def test_table_is_the_frame_of_that_name(run: Run, name: str) -> None:
    frame = getattr(prunelit, name)()
    printed = pd.read_csv(StringIO(run("table", name).out), low_memory=False)
    assert (list(printed.columns), len(printed)) == (list(frame.columns), len(frame))


def test_table_of_a_collection(run: Run) -> None:
    printed = pd.read_csv(StringIO(run("table", "results", "--collection", "blalock2020").out), low_memory=False)
    assert printed["survey_row"].nunique() == 551


def test_table_of_all_collections(run: Run) -> None:
    assert run("table", "papers", "--collection", "all").out == run("table", "papers").out


def test_table_with_the_unpruned_reference(run: Run) -> None:
    assert run("table", "normalized", "--reference", "unpruned").out != run("table", "normalized").out


def test_table_written_to_a_file_is_the_printed_one(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "new" / "papers.csv"
    assert run("table", "papers", "--output", file).out == ""
    assert file.read_text(encoding="utf-8") == run("table", "papers").out


def test_tables_to_print_are_all_that_are_public() -> None:
    tables = {name for name in prunelit.__all__ if returns_a_table(getattr(prunelit, name))}
    assert set(TableName) == tables


def returns_a_table(public: object) -> bool:
    """Whether it gives a table without being told of what."""
    if getattr(public, "__annotations__", {}).get("return") != "pd.DataFrame" or not callable(public):
        return False
    return all(one.default is not one.empty for one in signature(public).parameters.values())


def test_rows_and_columns_that_are_asked_for(run: Run) -> None:
    asked = ("--where", "year < 1995", "--columns", "year,paper_id", "--sort", "-year", "--limit", "2")
    assert run("table", "papers", "--collection", "blalock2020", *asked).out.splitlines() == [
        "year,paper_id",
        "1993,hassibi1993optimal",
        "1990,lecun1990optimal",
    ]


def test_latex_tables_escape_what_latex_obeys() -> None:
    assert "a\\_b \\& 5\\%" in as_latex(pd.DataFrame({"x": ["a_b & 5%"]}))


def test_parquet_tables_keep_types_and_values(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "papers.parquet"
    run("table", "papers", "--format", "parquet", "--output", file)
    read = duckdb.read_parquet(str(file))
    types = {"Int64": "BIGINT", "float64": "DOUBLE", "boolean": "BOOLEAN", "string": "VARCHAR"}
    assert [str(one) for one in read.types] == [types[str(dtype)] for dtype in prunelit.papers().dtypes]
    found = read.df().astype(prunelit.papers().dtypes.to_dict())
    pd.testing.assert_frame_equal(found, prunelit.papers())


def test_json_tables_are_lists_of_objects() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["é|", "x"]})
    assert json.loads(as_json(frame)) == [{"a": 1, "b": "é|"}, {"a": None, "b": "x"}]


def test_markdown_tables_escape_what_markdown_obeys() -> None:
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64"), "b": ["x|y", "<b>\n"]})
    assert markdown_table(frame) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n|  | &lt;b> |\n"


def test_a_corpus_that_is_not_valid_ends_without_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def papers(*_: object, **__: object) -> None:
        raise CorpusError([Problem(str(Path.cwd().parent / "a.yaml"), 1, 2, "x", "wrong")])

    monkeypatch.setattr(prunelit, "papers", papers, raising=False)
    status, out, err = run("table", "papers")
    assert (status, out) == (1, "")
    assert err.removeprefix(READING).splitlines()[0] == f"{Path.cwd().parent}/a.yaml:1:2: x: wrong"


def test_a_file_that_cannot_be_written_ends_without_traceback(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = run("table", "papers", "--output", tmp_path / "file" / "papers.csv")
    assert (status, err.startswith(f"{READING}Error: "), "Traceback" in err) == (2, True, False)


def test_a_failure_while_writing_leaves_the_old_files(tmp_path: Path) -> None:
    old = tmp_path / "a.csv"
    write_text(old, "old")

    def fail(folder: Path) -> list[Path]:
        (folder / "a.csv").write_text("new")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_all(tmp_path, fail)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a.csv": "old"}


def test_written_files_have_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_text(tmp_path / "written", "x")
    assert (tmp_path / "written").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    calls: list[object] = []

    def write(
        output: Path, names: list[str], collection: str, progress: Callable[[str], None], corrected: bool, corpus: Path
    ) -> list[Path]:
        calls.append((list(names), collection, corrected, corpus.resolve()))
        progress("figure one")
        files = [output / "one.svg", output / "index.html"]
        for file in files:
            file.write_text("<svg/>")
        return files

    monkeypatch.setattr(drawing, "write_figures", write, raising=False)
    return calls


def test_an_unknown_figure_is_bad_usage(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(*_: object, **__: object) -> list[Path]:
        raise ValueError("no figure 'nine'")

    monkeypatch.setattr(drawing, "write_figures", write, raising=False)
    status, _, err = run("figures", "nine", "--output", tmp_path)
    assert (status, "no figure 'nine'" in unboxed(err), list(tmp_path.iterdir())) == (2, True, [])


def test_figures_are_written_and_counted(run: Run, tmp_path: Path, drawn: list[object]) -> None:
    status, out, err = run("figures", "one", "--output", tmp_path)
    assert (status, sorted(file.name for file in tmp_path.iterdir())) == (0, ["index.html", "one.svg"])
    assert out.startswith("2 files (1 html, 1 svg) in ")
    assert err == f"{READING}figure one\n"
    assert drawn == [(["one"], "blalock2020", True, shipped())]


def test_figures_as_published_are_without_corrections(run: Run, tmp_path: Path, drawn: list[object]) -> None:
    assert run("figures", "one", "--as-published", "--output", tmp_path).status == 0
    assert drawn == [(["one"], "blalock2020", False, shipped())]


def test_claims_without_explanation_fail(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = ["claim", "source", "published", "computed", "verdict", "reason"]
    frame = pd.DataFrame([["papers", "abstract", "81", "80", "unexplained", None]], columns=columns)
    monkeypatch.setattr(prunelit, "claims", lambda *_: frame, raising=False)
    status, out, err = run("claims", "--paper", "blalock2020")
    assert (status, "unexplained" in out, err) == (1, True, f"{READING}1 claims: 1 unexplained\n")


def test_claims_of_the_survey_are_explained(run: Run) -> None:
    status, out, _ = run("claims", "--paper", "blalock2020", "--format", "json")
    assert status == 0
    assert {claim["paper_id"] for claim in json.loads(out)} == {"blalock2020"}


def test_claims_are_told_paper_by_paper(run: Run) -> None:
    status, out, _ = run("claims", "--format", "json")
    papers = list(dict.fromkeys(claim["paper_id"] for claim in json.loads(out)))
    assert (status, papers[0], set(papers[1:])) == (0, "blalock2020", set(prunelit.conclusions()["paper_id"]))


def test_claims_name_the_paper_that_makes_them(run: Run) -> None:
    assert "crowley2018closer\n\n" in run("claims", "--paper", "crowley2018closer").out


def test_claims_of_an_unknown_paper(run: Run) -> None:
    status, _, err = run("claims", "--paper", "nobody2020")
    assert (status, "no paper with conclusions 'nobody2020'" in err) == (2, True)


def test_schema_is_written(run: Run, tmp_path: Path) -> None:
    assert run("schema", "--output", tmp_path).status == 0
    assert [json.loads(file.read_text()) for file in tmp_path.glob("*.json")]


@pytest.mark.parametrize("command", ["check", "new", "fmt", "migrate", "table", "figures", "claims", "schema"])
def test_help_has_examples(run: Run, command: str) -> None:
    status, out, _ = run(command, "--help")
    assert (status, "Examples" in out, f"prunelit {command}" in out) == (0, True, True)


def test_an_output_that_knows_no_unicode_is_no_error() -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "prunelit", "table", "papers"]
    assert subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ("survey_id: learning-both\n", "the survey id 'learning-both' is used by"),
        ("experiments:\n  - {dataset: MNIST, collections: [contributed], survey_row: 172}\n", "row 172 of the survey"),
    ],
)
def test_one_record_is_checked_against_what_others_take(run: Run, papers: Path, own: str, told: str) -> None:
    text = "schema_version: 2\nid: doe2026new\ntitle: New\nauthors: ['Doe, Jane']\npublished: {year: 2026}\n"
    (papers / "doe2026new.yaml").write_text(f"{text}collections: [contributed]\n{own}")
    status, out, _ = run("check", papers / "doe2026new.yaml")
    assert (status, told in out) == (1, True)


def test_a_glance_at_a_record_sees_what_reading_it_sees(whole: Corpus) -> None:
    for document in whole.documents:
        seen = record_header(document.value.id, document.text)
        rows = tuple(row for _, row in survey_rows(document.value))
        assert (seen.survey_id, sorted(seen.survey_rows)) == (document.value.survey_id, sorted(rows))


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("survey_row: 7", (7,)),
        ("- {'survey_row' : 7, \"survey_row\": 8}", (7, 8)),
        ("no_survey_row: 7", ()),
        ("'no survey_row': 7\nsurvey_rows: 8", (7,)),
        ("x'survey_row: 7", ()),
    ],
)
def test_a_glance_tells_the_key_from_other_words(text: str, rows: tuple[int, ...]) -> None:
    assert record_header("ada2015title", text).survey_rows == rows


def test_a_single_record_is_checked_without_what_is_said_about_records(run: Run, papers: Path) -> None:
    (papers.parent / "acknowledgements.yaml").write_text("broken: [")
    text = "schema_version: 2\nid: doe2026new\ntitle: New\nauthors: ['Doe, Jane']\npublished: {year: 2026}\n"
    (papers / "doe2026new.yaml").write_text(f"{text}collections: [contributed]\n")
    assert run("check", papers / "doe2026new.yaml").status == 0
    status, out, _ = run("check", papers / "doe2026new.yaml", papers.parent / "acknowledgements.yaml")
    assert (status, "acknowledgements.yaml:2:1: not-yaml" in out) == (1, True)
