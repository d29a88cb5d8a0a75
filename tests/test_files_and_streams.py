"""Do odd files, names and streams disturb a command, give orders to a terminal or to GitHub, or end in a traceback?"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from time import process_time, time
from typing import Any

import pytest

from prunelit.analysis import writing
from prunelit.analysis.load import load_corpus
from prunelit.analysis.writing import PREFIX, ChangedError, sweep, write_bytes
from prunelit.cli import rewriting
from prunelit.cli.report import shown_path, visible
from prunelit.schema import corpus as corpora
from prunelit.schema import corpus_files
from prunelit.schema.problems import MAX_PROBLEMS, CorpusError
from prunelit.schema.sweeps import read_sweep_bytes

Run = Callable[..., Any]

VALID = Path(__file__).parent / "records" / "valid" / "minimal.yaml"
ORDERS = "a\n::error file=x::boo\x1b[31m##[error].yaml"


@pytest.fixture
def papers(papers: Path) -> Path:
    """The folder of one valid record."""
    for file in papers.iterdir():
        file.unlink()
    shutil.copy(VALID, papers / "minimal.yaml")
    return papers


def in_time(work: Callable[[], Any]) -> Any:
    """What the work comes to; a failure where it never ends."""
    found: list[Any] = []
    thread = Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(timeout=300)
    assert found
    return found[0]


COMMANDS = (
    ("fmt",), ("fmt", "--check"), ("fmt", "--diff"), ("migrate",), ("migrate", "--check"), ("check",),
    ("new", "--bibtex"), ("import", "csv", "--output", "doe2026x.yaml"),
    ("import", "shrinkbench", "--output", "doe2026x.yaml"),
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_file_name_gives_no_orders(command: tuple[str, ...], run: Run, papers: Path) -> None:
    name = papers / ORDERS
    name.write_text("title: x\nid: x\n")
    _, out, err = run(*command, name)
    assert "\x1b" not in out + err
    assert "##[" not in out + err
    assert not re.search(r"^\s*::error", out + err, re.MULTILINE)


def test_the_file_of_an_annotation_gives_no_orders(run: Run, papers: Path) -> None:
    (papers / ORDERS).write_text("title: x\nid: x\n")
    status, out, _ = run("check", "--format", "github", papers)
    assert status == 1
    assert "\x1b" not in out
    assert all(line.startswith("::error file=corpus/papers/") for line in out.splitlines())


def test_a_file_whose_name_is_escaped_is_checked(run: Run, papers: Path) -> None:
    (papers / ORDERS).write_bytes(VALID.read_bytes())
    status, out, _ = run("check", papers / ORDERS)
    assert (status, ": file-name: " in out) == (1, True)


def test_a_hidden_file_is_not_said_to_be_in_order(run: Run, papers: Path) -> None:
    (papers / ".minimal.yaml").write_text("nonsense")
    assert run("check", papers / ".minimal.yaml").status == 2


def test_text_that_stays_as_it_is_gives_no_orders(run: Run, papers: Path) -> None:
    record = "note: >-\n  some\n  ::error::boo\ntitle: x\n"
    (papers / "minimal.yaml").write_text(record)
    assert not re.search(r"^\s*::", run("fmt", "--diff").out, re.MULTILINE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\x3a:error::x"),
        ("  ::error::x", r"  \x3a:error::x"),
        ("a ::error::x", "a ::error::x"),
        ("a ##[error]x", r"a \x23#[error]x"),
        ("a\udcff", r"a\udcff"),
    ],
)
def test_orders_to_github_are_escaped(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_path_that_is_no_text_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert shown_path(Path(os.fsdecode(b"a\xff"))) == r"a\udcff"


def sparse(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(6_000_000_000)


SIBLINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "pipe": (os.mkfifo, "unreadable: this is not a file"),
    "device": (lambda file: file.symlink_to("/dev/zero"), "symbolic-link: "),
    "large": (sparse, "too-large: 6,000,000,000 bytes"),
    "loop": (lambda file: file.symlink_to(file.name), "unreadable: Too many levels of symbolic links"),
    "folder": (Path.mkdir, "unreadable: this is not a file"),
}


@pytest.mark.parametrize(("make", "told"), SIBLINGS.values(), ids=SIBLINGS)
def test_an_odd_sibling_disturbs_no_check(make: Callable[[Path], object], told: str, run: Run, papers: Path) -> None:
    make(papers / "sibling.yaml")
    assert in_time(lambda: run("check", papers / "minimal.yaml")).status == 0
    status, out, _ = in_time(lambda: run("check", papers))
    assert status == 1
    assert f"corpus/papers/sibling.yaml:1:1: {told}" in out
    assert "minimal.yaml" not in out


@pytest.mark.parametrize(("make", "told"), SIBLINGS.values(), ids=SIBLINGS)
def test_an_odd_sibling_disturbs_no_formatting(
    make: Callable[[Path], object], told: str, run: Run, papers: Path
) -> None:
    make(papers / "sibling.yaml")
    (papers / "minimal.yaml").write_text("title: x\nid: minimal\n")
    status, out, err = in_time(lambda: run("fmt", papers))
    assert (status, out) == (1, "corpus/papers/minimal.yaml\n")
    assert "corpus/papers/sibling.yaml:1:1: " in err


@pytest.mark.parametrize("place", ["corpus/papers", "."])
def test_a_vocabulary_that_cannot_be_read_is_told_beside_a_record(place: str, run: Run, papers: Path) -> None:
    (papers.parent / "venues.yaml").write_text("venues: [")
    shutil.move(papers / "minimal.yaml", f"{place}/minimal.yaml") if place == "." else None
    status, out, err = run("check", f"{place}/minimal.yaml")
    assert (status, out) == (0, "")
    assert "corpus/venues.yaml is at fault itself, so that nothing is held against it" in err


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="the system has no devices")
def test_a_device_is_no_record(run: Run, papers: Path) -> None:
    assert "this is not a file" in run("new", "--bibtex", "/dev/zero").err


@pytest.fixture
def locked(papers: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of records, which may not be listed."""

    def refuse(folder: Path) -> list[str]:
        if folder.name == "papers":
            raise PermissionError(13, "Permission denied", str(folder))
        return os.listdir(folder)

    for module in (corpus_files, rewriting):
        monkeypatch.setattr(module, "listdir", refuse)
    return papers


