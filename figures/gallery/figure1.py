"""Size and speed against accuracy of unpruned and pruned networks on ImageNet.

Up and to the left is better. Lines are families of unpruned networks, open symbols are pruned networks.

Pruned results are normalized as if all papers had pruned the same network of each architecture: size and
multiply-adds of the reference network times the share kept, its accuracy plus the reported change (Blalock et al.
2020, Figure 1 and section 3.3, with unpruned reference networks alone, as in the survey's published figure). An
architecture that several reference tables list is drawn once, at the median; CaffeResNet-101 and FBResNet-152, ports
of a ResNet to other frameworks, are left out.

Alt: Four scatter plots, Top-1 and Top-5 accuracy against number of parameters and multiply-adds on log scales. Pruned
networks lie to the left of the unpruned network that they come from, most of them with a similar accuracy; the line
of EfficientNet runs above nearly all of them.
"""

from __future__ import annotations

from typing import Any, Literal

import altair as alt
import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.survey.drawn import pruned_networks, unpruned_networks
from prunelit.analysis.survey.procedures import OURS
from prunelit.figures.axes import counts, whole
from prunelit.figures.papers import source, with_papers
from prunelit.figures.rows import DRAWN_ROWS
from prunelit.figures.theme import BLUE, GREEN, PURPLE, VERMILION
from prunelit.figures.tooltips import METHOD, SOURCE, WHERE, tip

PLACE = 10

_HUES = {"EfficientNet": GREEN, "ResNet": BLUE, "MobileNet-v2": PURPLE, "VGG": VERMILION}
AXES = {"normalized_params": "Parameters", "normalized_multiply_adds": "Multiply-adds"}
_QUALITIES = {"normalized_top1": "Top-1 accuracy (%)", "normalized_top5": "Top-5 accuracy (%)"}
_NUMBERS = [*AXES, *_QUALITIES]
PRINTED = dict(zip(("params", "flops", "top1", "top5"), _NUMBERS, strict=True))
"""What the tables of unpruned networks call these quantities: such networks are what others are normalized to."""
ALONE = "datum.family == 'MobileNet-v2'"
LABEL_PLACES: dict[str, tuple[Literal["right", "center"], int]] = dict(
    zip(AXES, (("right", 6), ("center", -14)), strict=True)
)
"""Where the name of MobileNet-v2 stands above its only point: the place beside it belongs to pruned networks."""
_TOOLTIP = [
    *METHOD, *WHERE,
    *(tip(name, title, ".3s") for name, title in AXES.items()),
    *(tip(name, title, ".2f") for name, title in _QUALITIES.items()),
    *SOURCE,
]  # fmt: skip


def data(dataset: Dataset) -> pd.DataFrame:
    """One row a reference network, then one a pruned result."""
    key = ["dataset", "architecture", "family"]
    numbers: dict[str, Any] = {**dict.fromkeys(_NUMBERS, "first"), "year": "min", "source": "; ".join}
    networks = unpruned_networks(dataset, OURS).rename(columns=PRINTED)
    unpruned = networks.groupby(key, as_index=False).agg(numbers).assign(kind="unpruned")
    pruned = pruned_networks(dataset, OURS).assign(kind="pruned", source=source)
    drawn = pruned.dropna(subset=list(AXES), how="all").dropna(subset=list(_QUALITIES), how="all")
    table = pd.concat([unpruned.assign(name=_names(unpruned)), with_papers(dataset, drawn)])
    return table[["kind", "name", "paper_id", "paper", "title", "method_label", *key, *_NUMBERS, "source"]]


def _names(models: pd.DataFrame) -> pd.Series[str]:
    """Family and its first year, at the family's largest model."""
    families = models.groupby("family")
    name = models["family"] + " (" + families["year"].transform("min").astype("string") + ")"
    return name.where(families["normalized_params"].transform("max") == models["normalized_params"])


def chart(data: pd.DataFrame) -> alt.VConcatChart:
    """One panel each pair of axes."""
    rows = (alt.hconcat(*(_panel(data, x, y) for x in AXES), spacing=30) for y in _QUALITIES)
    return alt.vconcat(*rows, spacing=20)


_CROWDED = 150
"""Pruned results from which on symbols are small and let others shine through."""


def _small(data: pd.DataFrame) -> dict[str, Any]:
    crowded = (data["kind"] == "pruned").sum() > _CROWDED
    return {"size": 16, "opacity": 0.5, "strokeWidth": 1} if crowded else {"size": 45, "opacity": 0.8}


def _panel(data: pd.DataFrame, x: str, y: str) -> alt.LayerChart:
    across = counts(x, AXES[x], data[x], room=3.4)
    up = alt.Y(f"{y}:Q", title=_QUALITIES[y], scale=whole(data[y]))
    hue = alt.Color("family:N", scale=alt.Scale(domain=list(_HUES), range=list(_HUES.values())), legend=None)
    here = alt.Chart(DRAWN_ROWS).transform_filter(f"isValid(datum.{x}) && isValid(datum.{y})")
    triangles = here.transform_filter("datum.kind == 'pruned'").mark_point(shape="triangle-up", **_small(data))
    unpruned = here.transform_filter("datum.kind == 'unpruned'")
    dots = unpruned.mark_line(strokeWidth=2, point={"size": 50})
    names = unpruned.transform_filter("isValid(datum.name)").encode(text="name:N")
    align, dx = LABEL_PLACES[x]
    above = names.transform_filter(ALONE).mark_text(align=align, dx=dx, dy=-12, fontWeight="bold")
    beside = names.transform_filter(f"!({ALONE})").mark_text(align="left", dx=8, fontWeight="bold")
    panel: alt.LayerChart = (triangles + dots + above + beside).encode(across, up, hue, tooltip=_TOOLTIP)
    panel.width, panel.height = 420, 290
    return panel
