"""Tables of every form become experiments, and what is not read is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from string import ascii_letters
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from prunelit.cli.entry.cells import CellReading, read_cell
from prunelit.cli.entry.drafting import drafted
from prunelit.cli.entry.faults import CellFault, told_once
from prunelit.cli.entry.joining import join
from prunelit.cli.entry.mapping import Mapping
from prunelit.cli.entry.quantity_units import unit_in
from prunelit.cli.entry.table_import import draft_of, entered
from prunelit.cli.tables.reading import TableForm, tables_in
from prunelit.cli.tables.sheet import sheet_of
from prunelit.schema.canonical import parsed_tree
from prunelit.schema.corpus import Corpus
from prunelit.schema.reading import UnreadableError
from prunelit.schema.rules import Names
from prunelit.schema.tree import tree_of
from prunelit.schema.validation import Document, read_bytes

Enter = Callable[..., tuple[list[dict[str, Any]], str]]


@pytest.fixture(scope="module")
def names(whole: Corpus) -> Names:
    return Names(whole)


@pytest.fixture(scope="module")
def enter(names: Names) -> Enter:
    """The experiments in a table, and everything that is told of it."""

    def enter(table: str | bytes, form: TableForm = "csv", mapping: str = "") -> tuple[list[dict[str, Any]], str]:
        data = table.encode() if isinstance(table, str) else table
        document: Document[Mapping] = Document("", "", Mapping())
        if mapping:
            found, problems = read_bytes(mapping.encode(), Mapping, "m.yaml")
            assert found, problems
            document = found
        experiments, notes = entered(data, form, "t", document, "doe2026x", "contributed", names)
        return experiments, "\n".join(map(str, notes))

    return enter


@pytest.fixture(scope="module")
def refused(enter: Enter) -> Callable[..., list[str]]:
    """What is told of a table that does not enter."""

    def refuse(*arguments: Any, **named: Any) -> list[str]:
        with pytest.raises(UnreadableError) as error:
            enter(*arguments, **named)
        return [str(one) for one in error.value.problems if one.rule != "note"]

    return refuse


OURS = "constants: {dataset: ImageNet, architecture: ResNet-50, origin: own}\n"


def cells(table: str | bytes, form: TableForm) -> list[tuple[str, ...]]:
    data = table.encode() if isinstance(table, str) else table
    return [row.cells for row in tables_in(data, form, "t")[0].rows]


def points(experiments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [point for one in experiments for curve in one.get("curves", ()) for point in curve["points"]]


@pytest.mark.parametrize(
    ("column", "cell", "how", "values"),
    [
        ("top1", "**82.54** (+0.70)†", CellReading(bracket="top1_change"), {"top1": "82.54", "top1_change": "0.70"}),
        ("top1", "76,10", CellReading(decimal=","), {"top1": "76.10"}),
        ("top1", "76.1^{1}", CellReading(), {"top1": "76.1"}),
        ("params", "61.706", CellReading(decimal=","), {"params": "61706"}),
        ("params", "25.557.032", CellReading(decimal=","), {"params": "25557032"}),
        ("params", "25,557,032", CellReading(), {"params": "25557032"}),
        ("params", "25 557 032", CellReading(), {"params": "25557032"}),
        ("params", "25.6", CellReading(unit="M"), {"params": "25.6M"}),
        ("params", "1,234.5", CellReading(unit="K"), {"params": "1234.5K"}),
        ("params", "2.56e7", CellReading(), {"params": "25.6M"}),
        ("params", "2.5 × 10^{6}", CellReading(), {"params": "2.5M"}),
        ("params", "138 million", CellReading(), {"params": "138M"}),
        ("params", "7B", CellReading(), {"params": "7B"}),
        ("params", "300", CellReading(unit="one", sure=True), {"params": "300"}),
        ("flops", "10.0 G", CellReading(), {"flops": "10.0G"}),
        ("flops", "4.10 GFLOPs", CellReading(), {"flops": "4.10G"}),
        ("flops", "1.5B", CellReading(), {"flops": "1.5G"}),
        ("flops_removed", "50.0% ↓", CellReading(), {"flops_removed": "0.500"}),
        ("params_removed", "90", CellReading(unit="percent"), {"params_removed": "0.90"}),
        ("speedup", "2.0×", CellReading(), {"speedup": "2.0"}),
        ("top1_change", "0.52 ↓", CellReading(), {"top1_change": "-0.52"}),
        ("top1_change", "0.52", CellReading(drop=True), {"top1_change": "-0.52"}),
        ("top1_change", "-0.10", CellReading(drop=True), {"top1_change": "0.10"}),
        ("metric:latency", "0.012", CellReading(unit="s", metric_unit="ms"), {"metric:latency": "12"}),
        ("metric:latency", "12.5 ms", CellReading(metric_unit="ms"), {"metric:latency": "12.5"}),
        ("metric:map", "0.790", CellReading(unit="fraction", metric_unit="%", sure=True), {"metric:map": "79.0"}),
    ],
)
def test_cells_are_read_with_their_digits(column: str, cell: str, how: CellReading, values: dict[str, str]) -> None:
    found = read_cell(column, cell, how).values
    assert {name: f"{one:f}" if isinstance(one, Decimal) else str(one) for name, one in found.items()} == values


def test_what_stands_behind_plus_minus_is_a_spread_of_the_kind_that_is_said() -> None:
    unstated = {"top1": Decimal("76.1"), "top1_spread:kind": "unstated", "top1_spread:half_width": Decimal("0.1")}
    for cell in ("76.1 ± 0.1", "76.1 (±0.1)", "76.1 (± 0.1%)"):
        assert read_cell("top1", cell, CellReading()).values == unstated
    assert read_cell("top1", "76.1_{±0.1}", CellReading(spread="standard_deviation")).values == {
        "top1": Decimal("76.1"), "top1_std": Decimal("0.1"),
    }  # fmt: skip
    assert read_cell("metric:f1", "88.0+/-0.2", CellReading(spread="confidence_interval", level=95)).values == {
        "metric:f1": Decimal("88.0"), "metric:f1:spread:kind": "confidence_interval",
        "metric:f1:spread:half_width": Decimal("0.2"), "metric:f1:spread:level": 95,
    }  # fmt: skip


def test_what_stands_before_a_number_is_a_bound() -> None:
    assert read_cell("params", "<5M", CellReading()).values == {"params": "5M", "bounds:at_most": ["params"]}
    assert read_cell("base_params", "~25.6M", CellReading()).values["base_bounds:about"] == ["base_params"]
    assert (
        read_cell("metric:perplexity", ">100", CellReading(metric_unit="1")).values["metric:perplexity:bound"]
        == "at_least"
    )


@pytest.mark.parametrize(
    ("column", "cell", "how", "message"),
    [
        ("params", "138", CellReading(), "without a unit; write it as in 138M"),
        ("params", "999", CellReading(), "without a unit"),
        ("params", "25.6", CellReading(), "without a unit"),
        ("flops", "300", CellReading(), "without a unit; write it as in 25.6M, 4.1G"),
        ("params", "25557032", CellReading(unit="M"), "a count already"),
        ("params", "25.6K", CellReading(unit="M"), "write all its cells in one unit"),
        ("params", "30%", CellReading(), "a percentage where a count is expected"),
        ("params", "2×", CellReading(), "expected a count"),
        ("top1", "76,1", CellReading(), "write a decimal point, or say 'decimal"),
        ("top1", "76.1", CellReading(decimal=","), "the mapping says that the decimal mark is a comma"),
        ("top1", "1,234", CellReading(), "write a decimal point"),
        ("top1", "76.1/92.9", CellReading(), "expected a plain decimal number"),
        ("params_kept", "50% ↓", CellReading(), "the arrow says the other way"),
        ("top1_change", "-0.5 ↓", CellReading(), "an arrow and a sign"),
        ("speedup", "50%", CellReading(), "not in percent"),
        ("metric:map", "0.79", CellReading(metric_unit="%"), "looks like a fraction"),
        ("metric:latency", "3 s", CellReading(metric_unit="MB"), "this metric is in MB"),
        ("n_of_m", "#DATE 02:04:00", CellReading(), "a spreadsheet made the date or time 02:04:00 of it"),
        ("pruned_model", "4-Feb", CellReading(), "looks like a date"),
        ("top1", "#DIV/0!", CellReading(), "an error of a formula"),
        ("seeds", "3.5", CellReading(), "expected a whole number"),
        ("top1", "9" * 300, CellReading(), "300 characters"),
    ],
)
def test_cells_that_can_be_read_in_two_ways_are_refused(column: str, cell: str, how: CellReading, message: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        read_cell(column, cell, how)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("Params (M)", "M"), ("FLOPs (G)", "G"), ("Top-1 Acc. (%)", "percent"), ("mAP@0.5", None), ("MFLOPs", "M"),
        ("# Params [×10^6]", "M"), ("Latency (ms)", "ms"), ("Params (million)", "M"), ("FLOPs ↓ (%)", "percent"),
        ("Params, M", "M"), ("50%", None), ("Sparsity %", "percent"), ("Model", None), ("$\\times 10^6$ (B)", "B"),
    ],
)  # fmt: skip
def test_units_of_headings(heading: str, unit: str | None) -> None:
    assert unit_in(heading) == unit


@pytest.mark.parametrize(
    ("sheet", "first"),
    [
        ("a;b;c\n1,5;2,5;x\n", ("1,5", "2,5", "x")),
        ("a\tb\tc\n1,5\t2\tx\n", ("1,5", "2", "x")),
        ("sep=;\na;b;c\n1;2;3\n", ("1", "2", "3")),
        ('a,b,c\n"1,5",2,"x ""y"""\n', ("1,5", "2", 'x "y"')),
        ("a|b|c\n1|2|3\n", ("1", "2", "3")),
    ],
)
def test_separators_are_seen(sheet: str, first: tuple[str, ...]) -> None:
    assert cells(sheet, "csv")[1] == first


