"""Tables of the corpus: short forms of the methods of a :class:`prunelit.Dataset`.

Every function takes ``corpus=`` (records as of :func:`prunelit.load_corpus`, or the folder of a corpus; by default the
corpus that ships with the package), ``collection=`` (a name, to leave out all other papers and experiments; "all" and
None are everything) and, where numbers can be corrected, ``corrected=``.  A frame is its caller's own.  All raise
:class:`prunelit.UnknownNameError` for an unknown collection and :class:`prunelit.CorpusError` for an invalid corpus.
Columns, with types and units, are those of the data dictionary (:func:`prunelit.data_dictionary`).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pandas as pd

from prunelit.analysis.dataset import dataset
from prunelit.analysis.engines import is_release, normalized_of, normalized_release, ordered_points
from prunelit.analysis.frames.baselines import Reference
from prunelit.analysis.frames.variants import Comparability
from prunelit.schema.corpus import Corpus
from prunelit.schema.problems import ArgumentError

if TYPE_CHECKING:
    import networkx as nx

Source: TypeAlias = Corpus | str | Path | None
"""Records, the folder of a corpus, or None for the corpus that ships with the package."""


def papers(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row a paper, in the order of ids.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``paper_id``, ``title``, ``year``, ``venue``, ``peer_reviewed`` and the other columns of the table
        ``papers`` in the data dictionary.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> len(papers(collection="blalock2020"))
        81
    """
    return dataset(corpus, collection, corrected).papers()


