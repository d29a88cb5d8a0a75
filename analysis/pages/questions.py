"""Questions about the field, each with the line of pandas that answers it.

A question is a function: its docstring asks and says how to read the answer, its parameters are the tables that it is
asked of, and its one statement is the answer.  :func:`questions_markdown` shows them with what they give today.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from inspect import cleandoc, getsource, signature
from textwrap import dedent
from urllib.parse import quote

import pandas as pd

from prunelit.analysis.dataset import Dataset, dataset
from prunelit.analysis.pages.markdown import inline
from prunelit.analysis.pages.section import computed

REMAKE = "python -m prunelit.analysis.pages.questions > analysis/QUESTIONS.md"
HEADER = f"""\
# Questions

Each question is one line of pandas, shown with what it gives today. A test fails where the answers are no longer those
of the corpus; this command writes the page anew:

```console
$ {REMAKE}
```

```python
import pandas as pd
import prunelit

evidence, evidence_long, discrepancies = prunelit.evidence(), prunelit.evidence_long(), prunelit.discrepancies()
```

Points of released sweeps (`sweep`) are left out where headline results are meant. Answers say what records hold, not
what is true: `prunelit.synthesis()` weighs the evidence, and says where there is too little of it.
"""


def best_top1_of_resnet50(evidence: pd.DataFrame) -> pd.DataFrame:
    """Which methods reach the best Top-1 on ResNet-50 and ImageNet at twice the speed or more?

    Numbers of the papers themselves, since 2020. Accuracy as printed grows with longer training, too: see the change.
    """
    return evidence.query(
        "dataset == 'ImageNet' and architecture == 'ResNet-50' and speedup >= 2 and origin == 'own' and year >= 2020"
        " and not sweep"
    ).nlargest(8, "top1")[["method_label", "speedup", "top1", "base_top1", "top1_change", "source_url"]]


def vgg16_with_few_operations(evidence: pd.DataFrame) -> pd.DataFrame:
    """Who removes three quarters of the operations of VGG-16 on CIFAR-10, and loses half a point at most?

    All variants of the network count: `variant_of` says what they have in common.
    """
    return evidence.query(
        "dataset == 'CIFAR-10' and (architecture == 'VGG-16' or variant_of == 'VGG-16') and flops_removed >= 0.75"
        " and top1_change >= -0.5 and not sweep"
    ).sort_values("flops_removed")[["method_label", "architecture", "origin", "flops_removed", "top1_change"]]


def perplexity_of_llama2_7b(evidence_long: pd.DataFrame) -> pd.DataFrame:
    """How large is the perplexity of LLaMA-2-7B without half of its parameters, by method?

    Of all values of a method under one pattern the median, the lowest, and how many they are; lower is better.
    """
    return (
        evidence_long.query("metric == 'perplexity' and architecture == 'Llama-2-7B' and params_removed == 0.5")
        .groupby(["dataset", "n_of_m", "canonical_method"], dropna=False)["value"]
        .agg(["median", "min", "count"])
        .reset_index()
        .sort_values("median")
    )


def papers_that_disagree(discrepancies: pd.DataFrame) -> pd.DataFrame:
    """On what do papers disagree most, where they print the accuracy of one method on one network at one ratio?

    `spread` is the highest Top-1 minus the lowest, over as many papers.
    """
    return discrepancies.drop_duplicates("setting").nlargest(8, "spread")[
        ["method", "method_of", "dataset", "architecture", "efficiency", "ratio", "papers", "spread"]
    ]


def drop_against_ratio(evidence: pd.DataFrame) -> pd.DataFrame:
    """How much accuracy is lost at which ratio, by structured and by unstructured pruning?

    The change in Top-1 of ResNet-50 on ImageNet, in the papers' own results: median and number of points.
    """
    return (
        evidence.query("dataset == 'ImageNet' and architecture == 'ResNet-50' and origin == 'own' and not sweep")
        .assign(ratio=lambda own: pd.cut(own["compression_ratio"], [1, 1.5, 2, 3, 5, 10, 20]))
        .dropna(subset=["ratio", "top1_change"])
        .groupby(["structure", "ratio"], observed=True)["top1_change"]
        .agg(["median", "count"])
        .reset_index()
    )


def measured_against_theoretical(evidence_long: pd.DataFrame) -> pd.DataFrame:
    """Does a network with half of the operations run twice as fast?

    Measured is the latency before over that after, of networks whose theoretical speedup is between 2 and 2.2.
    """
    return (
        evidence_long.query("metric == 'latency' and 2 <= speedup < 2.2")
        .assign(measured=lambda timed: timed["base_value"] / timed["value"])
        .groupby(["hardware", "dataset", "architecture"])[["speedup", "measured"]]
        .median()
        .reset_index()
        .sort_values("measured", ascending=False)
    )


def most_compared_to(evidence: pd.DataFrame) -> pd.DataFrame:
    """Which methods do most papers hold theirs against, year by year?

    Counted are papers that rerun a method or copy its numbers: the three in most papers of a year.
    """
    return (
        evidence.query("origin in ('rerun', 'copied') and not sweep and collections != 'evaluations'")
        .groupby(["year", "canonical_method"], as_index=False)
        .agg(papers=("paper_id", "nunique"))
        .sort_values(["year", "papers"], ascending=False, kind="stable")
        .groupby("year")
        .head(3)
    )


def baselines_of_resnet18(evidence: pd.DataFrame) -> pd.DataFrame:
    """Why do the unpruned ResNet-18 on ImageNet of papers differ?

    The recipe stands beside each, as far as a record holds it: what is not stated explains nothing.
    """
    return (
        evidence.query("dataset == 'ImageNet' and architecture == 'ResNet-18' and origin == 'own'")
        .dropna(subset=["base_top1"])
        .drop_duplicates(["paper_id", "base_top1"])
        .sort_values("base_top1")[["method_label", "base_top1", "fine_tuning_epochs", "learning_rate", "source_url"]]
    )


def magnitude_pruning_today(evidence: pd.DataFrame) -> pd.DataFrame:
    """Is magnitude pruning still competitive?

    The best (`max`) and the median change in Top-1 that is reported for ResNet-50 on ImageNet, by unstructured
    magnitude pruning and by all others, whoever ran them.
    """
    return (
        evidence.query("dataset == 'ImageNet' and architecture == 'ResNet-50' and structure == 'unstructured'")
        .query("not sweep and top1_change.notna() and compression_ratio > 1")
        .assign(
            ratio=lambda shown: pd.cut(shown["compression_ratio"], [1, 4, 6, 12, 30]),
            magnitude=lambda shown: shown["simple_method"].eq("magnitude").fillna(False),
        )
        .groupby(["ratio", "magnitude"], observed=True)["top1_change"]
        .agg(["max", "median", "count"])
        .reset_index()
    )


QUESTIONS: tuple[Callable[..., pd.DataFrame], ...] = (
    best_top1_of_resnet50,
    vgg16_with_few_operations,
    perplexity_of_llama2_7b,
    papers_that_disagree,
    drop_against_ratio,
    measured_against_theoretical,
    most_compared_to,
    baselines_of_resnet18,
    magnitude_pruning_today,
)
"""The questions, in the order of the page."""


def answered(question: Callable[..., pd.DataFrame], of: Dataset) -> pd.DataFrame:
    """What a question gives today."""
    return question(**{name: getattr(of, name)() for name in signature(question).parameters})


def line_of(question: Callable[..., pd.DataFrame]) -> str:
    """The statement that answers a question, as a reader can paste it."""
    source = dedent(getsource(question))
    (function,) = ast.parse(source).body
    statement = function.body[-1]  # type: ignore[attr-defined]
    returned = ast.get_source_segment(source, statement, padded=True) or ""
    return dedent(returned).removeprefix("return ").rstrip()


def questions_markdown(of: Dataset) -> str:
    """The page: each question, its line and its answer."""
    return "\n".join([HEADER, *(_told(question, of) for question in QUESTIONS)])


def _told(question: Callable[..., pd.DataFrame], of: Dataset) -> str:
    asked, read = cleandoc(question.__doc__ or "").split("\n\n")
    head = f"## {asked}\n\n{' '.join(read.split())}\n\n```python\n{line_of(question)}\n```\n"
    return f"{head}\n{''.join(_table(answered(question, of)))}"


def _table(frame: pd.DataFrame) -> list[str]:
    """The answer as Markdown; addresses are links."""
    columns = [[_cell(str(name), value) for value in frame[name]] for name in frame.columns]
    head = f"| {' | '.join(f'`{name}`' for name in frame.columns)} |\n|{' --- |' * len(frame.columns)}\n"
    return [head, *(f"| {' | '.join(row)} |\n" for row in zip(*columns, strict=True))]


def _cell(name: str, value: object) -> str:
    if pd.isna(value):  # type: ignore[call-overload]
        return ""
    if name == "source_url":
        return f"[source]({quote(str(value), safe=':/?=&%#')})"
    return computed(value, "") if isinstance(value, float) else inline(str(value))


if __name__ == "__main__":
    sys.stdout.write(questions_markdown(dataset()))
