"""Network meta-analysis of contrasts, from rows to result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from math import isnan
from numbers import Real

import pandas as pd

from prunelit.analysis.frames.columns import typed
from prunelit.analysis.synthesis.contributions import hat, random_walks
from prunelit.analysis.synthesis.decomposition import decomposition
from prunelit.analysis.synthesis.estimates import EffectModel, against, effect_model, league
from prunelit.analysis.synthesis.faults import Fault, NetworkError
from prunelit.analysis.synthesis.heterogeneity import ESTIMATOR_NAMES, Heterogeneity, heterogeneity
from prunelit.analysis.synthesis.network import Network, networks
from prunelit.analysis.synthesis.ranking import SMALL_VALUES, p_scores
from prunelit.analysis.synthesis.reading import studies_of, treatments_of
from prunelit.analysis.synthesis.result import COMMON, FRAMES, RANDOM, NetworkMetaAnalysis
from prunelit.analysis.synthesis.splits import splits
from prunelit.analysis.synthesis.study import NodeName
from prunelit.schema.problems import nearest, quoted


def network_meta_analysis(
    contrasts: pd.DataFrame,
    *,
    reference: NodeName | None = None,
    method_tau: str = "DL",
    small_values: str = "good",
    level: float = 0.95,
) -> NetworkMetaAnalysis:
    """Network meta-analysis: what all contrasts together say of each pair of treatments.

    Frequentist, after the graph-theoretical method of Rücker 2012 (Research Synthesis Methods 3, 312-24), which is
    weighted least squares.  Contrasts of a multi-arm study are weighted by their full covariance (Rücker and Schwarzer
    2014, Statistics in Medicine 33, 4353-69).  Each module of :mod:`prunelit.analysis.synthesis` states its formulas
    and their sources.

    Args:
        contrasts: One row a contrast, with the columns ``study``, ``treatment1``, ``treatment2``, ``effect``
            (treatment1 - treatment2, in any unit) and ``standard_error``; others are left alone.  A study with p arms
            has a row for each of its p (p - 1) / 2 pairs.  Rows and the two treatments in them may come in any order.
        reference: The treatment that the frames ``common`` and ``random`` compare with; by default, and in components
            without it, the first in order.
        method_tau: How the variance between studies is estimated: ``"DL"`` (moments), ``"REML"`` or ``"ML"``.
        small_values: Whether small effects are ``"good"`` or ``"bad"``, for the P-scores.
        level: Of all intervals, between 0 and 1.

    Returns:
        Frames of estimates, ranks, heterogeneity, inconsistency and evidence.

    Raises:
        TypeError: If the contrasts are no frame.
        NetworkError: A ValueError that tells every mistake in the contrasts and options, with the study that it is in.

    Examples:
        >>> import pandas as pd
        >>> from prunelit import network_meta_analysis
        >>> contrasts = pd.DataFrame(
        ...     [("one", "A", "B", 0.5, 0.1), ("two", "B", "C", 0.25, 0.1), ("three", "A", "C", 0.6, 0.1)],
        ...     columns=["study", "treatment1", "treatment2", "effect", "standard_error"],
        ... )
        >>> found = network_meta_analysis(contrasts, reference="C")
        >>> found.common.loc["A", ["effect", "standard_error"]].astype(float).round(3).to_dict()
        {'effect': 0.65, 'standard_error': 0.082}
        >>> found.splits.loc[("common", "A", "C"), ["direct", "indirect", "p"]].round(3).to_dict()
        {'direct': 0.6, 'indirect': 0.75, 'p': 0.386}
    """
    if not isinstance(contrasts, pd.DataFrame):
        raise TypeError(f"contrasts is a {type(contrasts).__name__}; expected a pandas DataFrame")
    studies, faults = studies_of(contrasts)
    options = [*_option_faults(method_tau, small_values, level), *_reference_faults(reference, contrasts)]
    if options or faults:
        raise NetworkError([*options, *faults])
    components = [
        _component(number, network, reference, method_tau, level) for number, network in enumerate(networks(studies), 1)
    ]
    return _result(components, small_values, level)


@dataclass(frozen=True, slots=True, eq=False)
class _Component:
    """A network with the two models fitted to it."""

    number: int
    network: Network
    reference: NodeName
    heterogeneity: Heterogeneity
    common: EffectModel
    random: EffectModel


def _component(number: int, network: Network, reference: NodeName | None, method_tau: str, level: float) -> _Component:
    treatments = network.treatments
    of_all = heterogeneity(network, method_tau, level)
    tau2 = 0.0 if isnan(of_all.tau2) else of_all.tau2
    compared = reference if reference is not None and reference in treatments else treatments[0]
    return _Component(
        number, network, compared, of_all, effect_model(COMMON, network, 0.0), effect_model(RANDOM, network, tau2)
    )


def _result(components: list[_Component], small_values: str, level: float) -> NetworkMetaAnalysis:
    frames = {
        "common": pd.concat([_against(one, one.common, level) for one in components]),
        "random": pd.concat([_against(one, one.random, level) for one in components]),
        "league": _by_model(components, lambda fitted: _league(fitted, level)),
        "p_scores": pd.concat([_p_scores(one, small_values) for one in components]),
        "heterogeneity": _by_component(components, lambda one: asdict(one.heterogeneity)),
        "decomposition": pd.concat([_decomposition(one) for one in components]),
        "splits": _by_model(components, splits),
        "components": _by_component(components, _counts),
    }
    described = {name: typed(frame, FRAMES[name]) for name, frame in frames.items()}
    on_request = {
        "hat": lambda: _by_model(components, hat),
        "contributions": lambda: _by_model(components, lambda fitted: random_walks(hat(fitted))),
    }
    return NetworkMetaAnalysis(**described, on_request=on_request)


def _by_model(components: list[_Component], table: Callable[[EffectModel], pd.DataFrame]) -> pd.DataFrame:
    models = {COMMON: [one.common for one in components], RANDOM: [one.random for one in components]}
    return pd.concat({name: _together([table(one) for one in own]) for name, own in models.items()}, names=["model"])


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    """Rows of all components; comparisons of one weigh nothing in the others."""
    columns = tables[0].columns
    for table in tables[1:]:
        columns = columns.union(table.columns, sort=False)
    return pd.concat([table.reindex(columns=columns, fill_value=0.0) for table in tables])


def _by_component(components: list[_Component], row: Callable[[_Component], dict[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(
        [row(one) for one in components], pd.Index([one.number for one in components], name="component")
    )


def _league(fitted: EffectModel, level: float) -> pd.DataFrame:
    return league(fitted, level, fitted.network.freedom())


def _against(one: _Component, fitted: EffectModel, level: float) -> pd.DataFrame:
    rows = against(one.reference, _league(fitted, level), one.network)
    return rows.assign(component=one.number, reference=pd.Series(one.reference, rows.index, dtype="object"))


def _p_scores(one: _Component, small_values: str) -> pd.DataFrame:
    scores = {fitted.name: p_scores(fitted, small_values) for fitted in (one.common, one.random)}
    treatments = pd.Index(one.network.treatments, name="treatment")
    return pd.DataFrame(scores, treatments).assign(component=one.number)


def _decomposition(one: _Component) -> pd.DataFrame:
    names = [":".join(str(one.network.treatments[at]) for at in design) for design in one.network.designs]
    parts = pd.DataFrame(decomposition(one.network)).set_index("part")
    designs = pd.Series([names[at] if at >= 0 else pd.NA for at in parts["design"]], parts.index, dtype="string")
    return parts.assign(design=designs, component=one.number)


def _counts(one: _Component) -> dict[str, object]:
    network = one.network
    return {
        "reference": one.reference,
        "treatments": len(network.treatments),
        "studies": len(network.studies),
        "contrasts": len(network.effect),
        "comparisons": len(set(zip(network.first.tolist(), network.second.tolist(), strict=True))),
        "designs": len(network.designs),
    }


def _option_faults(method_tau: str, small_values: str, level: float) -> Iterator[Fault]:
    for name, value, known in (
        ("method_tau", method_tau, ESTIMATOR_NAMES),
        ("small_values", small_values, SMALL_VALUES),
    ):
        if value not in known:
            hint = nearest(str(value), known) or f"; there are {', '.join(known)}"
            yield Fault(f"{name} {quoted(str(value))} is not known{hint}", value=value)
    if isinstance(level, bool) or not isinstance(level, Real) or not 0 < level < 1:
        yield Fault(f"level is {level!r}; expected a number between 0 and 1, such as 0.95", value=level)


def _reference_faults(reference: NodeName | None, contrasts: pd.DataFrame) -> Iterator[Fault]:
    treatments = treatments_of(contrasts)
    if reference is not None and treatments and reference not in treatments:
        names = [str(name) for name in treatments]
        hint = nearest(str(reference), names) or f"; there are {', '.join(names)}"
        yield Fault(f"reference {quoted(str(reference))} is no treatment of the contrasts{hint}", value=reference)