@pytest.mark.parametrize("name", ["corpus", "corpus/papers", "corpus/papers/minimal.yaml"])
def test_a_folder_that_cannot_be_read_is_called_so(name: str, run: Run, locked: Path) -> None:
    status, out, _ = run("check", name)
    assert (status, "corpus/papers:1:1: unreadable: Permission denied" in out) == (1, True)


def test_records_that_cannot_be_listed_are_not_said_to_be_formatted(run: Run, locked: Path) -> None:
    status, _, err = run("fmt", "--check")
    assert (status, err) == (2, "Error: Permission denied: " + str(locked.absolute()))


@pytest.mark.parametrize("harm", [Path.touch, lambda papers: papers.symlink_to(papers.name), lambda papers: None])
def test_shared_files_are_never_formatted_as_records(harm: Callable[[Path], object], run: Run, papers: Path) -> None:
    before = {file: file.read_bytes() for file in papers.parent.glob("*.yaml")}
    shutil.rmtree(papers)
    harm(papers)
    assert run("fmt", "corpus").status == 2
    assert {file: file.read_bytes() for file in papers.parent.glob("*.yaml")} == before


def test_no_corpus_is_loaded_of_a_folder_that_cannot_be_read(locked: Path) -> None:
    with pytest.raises(CorpusError, match="papers:1:1: unreadable: Permission denied"):
        load_corpus(locked.parent)


@pytest.mark.parametrize(
    "name", ["papers/sub", "papers/minimal.yaml.bak", "papers/notes.txt", "sweeps/sub", "sweeps/a.xls"]
)
def test_what_belongs_to_nothing_is_told(name: str, run: Run, papers: Path) -> None:
    path = papers.parent / name
    path.parent.mkdir(exist_ok=True)
    path.mkdir() if path.name == "sub" else path.touch()
    status, out, _ = run("check")
    assert (status, f"corpus/{name}:1:1: stray: this folder holds " in out) == (1, True)


