"""Do pictures look as they were drawn, and are they as small as they can be?"""

from __future__ import annotations

import pytest

from prunelit.explorer.pictures import as_picture


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
