"""Is a release that was damaged, or made by strangers, refused in words, whatever is wrong with it?"""

from __future__ import annotations

import gc
import lzma
import os
import socket
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.error import URLError

import pytest

from prunelit.analysis.release import reading
from prunelit.analysis.release.agreement import OTHER_FILES, TABLE_FOLDERS
from prunelit.analysis.release.archive import unpacked
from prunelit.analysis.release.checksums import SUMS, ReleaseError, read_sums
from prunelit.analysis.release.parquet import TableFileError, database, literal, parquet_metadata
from prunelit.analysis.release.reading import load_release, verify_release
from release_corpus import NAME, resealed


def entry(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """A header of an archive as it may not be written: of any size, also below zero."""
    header = tarfile.TarInfo(name)
    header.type = kind
    block = bytearray(header.tobuf(tarfile.GNU_FORMAT))
    block[124:136] = b"\xff" * 4 + size.to_bytes(8, "big", signed=True) if size < 0 else b"%011o\0" % size
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def archive_of(*blocks: bytes) -> BytesIO:
    return BytesIO(lzma.compress(b"".join(blocks) + bytes(1024), preset=0))


@pytest.fixture
def archive(release: Path) -> bytes:
    return (release.parent / f"{NAME}.tar.xz").read_bytes()


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.999])
@pytest.mark.parametrize("harm", ["cut", "flip"])
def test_a_damaged_archive_is_refused(archive: bytes, tmp_path: Path, share: float, harm: str) -> None:
    at = int(len(archive) * share)
    flipped = archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]
    (tmp_path / "x.tar.xz").write_bytes(archive[:at] if harm == "cut" else flipped)
    for read in (load_release, verify_release):
        with pytest.raises(
            ReleaseError, match=r"(no archive of a release|archive is cut short|damaged).*; take it anew"
        ):
            read(tmp_path / "x.tar.xz")


@pytest.mark.parametrize("more", [b"x", lzma.compress(b"x")], ids=["junk", "another stream"])
def test_bytes_after_the_end_of_an_archive_are_refused(archive: bytes, tmp_path: Path, more: bytes) -> None:
    (tmp_path / "x.tar.xz").write_bytes(archive + more)
    with pytest.raises(ReleaseError, match="goes on after its end"):
        load_release(tmp_path / "x.tar.xz")


def test_bytes_after_the_files_of_an_archive_are_refused() -> None:
    with pytest.raises(ReleaseError, match="goes on after its end"):
        list(unpacked(archive_of(entry("a/x", 0), bytes(1024), b"x")))


def test_an_archive_whose_last_file_is_cut_is_refused() -> None:
    with pytest.raises(ReleaseError, match="the archive is cut short"):
        list(unpacked(archive_of(entry("a/x", 10_000))))


@pytest.mark.parametrize(
    "header",
    [
        {"GNU.sparse.map": "a,b"},
        {"GNU.sparse.size": "abc"},
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
        {"path": "../x"},
    ],
    ids=str,
)
def test_extended_headers_are_refused(header: dict[str, str]) -> None:
    info = tarfile.TarInfo("a/x")
    info.pax_headers = header
    with pytest.raises(ReleaseError, match="no plain file in its folder"):
        list(unpacked(archive_of(info.tobuf(tarfile.PAX_FORMAT))))


def test_a_size_below_zero_is_refused() -> None:
    with pytest.raises(ReleaseError, match="no plain file in its folder"):
        list(unpacked(archive_of(entry("a/x", -512))))


@pytest.mark.parametrize("kind", [tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_SPARSE])
def test_headers_of_any_size_are_refused_unread(kind: bytes) -> None:
    packed = archive_of(entry("a/x", 3_000_000_000, kind))
    with pytest.raises(ReleaseError, match="no plain file in its folder"):
        list(unpacked(packed))


def test_an_archive_of_several_folders_is_refused() -> None:
    with pytest.raises(ReleaseError, match=rf"holds 'b/{SUMS}' beside its folder"):
        list(unpacked(archive_of(entry(f"a/{SUMS}", 0), entry(f"b/{SUMS}", 0))))


