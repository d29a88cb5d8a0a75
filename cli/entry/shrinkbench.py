"""Result folders of ShrinkBench.

The format is that of the folder ``experiment`` of https://github.com/JJGO/shrinkbench.  Each run has a folder:
``params.json`` holds Python literals as text, ``metrics.json`` sizes and the accuracy right after pruning, ``logs.csv``
a line for that moment (epoch -1) and for each epoch of training after it.

The accuracy of a run is that of its best epoch, top-1 and top-5 each for itself, as in ShrinkBench's own tables.
ShrinkBench divides by full batches even in the last, smaller one, so its accuracies are slightly low; they are taken as
they are, and :mod:`prunelit.cli.entry.divided` has what is right.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import os
import re
import warnings
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from prunelit.schema.problems import Problem, PrunelitError, quoted
from prunelit.schema.reading import FORBIDDEN, UnreadableError, contents

N = TypeVar("N", int, Decimal)

MAX_BYTES, MAX_PARAMS, MAX_FOLDERS, _MAX_DEPTH, _MAX_NAME = 5_000_000, 50_000, 10_000, 20, 200
RUN_FILES = ("params.json", "metrics.json", "logs.csv")
_BRACKETS = re.compile(r"([\[({])|[\])}]")
_NUMPY = re.compile(r"(?:np|numpy)\.\w+\((.*)\)")
"""A scalar as NumPy 2 prints it, such as ``np.float64(0.9)``."""


def _unwrapped(value: Any) -> Any:
    found = _NUMPY.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1] if found else value


# Digits are limited because exact arithmetic with 1E-99999999 takes for ever.
_Count = Annotated[Decimal, BeforeValidator(_unwrapped), Field(ge=1, lt=10**15, max_digits=40)]
_Share = Annotated[Decimal, BeforeValidator(_unwrapped), Field(ge=0, le=1, max_digits=40)]
_SHARES: TypeAdapter[list[tuple[Decimal, Decimal]]] = TypeAdapter(list[tuple[_Share, _Share]])


class BrokenError(PrunelitError):
    """Raised when a file of a run does not say what it should: the file, and what is wrong with it."""


@dataclass(frozen=True)
class Params:
    """What was run; texts of settings are compared and never evaluated.

    ``training`` is that of ``train_kwargs``, ``settings`` those of all others but where the results were written.
    """

    dataset: str
    model: str
    strategy: str | None
    compression: Decimal
    seed: int
    training: str
    epochs: int
    batch_size: int | None
    settings: tuple[tuple[str, str], ...]


class RunMetrics(BaseModel):
    """Size, operations and accuracy right after pruning, as ``metrics.json`` calls them."""

    size: _Count
    size_nz: _Count
    flops: _Count
    flops_nz: _Count
    val_acc1: _Share
    val_acc5: _Share
    test_acc1: _Share | None = None
    """Written by prunelit alone, which divides by the number of images."""


@dataclass(frozen=True)
class Run:
    """One folder: what was run, and what came out; accuracies are shares."""

    folder: str
    params: Params
    metrics: RunMetrics
    top1: Decimal
    top5: Decimal

    @property
    def divides_rightly(self) -> bool:
        """Whether its accuracies are divided by the number of images: ShrinkBench's are not."""
        return self.metrics.test_acc1 is not None


def folders(root: Path) -> tuple[list[Path], list[tuple[Path, str]]]:
    """The folders of runs in a folder, at any depth or that folder itself, and those that cannot be read, with why.

    A folder of a run holds any of the three files.  Links are followed, each folder is visited once.

    Raises:
        BrokenError: if there are more folders than any experiment has.
    """
    found: list[Path] = []
    unreadable: list[OSError] = []
    seen: set[tuple[int, int]] = set()
    for place, below, files in os.walk(root, followlinks=True, onerror=unreadable.append):
        info = os.stat(place)
        if (info.st_dev, info.st_ino) in seen:
            below.clear()
            continue
        seen.add((info.st_dev, info.st_ino))
        if len(seen) > MAX_FOLDERS:
            raise BrokenError(str(root), f"more than {MAX_FOLDERS:,} folders; name the one that holds the results")
        if not set(RUN_FILES).isdisjoint((*files, *below)):
            found.append(Path(place))
    return sorted(found), [(Path(str(one.filename)), one.strerror or "cannot be read") for one in unreadable]


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
        return contents(file, file.name, MAX_BYTES).decode("utf-8")
    except UnreadableError as error:
        raise BrokenError(file.name, error.problems[0].message) from None
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
            compression=_within(Decimal(str(_literal(fields, "compression", int | float))), "compression", 1, 10**9),
            seed=_literal(fields, "seed", int),
            training=ast.unparse(training),
            epochs=_within(_literal({"epochs": epochs}, "epochs", int), "epochs", 0, 10**6),
            batch_size=_batch_size(fields),
            settings=_settings(outer, fields),
        )
    except KeyError as error:
        raise BrokenError("params.json", f"{error} is missing") from None
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError) as error:
        told = error.args[0] if type(error) is ValueError and error.args else "this is no dictionary of Python literals"
        raise BrokenError("params.json", str(told)) from None


