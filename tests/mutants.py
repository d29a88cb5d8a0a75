"""Do the tests notice if the code says something else?  Run by ``make mutants``.

A mutant is a module with one small change, made by the operators of mutmut and a few of our own.  mutmut itself would
leave out what is decorated, and so all rules of the audit, and finds modules by the names of their folders, which ours
do not bear.  Tests are collected once; then every mutant has a fork of that process, in which the code of one function
is exchanged and the tests that call the function run until one fails.  What happens on import cannot be exchanged
afterwards: such mutants have a process that imports them, and all tests of the module.

``python tests/mutants.py [PART OF A PATH …]`` tries the modules whose path contains one of the parts, or all; with
``--quick`` it leaves out what happens on import.
"""

from __future__ import annotations

import gc
import importlib
import importlib.util
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import libcst as cst
import libcst.matchers as m
import pytest
import yaml
from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider
from mutmut.mutation import mutators

from prunelit.schema import corpus

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "mutants"
KNOWN = ROOT / "tests" / "mutants.yaml"
"""Mutants that no test can or need kill, each with the reason."""
CALLS, RESULTS = (BUILD / f"{name}-{os.getpid()}" for name in ("calls.json", "results.txt"))
TARGET = 0.95
"""Share of the mutants, equivalent ones left out, that must be killed."""
LONGEST, SECONDS = 1.0, 10
"""Seconds of processor time: of a test that is tried on mutants, and after which a mutant hangs."""


def _tests_of(family: str) -> list[str]:
    """The file of tests that is named after a family of rules, or that of all rules where there is none yet."""
    name = f"test_audit_{family}"
    return [name if (ROOT / "tests" / f"{name}.py").exists() else "test_audit"]


MODULES: dict[str, list[str]] = {
    "schema/rules.py": ["test_rules", "test_records", "test_vocabulary", "test_rename"],
    "analysis/frames/completed.py": ["test_completed", "test_conditions"],
    "analysis/frames/flop_convention.py": ["test_flop_convention"],
    "analysis/frames/baselines.py": ["test_baselines", "test_conditions"],
    "analysis/frames/normalized.py": ["test_normalized", "test_conditions"],
    "analysis/compare/comparison_graph.py": ["test_comparison_graph", "test_conditions"],
    "analysis/compare/configurations.py": ["test_configurations", "test_comparability"],
    "analysis/compare/dominance.py": ["test_dominance"],
    "analysis/compare/setups.py": ["test_setups"],
    "analysis/compare/conditions.py": ["test_setups"],
    "analysis/compare/scratch_vs_finetuning.py": ["test_scratch_vs_finetuning"],
    "analysis/audit/digits.py": ["test_digits"],
    "analysis/audit/rows.py": ["test_audit_rows"],
    "analysis/audit/reports.py": ["test_audit_reports"],
    "analysis/audit/evidence.py": ["test_audit_evidence"],
    "analysis/audit/engine.py": ["test_audit_engine"],
    "analysis/audit/findings.py": ["test_audit_engine"],
    **{
        f"analysis/audit/rules/{family.stem}.py": _tests_of(family.stem)
        for family in sorted((ROOT / "analysis" / "audit" / "rules").glob("[a-z]*.py"))
    },
}
"""What is mutated, and the files of tests that must notice."""


@dataclass(frozen=True)
class Mutant:
    """One change of a module."""

    line: int
    function: str
    """Function of the module, or method, that the change is in; empty outside."""
    was: str
    becomes: str
    source: str
    """The whole module, changed."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same while lines move."""
        return self.function, self.was, self.becomes


# Which mutants there are.


def _numbers(node: cst.BaseNumber) -> Iterator[cst.CSTNode]:
    """One more and one less of a whole number, a tenth more and less of any other."""
    if isinstance(node, cst.Integer):
        yield from (cst.parse_expression(f"({node.evaluated_value + step})") for step in (1, -1))
    elif isinstance(node, cst.Float):
        yield from (cst.parse_expression(f"{node.evaluated_value * factor:.6g}") for factor in (1.1, 0.9))


def _strings(node: cst.SimpleString) -> Iterator[cst.CSTNode]:
    """Another name; a text with spaces is prose, which tests need not repeat."""
    if len(node.quote) == 1 and " " not in node.value:
        yield node.with_changes(value=f"{node.value[:-1]}XX{node.value[-1]}")


def _unwrapped(node: cst.Call) -> Iterator[cst.CSTNode]:
    """The only argument instead of what is made of it."""
    if m.matches(node, WRAPPING) and cst.ensure_type(node.func, cst.Name).value not in CONVERSIONS:
        yield node.args[0].value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


