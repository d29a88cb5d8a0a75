"""Training from scratch against fine-tuning: the same pruned network, trained both ways.

The question is that of Liu et al. 2019.  A pair is one pruned network of one method, trained both ways by one paper;
the difference is scratch minus fine-tuned, in percentage points.

*Which results count.*  Those of the collection ``scratch``, which are the tables of the paper.  Its authors' repository
prints many of them once more; those are in the collection ``living`` and are never counted here.

*Which variance is used.*  A standard deviation s over n runs gives the mean a variance of s²/n.  Where the source does
not state n, s² is used, the variance of one run: it can only be too large.  A difference has the sum of both variances.
Single runs without a deviation have no standard error.

*How families are pooled.*  Within a family and dataset, so that no pool mixes known with unknown n: by a random-effects
model with the variance between networks after Paule & Mandel 1982 (``statsmodels.stats.meta_analysis``); the interval
is that of Student's t with one degree of freedom less than networks.  Without standard errors all networks weigh the
same, and the interval rests on their scatter alone.  Networks of one architecture share their unpruned model; the model
takes them for independent, so that intervals are rather too narrow than too wide.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from prunelit.analysis.frames.columns import COUNT, NUMBER, TEXT, Column, of_field, typed
from prunelit.analysis.frames.methods import structures
from prunelit.schema.record import Curve, Experiment, Paper, Point

SCRATCH_COLLECTION = "scratch"
"""The collection of networks that were trained from scratch, too."""
FROM_SCRATCH = ("scratch_e", "scratch_b", "scratch")
REFERENCE = ("fine_tuned", "during_training")
"""What training from scratch is compared with: fine-tuning, or pruning during training where the method needs none."""

STRUCTURED, AUTOMATIC, SINGLE = "structured, predefined", "structured, automatic", "unstructured"

OF_MEANS, OF_RUNS = "sqrt(s²/n + s²/n)", "sqrt(s² + s²), n unknown"
SAME_MODEL, CHANGES = "top1 - top1", "top1_change - top1_change"
RANDOM_EFFECTS, UNWEIGHTED = "random effects", "mean of single runs"
LEVEL = 0.95

_NETWORK = ["paper_id", "dataset", "architecture", "proposed_by", "method", "pruned_model"]
_OF_BOTH = ["experiment", "training_scheme", "top1", "top1_change", "top1_std", "seeds", "locator"]


_LIU = "Liu et al. 2019, section 3"
_HERE = "analysis.compare.scratch_vs_finetuning"
SCRATCH_VS_FINETUNING = (
    of_field(Paper, "id", rename="paper_id"),
    of_field(Experiment, "dataset"),
    of_field(Experiment, "architecture"),
    of_field(Curve, "method"),
    of_field(Curve, "proposed_by"),
    of_field(Curve, "target_architecture"),
    Column("family", TEXT, "", "structured, predefined; structured, automatic; or unstructured.", _HERE),
    of_field(Point, "pruned_model"),
    Column("training_scheme", TEXT, "", "How it was trained from scratch: scratch_e, scratch_b or scratch.", _LIU),
    Column("training_scheme_reference", TEXT, "", "What that is compared with: fine_tuned or during_training.", _LIU),
    Column("top1", NUMBER, "%", "Top-1 accuracy, trained from scratch."),
    Column("top1_reference", NUMBER, "%", "Top-1 accuracy, fine-tuned."),
    Column("top1_change", NUMBER, "pp", "Trained from scratch minus its unpruned model."),
    Column("top1_change_reference", NUMBER, "pp", "Fine-tuned minus its unpruned model."),
    Column("difference", NUMBER, "pp", "Trained from scratch minus fine-tuned.", _HERE),
    Column(
        "difference_rule", TEXT, "",
        "How it came about: from accuracies where the unpruned model is one, else from changes.", _HERE,
    ),
    Column("top1_std", NUMBER, "pp", "Standard deviation over the seeds, trained from scratch."),
    Column("top1_std_reference", NUMBER, "pp", "Standard deviation over the seeds, fine-tuned."),
    Column("seeds", COUNT, "count", "Runs, trained from scratch."),
    Column("seeds_reference", COUNT, "count", "Runs, fine-tuned."),
    Column("standard_error", NUMBER, "pp", "Standard error of the difference; missing without deviations.", _HERE),
    Column(
        "standard_error_rule", TEXT, "",
        "How it came about: from the variances of means, or of one run where the number of runs is unknown.", _HERE,
    ),
    Column("locator", TEXT, "", "Where the result from scratch stands.", "Point.locator"),
    Column("locator_reference", TEXT, "", "Where the fine-tuned result stands.", "Point.locator"),
)  # fmt: skip
"""Columns of ``scratch_vs_finetuning()``: one row a pruned network and way to train it from scratch."""

SCRATCH_VS_FINETUNING_POOLED = (
    Column("training_scheme", TEXT, "", "How the networks were trained from scratch: scratch_e or scratch_b.", _LIU),
    Column("family", TEXT, "", "structured, predefined; structured, automatic; or unstructured.", _HERE),
    of_field(Experiment, "dataset"),
    Column("networks", COUNT, "count", "Pruned networks."),
    Column("worse", COUNT, "count", "Networks that do worse trained from scratch than fine-tuned."),
    Column(
        "pooling", TEXT, "",
        "random effects; mean of single runs, where there are no deviations; missing for one network.", _HERE,
    ),
    Column("difference", NUMBER, "pp", "Trained from scratch minus fine-tuned, pooled.", _HERE),
    Column("low", NUMBER, "pp", "Lower end of the 95 % interval.", _HERE),
    Column("high", NUMBER, "pp", "Upper end of the 95 % interval.", _HERE),
    Column("tau", NUMBER, "pp", "Standard deviation of the true differences between networks.", "Paule & Mandel 1982"),
    Column("q", NUMBER, "1", "Weighted squares of the differences' distances from their mean.", "Cochran 1954"),
    Column("q_p", NUMBER, "fraction", "Probability of a q at least as large if all true differences were one."),
    Column("i2", NUMBER, "fraction", "Share of the variance that lies between networks.", "Higgins & Thompson 2002"),
)  # fmt: skip
"""Columns of ``scratch_vs_finetuning_pooled()``: one row a family of methods, dataset and way to train from scratch."""


def scratch_vs_finetuning_table(points: pd.DataFrame, methods: pd.DataFrame) -> pd.DataFrame:
    """One row a pruned network and way to train it from scratch; columns :data:`SCRATCH_VS_FINETUNING`.

    The difference is that of the accuracies where both ways start from one unpruned model, and otherwise that of their
    changes, each relative to its own unpruned model, as Liu et al. compare across frameworks.

    Args:
        points: Rows as of ``completed()`` of the collection :data:`SCRATCH_COLLECTION`.
        methods: Rows as of ``methods()``, of all papers: which methods are unstructured.
    """
    named = points[points["proposed_by"].notna() & points["pruned_model"].notna()]
    ways = named[[*_NETWORK, "target_architecture", *_OF_BOTH]]
    from_scratch = ways[ways["training_scheme"].isin(FROM_SCRATCH)]
    reference = ways.loc[ways["training_scheme"].isin(REFERENCE), [*_NETWORK, *_OF_BOTH]]
    pairs = from_scratch.merge(reference, on=_NETWORK, suffixes=("", "_reference"))
    compared = _compared(pairs).assign(family=_family(pairs, methods))
    return typed(compared, SCRATCH_VS_FINETUNING).sort_values(["family", "dataset"], kind="stable", ignore_index=True)


def pooled_table(pairs: pd.DataFrame) -> pd.DataFrame:
    """The differences pooled: one row a family, dataset and scheme; columns :data:`SCRATCH_VS_FINETUNING_POOLED`.

    Args:
        pairs: Rows as of ``scratch_vs_finetuning()``.
    """
    groups = pairs.groupby(["training_scheme", "family", "dataset"], sort=False)
    rows = [
        dict(zip(("training_scheme", "family", "dataset"), names, strict=True))
        | {"networks": len(group), "worse": (group["difference"] < 0).sum()}
        | _pool(group["difference"], group["standard_error"])
        for names, group in groups
    ]
    return typed(rows, SCRATCH_VS_FINETUNING_POOLED)


def _compared(pairs: pd.DataFrame) -> pd.DataFrame:
    same = pairs["experiment"] == pairs["experiment_reference"]
    of_changes = pairs["top1_change"] - pairs["top1_change_reference"]
    known = pairs["seeds"].notna() & pairs["seeds_reference"].notna()
    runs, runs_reference = (pairs[name].where(known, 1).astype("float64") for name in ("seeds", "seeds_reference"))
    variance = pairs["top1_std"] ** 2 / runs + pairs["top1_std_reference"] ** 2 / runs_reference
    rule = pd.Series(OF_MEANS, index=pairs.index, dtype="string").where(known, OF_RUNS)
    return pairs.assign(
        # Accuracies are printed with two decimals: what follows the ninth is left over from binary fractions.
        difference=(pairs["top1"] - pairs["top1_reference"]).where(same, of_changes).round(9),
        difference_rule=pd.Series(SAME_MODEL, index=pairs.index, dtype="string").where(same, CHANGES),
        standard_error=variance**0.5,
        standard_error_rule=rule.where(variance.notna()),
    )


def _family(pairs: pd.DataFrame, methods: pd.DataFrame) -> pd.Series[str]:
    """The family of each pair's method; one that no record calls unstructured counts as structured, as in the paper."""
    structured = pairs["target_architecture"].map({"predefined": STRUCTURED, "automatic": AUTOMATIC})
    single = structures(pairs["proposed_by"], pairs["method"], methods).eq("unstructured").fillna(False)
    return structured.mask(single.astype(bool), SINGLE).astype("string")


def _pool(differences: pd.Series[float], errors: pd.Series[float]) -> dict[str, Any]:
    """The pooled difference with its interval, and how much the differences vary beyond their standard errors."""
    from statsmodels.stats.meta_analysis import combine_effects
    from statsmodels.stats.weightstats import DescrStatsW

    if len(differences) < 2:
        return {"difference": differences.mean()}
    if errors.isna().any():
        scatter = DescrStatsW(differences.to_numpy())
        low, high = scatter.tconfint_mean(1 - LEVEL)
        return {"pooling": UNWEIGHTED, "difference": scatter.mean, "low": low, "high": high}
    found = combine_effects(differences.to_numpy(), errors.to_numpy() ** 2, method_re="iterated")
    low, high = found.conf_int(alpha=1 - LEVEL, use_t=True)[1]
    return {
        "pooling": RANDOM_EFFECTS,
        "difference": found.mean_effect_re,
        "low": low,
        "high": high,
        "tau": found.tau2**0.5,
        "q": found.q,
        "q_p": found.test_homogeneity().pvalue,
        "i2": max(0, found.i2),
    }
