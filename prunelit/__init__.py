"""The neural-network-pruning literature as data.

>>> import prunelit
>>> prunelit.normalized().query("dataset == 'ImageNet' and architecture == 'ResNet-50'")  # doctest: +SKIP

Names are imported on first use, so that the command line can check a record without loading pandas.
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from prunelit.analysis.audit.run import audit
    from prunelit.analysis.baselines import baselines
    from prunelit.analysis.checklist import reporting
    from prunelit.analysis.claims import claims
    from prunelit.analysis.columns import data_dictionary
    from prunelit.analysis.complete import completed
    from prunelit.analysis.conclusions.sources import conclusions
    from prunelit.analysis.discrepancies import discrepancies
    from prunelit.analysis.fairness import fairness, shrinking
    from prunelit.analysis.field import field_plan
    from prunelit.analysis.frontiers import frontiers
    from prunelit.analysis.graph import comparison_graph, comparisons
    from prunelit.analysis.load import load_corpus
    from prunelit.analysis.measurements import measurements
    from prunelit.analysis.methods import methods
    from prunelit.analysis.multiverse import multiverse
    from prunelit.analysis.normalize import normalized
    from prunelit.analysis.plan import plan
    from prunelit.analysis.progress import progress
    from prunelit.analysis.scratch import scratch, scratch_pooled
    from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis
    from prunelit.analysis.tables import papers, results
    from prunelit.analysis.tradeoff import tradeoffs
    from prunelit.analysis.widths import widths
    from prunelit.schema.problems import CorpusError

__version__ = version("prunelit")

__all__ = [
    "CorpusError",
    "audit",
    "baselines",
    "claims",
    "comparison_graph",
    "comparisons",
    "completed",
    "conclusions",
    "data_dictionary",
    "discrepancies",
    "fairness",
    "field_plan",
    "frontiers",
    "load_corpus",
    "measurements",
    "methods",
    "multiverse",
    "network_meta_analysis",
    "normalized",
    "papers",
    "plan",
    "progress",
    "reporting",
    "results",
    "scratch",
    "scratch_pooled",
    "shrinking",
    "tradeoffs",
    "widths",
]

_HOME = {
    "CorpusError": "schema.problems",
    "audit": "analysis.audit.run",
    "baselines": "analysis.baselines",
    "claims": "analysis.claims",
    "comparison_graph": "analysis.graph",
    "comparisons": "analysis.graph",
    "completed": "analysis.complete",
    "conclusions": "analysis.conclusions.sources",
    "data_dictionary": "analysis.columns",
    "discrepancies": "analysis.discrepancies",
    "fairness": "analysis.fairness",
    "field_plan": "analysis.field",
    "frontiers": "analysis.frontiers",
    "load_corpus": "analysis.load",
    "measurements": "analysis.measurements",
    "methods": "analysis.methods",
    "multiverse": "analysis.multiverse",
    "network_meta_analysis": "analysis.synthesis.meta_analysis",
    "normalized": "analysis.normalize",
    "papers": "analysis.tables",
    "plan": "analysis.plan",
    "reporting": "analysis.checklist",
    "progress": "analysis.progress",
    "results": "analysis.tables",
    "scratch": "analysis.scratch",
    "scratch_pooled": "analysis.scratch",
    "shrinking": "analysis.fairness",
    "tradeoffs": "analysis.tradeoff",
    "widths": "analysis.widths",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'prunelit' has no attribute '{name}'")
    return getattr(import_module(f"prunelit.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