def test_utf_16_with_its_mark_is_read() -> None:
    assert cells("a,b\nCafé,2\n".encode("utf-16"), "csv")[1] == ("Café", "2")


def test_an_encoding_of_windows_is_drafted_and_then_read(names: Names, enter: Enter) -> None:
    data = "method,top1\nCafé,75.0\n".encode("windows-1252")
    assert "encoding: windows-1252  # Look here" in draft_of(data, "csv", "t", names)
    experiments, _ = enter(data, mapping=f"encoding: windows-1252\n{OURS}")
    assert experiments[0]["curves"][0]["method"] == "Café"


def test_a_workbook_says_what_it_shows() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Method", "Top-1", "Kept", "Params"])
    sheet.append(["Ours", 76.1, 0.3, 25557032])
    sheet["B2"].number_format, sheet["C2"].number_format, sheet["D2"].number_format = "0.00", "0.0%", "#,##0"
    sheet["A2"].comment = Comment("our own", "jane")
    sheet.merge_cells("A2:A3")
    sheet["B3"], sheet["C3"], sheet["D3"] = 0.1 + 0.2, 0.256, "=A1"
    sheet["C3"].number_format = "0%"
    file = io.BytesIO()
    book.save(file)
    (grid,) = tables_in(file.getvalue(), "xlsx", "t")
    assert grid.rows[1].cells == ("Ours", "76.10", "30.0%", "25557032")
    assert grid.rows[2].cells == ("Ours", "0.3", "26%", "#FORMULA")
    said = [message for _, message in grid.remarks]
    assert said == ["the comment at A2 is not read", "C3 shows 26%, and holds 0.256; what it shows is read"]
    assert grid.place(grid.rows[1], 1) == "B2"


