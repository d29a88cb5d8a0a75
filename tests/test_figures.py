"""Do the figures draw what the tables say, and do their files work anywhere?"""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import altair as alt
import numpy as np
import pandas as pd
import pytest
from jsonschema import Draft7Validator
from pandas.testing import assert_frame_equal

import prunelit
from prunelit.analysis.claims.blalock2020 import TABLE1
from prunelit.analysis.compare.dominance import beaten
from prunelit.analysis.dataset import Dataset, dataset
from prunelit.analysis.frames.headline import headline, kept_in
from prunelit.figures import draw, write
from prunelit.figures.captions import Caption, caption, said
from prunelit.figures.gallery import synthesis_league
from prunelit.figures.histogram import counted, gap, spans
from prunelit.figures.page import figure_page
from prunelit.figures.registry import BEYOND, DRAWN_ON_REQUEST, FIGURES, unnamed

COLLECTION = "blalock2020"
SUFFIXES = ("svg", "png", "csv", "html")
DIGESTS: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "survey_figures.json").read_text())
"""SHA-256 of the files of the survey's figures; the graph's heights may differ by machine in their last digit."""
VEGA_LITE = Draft7Validator(alt.load_schema())
SpecOf = Callable[[str], dict[str, Any]]
each_figure = pytest.mark.parametrize("name", FIGURES)


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return dataset(collection=COLLECTION)


@pytest.fixture(scope="module")
def rows(drawn: Dataset) -> dict[str, pd.DataFrame]:
    everything = dataset(collection="all")
    return {name: figure.data(everything if name in BEYOND else drawn) for name, figure in FIGURES.items()}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, elsewhere: dict[str, str]) -> Path:
    """All figures, written in the order of the gallery by a process of its own, as on another machine."""
    folder = tmp_path_factory.mktemp("figures")
    code = (
        "import sys, pathlib; from prunelit.figures import write_figures; folder = pathlib.Path(sys.argv[1]); "
        "[write_figures(folder, of.split(',') if of else [], name) for name, of in zip(sys.argv[2::2], sys.argv[3::2])]"
    )
    drawn = [COLLECTION, "", COLLECTION, ",".join(sorted(DRAWN_ON_REQUEST - set(BEYOND))), "all", ",".join(BEYOND)]
    command = [sys.executable, "-W", "error", "-c", code, str(folder), *drawn]
    subprocess.run(command, check=True, cwd=folder, env=elsewhere)
    return folder


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same figures, written by this process in the other order, after others were drawn."""
    folder = tmp_path_factory.mktemp("again")
    write.write_figures(folder, BEYOND[::-1], "all")
    write.write_figures(folder, [name for name in reversed(FIGURES) if name not in BEYOND])
    return folder


@pytest.fixture(scope="module")
def spec_of(written: Path) -> SpecOf:
    """The specification in the page of a figure, not to be changed."""

    @cache
    def of(name: str) -> dict[str, Any]:
        text = (written / f"{name}.html").read_text(encoding="utf-8")
        spec: dict[str, Any] = json.loads(text.partition('vegaEmbed("#chart", ')[2].partition(", options);\n")[0])
        return spec

    return of


def values(spec: object, key: str = "") -> Iterator[tuple[str, object]]:
    """Every key and plain value of a specification but data, axes and headers, which speak of values of their own."""
    if isinstance(spec, dict):
        for inner, value in spec.items():
            if inner not in ("datasets", "axis", "header"):
                yield from values(value, inner)
    elif isinstance(spec, list):
        for value in spec:
            yield from values(value, key)
    else:
        yield key, spec


def fields(spec: dict[str, Any]) -> set[str]:
    """The columns that a specification speaks of: in encodings, tooltips, selections, and in expressions."""
    named = {str(value) for key, value in values(spec) if key in ("field", "fields", "groupby")}
    text = " ".join(str(value) for _, value in values(spec))
    return named | {dot or bracket for dot, bracket in re.findall(r"datum(?:\.(\w+)|\[['\"]([^'\"]+)['\"]\])", text)}


def marks(file: Path, kind: str) -> int:
    """How many marks of a kind an SVG file holds: rect, symbol, rule or text."""
    root = ElementTree.parse(file).getroot()
    groups = [one for one in root.iter() if {f"mark-{kind}", "role-mark"} <= set(one.get("class", "").split())]
    return sum(len(group) for group in groups)


class Page(HTMLParser):
    """What a page loads and contains."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for one, attributes in self.tags if one == tag]


