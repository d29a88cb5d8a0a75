"""Page of what all papers together say of the methods on one network, with the items that PRISMA-NMA asks for.

The items are those of Hutton et al. 2015, Annals of Internal Medicine 162, 777-84 (doi:10.7326/M14-2385), by their
numbers: 1 to 27, and S1 to S5 for networks.
"""

from __future__ import annotations

import pandas as pd

from prunelit.analysis.pages.section import Fact, Section, computed, filled
from prunelit.analysis.synthesis.connectivity import LEAST_FREEDOM, LEAST_METHODS, NETWORKS
from prunelit.analysis.synthesis.field import Synthesis
from prunelit.analysis.synthesis.question import Question
from prunelit.analysis.synthesis.result import RANDOM
from prunelit.analysis.synthesis.standard_errors import FACTORS

EFFICIENCY_NAMES = {"speedup": "theoretical speedup", "compression_ratio": "compression ratio"}
_UNITS = {"top1": "pp", "top5": "pp"}


def asked_for(question: Question) -> str:
    """The network and the ratio, as a title has it."""
    ratio = EFFICIENCY_NAMES[question.efficiency]
    return f"{question.architecture} on {question.dataset} at {question.at:g}x {ratio}: what papers say together"


def page(found: Synthesis, networks: pd.DataFrame) -> list[Section]:
    """The sections of the page.

    Args:
        found: The synthesis.
        networks: Rows as of ``synthesis_networks()`` for the same metric and ratio.
    """
    return [
        _in_short(found),
        _question(found),
        _assumption(found),
        _geometry(found),
        _results(found),
        _agreement(found),
        _reports(found),
        _pairs(found),
        refused(networks),
        _items(),
        _limits(),
    ]


def in_brief(found: Synthesis) -> list[Section]:
    """The sections for a page that tells of more than the synthesis."""
    return [_in_short(found), _results(found), _agreement(found), _question(found), _assumption(found), _limits()]


def refused(networks: pd.DataFrame) -> Section:
    """The networks on which there is too little evidence, with the counts."""
    shown = networks[~networks["carries"].astype(bool)].drop(columns="carries")
    carrying = len(networks) - len(shown)
    text = (
        f"A network needs {LEAST_METHODS} connected methods and {LEAST_FREEDOM} degree of freedom: an arm beyond what "
        f"connects the methods once, without which nothing tells how well papers agree. {carrying} of {len(networks)} "
        "networks on which a study compares anything at this ratio have that; these have not, and are refused.",
    )
    notes = tuple(f"{column.name}: {column.meaning}" for column in NETWORKS[3:-1])
    return Section("Networks with too little evidence (S4)", text=text, table=filled(shown), notes=notes, folded=True)


def ahead(found: Synthesis) -> tuple[str, int, int]:
    """The method that ranks first, how many others an interval tells from it, and how many others there are."""
    scores = found.network.p_scores["random"]
    first = str(scores.idxmax())
    pairs = found.network.league.xs(RANDOM, level="model").xs(first, level="treatment1")
    told = (pairs["lower"] > 0) | (pairs["upper"] < 0)
    return first, int(told.sum()), len(pairs)


def _in_short(found: Synthesis) -> Section:
    first, told, others = ahead(found)
    part = found.network.components
    studies, assumed = found.arms["study"].nunique(), int(found.arms["assumed"].sum())
    text = (
        f"{studies} studies report {int(part['treatments'].sum())} methods here. {first} ranks first; of the "
        f"{others} others that are connected to it, {told} are told from it by a 95 % interval. No account is taken of "
        "how many intervals are looked at.",
        f"Of {len(found.arms)} numbers, {assumed} come without a standard deviation; theirs is assumed, and every "
        "result is shown under half, twice and four times that assumption.",
    )
    return Section("In short (2, 24)", text=text)