def test_no_workbook_is_told() -> None:
    with pytest.raises(UnreadableError, match="no Excel workbook"):
        tables_in(b"a,b", "xlsx", "t")


def test_markdown_with_emphasis_links_and_raised_digits() -> None:
    table = "# R\n\n| Method | Top-1 | P |\n|:--|--:|---|\n| **Ours**<sup>1</sup> | `76.1` | [2](http://x) \\| 3 |\n"
    assert cells(table, "markdown") == [("Method", "Top-1", "P"), ("Ours^{1}", "76.1", "2 | 3")]


def test_a_markdown_row_that_is_cut_off_is_told() -> None:
    with pytest.raises(UnreadableError, match="4:1: columns: found 3 cells; the heading has 2"):
        tables_in(b"\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n", "markdown", "t")


HTML = """<table><thead><tr><th rowspan=2>Method</th><th colspan=2>ImageNet</th></tr>
<tr><th>Top-1</th><th>Top-5</th></tr></thead>
<tr><td colspan=3>ResNet-50</td></tr><tr><td>Ours<sup>a</sup></td><td>75.0<br></td><td><b>92.0</b></td></tr>
<script>alert(1)</script></table>"""


def test_html_with_merged_headings() -> None:
    (grid,) = tables_in(HTML.encode(), "html", "t")
    sheet = sheet_of(grid, "t")
    assert sheet.columns == ("Method", "ImageNet / Top-1", "ImageNet / Top-5")
    assert [[cell.text for cell in row.cells] for row in sheet.rows] == [["Ours^{a}", "75.0", "92.0"]]
    assert sheet.rows[0].section is not None
    assert sheet.rows[0].section.text == "ResNet-50"


