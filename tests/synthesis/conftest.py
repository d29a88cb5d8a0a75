"""What tests of the network meta-analysis share: networks with what R's netmeta says of them; see README.md."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prunelit.analysis.synthesis.checks import CONTRAST_COLUMNS
from prunelit.analysis.synthesis.meta_analysis import network_meta_analysis
from prunelit.analysis.synthesis.result import NetworkMetaAnalysis

FILES = sorted(Path(__file__).parent.glob("*.json"))


def frame(rows: list[Any]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(CONTRAST_COLUMNS))


@pytest.fixture(scope="session", name="frame")
def frame_of_rows() -> Callable[[list[Any]], pd.DataFrame]:
    """Makes contrasts of rows."""
    return frame


@pytest.fixture(scope="session", params=FILES, ids=lambda file: file.stem)
def expected(request: pytest.FixtureRequest) -> dict[str, Any]:
    """A network, and what is known of it."""
    known: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    return known


@pytest.fixture(scope="session")
def contrasts(expected: dict[str, Any]) -> pd.DataFrame:
    """Its contrasts."""
    return frame(expected["contrasts"])


@pytest.fixture(scope="session")
def found(contrasts: pd.DataFrame, expected: dict[str, Any]) -> NetworkMetaAnalysis:
    """What we find."""
    return network_meta_analysis(contrasts, small_values=expected["small_values"])
