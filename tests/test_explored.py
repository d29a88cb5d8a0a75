"""Do tables that readers explore hold what the frames hold, as text that nothing obeys?"""

from __future__ import annotations

import json
from base64 import b64decode
from gzip import decompress

import pandas as pd
import pytest

from prunelit.analysis.frames.columns import COUNT, FLAG, NUMBER, TEXT, Column
from prunelit.explorer.addresses import Address
from prunelit.explorer.downloads import Download
from prunelit.explorer.explored import ShownColumn, as_script, column_label, explored

COLUMNS = tuple(
    Column(name, dtype, unit, "") for name, dtype, unit in [
        ("paper_id", TEXT, ""), ("change", NUMBER, "pp"), ("seeds", COUNT, "count"), ("sweep", FLAG, ""),
        ("year", COUNT, ""), ("note", TEXT, ""), ("source_url", TEXT, ""),
    ]
)  # fmt: skip
SHOWN = [ShownColumn(one, facet=one.name in ("paper_id", "year")) for one in COLUMNS]
PAGE = Address("configurations/mnist/lenet.html")


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "paper_id": pd.array(["b2020", "a2019", "b2020"], "string"),
            "change": [-0.125, None, 1.0],
            "seeds": pd.array([3, None, None], "Int64"),
            "sweep": pd.array([True, False, None], "boolean"),
            "year": pd.array([2020, 2019, 2020], "Int64"),
            "note": pd.array([None, None, None], "string"),
            "source_url": pd.array(["https://example.org/a", None, "javascript:alert(1)"], "string"),
        }
    )


def script(frame: pd.DataFrame, links: dict[str, dict[str, Address]] | None = None) -> dict[str, dict[str, object]]:
    """The columns of the script, by name, as a browser reads them."""
    text = as_script("points", frame, SHOWN, links or {}, PAGE)
    head, _, data = text.partition(" = ")
    assert head == '((window.prunelit ??= {}).tables ??= {})["points"]'
    packed = b64decode(json.loads(data.removesuffix(";\n")))
    return {one["name"]: one for one in json.loads(decompress(packed))["columns"]}


def test_text_is_written_once_a_word(frame: pd.DataFrame) -> None:
    held = script(frame)["paper_id"]
    assert (held["words"], held["codes"]) == (["a2019", "b2020"], [1, 0, 1])


def test_unknown_numbers_are_null(frame: pd.DataFrame) -> None:
    assert script(frame)["change"]["values"] == [-0.125, None, 1.0]


def test_a_column_unknown_in_most_rows_tells_the_places_of_the_others(frame: pd.DataFrame) -> None:
    held = script(frame)["seeds"]
    assert (held["at"], held["values"]) == ([0], [3])


def test_a_column_without_any_value_is_left_out(frame: pd.DataFrame) -> None:
    assert "note" not in script(frame)


def test_flags_are_words_as_csv_has_them(frame: pd.DataFrame) -> None:
    held = script(frame)["sweep"]
    assert (held["words"], held["codes"]) == (["False", "True"], [1, 0, -1])


def test_years_to_choose_among_are_words(frame: pd.DataFrame) -> None:
    assert script(frame)["year"]["words"] == ["2019", "2020"]


def test_words_lead_to_pages_as_the_page_that_loads_them_says(frame: pd.DataFrame) -> None:
    held = script(frame, {"paper_id": {"b2020": Address("papers/b2020.html")}})["paper_id"]
    assert held["links"] == ["", "../../papers/b2020.html"]


def test_a_script_cannot_be_ended_by_what_a_record_says(frame: pd.DataFrame) -> None:
    text = as_script("points", frame.assign(paper_id="</script>\u2028"), SHOWN, {}, PAGE)
    assert "</script" not in text
    assert "\u2028" not in text


def test_cells_show_rounded_numbers_and_hold_exact_ones(frame: pd.DataFrame) -> None:
    table = explored("results", frame, SHOWN, ["r0", "r1", "r2"], "Results", "results")
    shown = {id: dict(zip([one.name for one in table.columns], cells, strict=True)) for id, cells in table.rows()}
    cell = shown["r0"]["change"]
    assert (cell.text, cell.value) == ("-0.12", "-0.125")
    assert (shown["r1"]["change"].text, shown["r1"]["change"].value) == ("", None)


def test_columns_that_nothing_is_said_in_are_in_the_file_alone(frame: pd.DataFrame) -> None:
    table = explored("results", frame, SHOWN, ["r0", "r1", "r2"], "Results", "results")
    head = str(table.download.files()[table.download.csv]).partition("\n")[0]
    assert head.split(",") == [one.name for one in COLUMNS]
    assert {one.name for one in COLUMNS} - {one.name for one in table.columns} == {"note"}


@pytest.mark.parametrize(
    ("name", "heading"), [("compression_ratio", "Compression ratio"), ("paper_id", "Paper"), ("top1", "Top-1")]
)
def test_headings_are_words(name: str, heading: str) -> None:
    assert column_label(name) == heading


def test_cells_hold_what_is_meant_and_not_what_reckoning_leaves() -> None:
    table = pd.DataFrame({"change": [75.7 - 76.15, 75.0], "source_url": ["https://a.example", "https://b.example"]})
    links = {"source_url": ["https://a.example", "https://elsewhere.example"]}
    found = explored("results", table, SHOWN, ["r0", "r1"], "Results", "results", links)
    (first, _, source), (second, _, other) = ((cells[0], *cells) for _, cells in found.rows())
    assert (first.text, first.value) == ("-0.45", None)
    assert (second.text, second.value) == ("75.00", "75")
    assert (source.value, other.value) == (None, "https://b.example")


def test_long_tables_are_packed_and_hold_the_same() -> None:
    table = pd.DataFrame({"paper_id": ["a2019", "b2020"], "change": [-0.5, 1.0]})
    plain, packed = (Download("x/y", "Rows", table, COLUMNS, packed_from) for packed_from in (3, 2))
    assert (plain.csv, packed.csv) == ("x/y.csv", "x/y.csv.gz")
    assert decompress(packed.files()[packed.csv]).decode() == plain.files()[plain.csv]  # type: ignore[arg-type]
    assert json.loads(packed.files()[packed.metadata])["url"] == "y.csv.gz"


def test_tables_with_the_same_columns_share_what_is_said_of_them() -> None:
    one, other = (Download(stem, stem, pd.DataFrame({"change": [1.0]}), COLUMNS) for stem in ("a/one", "b/c/other"))
    told = [json.loads(file.files()[file.metadata])["tableSchema"] for file in (one, other)]
    assert told[1] == f"../{told[0]}"
    shared = Address(told[0].removeprefix("../"))
    assert one.files()[shared] == other.files()[shared]
    assert json.loads(one.files()[shared])["columns"] == [
        {"name": "change", "dc:description": "", "datatype": "number", "schema:unitText": "pp"}
    ]
