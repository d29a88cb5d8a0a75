"""Do the tests notice if the code says something else?  Run by ``make mutants``.

A mutant is a module with one small change, made by the operators of mutmut and a few of our own.  mutmut itself would
leave out what is decorated, and so all rules of the audit, and finds modules by the names of their folders, which ours
do not bear.  Tests are collected once; then every mutant has a fork of that process, in which the code of one function
is exchanged, and the tests that call it run until one fails.  What happens on import cannot be exchanged afterwards:
such mutants have a fork of a process that has imported the libraries, but none of our modules, and that then imports
them and the tests.

``python tests/mutants.py --help`` tells the options.  All trials go to ``trials.jsonl``, as they end; what is printed
also goes to ``report.txt``.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import gc
import importlib
import importlib.util
import json
import math
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import cache, partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from itertools import accumulate
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import libcst as cst
import libcst.matchers as m
import pytest
import yaml
from forks import FAILED, NO_PROGRAM, Job, Places, allow, run_all
from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider
from mutmut.mutation import mutators

from prunelit.schema import corpus

ROOT = Path(__file__).resolve().parent.parent
KNOWN = ROOT / "tests" / "mutants.yaml"
"""Mutants that no test can or need kill, each with the reason."""
TARGET = 0.95
"""Share of the mutants, equivalent ones left out, that must be killed."""
LONGEST = 1.0
"""Seconds of processor time of a test that is tried on mutants, with all that its fixtures take."""
SECONDS, TIMES = 10, 10
"""Seconds, and a multiple of a test's usual time, after which a mutant hangs."""
IMPORTING = 60
"""Seconds more for a process that has to import and collect everything first."""
LAST = 2000
"""Characters of pytest's output that are told where tests cannot be run."""
WIDTH = 200
"""Characters of a line of code that are printed."""


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
    """One more and one less of a whole number and of 0.0, a tenth more and less of any other."""
    if isinstance(node, cst.Integer):
        yield from (cst.parse_expression(f"({node.evaluated_value + step})") for step in (1, -1))
    elif isinstance(node, cst.Float):
        value = node.evaluated_value
        others = [f"{value * factor:.6g}" for factor in (1.1, 0.9)] if value else ["1.0", "(-1.0)"]
        yield from map(cst.parse_expression, others)


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
    | m.Assign(targets=[m.AssignTarget(m.Name("PLACE"))])  # between those of other modules is room for one more
    | m.SimpleStatementLine(body=[m.Expr(m.SimpleString())])
)


class _Finder(cst.CSTVisitor):
    """Finds the mutants of a module."""

    METADATA_DEPENDENCIES = (WhitespaceInclusivePositionProvider,)

    def __init__(self, wrapper: MetadataWrapper) -> None:
        super().__init__()
        self.module, self.inside, self.found = wrapper.module, list[cst.FunctionDef | cst.ClassDef](), list[Mutant]()
        self.code, self.heads = self.module.code, 0
        self.offsets = list(accumulate(map(len, self.code.splitlines(keepends=True)), initial=0))

    def on_visit(self, node: cst.CSTNode) -> bool:
        """Mutate a node, and go on to what it holds."""
        if m.matches(node, UNTOUCHED):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self.inside.append(node)
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
        function = "" if self.heads else _exchanged(self.inside)
        self.found.append(Mutant(place.start.line, function, old, told, source))


def _exchanged(inside: list[cst.FunctionDef | cst.ClassDef]) -> str:
    """The outermost function of those around a place, after the classes around it."""
    first = next((at for at, one in enumerate(inside) if isinstance(one, cst.FunctionDef)), len(inside))
    return ".".join(one.name.value for one in inside[: first + 1])


def mutants(source: str) -> list[Mutant]:
    """All mutants of a module."""
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    finder = _Finder(wrapper)
    wrapper.visit(finder)
    return finder.found


# What becomes of them.