def _question(found: Synthesis) -> Section:
    asked = found.question
    wishes = {
        "structure": asked.structure,
        "since": asked.since,
        "peer-reviewed": asked.peer_reviewed,
        "training scheme": asked.training_scheme,
        "comparison setup": asked.setup,
    }
    facts = [
        Fact("dataset", asked.dataset),
        Fact("architecture", asked.architecture),
        Fact("outcome", f"{asked.metric}, pruned minus unpruned or between methods of one paper"),
        Fact("ratio", f"{asked.at:g}x {EFFICIENCY_NAMES[asked.efficiency]}, within 5 %, or between two points"),
        Fact("copied numbers", asked.copied.replace("_", " ")),
        *(Fact(f"only {name}", str(value)) for name, value in wishes.items() if value is not None),
    ]
    lost = pd.DataFrame({"curves left out because": found.left_out.index, "curves": found.left_out.to_numpy()})
    text = (
        "A study is a paper, or one of its experiments: its methods share an unpruned model. A method is reported at a "
        "ratio of its own; one within 5 % counts, else two points on both sides, no more than a factor of two apart, "
        "are joined by a line over the logarithm of the ratio. Nothing is extrapolated.",
    )
    return Section("Question and what may enter (4, 6, 17)", tuple(facts), text, filled(lost) if len(lost) else None)


def _assumption(found: Synthesis) -> Section:
    if found.assumed is None:
        return Section("Standard errors (13, 14)", text=("All numbers come with a standard deviation over runs.",))
    assumed, unit = found.assumed, _UNITS.get(found.question.metric, "")
    facts = (
        Fact("assumed deviation of one run", f"{computed(assumed.std, '')} {unit}".strip()),
        Fact("median over papers", str(assumed.papers)),
        Fact("on", assumed.where),
    )
    text = (
        "The standard error of a mean of n runs is their deviation over the root of n; an unknown number of runs "
        "counts as one. A deviation that a paper does not report is assumed to be the median of what comparable papers "
        "report.",
    )
    return Section("Standard errors (13, 14, 16)", facts, text)


def _geometry(found: Synthesis) -> Section:
    table = found.network.components.reset_index().astype(str)
    text = (
        "Parts of the network that no study connects are analysed apart, each against a reference of its own. Where "
        "nearly all comparisons are with the unpruned model, methods are compared through it: that is as good as the "
        "changes that papers report are comparable.",
    )
    return Section("Network (S1, S3, S4)", text=text, table=table)


def _results(found: Synthesis) -> Section:
    table = found.sensitivity.reset_index()
    once = table[table["factor"] == 1].sort_values(["component", "p_score"], ascending=[True, False], kind="stable")
    studies = found.arms.groupby("treatment")["study"].nunique()
    columns: dict[str, object] = {
        "method": once["treatment"].tolist(),
        "against": once["reference"].tolist(),
        "studies": [str(studies[name]) for name in once["treatment"]],
        "P-score": once["p_score"].map("{:.2f}".format).tolist(),
    }
    for factor, rows in table.groupby("factor"):
        told = rows.set_index("treatment").apply(_interval, axis=1)
        columns[FACTORS[factor]] = told[once["treatment"]].tolist()  # type: ignore[index]
    note = "Random-effects estimates with 95 % intervals, under multiples of the assumed standard error."
    return Section("Results under every assumption (21, 23)", table=pd.DataFrame(columns), notes=(note,))


def _interval(row: pd.Series) -> str:
    return f"{row['effect']:+.2f} [{row['lower']:+.2f}, {row['upper']:+.2f}]".replace("-", "−")


def _agreement(found: Synthesis) -> Section:
    of_all = found.network.heterogeneity.reset_index()
    facts = [
        Fact(f"part {part}", f"tau² {tau2:.4g}, I² {i2:.0%}, Q {q:.4g} on {df}, p {p:.3g}")
        for part, tau2, i2, q, df, p in zip(*(of_all[name].tolist() for name in _HETEROGENEITY), strict=True)
        if df
    ]
    parts = found.network.decomposition.reset_index()
    shown = parts[parts["df"] > 0].assign(
        **{name: parts[name].map("{:.4g}".format, na_action="ignore") for name in ("q", "p", "tau2")}
    )
    text = (
        "Heterogeneity is disagreement of studies of the same methods, inconsistency that of direct and indirect "
        "evidence. With few degrees of freedom neither would be noticed: a small Q is then no sign of agreement.",
    )
    return Section("Heterogeneity and inconsistency (14, S2, S5)", tuple(facts), text, filled(shown))


_HETEROGENEITY = ("component", "tau2", "i2", "q", "df", "p")


