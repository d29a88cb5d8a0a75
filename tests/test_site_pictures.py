"""Do pictures look as they were drawn, and are they as small as they can be?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import vl_convert

from prunelit.analysis.frames.kept_files import OFF
from prunelit.explorer.pictures import as_picture, jpeg_of, picture_of, png_of


@pytest.mark.parametrize(
    ("drawn", "kept"),
    [
        ('<line transform="translate(1.23456,-0.001)" x2="7.129"/>', '<line transform="translate(1.23,0)" x2="7.13"/>'),
        ('<path d="M1e-16,-3.14159L10.005,2.5"/>', '<path d="M0,-3.14L10.01,2.5"/>'),
        ('<rect width="1234.5678" height="789"/>', '<rect width="1234.57" height="789"/>'),
        ('<path opacity="1" stroke-width="1" fill="#0072B2"/>', '<path fill="#0072B2"/>'),
        ('<path opacity="0.85" stroke-width="1.5"/>', '<path opacity="0.85" stroke-width="1.5"/>'),
        ('<g role="graphics-object" aria-label="a &quot;b&quot;" class="mark"></g>', "<g></g>"),
        ('<text>x2="0" opacity="1" 0.123456</text>', '<text>x2="0" opacity="1" 0.123456</text>'),
    ],
)
def test_a_picture_holds_what_can_be_seen(drawn: str, kept: str) -> None:
    assert as_picture(f"<svg>{drawn}</svg>") == f"<svg>{kept}</svg>"


def test_a_font_is_named_once_and_others_stay() -> None:
    texts = '<text font-family="A">a</text><text font-family="B">b</text><text font-family="A">c</text>'
    assert as_picture(f'<svg width="1">{texts}</svg>') == (
        '<svg font-family="A" width="1"><text>a</text><text font-family="B">b</text><text>c</text></svg>'
    )


def test_names_within_a_picture_do_not_depend_on_what_was_drawn_before() -> None:
    def named(clip: str, colours: str, group: str) -> str:
        marks = f'<g id="{group}" clip-path="url(#{clip})"/><path fill="url(#{colours})"/>'
        return f'<svg><clipPath id="{clip}"/><linearGradient id="{colours}"/>{marks}</svg>'

    assert as_picture(named("clip7", "gradient_12", "own2")) == named("clip0", "gradient_1", "own2")


def test_what_was_drawn_is_drawn_again_only_where_it_shows_something_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(OFF, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    drawn: list[str] = []

    def draws(said: Callable[..., object]) -> Callable[..., object]:
        def draw(given: str, *how: object) -> object:
            drawn.append(given)
            return said(given, *how)

        return draw

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", draws(lambda given: f"<svg>{given}</svg>"))
    monkeypatch.setattr(vl_convert, "svg_to_png", draws(lambda svg: f"PNG {svg}".encode()))
    monkeypatch.setattr(vl_convert, "svg_to_jpeg", draws(lambda _, *how: f"{how}".encode()))
    for _ in range(2):
        assert (picture_of("1"), picture_of("2")) == ("<svg>1</svg>", "<svg>2</svg>")
        assert (png_of("3"), jpeg_of("3", 0.5, 60), jpeg_of("3", 0.5, 70)) == (b"PNG 3", b"(0.5, 60)", b"(0.5, 70)")
    assert drawn == ["1", "2", "3", "3", "3"]
