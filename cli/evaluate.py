"""Evaluations of pruning methods: planned, run, looked at, timed, and written as records."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.report import locator_path, shown_path, text_of, visible
from prunelit.schema.problems import nearest, quoted

if TYPE_CHECKING:
    from prunelit.evaluation.engine import Outcome, OutcomeReport
    from prunelit.evaluation.jobs import Job
    from prunelit.evaluation.latency import Timing
    from prunelit.evaluation.planning import Line
    from prunelit.evaluation.results import Result
    from prunelit.evaluation.spec import Device, Evaluation

INTERRUPTED = 130
_GOES_ON = "What is finished is kept; the same command goes on from there."

Spec = Annotated[Path, typer.Argument(metavar="SPEC", help="File that describes the evaluation.", dir_okay=False)]
Folder = Annotated[Path, typer.Option("--store", metavar="DIR", help="Folder of results and weights.", file_okay=False)]
STORE = Path("build/evaluation")

evaluate = typer.Typer(
    name="evaluate",
    help="Run pruning methods under one recipe, and write what comes out as a record.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def add_to(app: typer.Typer) -> None:
    """Add the commands ``evaluate …``."""
    app.add_typer(evaluate)


@evaluate.command()
def plan(spec: Spec, store: Folder = STORE) -> None:
    """Tell what would be run, what is finished already, and how long the rest takes here.

    The time is predicted from a few steps of training of each network, which are thrown away.

    [bold]Examples[/bold]

    prunelit evaluate plan fashion.yaml
    """
    evaluation, jobs = _jobs(spec)
    _require_torch()
    _require_device(evaluation.device)
    from prunelit.evaluation.data.missing import MissingDataError
    from prunelit.evaluation.planning import remaining_work as made
    from prunelit.evaluation.store import Store

    try:
        lines = made(jobs, Store(store), _folders(evaluation))
    except MissingDataError as error:
        raise _stop(str(error)) from None
    for row in _table(lines):
        typer.echo(visible(row))


@evaluate.command()
def run(
    spec: Spec,
    store: Folder = STORE,
    workers: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Processes of this machine; by default one a processor, or a GPU's one."),
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask cluster that runs already, instead of processes here.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Run with fewer than three seeds.")] = False,
) -> None:
    """Run what is not finished. Stopped in any way, it goes on where it was when it is started again.

    Exit status: 0, 1 if a run failed, 130 if interrupted.

    [bold]Examples[/bold]

    prunelit evaluate run fashion.yaml

    prunelit evaluate run fashion.yaml --workers 2 --store results

    prunelit evaluate run fashion.yaml --scheduler tcp://10.0.0.1:8786
    """
    evaluation, jobs = _jobs(spec)
    _require_torch()
    _require_seeds(evaluation, force)
    from prunelit.evaluation.data.missing import MissingDataError
    from prunelit.evaluation.data.places import folder_of
    from prunelit.evaluation.engine import run as run_all
    from prunelit.evaluation.store import Store

    try:
        for one in evaluation.data:
            if one.name != "Digits":
                folder_of(one.name, one.folder)
    except MissingDataError as error:
        raise _stop(str(error)) from None
    if scheduler is None:
        _require_device(evaluation.device)
    kept = Store(store)
    left = sum(not kept.has(job.digest) for job in jobs)
    number = workers or (1 if evaluation.device == "cuda" else max(1, (os.cpu_count() or 1) // evaluation.threads))
    typer.echo(f"{len(jobs)} runs, {len(jobs) - left} of them finished", err=True)
    try:
        outcome = run_all(jobs, kept, _folders(evaluation), min(number, max(left, 1)), scheduler, _progress(left))
    except KeyboardInterrupt:
        typer.echo(f"\nStopped. {_GOES_ON}", err=True)
        sys.exit(INTERRUPTED)
    except TimeoutError:
        raise _stop(f"no worker answered in time, as happens on a machine that is too busy. {_GOES_ON}") from None
    _tell(outcome)


@evaluate.command()
def status(spec: Spec, store: Folder = STORE) -> None:
    """Tell how many runs of each scheme are finished, and what became of them.

    [bold]Examples[/bold]

    prunelit evaluate status fashion.yaml
    """
    _, jobs = _jobs(spec)
    from prunelit.evaluation.store import Store

    kept = Store(store)
    found: dict[str, Counter[str]] = {}
    for job in jobs:
        result = kept.result(job.digest)
        found.setdefault(_scheme(job), Counter())[result.status if result else "waiting"] += 1
    for scheme, counts in found.items():
        told = ", ".join(f"{number} {what}" for what, number in sorted(counts.items()))
        typer.echo(visible(f"{scheme:<24} {told}"))


@evaluate.command()
def latency(
    spec: Spec,
    store: Folder = STORE,
    batch_sizes: Annotated[list[int] | None, typer.Option("--batch", min=1, help="Images at a time.")] = None,
    threads: Annotated[list[int] | None, typer.Option("--threads", min=1, help="Threads.")] = None,
    strategies: Annotated[
        list[str] | None,
        typer.Option(
            "--strategy", metavar="NAME", help="Time unpruned networks and those of this strategy; all by default."
        ),
    ] = None,
    devices: Annotated[
        list[str] | None,
        typer.Option("--device", help="cpu or cuda; the processor, and the GPU where there is one, by default."),
    ] = None,
    even_if_busy: Annotated[
        bool, typer.Option("--even-if-busy", help="Measure though the machine is busy; such times enter no record.")
    ] = False,
) -> None:
    """Measure how long the finished networks of one seed take for a batch, by torch and by onnxruntime (a GPU: torch).

    Median and quartiles in milliseconds. A busy machine is refused. Exit status: 0, 1 if the machine is busy.

    [bold]Examples[/bold]

    prunelit evaluate latency fashion.yaml --batch 1 --batch 64 --threads 1

    prunelit evaluate latency fashion.yaml --strategy l1_channels --strategy reduced_width
    """
    evaluation, jobs = _jobs(spec)
    _require_strategies(strategies or (), {one.name for one in evaluation.strategies})
    _require_torch()
    from prunelit.evaluation.store import Store
    from prunelit.evaluation.timings import BusyError, measure, timed_jobs

    kept = Store(store)
    found = list(timed_jobs(jobs, kept, strategies or ()))
    if not found:
        raise _stop("no network is finished; run the evaluation first")
    try:
        settings = (batch_sizes or [1, 64], threads or [1], _devices(devices or ()))
        measure(found, kept, _folders(evaluation), *settings, even_if_busy, report=_timing)
    except BusyError as error:
        raise _stop(str(error)) from None


@evaluate.command()
def doctor() -> None:
    """Tell which torch and which datasets are here, what is missing, and how to install it without CUDA.

    Exit status: 0 if evaluations can be run, else 1.

    [bold]Examples[/bold]

    prunelit evaluate doctor
    """
    from prunelit.evaluation.doctor import diagnoses, is_ready

    for finding in diagnoses():
        typer.echo(visible(f"{finding.level:<8} {finding.what}"))
    if not is_ready():
        sys.exit(1)


@evaluate.command()
def record(
    spec: Spec,
    output: Annotated[Path, typer.Option(metavar="FILE", help="The record; its name becomes the id.", dir_okay=False)],
    store: Folder = STORE,
    published: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="When it was run; this month by default.")
    ] = None,
    shrinkbench: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Also write ShrinkBench's files to this folder.", file_okay=False)
    ] = None,
) -> None:
    """Write a finished evaluation as a record, which 'prunelit check' accepts in the folder papers/ of a corpus.

    Of several schemes of one name the first counts; the others are sweeps, in the folder sweeps/ beside papers/.

    [bold]Examples[/bold]

    prunelit evaluate record fashion.yaml --output corpus/papers/evaluation2026fashion.yaml
    """
    evaluation, jobs = _jobs(spec)
    from prunelit.evaluation.points import UnfinishedError, trained_networks
    from prunelit.evaluation.record import evaluation_record as written
    from prunelit.evaluation.store import Store

    kept = Store(store)
    try:
        found = trained_networks(jobs, kept)
    except UnfinishedError as error:
        raise _stop(str(error)) from None
    made = written(evaluation, found, kept, output.stem, locator_path(spec), _month(published))
    for name, text in made.sweeps.items():
        write_text(output.parent.parent / "sweeps" / name, text)
    write_text(output, made.text)
    typer.echo(shown_path(output))
    if shrinkbench:
        _write_shrinkbench([one for job in jobs if (one := kept.result(job.digest))], shrinkbench)


def _jobs(spec: Path) -> tuple[Evaluation, list[Job]]:
    """The evaluation of a file and its jobs; its problems are told, and end the command."""
    from prunelit.evaluation.jobs import jobs_of
    from prunelit.evaluation.spec import read_evaluation

    document, problems = read_evaluation(spec)
    for problem in problems:
        typer.echo(text_of(problem), err=True)
    if document is None:
        sys.exit(1)
    return document.value, jobs_of(document.value)


def _folders(evaluation: Evaluation) -> dict[str, str]:
    return {one.name: one.folder for one in evaluation.data if one.folder}


def _require_torch() -> None:
    from prunelit.evaluation.doctor import diagnoses, is_ready

    if not is_ready():
        for finding in diagnoses():
            if finding.level != "ok":
                typer.echo(visible(finding.what), err=True)
        raise _stop("the extra 'evaluation' is not installed; 'prunelit evaluate doctor' tells how")


def _require_seeds(evaluation: Evaluation, force: bool) -> None:
    from prunelit.evaluation.spec import MIN_SEEDS

    number = len(evaluation.seeds)
    if number < MIN_SEEDS and not force:
        raise _stop(
            f"{number} seeds tell nothing about chance: small networks collapse for some seeds and not for others; "
            f"name at least {MIN_SEEDS}, or use --force"
        )


def _require_strategies(asked: Iterable[str], known: Collection[str]) -> None:
    for name in asked:
        if name not in known:
            raise _stop(f"the evaluation has no strategy {quoted(name)}{nearest(name, known)}")


def _require_device(device: Device) -> None:
    from prunelit.evaluation.devices import is_there

    if not is_there(device):
        raise _stop("torch sees no GPU here; 'prunelit evaluate doctor' tells which torch this is")


def _devices(asked: Sequence[str]) -> list[Device]:
    """The devices that are asked for, or all that are here."""
    from prunelit.evaluation.devices import is_there
    from prunelit.evaluation.environment import installed
    from prunelit.evaluation.spec import DEVICES

    for name in asked:
        if name not in DEVICES:
            raise _stop(
                f"there is no device {quoted(name)}{nearest(name, DEVICES) or '.'} Known are {', '.join(DEVICES)}"
            )
        _require_device(name)
    found = [one for one in DEVICES if (one in asked if asked else is_there(one))]
    if "cuda" in found and not installed("nvidia-ml-py"):
        raise _stop(
            "nvidia-ml-py is not installed, so that nothing tells whether others use the GPU; "
            "'pip install prunelit[gpu]' brings it, and '--device cpu' does without"
        )
    return found


def _stop(message: str) -> typer.Exit:
    typer.echo(f"Error: {visible(message)}", err=True)
    return typer.Exit(1)


def _scheme(job: Job) -> str:
    return "unpruned" if job.scheme is None else str(job.scheme["name"])


def _table(lines: list[Line]) -> list[str]:
    rows = [(one.data, one.network, one.scheme, f"{one.jobs}", f"{one.left}", _duration(one.seconds)) for one in lines]
    total = ("all", "", "", f"{sum(one.jobs for one in lines)}", f"{sum(one.left for one in lines)}")
    table = [("data", "network", "scheme", "runs", "left", "processor time"), *rows]
    table.append((*total, _duration(sum(one.seconds for one in lines))))
    widths = [max(len(row[at]) for row in table) for at in range(6)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _duration(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}"


def _progress(left: int) -> OutcomeReport:
    """Tells how many runs are finished: in place on a terminal, else at each tenth."""
    is_terminal = sys.stderr.isatty()
    step = max(1, left // 10)

    def tell(outcome: Outcome) -> None:
        done = len(outcome.finished) + len(outcome.failed)
        if is_terminal:
            typer.echo(f"\r{done} of {left} runs", nl=done == left, err=True)
        elif done % step == 0 or done == left:
            typer.echo(f"{done} of {left} runs", err=True)

    return tell


def _tell(outcome: Outcome) -> None:
    for job, reason in outcome.failed:
        strategy = (job.strategy or {}).get("name", "")
        typer.echo(visible(f"failed: {_scheme(job)} {strategy} {job.digest}: {reason}"), err=True)
    counts = Counter(one["status"] for one in outcome.finished)
    typer.echo(", ".join(f"{number} {what}" for what, number in sorted(counts.items())) or "nothing to do", err=True)
    if outcome.failed:
        sys.exit(1)


def _timing(result: Result, one: Timing) -> None:
    scheme = result.job.strategy["name"] if result.job.strategy else "unpruned"
    ratio = f"{result.job.ratio:g}x" if result.job.ratio else ""
    busy = "  busy" if one.busy else ""
    place = f"threads {one.threads}" if one.device == "cpu" else "GPU"
    typer.echo(
        f"{result.job.network['name']:<16} {scheme:<18} {ratio:<5} {one.engine:<12} batch {one.batch_size:<4} "
        f"{place:<11} {one.milliseconds:.3f} ms ({one.lower:.3f} to {one.upper:.3f}){busy}"
    )


def _month(text: str | None) -> tuple[int, int]:
    if text is None:
        return date.today().year, date.today().month
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no month, such as 2026-11", param_hint="--published") from None
    return found.year, found.month


def _write_shrinkbench(results: list[Result], folder: Path) -> None:
    from prunelit.evaluation.shrinkbench import shrinkbench_files

    written = 0
    for path, text in shrinkbench_files(results):
        write_text(folder / path, text)
        written += 1
    typer.echo(f"{shown_path(folder)}: {written // 3} folders")