@each_figure
def test_every_encoded_field_exists_and_something_is_drawn(
    name: str, rows: dict[str, pd.DataFrame], spec_of: SpecOf
) -> None:
    assert not rows[name].empty
    used = fields(spec_of(name))
    assert used, "no field found: the test looks in the wrong place"
    assert used <= set(rows[name].columns)


def test_misspelt_fields_are_found() -> None:
    spec = {
        "layer": [
            {"encoding": {"x": {"field": "a"}, "tooltip": [{"field": "b"}], "color": {"condition": {"field": "c"}}}}
        ],
        "transform": [{"filter": "isValid(datum.d) && (datum['e'] === 1)"}],
        "params": [{"select": {"fields": ["f"]}}],
    }
    assert fields(spec) == set("abcdef")


@each_figure
def test_charts_are_valid_vega_lite(name: str, spec_of: SpecOf) -> None:
    spec = spec_of(name)
    few = {data: values[:10] for data, values in spec["datasets"].items()}  # of any form, as the schema says
    VEGA_LITE.validate(spec | {"datasets": few})


@each_figure
def test_captions_have_all_parts(name: str) -> None:
    said = caption(FIGURES[name].__doc__ or "")
    assert all(len(part) > 20 for part in (said.title, said.reading, said.more, said.alt))
    assert not said.title.endswith(".")


def test_a_caption_without_text_in_its_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no 'Alt: …'"):
        caption("Title.\n\nReading.\n\nMore.")