DOUBLING = "".join(
    rf"\newcommand{{\a{one}}}{{\a{two}\a{two}}}" for one, two in pairwise(ascii_letters[:26])
)  # each macro is two of the next
LATEX = r"""
\newcommand{\ours}{\textsc{Ours}}
\begin{table}\begin{tabular}{l|cc} \toprule
\multirow{2}{*}{Method} & \multicolumn{2}{c}{ImageNet} \\ \cmidrule(lr){2-3}
 & Top-1 (\%) & Params (M) \\ \midrule
% \foo & 1 & 2 \\
Dense~\cite{he} & 76.1 & 25.6 \\[2pt]
\rowcolor{gray!20} \ours{} & $\mathbf{75.9_{\pm 0.1}}$ & \textbf{12.3}$^{\dagger}$ \\
\bar{x} & 75.0\textsuperscript{1} & -- \\ \bottomrule
\end{tabular}\end{table}"""


def test_latex_as_a_reader_sees_it() -> None:
    (grid,) = tables_in(LATEX.encode(), "latex", "t")
    sheet = sheet_of(grid, "t")
    assert sheet.columns == ("Method", "ImageNet / Top-1 (%)", "ImageNet / Params (M)")
    assert [[cell.text for cell in row.cells] for row in sheet.rows][:2] == [
        ["Dense [he]", "76.1", "25.6"],
        ["Ours", "75.9_{±0.1}", "12.3^{†}"],
    ]
    assert [cell.text for cell in sheet.rows[2].cells][1:] == ["75.0^{1}", "–"]
    assert [row.line for row in sheet.rows] == [7, 8, 9]