def test_a_sweep_of_no_curve_is_told(run: Run, papers: Path) -> None:
    (papers.parent / "sweeps").mkdir(exist_ok=True)
    (papers.parent / "sweeps" / "lost.csv").write_text("top1\n75.0\n")
    assert "corpus/sweeps/lost.csv:1:1: stray: no curve has it as its 'points_file'" in run("check").out


def test_nothing_that_ships_is_stray(whole: corpora.Corpus) -> None:
    assert corpora.strays(whole, corpora.shipped(), "corpus") == []


@pytest.mark.parametrize(
    ("header", "rules"),
    [("c{}", {"unknown-column", "too-many-problems"}), ("top1", {"duplicate-column"})],
    ids=["unknown", "twice"],
)
def test_a_header_of_many_columns_costs_little(header: str, rules: set[str]) -> None:
    data = ",".join(header.format(at) for at in range(30_000)).encode()
    start = process_time()
    points, problems = read_sweep_bytes(data, "a.csv")
    assert process_time() - start < 5
    assert (len(points), {one.rule for one in problems}) == (0, rules)
    assert len(problems) <= MAX_PROBLEMS + 1


def test_formatting_keeps_permissions_and_leaves_others_alone(run: Run, papers: Path) -> None:
    kept = papers / "minimal.yaml"
    run("fmt")
    before = kept.stat()
    changed = papers / "other.yaml"
    changed.write_text("title: x\nid: other\n")
    changed.chmod(0o640)
    assert run("fmt").out == "corpus/papers/other.yaml\n"
    assert changed.stat().st_mode & 0o777 == 0o640
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_edit_saved_while_formatting_is_not_undone(run: Run, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = papers / "minimal.yaml"
    file.write_text("title: x\nid: minimal\n")
    original = shutil.copymode

    def save(*arguments: Any) -> None:
        original(*arguments)
        file.write_text("title: saved meanwhile\n")

    monkeypatch.setattr(writing.shutil, "copymode", save)
    status, out, err = run("fmt")
    assert (status, out) == (1, "")
    assert "corpus/papers/minimal.yaml:1:1: changed: saved by somebody else meanwhile" in err
    assert file.read_text() == "title: saved meanwhile\n"


def test_a_file_that_is_another_one_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"theirs")
    with pytest.raises(ChangedError):
        write_bytes(tmp_path / "a", b"new", instead_of=b"ours")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"theirs"}


def test_a_pipe_and_a_link_are_written_to(tmp_path: Path) -> None:
    pipe, link, file = (tmp_path / name for name in ("pipe", "link", "file"))
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_bytes(pipe, b"through")
    link.symlink_to(file.name)
    write_bytes(link, b"behind")
    assert (os.read(reader, 99), pipe.is_fifo()) == (b"through", True)
    assert (file.read_bytes(), link.is_symlink()) == (b"behind", True)
    os.close(reader)


def test_a_file_of_our_own_takes_the_place_of_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("elsewhere")
    write_bytes(tmp_path / "a", b"new", mode=0o600)
    assert [one.is_symlink() for one in tmp_path.iterdir()] == [False]


