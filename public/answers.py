"""Answers computed from the tables: claims with verdicts, reporting, progress, plans, findings of the audit.

Arguments and errors are those of :mod:`prunelit.tables`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from prunelit.analysis.dataset import SURVEY, dataset
from prunelit.analysis.frames.variants import Comparability
from prunelit.schema.problems import ArgumentError, UnknownNameError
from prunelit.tables import Source

if TYPE_CHECKING:
    from prunelit.analysis.synthesis.best import BestMethods
    from prunelit.analysis.synthesis.expectation import ExpectedChange
    from prunelit.analysis.synthesis.field import Synthesis

_of = dataset
"""The dataset of a corpus, for functions that have an argument of that name."""


def claims(corpus: Source = None, corrected: bool = False) -> pd.DataFrame:
    """Every number that the survey publishes, computed anew: one row a claim.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        corrected: Whether to apply the corpus's corrections, which the survey could not.

    Returns:
        A frame of text: ``claim``, ``source``, ``published``, ``computed``, ``verdict`` (reproduced, differs, or
        unexplained where the data differs for no known reason) and ``reason``.

    Raises:
        UnknownNameError: if the corpus does not know the survey's collection.

    Example:
        >>> sorted(claims()["verdict"].unique())
        ['differs', 'reproduced']
    """
    from prunelit.analysis.claims.blalock2020 import claims_table

    return claims_table(dataset(corpus, SURVEY, corrected))


def conclusions(corpus: Source = None, paper: str | None = None) -> pd.DataFrame:
    """What papers other than the survey conclude, computed anew from the records: one row a claim.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.  Papers that it does
            not hold are left out.
        paper: Id of a paper, to leave out all others.

    Returns:
        A frame of text: ``paper_id``, ``claim``, ``source``, ``published``, ``computed``, ``verdict`` (reproduced or
        differs for numbers, holds or does not hold for statements, no numbers at hand, or unexplained where the records
        differ for no known reason) and ``reason``.

    Raises:
        UnknownNameError: if the conclusions of that paper are not among those that are judged.

    Example:
        >>> int(conclusions(paper="wang2023why")["verdict"].value_counts()["holds"])
        10
    """
    from prunelit.analysis.claims.sources import CONCLUSIONS_BY_PAPER, conclusions_table

    if paper is not None and paper not in CONCLUSIONS_BY_PAPER:
        raise UnknownNameError("paper with conclusions", paper, CONCLUSIONS_BY_PAPER)
    return conclusions_table(dataset(corpus), paper)


def checklist(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """What the records hold of what a reader needs to compare papers: one row a paper and item of the checklist.

    It scores reporting, not quality.  Papers without experiments are left out: nobody has entered what they report.
    Where only files of a repository were entered, what they lack is unknown: it may stand in the paper.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``paper_id``, ``item``, ``verdict`` (met, unmet, or unknown where the records do not tell), ``why``
        and the ``source`` that asks for the item.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> sorted(checklist(collection="blalock2020")["verdict"].unique())
        ['met', 'unknown', 'unmet']
    """
    from prunelit.analysis.trends.checklist import checklist_table

    return checklist_table(dataset(corpus, collection, corrected))


def progress(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """Fragmentation and reporting then and now: one row a measure and group of papers, and one a year of the checklist.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``measure``, ``group`` (survey, since or all), ``value``, ``unit``, and for shares the
        ``numerator`` and ``denominator`` in ``unit_counted``.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> progress()["group"].unique().tolist()
        ['survey', 'since', 'all']
    """
    from prunelit.analysis.trends.progress import progress_table

    return progress_table(dataset(corpus, collection, corrected))


def frontiers(
    corpus: Source = None,
    collection: str | None = None,
    corrected: bool = True,
    dataset: str = "ImageNet",
    architecture: str = "ResNet-50",
) -> pd.DataFrame:
    """The Pareto frontiers on one configuration, cumulated by year: one row a year, pair of metrics and point.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        dataset: Dataset.
        architecture: Architecture that was pruned.

    Returns:
        A frame with ``efficiency``, ``quality``, ``year``, ``ratio`` and ``value``, and whose point it is.

    Raises:
        UnknownNameError: if there is no such collection, dataset or architecture.

    Example:
        >>> frontiers(collection="blalock2020", architecture="VGG-16")["quality"].unique().tolist()
        ['top1', 'top1_change']
    """
    from prunelit.analysis.dataset import dataset as dataset_of
    from prunelit.analysis.trends.frontiers import frontiers_table

    return frontiers_table(dataset_of(corpus, collection, corrected), dataset, architecture)


def multiverse(corpus: Source = None, collection: str | None = SURVEY) -> pd.DataFrame:
    """Every finding of the survey in every universe: one row a finding and combination of choices.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        A frame with the choices, ``finding``, ``value`` (share, 0 to 1), ``numerator``, ``denominator``, and whether
        what the survey says ``holds``.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> len(multiverse())
        1920
    """
    from prunelit.analysis.survey.multiverse import multiverse_table

    return multiverse_table(dataset(corpus, collection)).copy(deep=False)


def plan(
    corpus: Source = None,
    collection: str | None = None,
    corrected: bool = True,
    method: str | None = None,
    budget: int = 5,
    only: str | Sequence[str] = (),
    connect: bool = True,
    comparability: Comparability = "same_network",
) -> pd.DataFrame:
    """The experiments that make a paper comparable with most of the literature: one row an experiment.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        method: A paper of the corpus, by anything that ``prunelit show`` takes, to plan what it should add; by default
            the plan is for a new paper.
        budget: How many experiments at most.
        only: Dataset, or datasets, to choose from; all by default.
        connect: Whether connecting papers comes before making them comparable.
        comparability: How much two papers must share: ``"same_network"``, ``"same_variants"`` (variants of one
            architecture count as one) or ``"raw_accuracy"`` (moreover, accuracies without that of the unpruned model).

    Returns:
        A frame with ``step``, ``dataset``, ``architecture``, ``metrics``, the ratios to prune to, and how many papers
        each step makes ``comparable``.

    Raises:
        UnknownNameError: if there is no such collection, paper, dataset or comparability.
        AmbiguousNameError: if several papers fit the name.
        ArgumentError: if the budget is below 1.

    Example:
        >>> plan(collection="blalock2020", budget=2)["step"].tolist()
        [1, 2]
    """
    from prunelit.analysis.planning.plan import as_table, make_plan

    return as_table(make_plan(dataset(corpus, collection, corrected), method, budget, only, connect, comparability))


def field_plan(
    corpus: Source = None,
    collection: str | None = None,
    corrected: bool = True,
    only: str | Sequence[str] = (),
    experiments: int = 100,
    comparability: Comparability = "same_network",
) -> pd.DataFrame:
    """How many pairs of papers are comparable after more and more experiments: one row a number of experiments.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        only: Dataset, or datasets, to choose from; all by default.
        experiments: How many at most.
        comparability: How much two papers must share, as for :func:`plan`.

    Returns:
        A frame with ``choice`` (planned, or as so far), ``experiments``, ``comparable_pairs``, their ``share`` and
        ``components``; empty where no paper has a point that another could be compared with.

    Raises:
        UnknownNameError: if there is no such collection, dataset or comparability.

    Example:
        >>> table = field_plan(collection="blalock2020", experiments=3)
        >>> table.groupby("choice")["share"].agg(lambda share: share.is_monotonic_increasing).all().item()
        True
    """
    from prunelit.analysis.planning.field_plan import field_plan_table
    from prunelit.analysis.planning.literature import known_datasets, literature

    data = dataset(corpus, collection, corrected)
    return field_plan_table(literature(data, comparability), known_datasets(data, only), experiments)


def synthesis(
    dataset: str,
    architecture: str,
    *,
    metric: str = "top1",
    efficiency: str = "speedup",
    at: float = 2.0,
    structure: str | None = None,
    since: int | None = None,
    peer_reviewed: bool | None = None,
    training_scheme: str | None = None,
    setup: str | None = None,
    copied: str = "leave_out",
    through_unpruned: bool = True,
    reference: str | None = None,
    assumed_std: float | None = None,
    level: float = 0.95,
    corpus: Source = None,
    collection: str | None = None,
) -> Synthesis:
    """What all papers together say of the methods on one network at one ratio: a network meta-analysis of the corpus.

    Contrasts are differences between methods, and between each and the paper's unpruned model, that one paper reports
    at a matched ratio; see :mod:`prunelit.analysis.synthesis.arms` for the rule, which never extrapolates.  Standard
    errors are those that papers report, or assumed from what comparable papers report, and then marked and varied.

    Args:
        dataset: Dataset, by its name in the vocabulary.
        architecture: Architecture on it.
        metric: What is compared.
        efficiency: ``speedup`` or ``compression_ratio``.
        at: The ratio, above 1.
        structure: Only methods of this structure.
        since: Only papers of this year or later.
        peer_reviewed: Only papers that are, or are not.
        training_scheme: Only networks trained so after pruning; those trained from scratch never enter.
        setup: Only curves proven comparable with each other under this comparison setup.
        copied: ``"leave_out"``, or ``"follow"`` to count copied numbers once, under the paper that they come from.
        through_unpruned: Whether the unpruned model of each paper is an arm of its study.
        reference: The method that the others are compared with; by default the one in most studies; of several, the
            unpruned model.
        assumed_std: Standard deviation of one run, for numbers without one; by default from comparable papers.
        level: Of all intervals.
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        Arms, contrasts with both locators, the network meta-analysis, and the estimates under half, twice and four
        times the assumed deviation.

    Raises:
        UnknownNameError: if nothing has one of the names.
        ArgumentError: if a number makes no sense.
        TooLittleEvidenceError: if what papers report does not carry a network; it tells the counts.

    Example:
        >>> found = synthesis("ImageNet", "MobileNet", efficiency="compression_ratio")
        >>> found.network.common.loc["unpruned", "effect"].item()
        0.0
    """
    from prunelit.analysis.synthesis.field import synthesize
    from prunelit.analysis.synthesis.question import Question

    data = _of(corpus, collection)
    question = Question(
        dataset, architecture, metric, efficiency, at, structure, since, peer_reviewed, training_scheme, setup, copied,
        through_unpruned,
    )  # fmt: skip
    setups = data.comparison_setups() if setup is not None else None
    return synthesize(data.evidence_long(), setups, question, reference=reference, assumed_std=assumed_std, level=level)


def best(
    dataset: str,
    architecture: str,
    speedup: float | None = None,
    *,
    compression_ratio: float | None = None,
    structure: str | None = None,
    since: int | None = None,
    setup: str | None = None,
    peer_reviewed: bool | None = None,
    level: float = 0.95,
    corpus: Source = None,
    collection: str | None = None,
) -> BestMethods:
    """Which methods do best on a network at a ratio: what is reported, synthesized and expected, and how sure that is.

    Methods are ranked by :func:`synthesis` where papers carry one, else by the model behind :func:`expected_change`.

    Args:
        dataset: Dataset, by its name in the vocabulary.
        architecture: Architecture on it.
        speedup: The theoretical speedup, above 1; 2 where no ratio is given.
        compression_ratio: Instead of the speedup, the compression ratio.
        structure: Only methods of this structure.
        since: Only papers of this year or later.
        setup: Only curves proven comparable with each other under this comparison setup.
        peer_reviewed: Only papers that are, or are not.
        level: Of all intervals.
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        The ``methods``, a frame with one row each, the best first; the ``synthesis``, or why it was ``refused``; on how
        many ``papers`` it stands, and how many methods are ``distinguishable`` from the first.

    Raises:
        UnknownNameError: if nothing has one of the names.
        ArgumentError: if a number makes no sense.
        TooLittleEvidenceError: if no paper reports a method there.

    Example:
        >>> found = best("CIFAR-10", "ResNet-56", speedup=2.0)
        >>> found.distinguishable < found.ranked <= len(found.methods)
        True
    """
    from prunelit.analysis.synthesis.best import best_methods
    from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
    from prunelit.analysis.synthesis.dose_response import told_by_network
    from prunelit.analysis.synthesis.question import Question

    if speedup is None and compression_ratio is None:
        speedup = 2.0
    efficiency, at = _one_ratio(speedup, compression_ratio)
    data = _of(corpus, collection)
    question = Question(dataset, architecture, "top1", efficiency, at, structure, since, peer_reviewed, setup=setup)
    try:
        model = told_by_network(data.dose_response(efficiency), dataset, architecture)
    except TooLittleEvidenceError:
        model = None
    return best_methods(data.evidence_long(), data.comparison_setups(), model, question, level)


def expected_change(
    dataset: str,
    architecture: str,
    speedup: float | None = None,
    method: str | None = None,
    *,
    compression_ratio: float | None = None,
    structure: str | None = None,
    pooled: bool = True,
    level: float = 0.95,
    corpus: Source = None,
    collection: str | None = None,
) -> ExpectedChange:
    """Which change in top-1 accuracy to expect of a network that is pruned to a ratio and trained further.

    A mixed-effects model of all that papers report of their own runs, over networks, papers, methods and structures:
    see :mod:`prunelit.analysis.synthesis.dose_response`, and ``analysis/PREDICTION.md`` for how well it predicts papers
    that it has not seen, against rules that need no model.

    Args:
        dataset: Dataset, by its name in the vocabulary.
        architecture: Architecture on it.
        speedup: The theoretical speedup, above 1.
        method: Method, by its canonical name; None for one that nothing is known of.
        compression_ratio: Instead of the speedup, the compression ratio.
        structure: What is removed; by default what the records say of the method, if there is one.
        pooled: Whether networks borrow from each other; else the model is of the one network alone.
        level: Of the intervals.
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        The ``change`` in percentage points; ``lower`` and ``upper``, between which a new paper's number is; limits of
        the expectation itself; on how many papers and points it stands, and whether the ratio is ``extrapolated``.

    Raises:
        UnknownNameError: if no points are known of one of the names.
        ArgumentError: if the ratio or the level makes no sense, or not exactly one ratio is given.
        TooLittleEvidenceError: if there are too few papers.

    Example:
        >>> found = expected_change("ImageNet", "ResNet-50", speedup=2.0)
        >>> found.lower < found.expected_lower < found.change < 0 < found.upper
        True
    """
    from prunelit.analysis.synthesis.dose_response import only_network, told_by_network
    from prunelit.analysis.synthesis.expectation import expect

    efficiency, at = _one_ratio(speedup, compression_ratio)
    model = _of(corpus, collection).dose_response(efficiency)
    if not pooled:
        model = only_network(model, dataset, architecture)
    elif method is not None:
        model = told_by_network(model, dataset, architecture)
    return expect(model, dataset, architecture, efficiency, at, method, structure, level)


def dose_response(
    dataset: str,
    architecture: str,
    *,
    efficiency: str = "speedup",
    pooled: bool = True,
    level: float = 0.95,
    corpus: Source = None,
    collection: str | None = None,
) -> pd.DataFrame:
    """Which change in top-1 accuracy comes with which ratio: curves of a network, its structures and its methods.

    Args:
        dataset: Dataset, by its name in the vocabulary.
        architecture: Architecture on it.
        efficiency: ``speedup`` or ``compression_ratio``.
        pooled: Whether networks borrow from each other; else the model is of the one network alone.
        level: Of the intervals.
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        A frame with ``by`` (structure, method, or missing for the network as a whole), ``name``, ``ratio`` (only where
        points are reported), ``change``, its confidence limits ``expected_lower`` and ``expected_upper``, the limits
        ``lower`` and ``upper`` of what a new paper reports, and the numbers of ``papers`` and ``points``.

    Raises:
        UnknownNameError: if no points are known of one of the names.
        TooLittleEvidenceError: if there are too few papers.

    Example:
        >>> curves = dose_response("CIFAR-10", "ResNet-56")
        >>> sorted(curves["by"].dropna().unique())
        ['method', 'structure']
    """
    from prunelit.analysis.synthesis.dose_response import only_network, told_by_network
    from prunelit.analysis.synthesis.expectation import curves_table

    model = _of(corpus, collection).dose_response(efficiency)
    model = (told_by_network if pooled else only_network)(model, dataset, architecture)
    return curves_table(model, dataset, architecture, level)


def _one_ratio(speedup: float | None, compression_ratio: float | None) -> tuple[str, float]:
    """The ratio that is given, and its name.

    Raises:
        ArgumentError: if none is given, or both are.
    """
    given = {"speedup": speedup, "compression_ratio": compression_ratio}
    ratios = [(name, value) for name, value in given.items() if value is not None]
    if len(ratios) != 1:
        raise ArgumentError(ratios, "give one ratio: a speedup, or a compression_ratio")
    return ratios[0]


def synthesis_networks(
    corpus: Source = None,
    collection: str | None = None,
    metric: str = "top1",
    efficiency: str = "speedup",
    at: float = 2.0,
    through_unpruned: bool = True,
) -> pd.DataFrame:
    """How much evidence there is for a synthesis on each network at one ratio: one row a dataset and architecture.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        metric: What is compared.
        efficiency: ``speedup`` or ``compression_ratio``.
        at: The ratio.
        through_unpruned: Whether the unpruned model of each paper is an arm of its study.

    Returns:
        A frame with the numbers of ``papers``, ``studies``, ``methods`` and ``components``, the methods (``largest``)
        and degrees of ``freedom`` of the largest component, and whether it ``carries`` a synthesis.

    Raises:
        UnknownNameError: if there is no such collection or metric.

    Example:
        >>> synthesis_networks(efficiency="compression_ratio").query("carries")["dataset"].unique().tolist()
        ['Digits', 'ImageNet', 'CIFAR-10']
    """
    return dataset(corpus, collection).synthesis_networks(metric, efficiency, at, through_unpruned)


def audit(corpus: Source = None) -> pd.DataFrame:
    """Everything the rules of the audit find, acknowledged and corrected findings included: one row a finding.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.

    Returns:
        A frame with ``rule``, ``family``, ``severity`` (error, warning, note), ``status`` (open, corrected,
        acknowledged), ``paper_id`` (missing where the finding is about the corpus), ``subject``, ``found``, ``why`` it
        is suspicious, what would ``settle`` it, the ``reason`` of an acknowledgement, ``file`` below the folder of the
        corpus, and ``line``.

    Example:
        >>> audit().query("status == 'open'").empty
        True
    """
    from prunelit.analysis.audit.engine import audit_table

    return audit_table(dataset(corpus))
