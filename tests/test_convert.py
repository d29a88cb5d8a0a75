"""Are images drawn once for what they show, and anew wherever anything that they depend on is another?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import vl_convert

from prunelit.analysis.frames import kept_files
from prunelit.figures import convert, write

SPECIFICATION = '{"mark": "point", "data": {"values": []}}'
DRAWN = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1"></svg>'


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of the cache for this process and those that it starts."""
    monkeypatch.delenv(kept_files.OFF)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "prunelit"


@pytest.fixture
def drawn(kept: Path, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What the converter of this process is asked for."""
    asked: list[object] = []

    def draw(specification: str) -> str:
        asked.append(specification)
        return f"<svg>{specification}</svg>"

    def paint(svg: str, scale: float) -> bytes:
        asked.append((svg, scale))
        return f"{svg} at {scale}".encode()

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", draw)
    monkeypatch.setattr(vl_convert, "svg_to_png", paint)
    return asked


def images(specification: str) -> tuple[str, bytes]:
    svg = convert.svg_of(specification)
    return svg, convert.scaled_png(svg)


def test_an_image_is_drawn_once_for_what_it_shows(drawn: list[object]) -> None:
    for _ in range(2):
        assert images("1") == ("<svg>1</svg>", b"<svg>1</svg> at 2")
        assert images("2") == ("<svg>2</svg>", b"<svg>2</svg> at 2")
    assert drawn == ["1", ("<svg>1</svg>", 2), "2", ("<svg>2</svg>", 2)]


def test_another_converter_draws_anew(drawn: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    images("1")
    monkeypatch.setattr(convert, "_version", lambda: "another")
    images("1")
    assert drawn == ["1", ("<svg>1</svg>", 2)] * 2


def test_another_scale_draws_pixels_anew(drawn: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    images("1")
    monkeypatch.setattr(convert, "SCALE", 3)
    assert images("1") == ("<svg>1</svg>", b"<svg>1</svg> at 3")
    assert drawn == ["1", ("<svg>1</svg>", 2), ("<svg>1</svg>", 3)]


@pytest.mark.parametrize(
    "harm",
    [
        lambda file: file.write_bytes(file.read_bytes()[:-1]),
        lambda file: file.write_bytes(b""),
        lambda file: file.chmod(0o666),
        lambda file: file.unlink(),
    ],
    ids=["cut", "empty", "others may write", "gone"],
)
def test_what_is_not_to_be_trusted_is_drawn_anew(
    drawn: list[object], kept: Path, harm: Callable[[Path], object]
) -> None:
    before = images("1")
    for file in list(kept.iterdir()):
        harm(file)
    assert images("1") == before
    assert drawn == ["1", ("<svg>1</svg>", 2)] * 2


def test_images_are_drawn_where_nothing_can_be_kept(drawn: list[object], kept: Path) -> None:
    kept.parent.write_text("no folder")
    assert [images("1"), images("1")] == [("<svg>1</svg>", b"<svg>1</svg> at 2")] * 2
    assert drawn == ["1", ("<svg>1</svg>", 2)] * 2


def test_the_process_of_a_converter_finds_what_was_drawn_before(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(vl_convert, "vegalite_to_svg", lambda _: DRAWN)
        convert.svg_of(SPECIFICATION)
    spec = tmp_path / "one.json"
    spec.write_text(SPECIFICATION, encoding="utf-8")
    with convert.converter() as draw:
        draw(spec)
    assert (tmp_path / "one.svg").read_text(encoding="utf-8") == DRAWN
    assert (tmp_path / "one.png").read_bytes() == vl_convert.svg_to_png(DRAWN, scale=convert.SCALE)


def test_figures_are_the_same_whatever_is_kept(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept_anew = files(tmp_path / "first")
    assert any(kept.iterdir())
    assert files(tmp_path / "second") == kept_anew
    monkeypatch.setenv(kept_files.OFF, "1")
    assert files(tmp_path / "third") == kept_anew


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in write.write_figures(folder, ["figure2", "graph"])}