def results(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """What the papers report, as they report it: one row an operating point, and one an experiment without numbers.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with accuracies in percent, changes in percentage points, shares as fractions, counts and ratios, and
        the other columns of the table ``results`` in the data dictionary; what is not reported is missing.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> table = results(collection="blalock2020")
        >>> int(table["survey_row"].notna().sum())
        551
    """
    return dataset(corpus, collection, corrected).results()


def completed(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row an operating point: what the paper reports, and what follows from it.

    Rules are those of Blalock et al. 2020, section 3.3, footnote 1: absolute numbers before and after pruning come
    before shares, shares before ratios.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with the columns of ``results()`` and, for each derived quantity, a column ``<name>_rule`` that says how
        it came about.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> completed(collection="blalock2020").query("paper_id == 'he2017channel'")["speedup_rule"].unique().tolist()
        ['reported', '1 / flops_kept']
    """
    return dataset(corpus, collection, corrected).completed()


def normalized(
    corpus: Source = None,
    collection: str | None = None,
    reference: Reference = "all",
    corrected: bool = True,
    engine: str | None = None,
) -> pd.DataFrame:
    """One row an operating point, as if every paper had pruned the median model (Blalock et al. 2020, footnote 1).

    ``normalized_params`` and ``normalized_multiply_adds`` are the median times the share kept, ``normalized_top1`` and
    ``normalized_top5`` the median plus the change.  They stand beside the completed quantities, under names of their
    own; where one is missing, its rule says what it lacks.  Sweeps and excluded results are there, marked in ``sweep``
    and ``excluded``.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.  With an engine also
            the folder of a release, of which positions and labels stay as they are where a collection is asked for.
        collection: Name of a collection, to leave out all others.
        reference: Medians over papers and reference models (``"all"``), or reference models alone (``"unpruned"``).
        corrected: Whether to apply the corpus's corrections; a release has them applied.
        engine: What computes it: ``"polars"``, ``"duckdb"``, ``"dask"`` (on the workers of a client that has been
            started) or ``"pandas"``, which all give the same; by default the tables that this process keeps.  What
            does not fit into memory is written by ``prunelit normalize``.

    Returns:
        A frame with the columns of ``completed()`` and the normalized quantities, each with its rule.

    Raises:
        UnknownNameError: if there is no such collection, reference or engine.
        MissingPackageError: if the engine is not installed (``pip install 'prunelit[engines]'``).
        ArgumentError: if a release is asked for without its corrections, or without an engine.
        TableFileError: if a release lacks tables or columns, or holds others in their place.
        ReleaseError: if a file of a release is not what its sum says.

    Example:
        >>> table = normalized(collection="blalock2020").query("architecture == 'ResNet-50' and dataset == 'ImageNet'")
        >>> sorted(table["normalized_top1_rule"].unique())
        ['median + top1_change', 'missing: top1_change is unknown']
    """
    if isinstance(corpus, str | Path) and is_release(Path(corpus)):
        if engine is None:
            message = f"{corpus} is a release: name an engine, as engine='duckdb', or take its tables by load_release()"
            raise ArgumentError(engine, message)
        if not corrected:
            raise ArgumentError(corrected, f"{corpus} is a release, and the tables of releases have their corrections")
        return ordered_points(normalized_release(Path(corpus), reference, engine, collection))
    data = dataset(corpus, collection, corrected)
    if engine is None:
        return data.normalized(reference)
    return normalized_of(data.results(), data.reference_models(), reference, engine)


def evidence(
    corpus: Source = None, collection: str | None = None, reference: Reference = "all", corrected: bool = True
) -> pd.DataFrame:
    """One row an operating point, with everything that the corpus holds beside it, so that no question needs a join.

    Beside the numbers of ``normalized()``: year, venue and peer review of the paper; who proposed the method, and its
    structure, scoring and scheduling; the family of the architecture; the recipe (epochs, learning rate, augmentation,
    checkpoint ...); and ``source_url``, the address that opens the source of the numbers.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        reference: What the medians of normalized numbers are taken over, see :func:`normalized`.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with the columns of ``normalized()`` and those that stand beside them; accuracies in percent, changes in
        percentage points, shares as fractions.

    Raises:
        UnknownNameError: if there is no such collection or reference.

    Example:
        >>> table = evidence(collection="blalock2020")
        >>> table.query("paper_id == 'han2015learning'")["source_url"].unique().tolist()
        ['https://github.com/JJGO/shrinkbench/tree/b244974/analysis/assets']
    """
    return dataset(corpus, collection, corrected).evidence(reference)


def evidence_long(
    corpus: Source = None, collection: str | None = None, reference: Reference = "all", corrected: bool = True
) -> pd.DataFrame:
    """One row an operating point and metric, with everything that the corpus holds beside it.

    The long form of :func:`evidence`: accuracies, perplexity, latency and any other metric stand in rows of their own,
    with ``metric``, ``value``, ``unit``, ``direction`` and the conditions of the measurement.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        reference: What the medians of normalized numbers are taken over, see :func:`normalized`.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with the columns of ``evidence()`` and those of ``measurements()`` that it lacks.

    Raises:
        UnknownNameError: if there is no such collection or reference.

    Example:
        >>> table = evidence_long(collection="living")
        >>> table.query("metric == 'perplexity'")["direction"].unique().tolist()
        ['lower']
    """
    return dataset(corpus, collection, corrected).evidence_long(reference)


def baselines(
    corpus: Source = None,
    collection: str | None = None,
    reference: Reference = "all",
    corrected: bool = True,
    comparability: Comparability = "same_network",
) -> pd.DataFrame:
    """The unpruned models: one row a dataset, architecture and quantity, with median, minimum and maximum.

    One value a paper (the median of its own values) and one a reference model (Blalock et al. 2020, footnotes 1 and 2).

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        reference: ``"all"``, or ``"unpruned"`` for the reference models alone, as the survey's published figure did.
        corrected: Whether to apply the corpus's corrections.
        comparability: ``"same_network"``, or anything laxer to take the values of all variants of an architecture
            together, under the one that they have in common.

    Returns:
        A frame with ``dataset``, ``architecture``, ``quantity``, ``unit``, ``n``, ``n_papers``, ``median``, ``minimum``
        and ``maximum``.

    Raises:
        UnknownNameError: if there is no such collection, reference or comparability.

    Example:
        >>> table = baselines(collection="blalock2020", reference="unpruned")
        >>> int(table["n_papers"].sum())
        0
    """
    return dataset(corpus, collection, corrected).baselines(reference, comparability)


def reference_models(corpus: Source = None, collection: str | None = None) -> pd.DataFrame:
    """The unpruned reference models: one row a network in a table outside the pruning literature.

    They are those that the survey takes its unpruned models from (Blalock et al. 2020, footnote 2), and the medians of
    :func:`baselines` are taken over them, too.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection; all collections have the same reference models, with the operations of AlexNet
            and the VGG networks corrected, but the survey's, which has them as their table prints them.

    Returns:
        A frame with ``source``, ``dataset``, ``architecture``, ``family``, ``year``, ``top1`` and ``top5`` (%),
        ``params`` and ``flops`` (multiply-adds).

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> reference_models().query("architecture == 'ResNet-50'")["top1"].tolist()
        [76.0, 76.01]
    """
    return dataset(corpus, collection).reference_models()


def comparisons(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row an edge between two papers of the corpus, by comparing and then by compared paper.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``paper_id``, ``survey_id``, ``compared_id``, ``compared_survey_id`` and ``kind`` (``comparison``,
        or ``citation`` without comparison).

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> len(comparisons(collection="blalock2020", corrected=False))
        173
    """
    return dataset(corpus, collection, corrected).comparisons()


def comparison_graph(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> nx.DiGraph[str]:
    """The comparison graph: a node a paper, an edge from the comparing (or citing) to the compared (or cited) paper.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A graph of the caller's own.  Nodes carry ``survey_id``, ``title``, ``year``, ``venue`` and ``peer_reviewed``
        (None where unknown), edges ``kind`` (``comparison`` or ``citation``; a paper that does both compares).

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> comparison_graph(collection="blalock2020").number_of_nodes()
        81
    """
    return dataset(corpus, collection, corrected).comparison_graph().copy()


def methods(corpus: Source = None, collection: str | None = None) -> pd.DataFrame:
    """One row a method that a paper proposes, with its class on each axis that a source classifies it on.

    A class that is missing is unknown: no source at hand states it, or two contradict each other.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        A frame with ``paper_id``, ``method``, the axes of Blalock et al. 2020, section 2.3, and their ``sources``.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> methods(collection="blalock2020").query("paper_id == 'han2015learning'")["structure"].item()
        'unstructured'
    """
    return dataset(corpus, collection).methods()


def measurements(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """One row an operating point and metric: top-1 and top-5 accuracy, and every other metric of the vocabulary.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``metric``, ``unit``, ``direction``, ``value``, ``base_value``, ``change`` and ``std`` beside what
        names the point.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> sorted(measurements(collection="blalock2020")["metric"].unique())
        ['top1', 'top5']
    """
    return dataset(corpus, collection, corrected).measurements()


def layer_widths(corpus: Source = None, collection: str | None = None) -> pd.DataFrame:
    """One row a layer of each pruned network whose source prints the widths, from the input to the output.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.

    Returns:
        A frame with ``layer`` (from 1), ``base_channels``, ``channels`` and ``channels_std`` (counts) beside what names
        the network.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> layer_widths(collection="scratch").query("layer == 1")["base_channels"].tolist()
        [64.0]
    """
    return dataset(corpus, collection, corrected=False).layer_widths()


def tradeoffs(
    corpus: Source = None, collection: str | None = None, corrected: bool = True, hull: str = "concave"
) -> pd.DataFrame:
    """How the curves of any two papers stand to each other: one row an ordered pair, configuration and pair of metrics.

    Definitions are those of the survey's published analysis, see :mod:`prunelit.analysis.compare.dominance`.

    Rows are as many as pairs of papers, so that they grow with the square of the papers on a network: n papers of
    which each meets each other give n(n - 1) rows for each pair of metrics, 5,788 for the corpus of November 2026.  Of
    many papers, ask for a collection, or for :func:`prunelit.frontiers` or :func:`prunelit.best` of a network.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        hull: What a paper's points are judged against: the ``"concave"`` hull of the other's, or what the survey's
            ``"published"`` code takes for it.

    Returns:
        A frame with ``dataset``, ``architecture`` (unions such as Alex/CaffeNet as well as their members), ``quality``
        (top1 or top5), ``efficiency`` (compression_ratio or speedup), ``paper_id``, ``other_id``, ``stated`` (whether
        the paper says that it compares to the other), ``points`` (on the paper's frontier), and how many of them are
        ``dominated``, ``below``, ``incomparable``, ``above`` and ``dominant`` with regard to the other's hull.

    Raises:
        UnknownNameError: if there is no such collection or hull.

    Example:
        >>> table = tradeoffs(collection="blalock2020")
        >>> verdicts = table[["dominated", "below", "incomparable", "above", "dominant"]]
        >>> (table["points"] == verdicts.sum(axis=1)).all().item()
        True
    """
    return dataset(corpus, collection, corrected).tradeoffs(hull)


def comparison_setups(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """The comparison setups under which two curves may be compared: one row an unordered pair of curves.

    Pairs are all those on the same dataset and architecture, within a paper and between papers, with released sweeps
    (Wang et al. 2023, section 3.2).  So rows grow with the square of the curves, and of the papers, on a network:
    n curves give n(n - 1)/2 rows, which were 117,143 for the corpus of November 2026, over half of them on ResNet-50.
    Of many papers, ask for a collection, or for :func:`comparable_pairs_by_setup`, which counts pairs and lists none.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with the two curves, the ``strictest`` setup that is proven and the ``strictest_possible`` one, and what
        ``differs`` and what is ``unknown``.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> sorted(comparison_setups(collection="fairness")["strictest"].dropna().unique())
        ['S1', 'S2', 'S3.1', 'S4.2']
    """
    return dataset(corpus, collection, corrected).comparison_setups()


def comparable_pairs(
    corpus: Source = None,
    collection: str | None = None,
    corrected: bool = True,
    comparability: Comparability = "same_network",
) -> pd.DataFrame:
    """The pairs of papers whose numbers can be compared, by their own headline results: one row a pair.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.
        comparability: How much two papers must share: ``"same_network"`` (dataset, architecture, quality with its
            change, and efficiency), ``"same_variants"`` (variants of one architecture count as one) or
            ``"raw_accuracy"`` (moreover, accuracies without that of the unpruned model).

    Returns:
        A frame with ``paper_a``, ``paper_b`` and how many configurations they have ``shared``, of these
        ``across_variants`` and ``without_baseline``.

    Raises:
        UnknownNameError: if there is no such collection or comparability.

    Example:
        >>> len(comparable_pairs(collection="blalock2020"))
        256
    """
    return dataset(corpus, collection, corrected).comparable_pairs(comparability)


def comparable_pairs_by_setup(
    corpus: Source = None, collection: str | None = None, corrected: bool = True
) -> pd.DataFrame:
    """How many comparable pairs of papers stay comparable under each setup: one row a setup.

    A pair of papers counts under a setup if any of its pairs of curves does, released sweeps left out.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``setup``, ``in_order``, and the counts ``proven``, ``possible`` and ``papers``.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> comparable_pairs_by_setup(collection="blalock2020")["setup"].iloc[0]
        'comparable'
    """
    return dataset(corpus, collection, corrected).comparable_pairs_by_setup()


def discrepancies(corpus: Source = None, collection: str | None = None, corrected: bool = True) -> pd.DataFrame:
    """What different papers print for the same method, dataset, architecture and ratio: one row a report.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        collection: Name of a collection, to leave out all others.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with ``setting`` (the group of reports that should agree), its ``spread`` (percentage points), and the
        reports; those with the largest spread of top-1 accuracy first.

    Raises:
        UnknownNameError: if there is no such collection.

    Example:
        >>> table = discrepancies()
        >>> bool(table["spread"].is_monotonic_decreasing)
        True
    """
    return dataset(corpus, collection, corrected).discrepancies()


def scratch_vs_finetuning(corpus: Source = None, corrected: bool = True) -> pd.DataFrame:
    """Training from scratch against fine-tuning: one row a pruned network and way to train it from scratch.

    Results are those of the collection ``scratch``: the tables of Liu et al. 2019.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with both accuracies (%), their ``difference`` (percentage points, from scratch minus fine-tuned) and
        its ``standard_error``, each with the rule by which it came about.

    Example:
        >>> scratch_vs_finetuning()["training_scheme"].unique().tolist()
        ['scratch_e', 'scratch_b']
    """
    return dataset(corpus, corrected=corrected).scratch_vs_finetuning()


def scratch_vs_finetuning_pooled(corpus: Source = None, corrected: bool = True) -> pd.DataFrame:
    """The differences of :func:`scratch_vs_finetuning` pooled: one row a family of methods, dataset and scheme.

    Pooled by a random-effects model with the variance between networks after Paule & Mandel 1982.

    Args:
        corpus: Records, or the folder of a corpus; by default those that ship with the package.
        corrected: Whether to apply the corpus's corrections.

    Returns:
        A frame with the pooled ``difference`` (percentage points), its 95 % interval ``low`` to ``high``, ``tau``,
        ``q``, ``q_p`` and ``i2``.

    Example:
        >>> table = scratch_vs_finetuning_pooled().dropna(subset=["low"])
        >>> bool((table["low"] < table["high"]).all())
        True
    """
    return dataset(corpus, corrected=corrected).scratch_vs_finetuning_pooled()