@dataclass(frozen=True)
class Setting:
    """How the mutants are tried."""

    places: Places
    until: float
    """Time of the monotonic clock at which all ends."""
    longest: float
    functions: bool
    imports: bool
    folder: Path
    before: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """How the trial of a mutant would end, by file and key, for those that are not tried again."""

    @property
    def trials(self) -> Path:
        """File of all trials, one a line."""
        return self.folder / "trials.jsonl"

    def write(self, **said: object) -> None:
        """Add a line to the file of trials; one call of the system, so that lines of several processes stay whole."""
        line = os.open(self.trials, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        os.write(line, (json.dumps(said) + "\n").encode())
        os.close(line)


@dataclass(frozen=True)
class Usual:
    """What a test does without mutants."""

    calls: list[str]
    """Functions, each after its file."""
    seconds: float
    """Of processor time, with all that its fixtures take."""
    passes: bool


KILLED = 7
"""Exit status of a process in which a test failed."""
LOST = -9
"""Status of a process that something else has ended."""
OUTCOMES = {0: "survives", KILLED: "killed", NO_PROGRAM: "no program", FAILED: "not possible", LOST: "not tried"}


def outcome(status: int | None) -> str:
    """What an exit status of a trial means."""
    return "not tried" if status is None else OUTCOMES.get(status, "hangs")


class Group:
    """Modules whose mutants are tried on the same tests."""

    def __init__(self, files: list[str], tests: list[str], setting: Setting) -> None:
        self.tests, self.setting = tests, setting
        every = {file: _mutants_of(file) for file in files}
        self.found = {file: [one for one in of if (file, *one.key) not in setting.before] for file, of in every.items()}
        self.before = {file: [one for one in of if (file, *one.key) in setting.before] for file, of in every.items()}
        paths = (setting.folder / f"{name}-{os.getpid()}" for name in ("usual.json", "later.json", "log.txt"))
        self.usual, self.later, self.log = paths

    def run(self) -> None:
        """Try the mutants: those of functions first, then those for which a process must import the module."""
        statuses: list[int | None] = []
        for file, found in self.found.items():
            self.setting.write(module=file, mutants=len(found) + len(self.before[file]))
            for one in self.before[file]:
                self.tried(file, one, self.setting.before[file, *one.key])
        self.usual.write_text("{}")
        self.later.write_text("[{}, []]")
        print_to(self.log)
        run_all([Job(partial(_pytest, self.tests, Collected(self)), statuses.append)], Places(1))
        if statuses != [0]:
            said = self.log.read_text(encoding="utf-8", errors="replace")[-LAST:]
            self.setting.write(tests=self.tests, trouble=f"the tests cannot be run: {statuses} {said}")
        print_to(Path(os.devnull))
        if self.setting.imports:
            self._import()
        for path in (self.usual, self.later, self.log):
            path.unlink()

    def _import(self) -> None:
        usual, (later, libraries) = self.observed(), json.loads(self.later.read_text())
        for name in libraries:
            importlib.import_module(name)
        seconds = IMPORTING + TIMES * sum(usual[name].seconds for name in self.chosen(usual))
        for file, left in later.items():
            found, statuses = [self.found[file][at] for at in left], list[int | None]()
            likely = [self.likely(usual, file, one) for one in found]
            every = [*dict.fromkeys(name for names in likely for name in names)]
            run = partial(_imported, file, (ROOT / file).read_text(encoding="utf-8"), self.tests, every)
            run_all([Job(run, statuses.append)] if found else [], self.setting.places, self.setting.until)
            if any(statuses):
                self.setting.write(tests=self.tests, trouble=f"{file}: tests fail where it is imported: {statuses}")
                continue
            jobs = []
            for one, names in zip(found, likely, strict=True):
                run = partial(_imported, file, one.source, self.tests, names)
                jobs.append(Job(run, partial(self.tried, file, one), seconds))
            run_all(jobs, self.setting.places, self.setting.until)

    def observed(self) -> dict[str, Usual]:
        """What the tests usually do."""
        return {name: Usual(**one) for name, one in json.loads(self.usual.read_text()).items()}

    def chosen(self, usual: dict[str, Usual], place: str = "") -> list[str]:
        """The tests that are tried, quick ones first; of a function, those that call it, as no other can notice it."""
        names = [name for name, one in usual.items() if one.passes and one.seconds <= self.setting.longest]
        called = [name for name in names if not place or place in usual[name].calls]
        return sorted(called, key=lambda name: usual[name].seconds)

    def likely(self, usual: dict[str, Usual], file: str, mutant: Mutant) -> list[str]:
        """The tests, first those that call functions which use what is mutated; no others if it is private."""
        names, functions = _using(mutant.source, mutant.line)
        places, every = {f"{file} {function}" for function in functions}, self.chosen(usual)
        first = [name for name in every if not places.isdisjoint(usual[name].calls)]
        private = all(name.startswith("_") for name in names)
        return first if first and private else sorted(every, key=lambda name: name not in first)

    def tried(self, file: str, mutant: Mutant, status: int | None) -> None:
        """Write down how the trial of a mutant ended, if it did."""
        if status is not None:
            self.setting.write(**{**asdict(mutant), "source": file, "outcome": outcome(status)})


def _mutants_of(file: str) -> list[Mutant]:
    return mutants((ROOT / file).read_text(encoding="utf-8"))


def _try_group(files: list[str], tests: list[str], setting: Setting) -> None:
    Group(files, tests, setting).run()


class Collected:
    """A plugin that, in place of running the tests, tries mutants of modules on them."""

    def __init__(self, group: Group) -> None:
        self.group = group

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Find out what the tests usually do, then try the mutants of each function."""
        group, setting = self.group, self.group.setting
        importlib.import_module("prunelit.analysis.load").load_corpus()
        modules = {file: sys.modules[module_name(file)] for file in group.found}
        gc.freeze()
        observing = Job(partial(_observe, session, modules, group), lambda _: None)
        run_all([observing], setting.places, setting.until)
        usual = group.observed()
        items = {item.nodeid: item for item in session.items}
        called = {place for name in group.chosen(usual) for place in usual[name].calls}
        jobs, later = [], defaultdict[str, list[int]](list)
        for file, module in modules.items():
            for at, mutant in enumerate(group.found[file]):
                place = f"{file} {mutant.function}"
                if mutant.function and place in called:
                    if not setting.functions:
                        continue
                    chosen = [(items[name], usual[name].seconds) for name in group.chosen(usual, place)]
                    run = partial(_try, module, mutant, chosen)
                    jobs.append(Job(run, partial(group.tried, file, mutant), SECONDS))
                else:
                    later[file].append(at)
        group.later.write_text(json.dumps((later, _libraries())))
        run_all(jobs, setting.places, setting.until)
        return True


def _libraries() -> list[str]:
    """The modules at work that are not ours."""
    return [name for name, one in sys.modules.items() if "site-packages" in (getattr(one, "__file__", None) or "")]


def _observe(session: pytest.Session, modules: dict[str, ModuleType], group: Group) -> None:
    """Run the tests as they are, and write down what each usually does."""
    seen = Observer()
    session.config.pluginmanager.register(seen)
    failing = next(one for one in session.config.pluginmanager.get_plugins() if isinstance(one, Failing))
    failing.ends = False
    for file, module in modules.items():
        _mark(file, module)
    usual = {}
    for item, after in zip(session.items, [*session.items[1:], None], strict=True):
        failing.last = None
        seen.start()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        usual[item.nodeid] = asdict(Usual(*seen.of(item), passes=not failing.last))
    group.usual.write_text(json.dumps(usual))
    passing = [Usual(**one) for one in usual.values() if one["passes"]]
    group.setting.write(
        tests=group.tests,
        failing=[name for name, one in usual.items() if not one["passes"]],
        slow=sum(one.seconds > group.setting.longest for one in passing),
        tried=sum(one.seconds <= group.setting.longest for one in passing),
    )


class Observer:
    """A plugin that sees which marked functions a test and its fixtures call, and how long they take."""

    def __init__(self) -> None:
        self.calls, self.spent = set[str](), 0.0
        self.fixtures: dict[str, tuple[set[str], float]] = {}

    def start(self) -> None:
        """Begin with another test."""
        self.calls, self.spent = set(), 0.0
        self.begun = time.process_time()
        builtins.__dict__[MARK] = self.calls.add

    def of(self, item: pytest.Item) -> tuple[list[str], float]:
        """What a test has done, and all its fixtures, whichever test needed them first."""
        own = time.process_time() - self.begun - self.spent
        fixtures = [self.fixtures[one] for one in getattr(item, "fixturenames", ()) if one in self.fixtures]
        return sorted(self.calls.union(*(calls for calls, _ in fixtures))), own + sum(spent for _, spent in fixtures)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        """See what a fixture does, without those that it needs."""
        around, before = self.calls, self.spent
        self.calls, begun = set(), time.process_time()
        builtins.__dict__[MARK] = self.calls.add
        try:
            return (yield)
        finally:
            own = time.process_time() - begun - (self.spent - before)
            self.spent += own
            calls, most = self.fixtures.get(fixturedef.argname, (set(), 0.0))
            self.fixtures[fixturedef.argname] = calls | self.calls, max(most, own)
            self.calls = around
            builtins.__dict__[MARK] = around.add


MARK = "__is_called__"


def _mark(file: str, module: ModuleType) -> None:
    """Let functions tell that they are called."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    functions = dict(_functions(tree.body))
    for name, function in functions.items():
        text = isinstance(function.body[0], ast.Expr) and isinstance(function.body[0].value, ast.Constant)
        function.body[int(text) : int(text)] = ast.parse(f"{MARK}({f'{file} {name}'!r})").body
    code = compile(tree, str(module.__file__), "exec", dont_inherit=True)
    for name in functions:
        with suppress(LookupError, StopIteration, AttributeError, ValueError):
            _live(module, name).__code__ = _code(code, name)


def _functions(body: Sequence[ast.stmt], within: str = "") -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of a module and of its classes."""
    for one in body:
        if isinstance(one, ast.FunctionDef):
            yield f"{within}{one.name}", one
        if isinstance(one, ast.ClassDef):
            yield from _functions(one.body, f"{one.name}.")


def _using(source: str, line: int) -> tuple[set[str], list[str]]:
    """What the statement at a line defines, with what others make of it, and the functions that use any of it."""
    body = ast.parse(source).body
    names = {name for one in body if one.lineno <= line <= (one.end_lineno or 0) for name in _defined(one)}
    values = [one for one in body if isinstance(one, ast.Assign | ast.AnnAssign)]
    while more := {name for one in values if _mentions(one, names) for name in _defined(one)} - names:
        names |= more
    return names, [name for name, one in _functions(body) if name.split(".")[0] in names or _mentions(one, names)]


def _defined(statement: ast.stmt) -> list[str]:
    """The names that a statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    targets = getattr(statement, "targets", None) or [getattr(statement, "target", ast.Pass())]
    return [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]


def _mentions(statement: ast.stmt, names: Container[str]) -> bool:
    return any(isinstance(one, ast.Name) and one.id in names for one in ast.walk(statement))


def _try(module: ModuleType, mutant: Mutant, chosen: list[tuple[pytest.Item, float]]) -> None:
    """Exchange the code of the mutated function and run the tests; the first that fails ends the process."""
    code = _code(compile(mutant.source, str(module.__file__), "exec", dont_inherit=True), mutant.function)
    _live(module, mutant.function).__code__ = code
    for (item, seconds), after in zip(chosen, [*(item for item, _ in chosen[1:]), None], strict=True):
        allow(SECONDS + TIMES * seconds)
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
    ignored = "ignore::pytest.PytestAssertRewriteWarning"  # of libraries that are imported already
    status = pytest.main([*found, "-q", "-n0", "-W", ignored], plugins=[Failing(), *plugins])
    os._exit(KILLED if status not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) else 0)


