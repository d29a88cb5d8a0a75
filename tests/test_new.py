"""The command ``new``: a record that only lacks results."""

from __future__ import annotations

import io
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from prunelit.cli.entry import arxiv, crossref, network
from prunelit.cli.entry.bibliography import Bibliography, SourceError
from prunelit.cli.entry.bibtex import from_bibtex
from prunelit.cli.entry.draft import draft
from prunelit.cli.entry.ids import next_id
from prunelit.cli.entry.names import venue_of
from prunelit.schema.canonical import canonical
from prunelit.schema.corpus import Corpus
from prunelit.schema.reading import MAX_BYTES, parse
from prunelit.schema.record import Paper
from prunelit.schema.validation import read_bytes

Run = Callable[..., Any]

ENTRY = r"""
@inproceedings{lebedev,
  title     = {Fast {C}onv{N}ets},
  author    = {Lebedev, Vadim and others},
  booktitle = {Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition},
  year      = 2021,
  month     = jun,
  doi       = {https://doi.org/10.1109/CVPR.2021.280},
  abstract  = {We prune.},
}
"""

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <title type="html">ArXiv Query: search_query=&amp;id_list=2101.00001</title>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">1</opensearch:totalResults>
  <entry>
    <id>http://arxiv.org/abs/2101.00001v2</id>
    <updated>2021-03-05T10:00:00Z</updated>
    <published>2021-01-04T18:59:59Z</published>
    <title>Sparse $\\ell_0$ Networks:
  95% Fewer Weights</title>
    <summary>We prune.</summary>
    <author><name>J\u00f6rg van den Berg</name></author>
    <author><name>Song Han</name></author>
    <arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/xyz</arxiv:doi>
    <arxiv:journal_ref xmlns:arxiv="http://arxiv.org/schemas/atom">ICML 2021</arxiv:journal_ref>
    <link href="http://arxiv.org/abs/2101.00001v2" rel="alternate" type="text/html"/>
  </entry>
</feed>"""

NO_SUCH_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><entry>
  <id>http://arxiv.org/api/errors#incorrect_id_format_for_2101.00001</id><title>Error</title>
</entry></feed>"""

WORK = {
    "status": "ok",
    "message-type": "work",
    "message": {
        "DOI": "10.1109/cvpr.2021.280",
        "type": "proceedings-article",
        "title": ["Fast <i>ConvNets</i> &amp; More\n"],
        "author": [
            {"given": "Vadim", "family": "Lebedev", "sequence": "first", "affiliation": []},
            {"name": "Google Brain", "sequence": "additional"},
        ],
        "issued": {"date-parts": [[2021, 6]]},
        "container-title": ["2021 IEEE Conference on Computer Vision and Pattern Recognition (CVPR)"],
    },
}


