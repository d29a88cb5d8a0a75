"""Do modules of a package join it in the order that they declare?"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from prunelit.analysis.audit import rules
from prunelit.analysis.audit.findings import Rule
from prunelit.analysis.modules import modules
from prunelit.figures import gallery


def test_modules_are_in_order_of_their_place_and_those_without_one_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "made_of_many"
    folder.mkdir()
    for name, text in {"__init__": "", "b": "", "a": "", "z": "PLACE = 1", "c": "PLACE = 2"}.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert list(modules(import_module("made_of_many"))) == ["z", "c", "a", "b"]


@pytest.mark.parametrize("package", [rules, gallery], ids=["rules", "gallery"])
def test_no_two_modules_that_ship_have_the_same_place(package: ModuleType) -> None:
    places = [module.PLACE for module in modules(package).values()]
    assert places == sorted(set(places))


def test_families_of_rules_define_all_the_rules_that_they_hold() -> None:
    for name, module in modules(rules).items():
        found = [one for one in vars(module).values() if isinstance(one, Rule)]
        assert found
        assert {one.family for one in found} == {name}