def _imported(file: str, source: str, files: list[str], names: list[str]) -> None:
    compile(source, file, "exec", dont_inherit=True)
    name = module_name(file)
    if name in sys.modules:
        for one in [one for one in sys.modules if one.split(".")[0] == "prunelit"]:
            del sys.modules[one]
    sys.meta_path.insert(0, Changed(name, source))
    _pytest(files, Only(names))


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


def main(arguments: list[str]) -> int:
    """Try the mutants of the modules, tell what survives, and whether enough is killed."""
    asked = _options().parse_args(arguments)
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS"):
        os.environ[name] = "1"
    asked.output.mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + asked.seconds
    before = (_listed() if asked.unlisted else {}) | (_killed(asked.again) if asked.again else {})
    setting = Setting(
        Places(asked.workers), until, asked.longest, not asked.imports, not asked.quick, asked.output.resolve(), before
    )
    setting.trials.unlink(missing_ok=True)
    corpus.read_corpus = cache(corpus.read_corpus)  # so that forks have the shipped one at once
    corpus.fingerprint_of = cache(corpus.fingerprint_of)
    corpus.read_corpus(corpus.shipped(), str(corpus.shipped()))
    groups = defaultdict[tuple[str, ...], list[str]](list)
    for file, tests in MODULES.items():
        if not asked.parts or any(part in file for part in asked.parts):
            groups[tuple(tests)].append(file)
    report = Report(setting)
    jobs = [
        Job(partial(_try_group, files, list(tests), setting), partial(report.ended, files, list(tests)))
        for tests, files in groups.items()
    ]
    run_all(jobs, Places(asked.workers))
    return 0 if report.total() else 1