class Server:
    """A local interface: what it answers, and the paths that it was asked for."""

    def __init__(self) -> None:
        self.status, self.body, self.asked = 200, b"", list[str]()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A local server that both interfaces are sent to."""
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.path)
            self.send_response(state.status)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            self.wfile.write(state.body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        monkeypatch.setenv(arxiv.ARXIV_VARIABLE, f"http://127.0.0.1:{listening.server_port}/api/query")
        monkeypatch.setenv(crossref.CROSSREF_VARIABLE, f"http://127.0.0.1:{listening.server_port}/works")
        monkeypatch.setenv("no_proxy", "*")
        yield state
        listening.shutdown()
        thread.join()


@pytest.fixture
def entry(papers: Path) -> Path:
    file = papers.parent.parent / "paper.bib"
    file.write_text(ENTRY, encoding="utf-8")
    return file


def bibtex(**fields: str) -> str:
    usual = {"title": "{Pruning}", "author": "{Doe, Jane}", "year": "2020"}
    return f"@misc{{key, {', '.join(f'{name} = {one}' for name, one in (usual | fields).items() if one)}}}"


def test_ids_are_those_of_the_corpus(whole: Corpus) -> None:
    for paper in whole.papers:
        if paper.authors:
            year = paper.citation.year if paper.citation else paper.published.year
            assert next_id(Bibliography("", paper.title, paper.authors, year), ()) == paper.id


@pytest.mark.parametrize(
    ("family", "title", "identifier"),
    [
        ("Łukasz-Straße", "The Éclair", "lukasz2020eclair"),
        ("van den Berg", "A 3D Net", "vandenberg20203d"),
        ("O'Brien", "“Quoted”", "obrien2020quoted"),
        ("Smith Jr.", "Traits", "smith2020traits"),
        ("朱", "剪枝", "author2020untitled"),
    ],
)
def test_ids_are_lower_case_ascii(family: str, title: str, identifier: str) -> None:
    assert next_id(Bibliography("", title, (f"{family}, X",), 2020), ()) == identifier


def test_a_letter_makes_an_id_unique() -> None:
    paper = Bibliography("", "Pruning", ("Doe, Jane",), 2020)
    assert next_id(paper, {"doe2020pruning", "doe2020pruningb"}) == "doe2020pruningc"


@pytest.mark.parametrize(
    ("container", "venue"),
    [
        ("Advances in neural information processing systems 28", "NIPS"),
        ("NeurIPS", "NIPS"),
        ("International Conference on Learning Representations", "ICLR"),
        ("Proceedings of the IEEE/CVF Conference on Computer Vision and Pattern Recognition", "CVPR"),
        ("IEEE Conference on Computer Vision and Pattern Recognition Workshops", "CVPR Workshops"),
        ("ICML 2019 Workshop on Something", None),
        ("arXiv preprint arXiv:2101.00001", "arXiv"),
        ("Journal of Unheard Results", None),
    ],
)
def test_venues(whole: Corpus, container: str, venue: str | None) -> None:
    assert venue_of(container, whole) == venue


def test_a_draft_is_a_canonical_record() -> None:
    text = draft(from_bibtex(ENTRY), "lebedev2021fast", "CVPR")
    assert read_bytes(text.encode(), Paper, "lebedev2021fast.yaml")[1] == []
    assert canonical(text, "lebedev2021fast.yaml", Paper) == text


def test_the_example_in_a_draft_is_valid() -> None:
    text = draft(from_bibtex(ENTRY), "lebedev2021fast", None)
    with_examples = re.sub(r"^# (?=(  )*(- )?[a-z0-9_]+:|  - [A-Z])", "", text.partition("published:")[2], flags=re.M)
    record = parse(f"published:{with_examples}", "x")[0] | {
        "id": "a2b",
        "schema_version": 2,
        "title": "t",
        "authors": ["a"],
    }
    filled = Paper.model_validate(record)
    assert [len(filled.experiments or ()), filled.venue, filled.contributors] == [2, "ICLR", ("Ada Lovelace",)]


def test_a_record_from_bibtex(run: Run, papers: Path, entry: Path) -> None:
    status, out, err = run("new", "--bibtex", entry)
    assert (status, out) == (0, "corpus/papers/lebedev2021fast.yaml\n")
    assert "prunelit check corpus/papers/lebedev2021fast.yaml" in err
    assert run("check", out.strip()).status == 0
    assert run("fmt", "--check").status == 0


def test_a_record_says_what_is_doubtful_and_what_was_not_read(run: Run, papers: Path, entry: Path) -> None:
    _, out, err = run("new", "--bibtex", entry)
    text = Path(out.strip()).read_text(encoding="utf-8")
    assert "# Look here: the source names no more authors than these: replace 'others' by their names\nauthors:" in text
    assert text.endswith("# A record has no place for these fields of the BibTeX entry: abstract.\n")
    assert "say 'Look here': 1." in err
    assert "no place for it: abstract." in err


def test_a_record_holds_the_entry_itself(run: Run, papers: Path, entry: Path) -> None:
    record = parse(Path(run("new", "--bibtex", entry).out.strip()).read_text(encoding="utf-8"), "x")[0]
    container = "Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition"
    assert record["citation"] == {"type": "inproceedings", "year": 2021, "container": container}


RIS = "TY  - JOUR\nAU  - Doe, Jane\nTI  - Pruning\nPY  - 2021\nT2  - Neurocomputing\n"
CSL = '[{"type": "article-journal", "title": "Pruning", "author": [{"family": "Doe"}], "issued": {"raw": "2021"}}]'


@pytest.mark.parametrize(("option", "text"), [("--ris", RIS), ("--csl", CSL)])
def test_records_from_other_formats(run: Run, papers: Path, option: str, text: str) -> None:
    Path("paper").write_text(text)
    assert run("new", option, "paper").out == "corpus/papers/doe2021pruning.yaml\n"
    assert run("check", "corpus/papers/doe2021pruning.yaml").status == 0


def test_an_event_names_the_venue_where_the_container_does_not(run: Run, papers: Path) -> None:
    Path("paper.bib").write_text(bibtex(booktitle="{Proceedings}", series="{ICML '20}"))
    record = parse(Path(run("new", "--bibtex", "paper.bib").out.strip()).read_text(), "x")[0]
    assert record["venue"] == "ICML"


def test_a_whole_library_is_refused(run: Run, papers: Path) -> None:
    Path("all.bib").write_text(bibtex() + " " * MAX_BYTES)
    status, _, err = run("new", "--bibtex", "all.bib")
    assert (status, "save the entry of the one paper alone" in err) == (1, True)


def test_bibtex_from_standard_input(run: Run, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + ENTRY.encode())))
    assert run("new", "--bibtex", "-").out == "corpus/papers/lebedev2021fast.yaml\n"


def test_a_folder_of_ones_own(run: Run, papers: Path, entry: Path) -> None:
    assert run("new", "--bibtex", entry, "--output", "drafts").out == "drafts/lebedev2021fast.yaml\n"


def test_a_record_that_is_there_is_never_overwritten(run: Run, papers: Path, entry: Path) -> None:
    (papers / "lebedev2021fast.yaml").write_text("mine")
    assert run("new", "--bibtex", entry).out == "corpus/papers/lebedev2021fastb.yaml\n"
    assert (papers / "lebedev2021fast.yaml").read_text() == "mine"


@pytest.mark.parametrize(
    ("fields", "same"),
    [
        (
            {"title": "{Learning both {W}eights and Connections, for efficient neural network}"},
            "han2015learning has the title",
        ),
        ({"eprint": "{1608.08710v9}"}, "li2016pruning has the arXiv identifier 1608.08710"),
    ],
)
def test_a_paper_that_is_there_is_refused(run: Run, papers: Path, fields: dict[str, str], same: str) -> None:
    Path("paper.bib").write_text(bibtex(**fields))
    status, out, err = run("new", "--bibtex", "paper.bib")
    assert (status, out, same in err, len(list(papers.iterdir()))) == (1, "", True, 2)


def test_a_doi_that_is_there_is_refused(run: Run, papers: Path, entry: Path, server: Server) -> None:
    run("new", "--bibtex", entry)
    status, _, err = run("new", "--doi", "10.1109/cvpr.2021.280")
    assert (status, "lebedev2021fast has the DOI 10.1109/CVPR.2021.280" in err, server.asked) == (1, True, [])


def test_what_makes_no_valid_record_is_told(run: Run, papers: Path) -> None:
    Path("paper.bib").write_text(bibtex(title="{%s}" % ("long " * 500), doi="{10.1/x}"))
    status, _, err = run("new", "--bibtex", "paper.bib")
    assert (status, "expected at most 2000 characters" in err, "makes no valid record" in err) == (1, True, True)
    assert len(list(papers.iterdir())) == 2


def test_a_record_from_arxiv(run: Run, papers: Path, server: Server) -> None:
    server.body = FEED.encode()
    status, out, _ = run("new", "--arxiv", "arXiv:2101.00001v2")
    assert (status, out, server.asked) == (
        0,
        "corpus/papers/vandenberg2021sparse.yaml\n",
        ["/api/query?id_list=2101.00001"],
    )
    text = Path(out.strip()).read_text(encoding="utf-8")
    record = parse(text, "x")[0]
    assert record["title"] == "Sparse ℓ₀ Networks: 95% Fewer Weights"
    assert record["authors"] == ["van den Berg, Jörg", "Han, Song"]
    assert record["published"] == {"year": 2021, "month": 1}
    assert record["venue"] == "arXiv"
    assert record["identifiers"] == {"arxiv": "2101.00001", "doi": "10.1000/xyz"}
    assert "# arXiv says that it appeared later: ICML 2021" in text
    assert run("check", out.strip()).status == 0


def test_a_title_from_arxiv_with_a_link_in_it(run: Run, papers: Path, server: Server) -> None:
    server.body = FEED.replace("Networks:", r"\href{https://example.com}{Networks}:").encode()
    text = Path(run("new", "--arxiv", "https://arxiv.org/html/2101.00001v2").out.strip()).read_text(encoding="utf-8")
    assert 'title: "Sparse ℓ₀ Networks: 95% Fewer Weights"' in text
    assert "# Look here: left out: the link to https://example.com" in text


def test_a_record_from_crossref(run: Run, papers: Path, server: Server) -> None:
    server.body = json.dumps(WORK).encode()
    status, out, _ = run("new", "--doi", "https://doi.org/10.1109/CVPR.2021.280")
    assert (status, out, server.asked) == (
        0,
        "corpus/papers/lebedev2021fast.yaml\n",
        ["/works/10.1109%2FCVPR.2021.280"],
    )
    record = parse(Path(out.strip()).read_text(encoding="utf-8"), "x")[0]
    assert record["title"] == "Fast ConvNets & More"
    assert record["authors"] == ["Lebedev, Vadim", "Google Brain"]
    assert (record["published"], record["venue"]) == ({"year": 2021, "month": 6}, "CVPR")


def test_the_doi_of_arxiv_is_asked_of_arxiv(run: Run, papers: Path, server: Server) -> None:
    server.body = FEED.encode()
    assert run("new", "--doi", "10.48550/arXiv.2101.00001").status == 0
    assert server.asked == ["/api/query?id_list=2101.00001"]


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><feed xmlns="http://www.w3.org/2005/Atom">&b;</feed>'


@pytest.mark.parametrize(
    ("option", "status", "body", "told"),
    [
        ("--arxiv", 200, NO_SUCH_FEED, "arXiv does not know '2101.00001'"),
        ("--arxiv", 200, '<feed xmlns="http://www.w3.org/2005/Atom"/>', "arXiv does not know '2101.00001'"),
        ("--arxiv", 400, "", "arXiv does not know '2101.00001'"),
        ("--arxiv", 200, FEED.replace("2021-01-04", "soon"), "has no date"),
        ("--arxiv", 200, "<feed>", "cannot be read as XML"),
        ("--arxiv", 200, ENTITIES, "is no feed"),
        ("--arxiv", 503, "", "status 503 Service Unavailable; try again later"),
        ("--arxiv", 200, "x" * (network.MAX_BYTES + 1), "more than 2,000,000 bytes"),
        ("--doi", 404, "Resource not found.", "Crossref does not know '10.1/x'"),
        ("--doi", 200, "<html>", "not in its format"),
        ("--doi", 200, '{"message": {"DOI": "10.1/x", "author": "me"}}', "'author' is no list of names"),
        ("--doi", 200, '{"message": {"DOI": "10.1/x", "title": []}}', "no title and no author and no year"),
        (
            "--doi",
            200,
            '{"message": {"DOI": "10.1/x", "issued": {"date-parts": [[2020]]}}}',
            "no title and no author Use --bibtex FILE",
        ),
        ("--doi", 429, "", "status 429 Too Many Requests; try again later"),
    ],
)
def test_answers_that_do_not_do_are_explained(
    run: Run, papers: Path, server: Server, option: str, status: int, body: str, told: str
) -> None:
    server.status, server.body = status, body.encode()
    ended = run("new", option, "2101.00001" if option == "--arxiv" else "10.1/x")
    assert (ended.status, ended.out, told in ended.err) == (1, "", True)


def test_without_a_network_there_is_a_way(run: Run, papers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv(arxiv.ARXIV_VARIABLE, "http://127.0.0.1:9/api")
    status, _, err = run("new", "--arxiv", "2101.00001")
    assert (status, "cannot reach 127.0.0.1:9" in err, "use --bibtex FILE" in err) == (1, True, True)


def test_only_web_addresses_are_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="is no address"):
        network.answer("file:///etc/passwd")


@pytest.mark.parametrize(
    "arguments",
    [[], ["--arxiv", "2101.00001", "--doi", "10.1/x"], ["--arxiv", "nonsense"], ["--doi", "nonsense"]],
)
def test_bad_usage(run: Run, papers: Path, arguments: list[str]) -> None:
    assert run("new", *arguments).status == 2


def test_a_file_that_is_not_there(run: Run, papers: Path) -> None:
    status, _, err = run("new", "--bibtex", "nowhere.bib")
    assert (status, "nowhere.bib:1:1: unreadable" in err) == (1, True)


def test_outside_of_a_corpus_the_folder_must_be_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("paper.bib").write_text(ENTRY)
    assert run("new", "--bibtex", "paper.bib").status == 2
    assert run("new", "--bibtex", "paper.bib", "--output", ".").out == "lebedev2021fast.yaml\n"