def test_an_archive_that_holds_a_file_twice_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"holds 'a/\./x' twice"):
        list(unpacked(archive_of(entry("a/x", 0), entry("a/./x", 0))))


def test_a_file_below_a_file_of_an_archive_is_told(tmp_path: Path) -> None:
    names = ("x/a", "x/a/b", "x/csv", "x/csv/papers.csv", "x/prunelit.sqlite", "x/prunelit.sqlite/x")
    packed = archive_of(*(entry(name, 0) for name in names), entry(f"x/{SUMS}", 0))
    (tmp_path / "x.tar.xz").write_bytes(packed.read())
    with pytest.raises(ReleaseError, match=f"{SUMS}:1: expected lines"):
        verify_release(tmp_path / "x.tar.xz")


def test_folders_in_an_archive_are_none_of_its_files() -> None:
    assert [name for name, _ in unpacked(archive_of(entry("a/", 0, tarfile.DIRTYPE), entry("a/x", 0)))] == ["x"]


def test_tables_are_held_up_to_a_limit_of_all(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = [file.stat().st_size for file in (release / "parquet").iterdir()]
    monkeypatch.setattr(reading, "_MAX_TABLES", sum(sizes) - 1)
    with pytest.raises(ReleaseError, match="which is more than any release has"):
        load_release(release)


def test_tables_of_many_equal_cells_are_refused_unread(altered: Path) -> None:
    file = altered / "parquet" / "papers.parquet"
    metadata = ", ".join(f'"{key}": {literal(text)}' for key, text in parquet_metadata(file).items())
    with database() as engine:
        engine.execute(
            f"COPY (SELECT NULL::VARCHAR AS paper_id FROM range(30_000_000)) TO {literal(str(file))} "
            f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{metadata}}})"
        )
    resealed(altered)
    with pytest.raises(ReleaseError, match=r"papers\.parquet: over 500,000,000 cells"):
        verify_release(altered)


@pytest.mark.parametrize(
    "address",
    ["http://[::1", "http://exa mple/x", "http://h:abc/x", "http://user:pass@h/x", "http://h/é", "file:///none/at/all"],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ReleaseError, match=r"cannot be read: (it, or what it leads to, is no address|No such file)"):
        load_release(address)


@contextmanager
def serving(answer: bytes) -> Iterator[str]:
    """A server that gives every client the same answer, and keeps the line open after one without an end."""
    kept = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                client.recv(65_536)
                client.sendall(answer.replace(b"ADDRESS", address.encode()))
                if answer.endswith(b"..."):
                    kept.append(client)
                else:
                    client.close()

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://{address}/x.tar.xz"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
            for client in kept:
                client.close()


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"garbage\r\n\r\n", "does not speak HTTP as it should (BadStatusLine)"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc", "ended in the middle of the archive"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n64\r\nabc", "ended in the middle of the archive"),
        (OK + b"Content-Length: 100\r\n\r\nabc", "ended in the middle of the archive"),
        (OK + b"Content-Length: 100\r\n\r\n...", "the server said nothing for 0.2 seconds"),
        (OK + b"X: " + b"x" * 70_000 + b"\r\n\r\n", "does not speak HTTP as it should (LineTooLong)"),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n",
            "or what it leads to, is no address",
            marks=pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
        ),  # urllib leaves the line open
        (b"HTTP/1.1 302 Found\r\nLocation: http://ADDRESS/\r\nContent-Length: 0\r\n\r\n", "infinite lo…"),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "404 Not Found"),
    ],
    ids=["garbage", "bad chunk", "cut chunk", "cut", "stalled", "long header", "bad redirect", "loop", "none"],
)
def test_what_a_server_does_wrong_is_told_on_one_line(
    answer: bytes, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_TIMEOUT", 0.2)
    with serving(answer) as address, pytest.raises(ReleaseError) as refused:
        load_release(address)
    message = str(refused.value)
    del refused
    gc.collect(1)
    assert (told in message, message.startswith(f"'{address}' cannot be read: "), "\n" in message) == (
        True, True, False,
    )  # fmt: skip


def test_an_archive_is_read_from_a_server(archive: bytes) -> None:
    with serving(OK + b"Content-Length: %d\r\n\r\n" % len(archive) + archive) as address:
        assert load_release(address).identity.name == NAME


def flip(file: Path, share: float) -> None:
    data = bytearray(file.read_bytes())
    data[int(len(data) * share)] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("table", ["papers", "results", "more"])
@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"junk" * 100),
        lambda file: file.write_bytes((file.parent / "methods.parquet").read_bytes()[:-100]),
    ],
    ids=["empty", "junk", "cut"],
)
def test_tables_that_cannot_be_read_are_told(altered: Path, table: str, harm: Callable[[Path], object]) -> None:
    harm(altered / "parquet" / f"{table}.parquet")
    resealed(altered)
    with pytest.raises(ReleaseError, match=rf"{table}\.parquet: this is no Parquet file, or a damaged one"):
        verify_release(altered)
    with pytest.raises(TableFileError, match=rf"{table}\.parquet: this is no Parquet file, or a damaged one"):
        load_release(altered)[table]