def _listed() -> dict[tuple[str, ...], int]:
    """The mutants that are known to survive, by file and key."""
    known = yaml.safe_load(KNOWN.read_text(encoding="utf-8"))
    return {(file, one["function"], one["was"], one["becomes"]): 0 for file, listed in known.items() for one in listed}


def _killed(trials: Path) -> dict[tuple[str, ...], int]:
    """The mutants that an earlier run killed, by file and key."""
    said = [json.loads(line) for line in trials.read_text(encoding="utf-8").splitlines()]
    found = defaultdict[tuple[str, ...], set[str]](set)
    for one in said:
        if "outcome" in one:
            found[one["source"], one["function"], one["was"], one["becomes"]].add(one["outcome"])
    return {key: KILLED for key, outcomes in found.items() if outcomes <= {OUTCOMES[KILLED], "hangs"}}


def _options() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    options.add_argument("parts", nargs="*", metavar="PART", help="of the path of modules; all without any")
    options.add_argument("--quick", action="store_true", help="only what happens in functions")
    options.add_argument("--imports", action="store_true", help="only what happens on import")
    options.add_argument("--workers", type=int, default=1, metavar="N", help="processes that work at a time")
    options.add_argument("--seconds", type=float, default=math.inf, metavar="S", help="after which all ends")
    options.add_argument("--longest", type=float, default=LONGEST, metavar="S", help="processor time of a test tried")
    options.add_argument("--again", type=Path, metavar="FILE", help="without what is killed in this trials.jsonl")
    options.add_argument("--unlisted", action="store_true", help=f"without what {KNOWN.name} says to survive")
    options.add_argument("--output", type=Path, default=ROOT / "build" / "mutants", metavar="FOLDER")
    return options