def test_an_unknown_macro_is_told_and_stands() -> None:
    (grid,) = tables_in(rb"\begin{tabular}{ll} a & b \\ \hline \foo & 1 \\ \end{tabular}", "latex", "t")
    assert (grid.rows[1].cells, grid.remarks[0][1]) == (
        ("\\foo", "1"),
        "the macro \\foo is not known, and stands as it is",
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (r"\begin{tabular}{l} a & {b \\ \end{tabular}", "not-latex"),
        ("{" * 100 + "&", "too-deep"),
        (DOUBLING + r"\aa", "too-large"),
        ("no table", "there is no table"),
    ],
)  # fmt: skip
def test_latex_that_cannot_be_read_is_told(enter: Enter, text: str, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        enter(text, "latex")


def test_several_tables_are_told_and_one_is_chosen(enter: Enter, refused: Callable[..., list[str]]) -> None:
    table = "<table><tr><th>method<th>top1<tr><td>{}<td>75.0</table>"
    text = table.format("A") + table.format("B")
    assert "which-table: there are 2 tables; say which one" in refused(text, "html")[0]
    experiments, _ = enter(text, "html", f"read_table: 2\n{OURS}")
    assert experiments[0]["curves"][0]["method"] == "B"


def test_a_row_called_baseline_becomes_the_unpruned_model(enter: Enter) -> None:
    sheet = "method,params_removed,top1,speedup,table\nBaseline,0%,76.10,1.0,3\nOurs,90%,74.9,9.1,4\n"
    (one,), said = enter(sheet, mapping=OURS)
    assert (one["base_top1"], one["base_locator"]) == (Decimal("76.10"), {"table": 3})
    assert [curve["method"] for curve in one["curves"]] == ["Ours"]
    assert "the row 'Baseline' is the unpruned model" in said


@pytest.mark.parametrize(
    "label",
    ["Dense", "**Unpruned**", "ResNet-50 (baseline)", "Original model", "No pruning", "ResNet-50", "Uncompressed†"],
)
def test_names_of_unpruned_models(enter: Enter, label: str) -> None:
    (one,), _ = enter(f"method,top1,params\n{label},76.1,25.6M\nOurs,75.0,12M\n", mapping=OURS)
    assert (str(one["base_top1"]), one["base_params"], len(one["curves"])) == ("76.1", "25.6M", 1)


def test_a_row_in_which_nothing_is_removed_is_the_unpruned_model(enter: Enter) -> None:
    (one,), _ = enter("method,compression_ratio,top1\nOurs,1,76.1\nOurs,2,75.0\n", mapping=OURS)
    assert (str(one["base_top1"]), len(points([one]))) == ("76.1", 1)


def test_a_baseline_from_which_something_is_removed_is_asked_about(
    enter: Enter, refused: Callable[..., list[str]]
) -> None:
    sheet = "method,params_removed,top1\nBaseline,0.5,74.0\n"
    assert "unpruned-row: the row 'Baseline' is called as an unpruned model" in refused(sheet, mapping=OURS)[0]
    (one,), _ = enter(sheet, mapping=f"unpruned: []\n{OURS}")
    assert one["curves"][0]["method"] == "Baseline"


def test_two_unpruned_models_are_told_apart(refused: Callable[..., list[str]]) -> None:
    sheet = "method,top1\nDense,76.1\nDense,76.2\nOurs,75.0\n"
    assert "base_top1 is 76.1 here, and 76.2 in another unpruned model on line 3" in refused(sheet, mapping=OURS)[0]


def test_tasks_as_columns(enter: Enter) -> None:
    sheet = "Method,Sparsity,BoolQ,WikiText-2,Average\nDense,0%,75.05,5.68,40\nOurs,50%,71.2,7.26,39\n"
    mapping = """
columns:
  Method: method
  Sparsity: params_removed
  BoolQ: {holds: "metric:accuracy", dataset: BoolQ}
  WikiText-2: {holds: "metric:perplexity", dataset: WikiText-2}
ignore: [Average]
constants: {architecture: LLaMA-7B, origin: own}
"""
    experiments, said = enter(sheet, mapping=mapping)
    assert [(one["dataset"], one["base_metrics"], points([one])[0]["metrics"]) for one in experiments] == [
        (dataset, [{"metric": metric, "value": Decimal(before)}], [{"metric": metric, "value": Decimal(after)}])
        for dataset, metric, before, after in (
            ("BoolQ", "accuracy", "75.05", "71.2"),
            ("WikiText-2", "perplexity", "5.68", "7.26"),
        )
    ]
    assert "not read, as the mapping says: 'Average'" in said


def test_ratios_as_columns_and_what_the_dense_row_says_under_them(enter: Enter) -> None:
    sheet = "Method,50%,2:4\nDense,5.68,5.68\nOurs,7.26,-\n"
    mapping = """
columns:
  Method: method
  50%: {holds: "metric:perplexity", params_removed: 50%}
  "2:4": {holds: "metric:perplexity", n_of_m: "2:4"}
constants: {dataset: WikiText-2, architecture: LLaMA-7B, origin: own}
"""
    (one,), said = enter(sheet, mapping=mapping)
    assert one["base_metrics"] == [{"metric": "perplexity", "value": Decimal("5.68")}]
    assert points([one]) == [
        {"metrics": [{"metric": "perplexity", "value": Decimal("7.26")}], "params_removed": Decimal("0.50")}
    ]
    assert "'-' says nothing, and is left out" in said
    assert "a row without any number is left out" in said


def test_two_numbers_in_a_cell(enter: Enter) -> None:
    (one,), _ = enter(
        "Acc.,Kept\n75.0 / 92.1,0.5\n", mapping=f"columns: {{Acc.: top1/top5, Kept: params_kept}}\n{OURS}"
    )
    assert [str(points([one])[0][name]) for name in ("top1", "top5")] == ["75.0", "92.1"]


def test_rows_alone_head_the_rows_below_them(enter: Enter, refused: Callable[..., list[str]]) -> None:
    sheet = "method,top1,top5\nResNet-18,,\nOurs,70.0,89.0\nResNet-50,,\nOurs,75.0,92.0\n"
    said = "constants: {dataset: ImageNet, origin: own}\n"
    assert (
        "section: rows with one cell alone: 'ResNet-18' (line 2), 'ResNet-50' (line 4)"
        in refused(sheet, mapping=said)[0]
    )
    experiments, _ = enter(sheet, mapping=f"sections: architecture\n{said}")
    assert [one["architecture"] for one in experiments] == ["ResNet-18", "ResNet-50"]


def test_empty_cells_below_others_are_asked_about(enter: Enter, refused: Callable[..., list[str]]) -> None:
    sheet = "architecture,method,top1\nResNet-18,A,70.0\n,B,69.0\n"
    said = "constants: {dataset: ImageNet, origin: own}\n"
    assert "empty-cell: column 'architecture': empty below cells" in refused(sheet, mapping=said)[0]
    (one,), _ = enter(sheet, mapping=f"fill_down: [architecture]\n{said}")
    assert [curve["method"] for curve in one["curves"]] == ["A", "B"]
    assert len(enter(sheet, mapping=f"left_open: [architecture]\n{said}")[0]) == 2


def test_titles_and_repeated_headings_are_left_out_and_said(enter: Enter) -> None:
    sheet = "Table 1: results,,\nmethod,top1,top5\nA,70.0,90.0\nmethod,top1,top5\nB,71.0,91.0\n"
    (one,), said = enter(sheet, mapping=OURS)
    assert [curve["method"] for curve in one["curves"]] == ["A", "B"]
    assert ("'Table 1: results' above the headings is not read" in said, "heading stands here again" in said) == (
        True,
        True,
    )


def test_a_column_may_be_optional(enter: Enter, refused: Callable[..., list[str]]) -> None:
    mapping = f"columns: {{Acc: top1, P: params}}\n{OURS}"
    assert "the spreadsheet has no column 'P'" in refused("Acc\n75.0\n", mapping=mapping)[0]
    assert points(enter("Acc,n\n75.0,\n", mapping=f"optional: [P]\nignore: [n]\n{mapping}")[0]) == [
        {"top1": Decimal("75.0")}
    ]


def test_a_unit_that_does_not_fit_is_told_once(refused: Callable[..., list[str]]) -> None:
    problems = refused("Params (%)\n50\n60\n", mapping=f"columns: {{Params (%): params}}\n{OURS}")
    assert len(problems) == 1
    assert (
        "its heading says that it is in percent, which is no unit of 'params'; the same with '60' (line 3)"
        in problems[0]
    )


def test_a_percent_column_of_fractions_is_asked_about(enter: Enter, refused: Callable[..., list[str]]) -> None:
    mapping = f"columns: {{Sparsity (%): params_removed}}\n{OURS}"
    sheet = "Sparsity (%),top1\n0.5,75.0\n0.9,70.0\n"
    assert "all its numbers are at most 1" in refused(sheet, mapping=mapping)[0]
    (one,), _ = enter(sheet, mapping=f"units: {{params_removed: fraction}}\n{mapping}")
    assert str(points([one])[0]["params_removed"]) == "0.5"
    (one,), _ = enter(sheet, mapping=f"units: {{params_removed: percent}}\n{mapping}")
    assert str(points([one])[0]["params_removed"]) == "0.005"


def test_origins_of_methods_stand_in_the_mapping(enter: Enter) -> None:
    sheet = "method,top1\nOurs,75.0\nSFP [3],74.6\n"
    mapping = """
constants: {dataset: ImageNet, architecture: ResNet-50}
methods: {Ours: {origin: own}, "SFP [3]": {origin: copied, proposed_by: he2018soft, copied_from: he2018soft}}
"""
    curves = [curve for one in enter(sheet, mapping=mapping)[0] for curve in one["curves"]]
    assert [(one["method"], one["origin"], one.get("copied_from")) for one in curves] == [
        ("Ours", "own", None), ("SFP", "copied", "he2018soft"),
    ]  # fmt: skip


def test_methods_that_differ_in_a_mark_alone_are_asked_about(enter: Enter, refused: Callable[..., list[str]]) -> None:
    sheet = "method,top1\nFPGM,75.0\nFPGM†,74.8\n"
    assert "mark: methods 'FPGM' and 'FPGM†' differ in a mark alone" in refused(sheet, mapping=OURS)[0]
    (one,), _ = enter(sheet, mapping=f"methods: {{FPGM†: {{method: FPGM}}}}\n{OURS}")
    assert len(points([one])) == 2


def test_what_stands_in_brackets_is_left_out_and_said(enter: Enter) -> None:
    (one,), said = enter("top1\n82.54 (+0.70)\n", mapping=OURS)
    assert points([one]) == [{"top1": Decimal("82.54")}]
    assert "column 'top1': '(+0.70)' is left out; if it is a number of ours" in said


def test_cells_that_say_nothing_are_told_once(enter: Enter) -> None:
    _, said = enter("top1,top5\n75.0,-\n74.0,–\n73.0,N/A\n", mapping=OURS)
    assert said == "t:2:1: note: column 'top5': '-' says nothing, and is left out; the same at line 3, line 4"


def test_a_fault_lists_eight_cells_and_counts_the_others() -> None:
    faults = [CellFault(line, "cell", f"found 'x{line}'", f"line {line}", f"x{line}") for line in range(2, 14)]
    (one,) = told_once(faults, "t")
    assert one.message.endswith("'x10' (line 10) and 3 more")


def test_a_draft_reads_headings_and_says_what_to_look_at(names: Names) -> None:
    table = "| Method | Params (M) | FLOPs ↓ (%) | Acc. | Acc. drop | Colour |\n|---|---|---|---|---|---|\n"
    table += "| Baseline | 25.6 | 0 | 76.1 | 0 | red |\n| FPGM | 12 | 50 | 75.0 (-1.1) | 1.1 | blue |\n"
    table += "| Ours | 1 | 5 | 7 | 8 | x |\n"
    (grid,) = tables_in(table.encode(), "markdown", "t")
    text = drafted(sheet_of(grid, "t"), {}, {}, names)
    document, problems = read_bytes(text.encode(), Mapping, "draft")
    assert (problems, document is not None) == ([], True)
    assert document is not None
    said = document.value
    assert said.columns == {
        "Method": "method", "Params (M)": "params", "FLOPs ↓ (%)": "flops_removed", "Acc.": "top1",
        "Acc. drop": "top1_change",
    }  # fmt: skip
    assert (said.ignore, said.drops, said.brackets) == (("Colour",), ("Acc. drop",), {"Acc.": "top1_change"})
    assert said.methods == {"FPGM": {"origin": "unclear", "proposed_by": "he2019filter"}, "Ours": {"origin": "own"}}
    assert text.count("# Look here:") == 7


RECORD = """\
schema_version: 2
id: doe2026x
collections: [contributed]
experiments:
  - dataset: ImageNet
    architecture: ResNet-50
    collections: [contributed]
    base_top1: 76.1
    curves:
      - method: Ours
        origin: own
        locator: {table: 1}
        points:
          - {top1: 75.0, params_kept: 0.5}  # as printed
          - {top1: 74.0, params_kept: 0.4}
"""


def new(points: list[dict[str, object]], base: str = "76.1", table: int = 1) -> dict[str, Any]:
    placed = [point | {"locator": {"table": table}} for point in points]
    curve = {"method": "Ours", "origin": "own", "points": placed}
    head = {"dataset": "ImageNet", "architecture": "ResNet-50", "collections": ["contributed"]}
    return head | {"base_top1": Decimal(base), "curves": [curve]}


def at(top1: str, kept: str) -> dict[str, object]:
    return {"top1": Decimal(top1), "params_kept": Decimal(kept)}


def test_the_same_points_are_recognised_wherever_their_place_stands() -> None:
    joined = join(parsed_tree(RECORD, "x"), [new([at("74.0", "0.4")])])
    assert (joined.anything, joined.same) == (False, 1)


def test_new_points_join_the_curve_that_the_record_holds() -> None:
    record = parsed_tree(RECORD, "x")
    joined = join(record, [new([at("75.0", "0.5"), at("70.0", "0.1")])])
    assert (joined.points, joined.experiments, joined.changes) == (1, 0, [])
    expected = RECORD + "          - {top1: 70.0, params_kept: 0.1}\n"
    assert _plain(record) == _plain(parsed_tree(expected, "x"))


def test_changed_points_are_shown_and_keep_their_comments() -> None:
    record = parsed_tree(RECORD, "x")
    joined = join(record, [new([at("75.3", "0.5")])])
    assert [str(one) for one in joined.changes] == ["ImageNet, ResNet-50, Ours, params_kept 0.5: top1 75.0 → 75.3"]
    assert _plain(record) == _plain(parsed_tree(RECORD.replace("75.0", "75.3"), "x"))


def test_points_of_another_unpruned_model_are_an_experiment_of_their_own() -> None:
    assert join(parsed_tree(RECORD, "x"), [new([at("70.0", "0.1")], base="76.5")]).experiments == 1


def test_an_unpruned_model_of_points_that_the_record_holds_is_a_change() -> None:
    joined = join(parsed_tree(RECORD, "x"), [new([at("75.0", "0.5")], base="76.5")])
    assert [(one.key, one.before, one.after) for one in joined.changes] == [("base_top1", "76.1", "76.5")]


def test_results_never_join_those_of_another_collection() -> None:
    other = new([at("75.0", "0.5")]) | {"collections": ["living"]}
    assert join(parsed_tree(RECORD, "x"), [other]).experiments == 1


def test_a_point_from_another_table_leaves_the_places_of_the_others() -> None:
    record = parsed_tree(RECORD, "x")
    one = new([at("70.0", "0.1")])
    del one["curves"][0]["points"][0]["locator"]
    join(record, [one])
    placed = RECORD.replace("        locator: {table: 1}\n", "").replace("}  #", ", locator: {table: 1}}  #")
    placed = placed.replace("0.4}", "0.4, locator: {table: 1}}") + "          - {top1: 70.0, params_kept: 0.1}\n"
    assert _plain(record) == _plain(parsed_tree(placed, "x"))


def _plain(node: Any) -> Any:
    if isinstance(node.content, dict):
        return {key: _plain(one) for key, one in node.content.items() if key != "methods"}
    return [_plain(one) for one in node.content] if isinstance(node.content, list) else node.content


def test_a_record_of_nothing_takes_everything() -> None:
    assert join(tree_of({"id": "x"}), [new([at("75.0", "0.5")])]).experiments == 1
