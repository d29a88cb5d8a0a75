"""Headings of results tables, and which columns of ours they are likely to mean; for a draft that a person corrects."""

from __future__ import annotations

import re
from typing import NamedTuple

from prunelit.cli.entry.columns import is_known
from prunelit.cli.entry.names import meant
from prunelit.cli.entry.quantity_units import unit_in
from prunelit.cli.tables.sheet import HEADING_JOINER
from prunelit.schema.rules import Names


class Meaning(NamedTuple):
    """What a heading is likely to mean: our column, the cells that it stands for, and what to look at."""

    name: str
    constants: dict[str, str]
    remark: str
    drop: bool = False


_WORDS: tuple[tuple[str, str], ...] = (
    (r"data ?sets?|bench ?marks?|task", "dataset"),
    (r"(base |original )?(models?|net(work)?s?|arch(itecture)?s?|backbone)", "architecture"),
    (r"(pruning |compression )?(methods?|approach(es)?|algorithms?|strategy|technique|criterion)", "method"),
    (r"settings?|variants?|config(uration)?s?|name|pruned model", "pruned_model"),
    (r"seeds?|runs|# ?runs|trials", "seeds"),
    (r"(n:m )?pattern|n:m", "n_of_m"),
    (r"notes?|comments?|remarks?", "note"),
    (r"(params?|parameters?|weights?|model size|size)( count| num(ber)?)?|# ?(of )?(params?|parameters|weights)|"
     r"no\.? (of )?param(eter)?s", "params"),
    (r"[gmk]?(flops?|macs?|madds?|mult-?adds|ops|bops)|# ?(flops?|macs?)", "flops"),
    (r"(weight |parameter |pruning )?sparsity|(pruning|prune|pruned|removal) (ratio|rate|amount)", "params_removed"),
    (r"pruned|p\.?r\.?", "params_removed"),
    (r"(remaining|density|kept)( weights| params| parameters)?|weights (left|remaining)", "params_kept"),
    (r"compress(ion)?( ratio| rate)?|c\.?r\.?", "compression_ratio"),
    (r"(theoretical )?speed-?\s?up|acceleration", "speedup"),
    (r"(val(idation)?|test(ing)?|eval)?\s*(top[- ]?1|acc@1|top1@acc|acc(uracy)?|acc\.?)( acc(uracy)?\.?)?", "top1"),
    (r"(val|test)?\s*(top[- ]?5|acc@5)( acc(uracy)?\.?)?", "top5"),
    (r"(val|test)?\s*(top[- ]?1)?\s*err(or)?\.?( rate)?", "top1_error"),
    (r"(val|test)?\s*(top[- ]?5)\s*err(or)?\.?( rate)?", "top5_error"),
    (r"(ppl|perp)\.?", "metric:perplexity"),
    (r"avg\.?|average|mean|ave\.?", ""),
)  # fmt: skip
_BASE = re.compile(r"\b(baseline|base|original|orig\.?|dense|unpruned|before( pruning)?|full)\b", re.IGNORECASE)
_AFTER = re.compile(r"\b(pruned|after( pruning)?|ours|compressed|final|fine-?tuned)\b", re.IGNORECASE)
_CHANGE = re.compile(r"Δ|δ|\\delta|\b(delta|change|diff(erence)?|gain)\b|[+-]/[+-]", re.IGNORECASE)
_DROP = re.compile(r"\b(drop|loss|degradation|decrease|dec)\b", re.IGNORECASE)
_REMOVED = re.compile(
    r"\b(red(uction|uced)?|pruned|removed?|drop(ped)?|saved|saving|pr|decrease|comp(ression)?)\b|↓", re.IGNORECASE
)
_KEPT = re.compile(r"\b(remain(ing|s)?|kept|left|retained|density)\b", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
_PERPLEXITIES = ("WikiText-2", "WikiText-103", "PTB", "C4", "LAMBADA", "One Billion Word")
_PICTURES = re.compile(r"imagenet|cifar|mnist|svhn|caltech|birds|cub|food|flowers|cars|places", re.IGNORECASE)


_RATIOS = {"params_removed", "params_kept", "compression_ratio", "n_of_m", "speedup"}
"""Columns whose heading may stand above ratios that are headings themselves."""


def meaning(heading: str, names: Names) -> Meaning | None:
    """What a heading is likely to mean, if it says anything that is known."""
    if is_known(heading):
        return Meaning(heading, {}, "")
    constants: dict[str, str] = {}
    quantity: Meaning | None = None
    for part in heading.split(HEADING_JOINER):
        if stated := _constant(part, names):
            constants |= stated
        elif found := _quantity(part, names):
            quantity = found
    if quantity and not (_RATIOS & {quantity.name} and _RATIOS & constants.keys()):
        return quantity._replace(constants=constants)
    if not constants:
        return None
    return Meaning(_usual(constants.get("dataset")), constants, "what do its cells hold?")


def _usual(dataset: str | None) -> str:
    """What is usually measured on a dataset."""
    if dataset in _PERPLEXITIES:
        return "metric:perplexity"
    return "top1" if dataset is None or _PICTURES.search(dataset) else "metric:accuracy"


def _constant(part: str, names: Names) -> dict[str, str]:
    """The cells that a heading stands for: a dataset, an architecture, a ratio or a pattern."""
    bare = _bare(part)
    for kind in ("dataset", "architecture"):
        if len(bare) > 1 and (found := meant(kind, bare, names)):
            return {kind: found}
    if re.fullmatch(r"[1-9]\d?:[1-9]\d?", bare):
        return {"n_of_m": bare}
    if re.fullmatch(r"\d+(\.\d+)?\s*%|0?\.\d+", part.strip()):
        return {"params_removed": part.strip()}
    if re.fullmatch(r"\d+(\.\d+)?\s*[x×]", part.strip(), re.IGNORECASE):
        return {"compression_ratio": part.strip()}
    return {}


def _bare(part: str) -> str:
    """A heading without brackets, arrows and emphasis."""
    return " ".join(re.sub(r"[↑↓*_`$]|\^\{[^}]*\}", " ", _BRACKETS.sub(" ", part)).split()).strip(" :,%")


def _quantity(part: str, names: Names) -> Meaning | None:
    bare = re.sub(r",?\s*\bin\s+\S+$|\s*/\s*\S{1,3}$", "", _bare(part))
    for spelling in dict.fromkeys((part.strip(), bare)):
        if (metric := meant("metric", spelling, names)) and metric not in ("top1", "top5", "accuracy"):
            return Meaning(f"metric:{metric}", {}, "")
    core = _BASE.sub(" ", _AFTER.sub(" ", bare))
    for pattern in (_CHANGE, _DROP, _REMOVED, _KEPT):
        core = pattern.sub(" ", core)
    words = bare if _word(bare) in _OWN_WORDS else core
    name = _word(words)
    return _refined(name, part, bare, words is core) if name else None


_OWN_WORDS = ("params_removed", "params_kept", "compression_ratio", "architecture", "pruned_model", "speedup", "method")


def _word(text: str) -> str | None:
    bare = " ".join(text.split()).strip(" .:-_").casefold()
    return next((name for form, name in _WORDS if re.fullmatch(form, bare, re.IGNORECASE)), None)


def _refined(name: str, part: str, bare: str, is_core: bool) -> Meaning | None:
    """A quantity of the unpruned model, its change, or its share, as the words around it say."""
    if not name:
        return None
    if name in ("params", "flops"):
        return _size(name, part, bare)
    if name in ("top1", "top5", "top1_error", "top5_error") and is_core:
        if _CHANGE.search(part) or _DROP.search(bare) or (name in ("top1", "top5") and "↓" in part):
            if name.endswith("error"):
                return None
            drop = not _CHANGE.search(part)
            return Meaning(f"{name}_change", {}, "a loss printed as a positive number?" if drop else "", drop)
        sure = "acc" not in bare.casefold() or "1" in bare
        if _BASE.search(bare):
            return Meaning(f"base_{name}", {}, "")
        return Meaning(name, {}, "" if sure else "top-1 accuracy?")
    remark = {
        "params_removed": "a share of the parameters that is removed?", "speedup": "theoretical, not measured?",
        "compression_ratio": "parameters before over after?",
    }.get(name, "")  # fmt: skip
    return Meaning(name, {}, remark)


def _size(name: str, part: str, bare: str) -> Meaning:
    percent = unit_in(part) == "percent"
    if _KEPT.search(bare):
        return Meaning(f"{name}_kept", {}, "a share that is kept?")
    if percent or _REMOVED.search(bare):
        return Meaning(f"{name}_removed", {}, "a share that is removed, or kept?")
    return Meaning(f"base_{name}" if _BASE.search(bare) else name, {}, "")
