"""Do the exported JSON Schemas say what the models say?"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from prunelit.schema.corpus import shipped
from prunelit.schema.correction import Correction
from prunelit.schema.export import MODELS, schemas, text
from prunelit.schema.locator import Locator
from prunelit.schema.problems import Problem
from prunelit.schema.reading import UnreadableError, decode, parse
from prunelit.schema.record import Paper
from prunelit.schema.validation import read_bytes
from prunelit.schema.values import PARAMETER_SUFFIXES

TESTS = Path(__file__).parent
COMMITTED = TESTS.parent / "schema"
SCHEMAS = schemas()
VALIDATORS = {name: Draft202012Validator(schema) for name, schema in SCHEMAS.items()}
DEFINITIONS = {"$defs": SCHEMAS["record.schema.json"]["$defs"]}
FILES = [*sorted(shipped().rglob("*.yaml")), *sorted((TESTS / "records" / "valid").glob("*.yaml"))]

EXCEPTIONS = {
    "fraction-for-year": "for JSON Schema 2026.0 is an integer",
    "widths-without-deviation-of-a-layer": "JSON Schema cannot compare the lengths of two lists",
    "bound-on-nothing": "JSON Schema cannot look up a key by the text of a value",
    "default-that-is-not-stated": "JSON Schema cannot look up a key by the text of a value",
    "bound-on-text": "JSON Schema cannot look up a key by the text of a value",
    "bound-twice": "JSON Schema cannot compare the items of two lists",
    "more-left-than-there-are": "JSON Schema cannot compare two numbers",
    "spread-upside-down": "JSON Schema cannot compare two numbers",
}
"""Bad records where the two cannot agree, and why; the other exceptions have a test of their own below."""


def schema_name(file: Path) -> str:
    return f"{file.stem if file.parent.name == 'corpus' else 'record'}.schema.json"


def as_json(value: Any) -> Any:
    """What a JSON parser would have read."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return float(value) if isinstance(value, Decimal) else value


def value_of(file: Path) -> tuple[Any, list[Problem]]:
    try:
        return parse(decode(file.read_bytes(), file.name), file.name)
    except UnreadableError as error:
        return None, list(error.problems)


def of_form(file: Path) -> bool:
    """Whether the fault of a bad record is one of its form: not of its YAML, nor between records."""
    value, problems = value_of(file)
    return isinstance(value, dict) and not problems and read_bytes(file.read_bytes(), Paper, file.name)[0] is None


BAD_FORM = [file for file in sorted((TESTS / "records" / "invalid").glob("*.yaml")) if of_form(file)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_committed_schema_is_fresh(name: str) -> None:
    assert (COMMITTED / name).read_text(encoding="utf-8") == text(SCHEMAS[name]), "run 'prunelit schema'"


def test_no_schema_is_left_over() -> None:
    assert {file.name for file in COMMITTED.glob("*.json")} == set(SCHEMAS)


def test_the_command_writes_the_schemas_and_nothing_else(run: Callable[..., Any], tmp_path: Path) -> None:
    run("schema", "--output", tmp_path)
    assert {file.name: json.loads(file.read_text(encoding="utf-8")) for file in tmp_path.iterdir()} == SCHEMAS


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


def objects(schema: Any) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
    return own + [found for one in inner for found in objects(one)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_described(name: str) -> None:
    properties = [(key, one) for each in objects(SCHEMAS[name]) for key, one in each["properties"].items()]
    assert [key for key, one in properties if not one.get("description")] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_null_is_nowhere_allowed(name: str) -> None:
    assert "null" not in text(SCHEMAS[name])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_first_line_points_to_the_schema(file: Path) -> None:
    comment, path = file.read_text(encoding="utf-8").splitlines()[0].split("=")
    assert comment == "# yaml-language-server: $schema"
    assert (file.parent / path).resolve() == (COMMITTED / schema_name(file)).resolve()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_schema_accepts_what_the_models_accept(file: Path) -> None:
    value, _ = value_of(file)
    assert [error.message for error in VALIDATORS[schema_name(file)].iter_errors(as_json(value))] == []


@pytest.mark.parametrize("file", BAD_FORM, ids=lambda file: file.stem)
def test_schema_refuses_what_the_models_refuse(file: Path) -> None:
    value, _ = value_of(file)
    assert VALIDATORS["record.schema.json"].is_valid(as_json(value)) == (file.stem in EXCEPTIONS)


def test_enough_records_are_bad_in_form() -> None:
    assert len(BAD_FORM) >= 60


def test_models_of_all_shared_files_have_a_schema() -> None:
    assert set(MODELS) == {"record", *(file.stem for file in shipped().glob("*.yaml"))}


def test_schema_says_which_suffixes_a_count_has() -> None:
    assert f"[{PARAMETER_SUFFIXES}]" in json.dumps(
        SCHEMAS["record.schema.json"]["$defs"]["Point"]["properties"]["params"]
    )


def test_digits_beyond_a_float_are_the_models_to_refuse() -> None:
    value, _ = value_of(TESTS / "records" / "valid" / "everything.yaml")
    point = value["experiments"][0]["curves"][0]["points"][0]
    point["top1"] = Decimal("100.00000000000000000001")
    assert VALIDATORS["record.schema.json"].is_valid(as_json(value))
    with pytest.raises(ValidationError, match="less than or equal to 100"):
        Paper.model_validate(value)


def test_decimals_without_fraction_are_integers_for_json_schema_only() -> None:
    schema = VALIDATORS["record.schema.json"].evolve(schema={"$ref": "#/$defs/Locator", **DEFINITIONS})
    assert schema.is_valid({"table": 2.0})
    with pytest.raises(ValidationError, match="in quotes"):
        Locator.model_validate({"table": Decimal("2.0")})


def test_json_schema_cannot_see_that_a_correction_changes_nothing() -> None:
    unchanged = {"expect": 1, "correct": 1, "paper": "han2015learning", "field": "top1", "reason": "r", "evidence": "e"}
    unchanged |= {"date": "2026-11-20", "status": "proposed"}
    assert VALIDATORS["corrections.schema.json"].is_valid({"corrections": [unchanged]})
    with pytest.raises(ValidationError, match="are the same"):
        Correction.model_validate(unchanged)