class Report:
    """What is told of the trials, at once and at the end."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.totals, self.enough = setting, Counter[str](), True
        self.known = yaml.safe_load(KNOWN.read_text(encoding="utf-8")) if KNOWN.exists() else {}
        self.file = (setting.folder / "report.txt").open("w", encoding="utf-8")

    def say(self, text: str) -> None:
        """Print, and write to the file."""
        for stream in (sys.stdout, self.file):
            print(text, file=stream, flush=True)

    def ended(self, files: list[str], tests: list[str], status: int | None) -> None:
        """Tell about modules whose trials have ended."""
        self.setting.write()  # so that there is a file
        lines = [json.loads(line) for line in self.setting.trials.read_text(encoding="utf-8").splitlines()]
        for one in lines:
            if one.get("tests") == tests:
                self.say(_of_tests(one))
        if status:
            self.say(f"        {', '.join(files)}: ended with {status}")
        for file in files:
            trials = [(_mutant(one), one["outcome"]) for one in lines if one.get("source") == file]
            self._module(file, trials, sum(one["mutants"] for one in lines if one.get("module") == file))

    def _module(self, file: str, trials: list[tuple[Mutant, str]], mutants: int) -> None:
        known = {(one["function"], one["was"], one["becomes"]): one for one in self.known.get(file) or []}
        survivors = [mutant for mutant, outcome in trials if outcome == "survives"]
        counts = Counter(outcome for _, outcome in trials)
        counts["not tried"] += mutants - len(trials)
        counts["equivalent"] = sum(bool(known.get(one.key, {}).get("equivalent")) for one in survivors)
        counts["listed"] = sum(one.key in known for one in survivors) - counts["equivalent"]
        self.totals += counts
        self.say(f"{rate(counts):7.1%} {file}: {told(counts)}")
        for one in survivors:
            if one.key not in known:
                self.say(f"    {file}:{one.line} {one.function}")
                self.say(f"      - {one.was[:WIDTH]}\n      + {one.becomes[:WIDTH]}")
        gone = known.keys() - {one.key for one in _mutants_of(file)}
        for function, was, _ in gone:
            self.say(f"    {file}: {KNOWN.name} lists what is no mutant any more: {function}: {was[:WIDTH]}")
        unlisted = counts["survives"] - counts["equivalent"] - counts["listed"]
        tried = not counts["not tried"] or not self.setting.imports
        self.enough &= rate(counts) >= TARGET and not unlisted and not gone and tried

    def total(self) -> bool:
        """Tell about all modules together, and whether enough is killed in each."""
        self.say(f"{rate(self.totals):7.1%} of all: {told(self.totals)}")
        return self.enough


def rate(counts: Counter[str]) -> float:
    """Share of the mutants that are killed, of those that were tried and are not equivalent."""
    killed = counts["killed"] + counts["hangs"]
    return killed / max(1, killed + counts["survives"] - counts["equivalent"])


def told(counts: Counter[str]) -> str:
    """Counts in words; those that are none are left out."""
    tried = counts["killed"] + counts["hangs"] + counts["survives"]
    text = f"{tried} mutants, {counts['killed'] + counts['hangs']} killed, {counts['survives']} survive"
    more = ("equivalent", "listed", "hangs", "not possible", "not tried")
    return text + "".join(f", {counts[one]} {one}" for one in more if counts[one])


def _mutant(line: dict[str, Any]) -> Mutant:
    return Mutant(**{name: value for name, value in line.items() if name != "outcome"})


def _of_tests(line: dict[str, Any]) -> str:
    tests = ", ".join(line["tests"])
    if "trouble" in line:
        return f"        {tests}: {line['trouble']}"
    failing = f", {len(line['failing'])} fail: {' '.join(line['failing'][:5])}" if line["failing"] else ""
    return f"        {tests}: {line['tried']} tests, {line['slow']} too slow{failing}"


def print_to(file: Path) -> None:
    """Send what this process and its forks print to a file."""
    sys.stdout.flush()
    log = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_TRUNC, 0o666)
    for stream in (1, 2):
        os.dup2(log, stream)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