WRAPPING = m.Call(func=m.Name(), args=[m.Arg(~m.GeneratorExp(), keyword=None, star="")])
CONVERSIONS = ("Decimal", "float", "int", "str", "tuple", "list", "bool")
"""What changes the type of a value, but mostly nothing else."""


def _without_option(node: cst.Call) -> Iterator[cst.CSTNode]:
    """The call without one of the options that it names."""
    for at, one in enumerate(node.args):
        if one.keyword and one.keyword.value != "strict" and len(node.args) > 1:
            rest = [*node.args[:at], *node.args[at + 1 :]]
            rest[-1] = rest[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            yield node.with_changes(args=rest)


def _any(node: cst.CompIf) -> Iterator[cst.CSTNode]:
    """All, whatever the condition."""
    yield node.with_changes(test=cst.Name("True"))


def _first(node: cst.BooleanOperation) -> Iterator[cst.CSTNode]:
    """The first part alone."""
    yield node.left


OPERATORS: tuple[tuple[type, Callable[[Any], Iterable[cst.CSTNode]]], ...] = (
    (cst.BaseNumber, _numbers),
    (cst.SimpleString, _strings),
    (cst.Call, _unwrapped),
    (cst.Call, _without_option),
    (cst.CompIf, _any),
    (cst.BooleanOperation, _first),
    (cst.Name, mutators.operator_name),
    (cst.AugAssign, mutators.operator_augmented_assignment),
    (cst.UnaryOperation, mutators.operator_remove_unary_ops),
    (cst.Call, mutators.operator_symmetric_string_methods_swap),
    (cst.CSTNode, mutators.operator_keywords),
    (cst.CSTNode, mutators.operator_swap_op),
    (cst.IfExp, mutators.operator_if_exp),
)
"""Changes that make another program that runs; not those that nearly always make one that fails at once."""

UNTOUCHED = (
    m.Import()
    | m.ImportFrom()
    | m.Annotation()
    | m.Decorator()  # what a rule says of itself
    | m.Call(func=m.Name("Column") | m.Name("of_field") | m.Name("TypeVar"))
    | m.AnnAssign(annotation=m.Annotation(m.Name("TypeAlias")))
    | m.SimpleStatementLine(body=[m.Expr(m.SimpleString())])
)


class _Finder(cst.CSTVisitor):
    """Finds the mutants of a module."""

    METADATA_DEPENDENCIES = (WhitespaceInclusivePositionProvider,)

    def __init__(self, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.module, self.inside, self.found = wrapper.module, list[str](), list[Mutant]()
        self.code, self.heads = self.module.code, 0
        self.offsets = list(accumulate(map(len, self.code.splitlines(keepends=True)), initial=0))

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Mutate a node, and go on to what it holds."""
        if m.matches(node, UNTOUCHED):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.inside.append(node.name.value)
        if isinstance(node, cst.Parameters):
            self.heads += 1
        if isinstance(node, cst.If):
            self._add(node.test, cst.Name("True"))
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                for new in operator(node):
                    self._add(node, new)
        return super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode) -> None:
        """Leave the function or class again."""
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self.inside.pop()
        if isinstance(original_node, cst.Parameters):
            self.heads -= 1
        super().on_leave(original_node)

    def _add(self, node: cst.CSTNode, new: cst.CSTNode) -> None:
        place = self.get_metadata(WhitespaceInclusivePositionProvider, node)
        start, end = (self.offsets[at.line - 1] + at.column for at in (place.start, place.end))
        code = self.module.code_for_node(new)
        first, last = self.code.rindex("\n", 0, start) + 1, self.code.index("\n", end)
        was, becomes = self.code[first:last], self.code[first:start] + code + self.code[end:last]
        source = self.code[:start] + code + self.code[end:]
        old, told = (" ".join(text.split()) for text in (was, becomes))
        function = "" if self.heads else ".".join(self.inside[:2])
        self.found.append(Mutant(place.start.line, function, old, told, source))


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    finder = _Finder(wrapper)
    wrapper.visit(finder)
    return finder.found


# What becomes of them.


def in_fork(run: Callable[[], None], seconds: int = SECONDS) -> int:
    """The exit status of what runs in a fork of this process; that of a signal is negative."""
    child = os.fork()
    if not child:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
            run()
        except SyntaxError:
            os._exit(NO_PROGRAM)
        except BaseException:
            os._exit(FAILED)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Collected:
    """A plugin that, in place of running the tests, tries mutants of modules on them."""

    def __init__(self, found: dict[str, list[Mutant]], tried: Callable[[str, int, int], None]) -> None:
        self.found, self.tried = found, tried

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out which tests call which function, then try the mutants of each function."""
        importlib.import_module("prunelit.analysis.load").load_corpus()
        modules = {file: sys.modules[module_name(file)] for file in self.found}
        calls, times = _profiled(session, {str(module.__file__): file for file, module in modules.items()})
        items = {item.nodeid: item for item in session.items}
        gc.freeze()
        for file, module in modules.items():
            for at, mutant in enumerate(self.found[file]):
                place = f"{file} {mutant.function}"
                names = sorted((name for name, called in calls.items() if place in called), key=times.__getitem__)
                if mutant.function and names:
                    chosen = [items[name] for name in names]
                    self.tried(file, at, in_fork(partial(_try, module, mutant, chosen)))
        return True


def _profiled(session: pytest.Session, files: dict[str, str]) -> tuple[dict[str, list[str]], dict[str, float]]:
    """The functions of files that each test calls, and how long it takes; from a fork, which leaves no trace.

    Tests that take too long are stopped, and are not among them.
    """
    CALLS.unlink(missing_ok=True)

    def run() -> None:
        calls: dict[str, list[str]] = {}
        times: dict[str, float] = {}
        for item, after in zip(session.items, [*session.items[1:], None], strict=True):
            seen, start = set[str](), time.process_time()

            def called(frame: FrameType, event: str, _: object, seen: set[str] = seen, start: float = start) -> None:
                code = frame.f_code
                if event == "call" and code.co_filename in files and "<locals>" not in code.co_qualname:
                    seen.add(f"{files[code.co_filename]} {code.co_qualname}")
                if time.process_time() - start > LONGEST:
                    sys.setprofile(None)
                    raise TimeoutError("a test takes too long to be tried on mutants")

            failing.last = None
            sys.setprofile(called)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            sys.setprofile(None)
            if not failing.last:
                calls[item.nodeid], times[item.nodeid] = sorted(seen), time.process_time() - start
        CALLS.write_text(json.dumps([calls, times]))

    failing = next(one for one in session.config.pluginmanager.get_plugins() if isinstance(one, Failing))
    failing.ends = False
    assert in_fork(run, 600) == 0, "the tests cannot be run"
    failing.ends = True
    calls, times = json.loads(CALLS.read_text())
    return calls, times


def _try(module: ModuleType, mutant: Mutant, items: list[pytest.Item]) -> None:
    """Exchange the code of the mutated function and run the tests; the first that fails ends the process."""
    function = _live(module, mutant.function)
    code = _code(compile(mutant.source, str(module.__file__), "exec", dont_inherit=True), mutant.function)
    function.__code__ = code
    for item, after in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)


def _live(module: ModuleType, name: str) -> FunctionType:
    """The function that runs under a name: without the decorators around it."""
    found: Any = module
    for part in name.split("."):
        found = vars(found)[part]
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        found = next(getattr(found, one) for one in ("__wrapped__", "check", "fget", "func") if hasattr(found, one))
    return found


def _code(code: CodeType, name: str) -> CodeType:
    """The code of a function, within that of its module."""
    for part in name.split("."):
        code = next(one for one in code.co_consts if isinstance(one, CodeType) and one.co_name == part)
    return code


class Failing:
    """A plugin that ends the process with the first test that fails, or remembers it."""

    ends = True
    last: str | None = None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at what a test says."""
        if report.failed and self.ends:
            os._exit(KILLED)
        if report.failed:
            self.last = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Look at what the collection says."""
        if report.failed:
            os._exit(KILLED)


KILLED, NO_PROGRAM, FAILED, NOT_TRIED = 7, 8, 9, 10
"""Exit statuses of a process in which a test failed, whose mutant is no program, and that could not be."""


class Changed(MetaPathFinder):
    """Imports one module with another source."""

    def __init__(self, name: str, source: str) -> None:
        self.name, self.source = name, source

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The usual place, with a loader of our own."""
        if fullname != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        assert spec
        assert spec.loader
        source, file = self.source, str(spec.origin)
        spec.loader.get_code = lambda _: compile(source, file, "exec", dont_inherit=True)  # type: ignore[attr-defined]
        return spec


def _pytest(files: list[str], *plugins: object) -> None:
    found = [str(ROOT / "tests" / f"{name}.py") for name in files]
    status = pytest.main([*found, "-q", "-n0"], plugins=[Failing(), *plugins])
    os._exit(KILLED if status else 0)


def _imported(name: str, mutant: Mutant, files: list[str], quick: list[str]) -> None:
    sys.meta_path.insert(0, Changed(name, mutant.source))
    _pytest(files, Only(quick))


class Only:
    """A plugin that leaves out all tests but some, which come in their order."""

    def __init__(self, names: list[str]) -> None:
        self.names = {name: at for at, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Choose."""
        items[:] = sorted((one for one in items if one.nodeid in self.names), key=lambda one: self.names[one.nodeid])


def module_name(file: str) -> str:
    """The name under which a file is imported."""
    return "prunelit." + file.removesuffix(".py").replace("/", ".")


def try_all(files: list[str], tests: list[str], quick_only: bool) -> Iterator[tuple[str, list[tuple[Mutant, int]]]]:
    """Every mutant of each module, with the exit status of its trial: not 0 if it was killed."""
    found = {file: mutants((ROOT / file).read_text(encoding="utf-8")) for file in files}
    RESULTS.write_text("")

    def tried(file: str, at: int, status: int) -> None:
        with RESULTS.open("a") as lines:
            lines.write(f"{file} {at} {status}\n")

    status = silently(lambda: in_fork(lambda: _pytest(tests, Collected(found, tried)), 36_000))
    assert status == 0, f"{tests} cannot be tried: {status}"
    known = {(file, int(at)): int(one) for file, at, one in map(str.split, RESULTS.read_text().splitlines())}
    calls, times = json.loads(CALLS.read_text())
    quick = sorted(calls, key=times.__getitem__)
    for file in files:
        for at, mutant in enumerate(found[file]):
            if quick_only:
                known.setdefault((file, at), NOT_TRIED)
            if known.get((file, at), FAILED) == FAILED:
                run = partial(_imported, module_name(file), mutant, tests, quick)
                known[file, at] = silently(partial(in_fork, run))
        yield (
            file,
            [
                (one, known[file, at])
                for at, one in enumerate(found[file])
                if known[file, at] not in (NO_PROGRAM, NOT_TRIED)
            ],
        )


def main(arguments: list[str]) -> int:
    """Try the mutants of the modules, tell what survives, and whether enough is killed."""
    parts = [one for one in arguments if not one.startswith("--")]
    BUILD.mkdir(parents=True, exist_ok=True)
    corpus.read_corpus = cache(corpus.read_corpus)  # so that forks have the shipped one at once
    corpus.fingerprint_of = cache(corpus.fingerprint_of)
    corpus.read_corpus(corpus.shipped(), str(corpus.shipped()))
    reasons = yaml.safe_load(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else {}
    enough = True
    for tests in dict.fromkeys(map(tuple, MODULES.values())):
        files = [one for one, used in MODULES.items() if tuple(used) == tests and _asked(one, parts)]
        for file, trials in try_all(files, list(tests), "--quick" in arguments) if files else ():
            enough &= told(file, trials, reasons.get(file) or [])
    for file in (CALLS, RESULTS):
        file.unlink(missing_ok=True)
    return 0 if enough else 1


def _asked(file: str, parts: list[str]) -> bool:
    return not parts or any(part in file for part in parts)


def told(file: str, trials: list[tuple[Mutant, int]], reasons: list[dict[str, str]]) -> bool:
    """Tell about a module, and whether enough of its mutants are killed."""
    known = {(one["function"], one["was"], one["becomes"]): one for one in reasons}
    survivors = [mutant for mutant, status in trials if not status]
    equivalent = [one for one in survivors if known.get(one.key, {}).get("equivalent")]
    rate = 1 - (len(survivors) - len(equivalent)) / max(1, len(trials) - len(equivalent))
    print(
        f"{rate:7.1%} {file}: {len(trials)} mutants, {len(survivors)} survive, {len(equivalent)} equivalent", flush=True
    )
    for one in survivors:
        if one.key not in known:
            print(f"    {file}:{one.line} {one.function}\n      - {one.was}\n      + {one.becomes}", flush=True)
    (BUILD / (file.replace("/", "-") + ".json")).write_text(
        json.dumps([{**asdict(one), "source": None, "status": status} for one, status in trials], indent=1)
    )
    return rate >= TARGET and all(one.key in known for one in survivors)


def silently(run: Callable[[], Any]) -> Any:
    """What a function returns; what it and its forks print is dropped."""
    kept, nowhere = [os.dup(1), os.dup(2)], os.open(os.devnull, os.O_WRONLY)
    sys.stdout.flush()
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    try:
        return run()
    finally:
        for stream, file in zip((1, 2), kept, strict=True):
            os.dup2(file, stream)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