@each_figure
def test_data_file_holds_exactly_what_is_drawn(name: str, spec_of: SpecOf, written: Path) -> None:
    with (written / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    (shown,) = spec_of(name)["datasets"].values()
    assert len(lines) == len(shown)
    for line, row in zip(lines, shown, strict=True):
        assert line.keys() == row.keys()
        assert all(same(cell, row[key]) for key, cell in line.items())


def same(cell: str, value: object) -> bool:
    """Whether a cell says a value; a text that a spreadsheet would run has an apostrophe before it."""
    if value is None or isinstance(value, str | bool):
        return cell.removeprefix("'") == ("" if value is None else str(value))
    return float(cell) == value


@each_figure
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_are_the_same_bytes_every_time(name: str, suffix: str, written: Path, again: Path) -> None:
    assert (again / f"{name}.{suffix}").read_bytes() == (written / f"{name}.{suffix}").read_bytes()


@each_figure
def test_pages_load_nothing(name: str, written: Path) -> None:
    text = (written / f"{name}.html").read_text(encoding="utf-8")
    page = Page(text)
    assert not page.of("link")
    assert not any("src" in attributes for tag, attributes in page.tags if tag != "img")
    assert not re.search(r"@import|url\(\s*['\"]?(https?:)?//", text)
    (chart,) = (one for one in page.of("div") if one.get("id") == "chart")
    assert chart["role"] == "img"
    assert chart["aria-label"] == caption(FIGURES[name].__doc__ or "").alt


def test_gallery_shows_every_figure_and_its_files(written: Path) -> None:
    shown = [name for name in FIGURES if name not in DRAWN_ON_REQUEST]
    page = Page((written / "index.html").read_text(encoding="utf-8"))
    targets = {str(one["href"]) for one in page.of("a")}
    files = {file for file in targets if not file.startswith("#")}
    assert files == {f"{name}.{suffix}" for name in shown for suffix in SUFFIXES}
    assert all((written / file).is_file() for file in files)
    assert [one["src"] for one in page.of("img")] == [f"{name}.svg" for name in shown]
    assert all(len(str(one["alt"])) > 20 for one in page.of("img"))
    assert not page.of("script")
    assert not page.of("link")


def test_only_figures_by_default_write_the_gallery(written: Path, again: Path) -> None:
    files = {f"{name}.{suffix}" for name in FIGURES for suffix in SUFFIXES}
    assert {file.name for file in again.iterdir()} == files
    assert {file.name for file in written.iterdir()} == files | {"index.html"}


@each_figure
def test_text_is_set_in_the_font_that_the_converter_ships(name: str, written: Path) -> None:
    text = (written / f"{name}.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'font-family="([^",]+)', text)) == {"Liberation Sans"}


def test_titles_cannot_break_out_of_a_page(drawn: Dataset) -> None:
    evil = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)> --> \u2028 &"
    data = FIGURES["figure2"].data(drawn).assign(title=evil)
    said = caption(f"{evil}.\n\n{evil}\n\n{evil}\n\nAlt: {evil}")
    text = figure_page("figure2", said, draw.specification(FIGURES["figure2"], data, said), "/* </script> */")
    page = Page(text)
    assert len(page.of("script")) == 2
    assert not page.of("img")
    assert page.of("div")[0]["aria-label"] == said.alt


@pytest.mark.parametrize("name", DIGESTS)
def test_figures_of_the_survey_have_the_bytes_that_they_had(name: str, written: Path) -> None:
    """Whatever else the corpus holds; where a correction moves a figure, its new digests go into the file."""
    kinds = DIGESTS[name]
    found = {kind: sha256((written / f"{name}.{kind}").read_bytes()).hexdigest() for kind in kinds}
    assert found == kinds


@pytest.mark.parametrize(
    ("numbers", "first", "last", "bars"),
    [
        (range(3), "0", "2", 3),
        ([1, 30], "1", "30", 30),
        ([*[1] * 99, 50], "1", "21+", 21),
        (range(32), "0–1", "30–31", 16),
    ],
)
def test_bars_stand_for_several_numbers_where_they_would_be_too_many(
    numbers: Iterable[int], first: str, last: str, bars: int
) -> None:
    names = list(spans(pd.Series(list(numbers))).values())
    assert (names[0], names[-1], len(names)) == (first, last, bars)


@pytest.mark.parametrize(("cells", "width"), [(60, 0.8), (61, 0.15), (230, 0.15), (231, 0)])
def test_lines_between_cells_hide_none(cells: int, width: float) -> None:
    assert gap(pd.DataFrame({"count": [1, cells]})) == width


@pytest.mark.parametrize(("cells", "line"), [(280, "white"), (281, None)])
def test_cells_of_a_table_of_many_papers_are_seen(cells: int, line: str | None) -> None:
    data = pd.DataFrame({"pair": "p", "count": cells, "review": "peer-reviewed", "low": [0], "high": [1]})
    assert FIGURES["table1"].chart(data).to_dict()["layer"][0]["mark"].get("stroke") == line


def test_cells_of_a_bar_of_several_numbers_are_counted_together() -> None:
    table = pd.DataFrame({"panel": "p", "number": range(32), "review": "peer-reviewed", "paper": map(str, range(32))})
    found = counted(table)
    assert found.groupby("bar").size().eq(2).all()
    assert found["count"].eq(2).all()


def test_pictures_of_all_collections_speak_of_them() -> None:
    everything = dataset(collection="all")
    data = FIGURES["table1"].data(everything)
    words = said(FIGURES["table1"], data, everything)
    assert f"at least {data['count'].min()} papers" in words.title
    assert data["pair"].nunique() <= 25


def test_graph_of_many_papers_shows_those_that_compare() -> None:
    everything = dataset(collection="all")
    papers = FIGURES["graph"].data(everything).query("kind == 'paper'")
    ends = everything.comparisons().query("kind == 'comparison'")[["paper_id", "compared_id"]].to_numpy().ravel()
    assert set(papers["paper_id"]) == set(ends)
    assert papers["name"].notna().sum() <= 30


def test_cells_count_papers(drawn: Dataset, rows: dict[str, pd.DataFrame], written: Path) -> None:
    of_table1 = rows["table1"].groupby(["dataset", "architecture"]).size().to_dict()
    assert of_table1 == TABLE1
    assert marks(written / "table1.svg", "rect") == sum(TABLE1.values())
    assert marks(written / "figure2.svg", "rect") == 2 * len(drawn.papers())
    assert marks(written / "figure4.svg", "rect") == len(rows["figure4"])
    assert marks(written / "beats.svg", "rect") == 2 * len(beaten(drawn.tradeoffs()))


def test_counts_above_bars_add_up_to_the_papers(drawn: Dataset, rows: dict[str, pd.DataFrame]) -> None:
    for direction, sign in (("compares_to", "paper_id"), ("compared_to_by", "compared_id")):
        shown = rows["figure2"].query(f"panel == '{direction}'")
        bars = shown[shown["high"] == shown["count"]]
        assert bars["count"].sum() == len(drawn.papers())
        assert (bars["number"] * bars["count"]).sum() == len(drawn.comparisons().dropna(subset=[sign]))


SIZES, QUALITIES = ("normalized_params", "normalized_multiply_adds"), ("normalized_top1", "normalized_top5")


def test_figure1_draws_the_points_that_have_both_numbers(rows: dict[str, pd.DataFrame], written: Path) -> None:
    data = rows["figure1"]
    points = sum(int(data[[x, y]].notna().all(axis=1).sum()) for x in SIZES for y in QUALITIES)
    assert marks(written / "figure1.svg", "symbol") == points
    assert set(data.loc[data["kind"] == "pruned", "family"]) == {"VGG", "ResNet", "MobileNet-v2"}


def test_figure3_draws_each_method_with_its_deviations(rows: dict[str, pd.DataFrame], written: Path) -> None:
    data = rows["figure3"]
    assert marks(written / "figure3.svg", "symbol") == len(data)
    assert marks(written / "figure3.svg", "rule") == int(data["deviation"].notna().sum())
    panels = data[["dataset", "architecture", "quality", "efficiency"]].drop_duplicates()
    assert len(panels) == 14
    assert marks(written / "figure3.svg", "text") == 0
    assert data["method_label"].nunique() == 42


def test_figure5_draws_means_of_runs(drawn: Dataset, rows: dict[str, pd.DataFrame], written: Path) -> None:
    data = rows["figure5"]
    table = kept_in(drawn.normalized("unpruned"), "figure5")
    sweep = table[(table["paper_id"] == "gale2019state") & (table["method"] == "Magnitude") & table["sweep"]]
    for row in data[data["method_label"] == "Gale 2019, Magnitude"].itertuples():
        of_size = sweep["normalized_params"] == row.normalized_params
        runs = sweep.loc[of_size & (sweep["normalized_top1"] > 65), "normalized_top1"].to_numpy()
        assert row.runs == len(runs)
        assert row.normalized_top1 == pytest.approx(np.mean(runs))
        assert row.deviation == pytest.approx(np.std(runs, ddof=1))
    assert marks(written / "figure5.svg", "symbol") == len(data)
    assert marks(written / "figure5.svg", "rule") == int(data["deviation"].notna().sum())


def test_figure4_counts_the_rows_of_curves(drawn: Dataset, rows: dict[str, pd.DataFrame]) -> None:
    results = headline(kept_in(drawn.results(), "figure4"))
    vgg = results[(results["dataset"] == "ImageNet") & (results["architecture"] == "VGG-16")]
    shown = rows["figure4"].query("panel == 'points' and architecture == 'VGG-16'").set_index("paper_id")["number"]
    assert shown.to_dict() == vgg["paper_id"].value_counts().to_dict()


def test_graph_draws_every_paper_and_comparison(drawn: Dataset, rows: dict[str, pd.DataFrame], written: Path) -> None:
    assert marks(written / "graph.svg", "symbol") == len(drawn.papers())
    assert marks(written / "graph.svg", "rule") == len(drawn.comparisons())
    assert (rows["graph"]["kind"] == "comparison").sum() == len(drawn.comparisons())


def test_no_circle_of_the_graph_covers_another(rows: dict[str, pd.DataFrame]) -> None:
    papers = rows["graph"].query("kind == 'paper'")
    unit = 1000 / (int(papers["x"].max()) + 1 - int(papers["x"].min()))
    x, y, radius = papers["x"].to_numpy() * unit, papers["y"].to_numpy(), np.sqrt(papers["area"].to_numpy() / np.pi)
    distance = np.hypot(x[:, None] - x, y[:, None] - y) + np.diag(np.full(len(x), np.inf))
    assert (distance > radius[:, None] + radius).all()


def test_a_league_of_many_methods_shows_the_best(
    monkeypatch: pytest.MonkeyPatch, rows: dict[str, pd.DataFrame]
) -> None:
    whole, words = rows["synthesis_league"], Caption("Methods on one network", "", "All.", "")
    monkeypatch.setattr(synthesis_league, "MOST", 5)
    best = synthesis_league.data(dataset(collection="all"))
    names = whole.drop_duplicates("method")["method"].tolist()
    assert best["method"].unique().tolist() == [name for name in names[:5] if name in set(best["method"])]
    assert set(best["other"]) <= set(names[:5])
    assert (
        synthesis_league.worded(words, best).more
        == "All. No more are shown than the 5 methods with the highest P-scores."
    )
    monkeypatch.setattr(synthesis_league, "MOST", len(names) + 1)
    assert synthesis_league.worded(words, whole).more == "All."


def test_picture_of_the_readme_is_the_figure(written: Path) -> None:
    picture = Path(__file__).parents[1] / "figures" / "overview.svg"
    how = "stale; run: make figures && cp build/figures/figure1.svg figures/overview.svg"
    assert picture.read_bytes() == (written / "figure1.svg").read_bytes(), how


def test_figures_as_published_differ_from_the_corrected_ones(rows: dict[str, pd.DataFrame]) -> None:
    published = FIGURES["figure2"].data(dataset(collection=COLLECTION, corrected=False))
    assert not published.equals(rows["figure2"])


def test_every_number_says_where_it_stands(rows: dict[str, pd.DataFrame]) -> None:
    for name in ("figure1", "figure3", "figure5"):
        assert rows[name]["source"].notna().all()


def test_unknown_figure_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no figure 'figur1'; did you mean 'figure1'\?"):
        write.write_figures(tmp_path / "out", ["figur1"])
    assert not (tmp_path / "out").exists()


def test_nothing_is_written_for_an_invalid_corpus(tmp_path: Path, papers: Path) -> None:
    (papers / "han2015learning.yaml").write_text("title: [")
    with pytest.raises(prunelit.CorpusError):
        write.write_figures(tmp_path / "out", corpus=papers.parent)
    assert not (tmp_path / "out").exists()


def test_old_files_stay_if_drawing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "figure2.svg"
    old.write_text("old")
    monkeypatch.setattr(draw, "specification", lambda *arguments: '{"mark": "no such mark"}')
    with pytest.raises(RuntimeError, match="cannot convert a figure"):
        write.write_figures(tmp_path, ["figure2"])
    assert list(tmp_path.iterdir()) == [old]
    assert old.read_text() == "old"


def test_scratch_shows_its_collection_whichever_is_asked_for(rows: dict[str, pd.DataFrame]) -> None:
    assert_frame_equal(FIGURES["scratch"].data(dataset(collection="scratch")), rows["scratch"])


@pytest.mark.parametrize(("collection", "drawn_with_it"), [("scratch", True), ("blalock2020", False)])
def test_scratch_is_drawn_unnamed_with_its_collection(collection: str, drawn_with_it: bool) -> None:
    assert unnamed("scratch", collection) is drawn_with_it


def test_scratch_draws_every_network_twice_and_every_pool(rows: dict[str, pd.DataFrame], written: Path) -> None:
    found = rows["scratch"]["kind"].value_counts().to_dict()
    assert found == {
        "network": len(prunelit.scratch_vs_finetuning()),
        "pooled": len(prunelit.scratch_vs_finetuning_pooled()),
    }
    assert marks(written / "scratch.svg", "symbol") == len(rows["scratch"])


@pytest.mark.parametrize("collection", ["blalock2020-notes", "contributed"])
def test_small_collections_draw_what_they_have(collection: str, tmp_path: Path) -> None:
    told: list[str] = []
    files = write.write_figures(tmp_path, ["figure1", "figure3", "figure4", "graph"], collection, told.append)
    skipped = {line.split()[0] for line in told if "nothing to draw" in line}
    assert {file.stem for file in files} | skipped == {"figure1", "figure3", "figure4", "graph"}


def test_importing_the_package_does_not_import_altair() -> None:
    code = "import prunelit, sys; sys.exit('altair' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ)