def test_what_a_killed_process_left_is_removed(run: Run, papers: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from prunelit.analysis.writing import write_all
write_all(Path({str(papers.absolute())!r}), lambda folder: os.kill(os.getpid(), signal.SIGKILL))
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    assert [one for one in papers.iterdir() if one.name.startswith(PREFIX)]
    run("fmt")
    assert [one.name for one in papers.iterdir()] == ["minimal.yaml"]


def test_what_a_running_process_writes_is_left(tmp_path: Path) -> None:
    own, elsewhere, old = (
        tmp_path / f"{begin}-x"
        for begin in (f"{writing._here()}{os.getpid()}", f"{PREFIX}01234567-1", f"{PREFIX}01234567-2")
    )
    for folder in (own, elsewhere, old):
        folder.mkdir()
    os.utime(old, (time() - writing.ABANDONED - 60,) * 2)
    sweep(tmp_path)
    assert {*tmp_path.iterdir()} == {own, elsewhere}


def test_what_is_only_called_like_a_temporary_folder_is_left(tmp_path: Path) -> None:
    for name in ("backup", "0123-1-x", "01234567-1"):
        (tmp_path / f"{PREFIX}{name}").mkdir()
        os.utime(tmp_path / f"{PREFIX}{name}", (time() - writing.ABANDONED - 60,) * 2)
    sweep(tmp_path)
    assert len([*tmp_path.iterdir()]) == 3


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    command = line.replace("prunelit", f"{sys.executable} -m prunelit", 1)
    return subprocess.run(
        ["/bin/sh", "-c", command], env=os.environ | environment, capture_output=True, check=False, timeout=300
    )


@pytest.mark.parametrize(
    ("line", "status", "told"),
    [
        ("prunelit check corpus/papers/minimal.yaml >&-", 2, b"Error: standard output is closed"),
        ("prunelit check corpus/papers/minimal.yaml 2>&-", 0, b""),
        ("prunelit new --bibtex - <&-", 1, b"Error: standard input"),
        ("cd / && prunelit table data_dictionary >/dev/full", 2, b"Error: No space left on device"),
        ("prunelit check corpus/papers/minimal.yaml <&- >&- 2>&-", 2, b""),
    ],
)
def test_a_closed_stream_is_told(line: str, status: int, told: bytes, papers: Path) -> None:
    done = shell(line)
    assert (done.returncode, b"Traceback" in done.stderr, b"Exception ignored" in done.stderr) == (status, False, False)
    assert told in done.stderr


def test_a_terminal_without_unicode_shows_any_path(papers: Path) -> None:
    (papers / os.fsdecode(b"caf\xe9\xff.yaml")).write_text("title: x\nid: x\n")
    done = shell("prunelit fmt --check", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", COLUMNS="-3", TERM="odd")
    assert (done.returncode, b"Traceback" in done.stderr) == (1, False)
    assert rb"corpus/papers/caf\udce9\udcff.yaml: not formatted" in done.stdout


@pytest.mark.parametrize("columns", ["99999999999", "9" * 30, "-3", "0", "1", "²", "wide", "80 ", ""])
def test_a_terminal_of_no_possible_size_is_not_believed(
    columns: str, terminal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    usual = terminal("check", "--help")
    for name in ("COLUMNS", "LINES", "TERMINAL_WIDTH"):
        monkeypatch.setenv(name, columns)
    assert terminal("check", "--help") == usual
    assert not {"COLUMNS", "LINES", "TERMINAL_WIDTH"} & {*os.environ}  # Typer reads the last one when it is imported


@pytest.mark.parametrize("columns", ["40", "200"])
def test_a_terminal_is_as_wide_as_it_says(
    columns: str, terminal: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert max(map(len, terminal("check", "--help").out.splitlines())) == int(columns)


def test_a_folder_that_is_gone_is_told(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert run("check") == (2, "", "Error: the current folder is gone")


def test_an_interruption_before_any_command_is_no_fault(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("prunelit.cli.command_line", interrupted)
    assert run("check") == (130, "", "")


def git(*arguments: str) -> str:
    named = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    return subprocess.run(["git", *named, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def test_a_missing_object_of_git_is_told(run: Run, papers: Path) -> None:
    git("init", "--quiet")
    git("add", "corpus")
    git("commit", "--quiet", "--message", "first")
    name = git("rev-parse", "HEAD:corpus/papers/minimal.yaml")
    Path(".git/objects", name[:2], name[2:]).unlink()
    (papers / "minimal.yaml").write_text("# what git has is needed where the file is another one\n")
    status, _, err = run("diff", "HEAD")
    assert (status, f"git lacks the object {name}" in err) == (2, True)


def test_a_repository_may_have_any_name(run: Run, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("odd\n").mkdir()
    shutil.move("corpus", "odd\n/corpus")
    monkeypatch.chdir("odd\n")
    git("init", "--quiet")
    git("add", "corpus")
    git("commit", "--quiet", "--message", "first")
    status, _, err = run("diff", "HEAD")
    assert "\x1b" not in err
    assert (status, "cannot read the corpus of HEAD" in err) == (1, True)  # 80 papers of the survey are missing
