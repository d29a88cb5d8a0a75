"""The neural-network-pruning literature as data.

>>> import prunelit
>>> prunelit.normalized().query("dataset == 'ImageNet' and architecture == 'ResNet-50'")  # doctest: +SKIP

Names are imported on first use, so that the command line can check a record without loading pandas.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any
from warnings import warn

if TYPE_CHECKING:
    from prunelit.analysis.dataset import Dataset, dataset
    from prunelit.analysis.dictionary import data_dictionary
    from prunelit.analysis.load import load_corpus
    from prunelit.analysis.release.reading import Release, load_release
    from prunelit.analysis.synthesis.best import BestMethods
    from prunelit.analysis.synthesis.connectivity import TooLittleEvidenceError
    from prunelit.analysis.synthesis.expectation import ExpectedChange
    from prunelit.analysis.synthesis.faults import NetworkError
    from prunelit.analysis.synthesis.field import Synthesis
    from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis
    from prunelit.answers import (
        audit,
        best,
        checklist,
        claims,
        conclusions,
        dose_response,
        expected_change,
        field_plan,
        frontiers,
        multiverse,
        plan,
        progress,
        synthesis,
        synthesis_networks,
    )
    from prunelit.schema.problems import (
        AmbiguousNameError,
        ArgumentError,
        CorpusError,
        PrunelitError,
        UnknownNameError,
    )
    from prunelit.tables import (
        baselines,
        comparable_pairs,
        comparable_pairs_by_setup,
        comparison_graph,
        comparison_setups,
        comparisons,
        completed,
        discrepancies,
        evidence,
        evidence_long,
        layer_widths,
        measurements,
        methods,
        normalized,
        papers,
        reference_models,
        results,
        scratch_vs_finetuning,
        scratch_vs_finetuning_pooled,
        tradeoffs,
    )

__version__ = version("prunelit")

__all__ = [
    "AmbiguousNameError",
    "ArgumentError",
    "BestMethods",
    "CorpusError",
    "Dataset",
    "ExpectedChange",
    "NetworkError",
    "PrunelitError",
    "Release",
    "Synthesis",
    "TooLittleEvidenceError",
    "UnknownNameError",
    "audit",
    "baselines",
    "best",
    "checklist",
    "claims",
    "comparable_pairs",
    "comparable_pairs_by_setup",
    "comparison_graph",
    "comparison_setups",
    "comparisons",
    "completed",
    "conclusions",
    "data_dictionary",
    "dataset",
    "discrepancies",
    "dose_response",
    "evidence",
    "evidence_long",
    "expected_change",
    "field_plan",
    "frontiers",
    "layer_widths",
    "load_corpus",
    "load_release",
    "measurements",
    "methods",
    "multiverse",
    "network_meta_analysis",
    "normalized",
    "papers",
    "plan",
    "progress",
    "reference_models",
    "results",
    "scratch_vs_finetuning",
    "scratch_vs_finetuning_pooled",
    "synthesis",
    "synthesis_networks",
    "tradeoffs",
]

_HOME = {
    "AmbiguousNameError": "schema.problems",
    "ArgumentError": "schema.problems",
    "BestMethods": "analysis.synthesis.best",
    "CorpusError": "schema.problems",
    "Dataset": "analysis.dataset",
    "ExpectedChange": "analysis.synthesis.expectation",
    "NetworkError": "analysis.synthesis.faults",
    "PrunelitError": "schema.problems",
    "Release": "analysis.release.reading",
    "Synthesis": "analysis.synthesis.field",
    "TooLittleEvidenceError": "analysis.synthesis.connectivity",
    "UnknownNameError": "schema.problems",
    "audit": "answers",
    "baselines": "tables",
    "best": "answers",
    "checklist": "answers",
    "claims": "answers",
    "comparable_pairs": "tables",
    "comparable_pairs_by_setup": "tables",
    "comparison_graph": "tables",
    "comparison_setups": "tables",
    "comparisons": "tables",
    "completed": "tables",
    "conclusions": "answers",
    "data_dictionary": "analysis.dictionary",
    "dataset": "analysis.dataset",
    "discrepancies": "tables",
    "dose_response": "answers",
    "evidence": "tables",
    "evidence_long": "tables",
    "expected_change": "answers",
    "field_plan": "answers",
    "frontiers": "answers",
    "layer_widths": "tables",
    "load_corpus": "analysis.load",
    "load_release": "analysis.release.reading",
    "measurements": "tables",
    "methods": "tables",
    "multiverse": "answers",
    "network_meta_analysis": "analysis.synthesis.meta_analysis",
    "normalized": "tables",
    "papers": "tables",
    "plan": "answers",
    "progress": "answers",
    "reference_models": "tables",
    "results": "tables",
    "scratch_vs_finetuning": "tables",
    "scratch_vs_finetuning_pooled": "tables",
    "synthesis": "answers",
    "synthesis_networks": "answers",
    "tradeoffs": "tables",
}

_RENAMED = {
    "fairness": "comparison_setups",
    "reporting": "checklist",
    "scratch": "scratch_vs_finetuning",
    "scratch_pooled": "scratch_vs_finetuning_pooled",
    "shrinking": "comparable_pairs_by_setup",
    "widths": "layer_widths",
}
"""Names of the previous version, which go on working in this one."""


def __getattr__(name: str) -> Any:
    if name in _RENAMED:
        new = _RENAMED[name]
        warn(f"prunelit.{name} is called prunelit.{new} now", DeprecationWarning, stacklevel=2)
        name = new
    if name not in _HOME:
        raise AttributeError(f"module 'prunelit' has no attribute '{name}'")
    return getattr(import_module(f"prunelit.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