def _batch_size(fields: dict[str, ast.expr]) -> int | None:
    """The images of a batch, if the run says so."""
    loading = fields.get("dl_kwargs")
    if not isinstance(loading, ast.Dict):
        return None
    named = {ast.unparse(key): each for key, each in _pairs(loading)}
    size = named.get("'batch_size'")
    return _within(_literal({"batch_size": size}, "batch_size", int), "batch_size", 1, 10**9) if size else None


def _settings(outer: dict[str, Any], fields: dict[str, ast.expr]) -> tuple[tuple[str, str], ...]:
    """All that a run was set to and that has no name in :class:`Params`, by name."""
    named = {"dataset", "model", "strategy", "compression", "seed", "train_kwargs", "path"}
    around = {name: repr(one) for name, one in outer.items() if name != "params"}
    within = {name: ast.unparse(node) for name, node in fields.items() if name not in named}
    return tuple(sorted((repr(name)[1:-1], text) for name, text in (around | within).items()))


def _within(number: N, name: str, least: int, most: int) -> N:
    if not least <= number <= most:
        raise ValueError(f"'{name}' is not between {least} and {most:,}")
    return number


def _literals(text: Any) -> dict[str, ast.expr]:
    """The values of a Python dictionary by their keys; what is not asked for may be no literal, such as a path."""
    if not isinstance(text, str) or len(text) > MAX_PARAMS or _depth(text) > _MAX_DEPTH:
        raise ValueError(f"'params' is no text of at most {MAX_PARAMS:,} characters and {_MAX_DEPTH} levels")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the text is somebody else's; a backslash in a path is no fault
        parsed = _Unwrapping().visit(ast.parse(text.strip(), mode="eval")).body
    return {str(ast.literal_eval(key)): each for key, each in _pairs(parsed)}


class _Unwrapping(ast.NodeTransformer):
    """Replaces scalars as NumPy 2 prints them, such as ``np.float64(0.1)`` and ``np.True_``, with plain ones."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """The one plain argument of a scalar's type."""
        named, numbers = node.func, [*node.args, *node.keywords]
        if isinstance(named, ast.Attribute) and _is_numpy(named) and len(numbers) == 1 and len(node.args) == 1:
            inner = node.args[0].operand if isinstance(node.args[0], ast.UnaryOp) else node.args[0]
            return node.args[0] if isinstance(inner, ast.Constant) else node
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A truth value."""
        truth = {"True_": True, "False_": False}.get(node.attr)
        return ast.Constant(truth) if truth is not None and _is_numpy(node) else self.generic_visit(node)


def _is_numpy(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id in ("np", "numpy")


def _pairs(node: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    if not isinstance(node, ast.Dict):
        raise TypeError
    return [(key, each) for key, each in zip(node.keys, node.values, strict=True) if key]


def _literal(fields: dict[str, ast.expr], name: str, kind: Any) -> Any:
    node = fields[name]
    found = node.value if isinstance(node, ast.Constant) else ...
    if not isinstance(found, kind) or isinstance(found, bool):
        raise ValueError(f"'{name}' is {quoted(ast.unparse(node))}; expected a plain value")
    if isinstance(found, str) and not _is_name(found):
        raise ValueError(f"'{name}' is {quoted(found)}; expected a name of at most {_MAX_NAME} visible characters")
    return found


def _is_name(text: str) -> bool:
    return len(text) <= _MAX_NAME and text.isprintable() and not FORBIDDEN.search(text) and text == text.strip()


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in _BRACKETS.finditer(text):
        depth += 1 if bracket[1] else -1
        deepest = max(deepest, depth)
    return deepest


def _metrics(text: str) -> RunMetrics:
    try:
        found = RunMetrics.model_validate(json.loads(text, parse_float=Decimal))  # digits as written
    except (ValueError, RecursionError) as error:
        if not isinstance(error, ValidationError):
            raise BrokenError("metrics.json", "this is no JSON") from None
        fault = error.errors(include_url=False)[0]
        where = f"'{fault['loc'][0]}': " if fault["loc"] else ""
        raise BrokenError("metrics.json", f"{where}{fault['msg'].lower()}") from None
    for name, left, whole in (("size_nz", found.size_nz, found.size), ("flops_nz", found.flops_nz, found.flops)):
        if left > whole:
            raise BrokenError(
                "metrics.json", f"'{name}' is {left:,}, more than '{name.removesuffix('_nz')}', {whole:,}"
            )
    return found


def _epochs(text: str) -> list[tuple[Decimal, Decimal]]:
    """Top-1 and top-5 accuracy after each epoch."""
    try:
        lines = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
        return _SHARES.validate_python([(line["val_acc1"], line["val_acc5"]) for line in lines])
    except (csv.Error, KeyError):
        raise BrokenError("logs.csv", _NO_NUMBERS) from None
    except ValidationError as error:
        kinds = {one["type"] for one in error.errors(include_url=False, include_input=False)}
        no_number = not kinds.isdisjoint({"decimal_parsing", "decimal_type"})
        told = _NO_NUMBERS if no_number else "accuracies are shares, 0 to 1, of at most 40 digits"
        raise BrokenError("logs.csv", told) from None


_NO_NUMBERS = "expected columns 'val_acc1' and 'val_acc5' with a number in each line"