def _reports(found: Synthesis) -> Section:
    arms = found.arms
    table = pd.DataFrame(
        {
            "study": arms["study"],
            "method": arms["treatment"],
            "value": arms["value"].map("{:.2f}".format, na_action="ignore"),
            "change": arms["change"].map("{:+.2f}".format, na_action="ignore"),
            "standard error": arms["standard_error"].map("{:.3f}".format),
            "deviation": arms["assumed"].map({True: "assumed", False: "reported"}),
            "ratio": arms["matched_by"],
            "source": arms["locator"].fillna("paper"),
        }
    )
    links = {"source": arms["source_url"].fillna("").tolist()}
    return Section("Results of each study (18, 20)", table=filled(table), folded=True, links=links)


def _pairs(found: Synthesis) -> Section:
    contrasts = found.contrasts
    table = pd.DataFrame(
        {
            "study": contrasts["study"],
            "method": contrasts["treatment1"],
            "minus": contrasts["treatment2"],
            "difference": contrasts["effect"].map("{:+.2f}".format),
            "standard error": contrasts["standard_error"].map("{:.3f}".format),
            "deviation": contrasts["assumed"].map({True: "assumed", False: "reported"}),
            "source of the one": contrasts["locator1"].fillna("paper"),
            "source of the other": contrasts["locator2"].fillna("paper"),
        }
    )
    addresses = (contrasts[f"source_url{at}"].fillna("").tolist() for at in (1, 2))
    links = dict(zip(("source of the one", "source of the other"), addresses, strict=True))
    return Section("Contrasts, with the place of both numbers (20)", table=filled(table), folded=True, links=links)


ITEMS = {
    "1 Title": "the title",
    "2 Structured summary": "In short",
    "3 Rationale": "papers compare methods at ratios and with models of their own; see the survey of 2020",
    "4 Objectives": "Question",
    "5 Protocol and registration": "none was registered; the rules are in the code and its tests",
    "6 Eligibility criteria": "Question",
    "7 Information sources": "corpus/README.md",
    "8 Search": "corpus/README.md; not a systematic search after the survey of 2020",
    "9 Study selection": "Question; all curves of the corpus are looked at",
    "10 Data collection process": "CONTRIBUTING.md: records with a place for every number, reviewed",
    "11 Data items": "analysis/DATA_DICTIONARY.md",
    "S1 Geometry of the network": "Network; network plot",
    "12 Risk of bias within individual studies": "not assessed; the checklist scores reporting",
    "13 Summary measures": "differences; P-scores as the ranking",
    "14 Planned methods of analysis": "Standard errors; random effects, REML; Rücker and Schwarzer 2014",
    "S2 Assessment of inconsistency": "Heterogeneity and inconsistency; direct against indirect evidence",
    "15 Risk of bias across studies": "comparison-adjusted funnel",
    "16 Additional analyses": "half, twice and four times the assumed standard error",
    "17 Study selection": "Question, with the curves left out and why",
    "S3 Presentation of network structure": "network plot",
    "S4 Summary of network geometry": "Network; networks with too little evidence",
    "18 Study characteristics": "Results of each study",
    "19 Risk of bias within studies": "not assessed",
    "20 Results of individual studies": "Results of each study; contrasts",
    "21 Synthesis of results": "Results; forest plot; league table",
    "S5 Exploration for inconsistency": "Heterogeneity and inconsistency; direct against indirect evidence",
    "22 Risk of bias across studies": "comparison-adjusted funnel",
    "23 Results of additional analyses": "Results under every assumption; rank plot",
    "24 Summary of evidence": "In short",
    "25 Limitations": "What this cannot tell",
    "26 Conclusions": "left to the reader",
    "27 Funding": "not told",
}
"""The items of PRISMA-NMA, and where the page tells of each."""


def _items() -> Section:
    table = pd.DataFrame({"item": ITEMS.keys(), "where": ITEMS.values()})
    text = ("Hutton et al. 2015, Annals of Internal Medicine 162, 777-84. What is not done is said to be so.",)
    return Section("PRISMA-NMA, item by item", text=text, table=table, folded=True)


def _limits() -> Section:
    return Section(
        "What this cannot tell (25)",
        text=(
            "Papers choose whose numbers to show beside theirs, and report their own method at its best: such bias "
            "is in every contrast, and no funnel of a few studies shows it.",
            "Methods differ in training as well as in pruning. Unless a comparison setup is asked for, a difference "
            "holds both.",
            "Most standard errors are assumed. An interval that tells two methods apart as assumed, and not under four "
            "times as much, tells nothing for certain.",
        ),
    )