@pytest.mark.parametrize("share", [0.001, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_flipped_bit_of_a_table_is_told_though_the_sums_fit(altered: Path, share: float) -> None:
    flip(altered / "parquet" / "results.parquet", share)
    resealed(altered)
    with pytest.raises(ReleaseError, match="not as it was made"):
        verify_release(altered)


def test_a_table_without_its_key_is_told(altered: Path) -> None:
    from prunelit.analysis.release.keys import key_faults
    from prunelit.analysis.release.reading import _holds

    papers = load_release(altered)["papers"].drop(columns="paper_id")
    assert list(key_faults("papers", papers)) == ["it lacks columns of its key: paper_id"]
    assert not _holds(papers, ("paper_id",), papers, ("title",))


def test_the_files_that_are_asked_for_are_those_that_are_made(release: Path) -> None:
    found = set(read_sums((release / SUMS).read_text(encoding="utf-8")))
    of_tables = {f"{folder}{name}{end}" for name in load_release(release) for folder, end in TABLE_FOLDERS.items()}
    shared = {name for name in found if name.startswith(("records/", "schemas/")) and name not in OTHER_FILES}
    assert {*of_tables, *OTHER_FILES} == found - shared


@pytest.mark.parametrize(
    "name", ["README.md", "csv/papers.csv", "parquet/baselines.parquet", "parquet/data_dictionary.parquet"]
)
def test_files_that_every_release_has_are_asked_for(altered: Path, name: str) -> None:
    (altered / name).unlink()
    resealed(altered)
    with pytest.raises(ReleaseError, match=rf"not as it was made:\n{name}: it is missing$"):
        verify_release(altered)


@pytest.mark.parametrize("name", ["parquet/sub/x.parquet", "parquet/more.csv", "csv/more.csv"])
def test_files_of_no_table_are_told(altered: Path, name: str) -> None:
    (altered / name).parent.mkdir(exist_ok=True)
    (altered / name).write_bytes(b"x")
    resealed(altered)
    with pytest.raises(ReleaseError, match=rf"{name}: the data dictionary has no table of that name"):
        verify_release(altered)


def in_sqlite(statement: str) -> Callable[[Path], object]:
    def run(release: Path) -> None:
        with closing(sqlite3.connect(release / "prunelit.sqlite", isolation_level=None)) as connection:
            connection.execute(statement)

    return run


def in_duckdb(statement: str) -> Callable[[Path], object]:
    def run(release: Path) -> None:
        with database(release / "prunelit.duckdb") as connection:
            connection.execute(statement)

    return run


def replaced(name: str, old: str, new: str) -> Callable[[Path], object]:
    def run(release: Path) -> None:
        text = (release / name).read_text(encoding="utf-8")
        assert old in text
        (release / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return run


def written(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda release: (release / name).write_bytes(data)


@pytest.mark.parametrize(
    ("alter", "told"),
    [
        (written("datapackage.json", b"{}"), "datapackage.json: it does not describe the tables"),
        (written("datapackage.json", b"[" * 100_000), "datapackage.json: it does not describe the tables"),
        (replaced("datapackage.json", '"csv/papers.csv"', '"csv/paper.csv"'), "datapackage.json: it does not"),
        (replaced("datapackage.json", '"name": "paper_id"', '"name": "id"'), "datapackage.json: it does not"),
        (replaced("croissant.json", '"sha256": "', '"sha256": "0'), "croissant.json: it does not describe"),
        (replaced("csv/papers.csv", "paper_id", "id"), "csv/papers.csv: its columns or rows"),
        (replaced("csv/papers.csv", "first2015paper,", "first2015paper,,"), "csv/papers.csv: its columns or rows"),
        (replaced("csv/results.csv", "\nsecond", "\nx\nsecond"), "csv/results.csv: its columns or rows"),
        (written("csv/papers.csv", b""), "csv/papers.csv: its columns or rows"),
        (written("prunelit.sqlite", b"junk" * 1000), "prunelit.sqlite: this is no SQLite database"),
        (written("prunelit.sqlite", b""), "prunelit.sqlite: it lacks the table papers"),
        (in_sqlite("DROP TABLE baselines"), "prunelit.sqlite: it lacks the table baselines"),
        (in_sqlite("CREATE TABLE more (x)"), "prunelit.sqlite: more is no table of the release"),
        (in_sqlite("DELETE FROM baselines"), "prunelit.sqlite: columns or rows of baselines"),
        (in_sqlite("ALTER TABLE baselines RENAME quantity TO x"), "prunelit.sqlite: columns or rows of baselines"),
        (in_sqlite("UPDATE release SET value = 'x' WHERE name = 'commit'"), f"it does not say that it is of {NAME}"),
        (written("prunelit.duckdb", b"junk" * 10_000), "prunelit.duckdb: this is no DuckDB database"),
        (in_duckdb("DROP TABLE baselines"), "prunelit.duckdb: it lacks the table baselines"),
        (in_duckdb("CREATE TABLE more (x INTEGER)"), "prunelit.duckdb: more is no table of the release"),
        (in_duckdb("UPDATE baselines SET median = 0"), "prunelit.duckdb: columns or cells of baselines"),
        (in_duckdb("UPDATE release SET value = 'x' WHERE name = 'commit'"), f"it does not say that it is of {NAME}"),
    ],
)
def test_forms_that_do_not_agree_are_told(altered: Path, alter: Callable[[Path], Any], told: str) -> None:
    alter(altered)
    resealed(altered)
    with pytest.raises(ReleaseError) as refused:
        verify_release(altered)
    assert told in str(refused.value)


def test_sums_that_list_a_file_twice_are_refused(altered: Path) -> None:
    text = (altered / SUMS).read_text(encoding="utf-8")
    (altered / SUMS).write_text(text + text.splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(ReleaseError, match=rf"{SUMS}:\d+: it lists '.zenodo.json' twice"):
        load_release(altered)


@pytest.mark.parametrize(
    "make",
    [
        lambda place: place.symlink_to("nowhere"),
        lambda place: place.symlink_to(place.parent / "csv"),
        lambda place: os.mkfifo(place),
    ],
    ids=["broken link", "linked folder", "fifo"],
)
def test_what_is_neither_file_nor_folder_is_refused(altered: Path, make: Callable[[Path], object]) -> None:
    make(altered / "more")
    with pytest.raises(ReleaseError, match="more: this is neither a file nor a folder"):
        verify_release(altered)


@pytest.mark.parametrize("path", ["", "none.tar.xz", "http:/example.org/x", "x\0y", "x" * 5000])
def test_what_is_not_there_is_no_release(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for read in (load_release, verify_release):
        with pytest.raises(ReleaseError, match="is no release: there is no such folder or file; expected the folder"):
            read(path)


@pytest.mark.parametrize("error", [ConnectionResetError(), URLError(ConnectionResetError())])
def test_a_server_that_fails_without_a_word_is_told(error: OSError, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(reading, "urlopen", fail)
    with pytest.raises(ReleaseError, match=r"'https://example\.org/x' cannot be read: ConnectionResetError"):
        load_release("https://example.org/x")
