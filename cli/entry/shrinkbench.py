"""Result folders of ShrinkBench.

The format is that of the folder ``experiment`` of https://github.com/JJGO/shrinkbench.  Each run has a folder:
``params.json`` holds Python literals as text, ``metrics.json`` sizes and the accuracy right after pruning, ``logs.csv``
a line for that moment (epoch -1) and for each epoch of training after it.

The accuracy of a run is that of its best epoch, top-1 and top-5 each for itself, as in ShrinkBench's own tables.
ShrinkBench divides by full batches even in the last, smaller one, so its accuracies are slightly low; they are taken as
they are.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import warnings
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from prunelit.schema.problems import Problem, PrunelitError, quoted
from prunelit.schema.reading import UnreadableError

MAX_BYTES, MAX_PARAMS, _MAX_DEPTH = 5_000_000, 50_000, 20
RUN_FILES = ("params.json", "metrics.json", "logs.csv")
_BRACKETS = re.compile(r"([\[({])|[\])}]")
_Count = Annotated[Decimal, Field(gt=0, lt=10**15)]
_Share = Annotated[Decimal, Field(ge=0, le=1)]


class BrokenError(PrunelitError):
    """Raised when a file of a run does not say what it should: the file, and what is wrong with it."""


@dataclass(frozen=True)
class Params:
    """What was run; ``training`` is the text of its settings, which is compared and never evaluated."""

    dataset: str
    model: str
    strategy: str | None
    compression: Decimal
    seed: int
    training: str
    epochs: int


class RunMetrics(BaseModel):
    """Size, operations and accuracy right after pruning, as ``metrics.json`` calls them."""

    size: _Count
    size_nz: _Count
    flops: _Count
    flops_nz: _Count
    val_acc1: _Share
    val_acc5: _Share


@dataclass(frozen=True)
class Run:
    """One folder: what was run, and what came out; accuracies are shares."""

    folder: str
    params: Params
    metrics: RunMetrics
    top1: Decimal
    top5: Decimal


def folders(root: Path) -> list[Path]:
    """The folders of runs within a folder, or that folder itself: those that hold any of the three files."""
    candidates = [root, *sorted(path for path in root.iterdir() if path.is_dir())]
    return [path for path in candidates if any((path / name).exists() for name in RUN_FILES)]


def read_run(folder: Path, shown: str) -> Run:
    """The run in a folder, which messages call ``shown``.

    Raises:
        UnreadableError: if a file is missing or broken, or the run was interrupted.
    """
    try:
        params = _params(_text(folder / "params.json"))
        metrics = _metrics(_text(folder / "metrics.json"))
        epochs = _epochs(_text(folder / "logs.csv"))
        if params.compression > 1 and len(epochs) <= params.epochs:
            trained = max(len(epochs) - 1, 0)
            raise BrokenError("logs.csv", f"the run stopped after {trained} of {params.epochs} epochs")
    except BrokenError as error:
        name, message = error.args
        raise UnreadableError(Problem(f"{shown}/{name}", 1, 1, "shrinkbench", f"{message}; folder skipped")) from None
    best = [max(shares) for shares in zip((metrics.val_acc1, metrics.val_acc5), *epochs, strict=True)]
    return Run(shown, params, metrics, *best)


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > MAX_BYTES:
            raise BrokenError(file.name, f"more than {MAX_BYTES:,} bytes")
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BrokenError(file.name, error.strerror or "cannot be read") from None
    except UnicodeDecodeError:
        raise BrokenError(file.name, "this is not UTF-8") from None


def _params(text: str) -> Params:
    try:
        outer = json.loads(text)
        fields = _literals(outer["params"])
        training = fields["train_kwargs"]
        epochs = {ast.literal_eval(key): each for key, each in _pairs(training)}["epochs"]
        return Params(
            dataset=_literal(fields, "dataset", str),
            model=_literal(fields, "model", str),
            strategy=_literal(fields, "strategy", str | None),
            compression=Decimal(str(_literal(fields, "compression", int | float))),
            seed=_literal(fields, "seed", int),
            training=ast.unparse(training),
            epochs=_literal({"epochs": epochs}, "epochs", int),
        )
    except KeyError as error:
        raise BrokenError("params.json", f"{error} is missing") from None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        told = error.args[0] if type(error) is ValueError and error.args else "this is no dictionary of Python literals"
        raise BrokenError("params.json", str(told)) from None


def _literals(text: Any) -> dict[str, ast.expr]:
    """The values of a Python dictionary by their keys; what is not asked for may be no literal, such as a path."""
    if not isinstance(text, str) or len(text) > MAX_PARAMS or _depth(text) > _MAX_DEPTH:
        raise ValueError(f"'params' is no text of at most {MAX_PARAMS:,} characters and {_MAX_DEPTH} levels")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the text is somebody else's; a backslash in a path is no fault
        parsed = ast.parse(text.strip(), mode="eval").body
    return {str(ast.literal_eval(key)): each for key, each in _pairs(parsed)}


def _pairs(node: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if not isinstance(node, ast.Dict):
        raise TypeError
    return [(key, each) for key, each in zip(node.keys, node.values, strict=True) if key]


def _literal(fields: dict[str, ast.expr], name: str, kind: Any) -> Any:
    node = fields[name]
    found = node.value if isinstance(node, ast.Constant) else ...
    if not isinstance(found, kind) or isinstance(found, bool):
        raise ValueError(f"'{name}' is {quoted(ast.unparse(node))}; expected a plain value")
    return found


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[1] else -1
        deepest = max(deepest, depth)
    return deepest


def _metrics(text: str) -> RunMetrics:
    try:
        return RunMetrics.model_validate_json(text)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = f"'{fault['loc'][0]}': " if fault["loc"] else ""
        raise BrokenError("metrics.json", f"{where}{fault['msg'].lower()}") from None


def _epochs(text: str) -> list[tuple[Decimal, Decimal]]:
    """Top-1 and top-5 accuracy after each epoch."""
    try:
        lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        shares = [(Decimal(line["val_acc1"]), Decimal(line["val_acc5"])) for line in lines]
    except (csv.Error, KeyError, TypeError, InvalidOperation):
        raise BrokenError("logs.csv", "expected columns 'val_acc1' and 'val_acc5' with a number in each line") from None
    if not all(share.is_finite() and 0 <= share <= 1 for pair in shares for share in pair):
        raise BrokenError("logs.csv", "accuracies are shares, 0 to 1")
    return shares
