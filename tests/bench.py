"""How fast is it, next to what it stands on, and how does it grow?  Run by ``make bench``; every ratio is of one run.

What is measured is also appended to ``build/bench.csv``, so that it can be followed from one change to the next: ratios
and powers on any machine, seconds on one.
"""

from __future__ import annotations

import csv
import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from importlib.util import find_spec
from itertools import combinations
from math import log
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import yaml
from copies import write_copies

from prunelit import best as prunelit_best
from prunelit import dataset, network_meta_analysis, synthesis, synthesis_networks
from prunelit.analysis.audit.engine import audit_table
from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.kept_files import OFF
from prunelit.analysis.load import load_corpus
from prunelit.analysis.pages.advice import advice
from prunelit.analysis.planning.plan import make_plan
from prunelit.analysis.synthesis.arms import MATCHED_RATIOS
from prunelit.analysis.synthesis.prediction import papers_predicted, predictions_table
from prunelit.evaluation.jobs import Job, jobs_of
from prunelit.evaluation.spec import read_evaluation
from prunelit.explorer.documentation.build import WORK
from prunelit.schema.corpus import read_corpus, shipped
from prunelit.schema.rules import check_corpus

if TYPE_CHECKING:
    from prunelit.evaluation.data.load import Loaded

COPIES = 100
TABLES = ("evidence", "normalized")
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Measured(NamedTuple):
    """One line of the report: what was measured, how, and what it must not exceed."""

    what: str
    how: str
    value: float
    target: float
    unit: str


def best(run: Callable[[], object], repeats: int) -> float:
    """The shortest of several runs, in seconds: what the code takes when nothing else disturbs it."""

    def once() -> float:
        start = perf_counter()
        run()
        return perf_counter() - start

    return min(once() for _ in range(repeats))


def process(
    *arguments: str, folder: str | None = None, status: int = 0, variables: dict[str, str] | None = None
) -> Callable[[], object]:
    """A run of Python as a process of its own, in a folder, with variables beside ours, that must end with a status."""

    def run() -> None:
        environment = os.environ | (variables or {})
        done = subprocess.run(
            [sys.executable, *arguments], check=False, capture_output=True, cwd=folder, env=environment
        )
        assert done.returncode == status, done.stderr.decode()

    return run


def check_all(root: Path) -> None:
    """Read and check a corpus that must be in order."""
    corpus, problems = read_corpus(root)
    assert not problems + check_corpus(corpus)


def checking() -> Measured:
    """Check all records, next to parsing the same files, in CPU time."""
    files = sorted(shipped().rglob("*.yaml"))

    def parse() -> None:
        for file in files:
            yaml.load(file.read_text(encoding="utf-8"), Loader=LOADER)

    ours, parsing = in_turn(15, lambda: check_all(shipped()), parse)
    how = f"{1000 * ours:.0f} / {1000 * parsing:.0f} CPU ms for {len(files)} files"
    return Measured("check all records / parse them", how, ours / parsing, 1.5, "x")


def normalizing() -> Measured:
    """Normalize as a process, next to starting pandas, in CPU time."""
    ours, pandas = in_turn(7, process("-c", "import prunelit; prunelit.normalized()"), process("-c", "import pandas"))
    return Measured("normalized() / import pandas", f"{ours:.2f} / {pandas:.2f} CPU s", ours / pandas, 3, "x")


def checking_one() -> Measured:
    """Check one record as a process."""
    record = min((shipped() / "papers").glob("*.yaml"))
    seconds = best(process("-m", "prunelit", "check", str(record)), 7)
    return Measured("check one record", "as a process", seconds, 0.5, "s")


def comparing() -> Measured:
    """Compare a record of the survey that has just changed, as a process; what it was compared with before is kept."""
    with TemporaryDirectory() as folder:
        record = repository(Path(folder)) / "papers" / "li2016pruning.yaml"
        before = record.read_text(encoding="utf-8")
        times, kept = [], {"XDG_CACHE_HOME": f"{folder}/kept"}  # an earlier run has seen the same states
        for digit in "1234":  # each state is new, so that nothing of it is kept; the first run makes what is
            record.write_text(before.replace("top1_error: 6.90", f"top1_error: 6.9{digit}", 1), encoding="utf-8")
            compare = process("-m", "prunelit", "diff", "HEAD", folder=folder, status=1, variables=kept)
            times.append(processor_time(compare, 1))
    how = f"processor time; {times[0]:.1f} s where nothing is kept of what it is compared with"
    return Measured("diff of one changed record", how, min(times[1:]), 5, "s")


OUTPUT = "folder of its own"
"""Stands for the folder that a command writes to."""
COMMANDS: dict[str, tuple[tuple[str, ...], float]] = {
    "audit": (("audit",), 4),
    "figures of the survey": (("figures", "--output", OUTPUT), 6),
    "figures of all papers": (("figures", "--collection", "all", "--output", OUTPUT), 14),
    "errata": (("errata", "--output", OUTPUT), 8),
    "progress": (("progress", "--output", OUTPUT), 8),
    "claims": (("claims",), 2.5),
}
"""Commands, and the seconds of processor time that they may take where tables are kept."""


def running(what: str) -> Measured:
    """Run a command where nothing is kept, and again where tables are."""
    arguments, target = COMMANDS[what]
    with TemporaryDirectory() as folder:
        given = [folder if one is OUTPUT else one for one in arguments]
        run = process("-m", "prunelit", *given, variables={"XDG_CACHE_HOME": f"{folder}/kept"})
        cold, warm = processor_time(run, 1), processor_time(run, 2)
    return Measured(what, f"processor time; {cold:.1f} s where nothing is kept", warm, target, "s")


def rereading() -> Measured:
    """Read the corpus after one record has changed, next to reading it without anything kept, in CPU time."""
    with TemporaryDirectory() as folder:
        corpus = Path(folder, "corpus")
        shutil.copytree(shipped(), corpus)
        record = corpus / "papers" / "li2016pruning.yaml"
        before = record.read_text(encoding="utf-8")
        kept = {"XDG_CACHE_HOME": folder}
        process("-c", _LOADING, str(corpus), variables=kept)()
        pairs = []
        for digit in "12345":  # in turn, so that whatever else the machine does disturbs both alike
            record.write_text(before.replace("top1_error: 6.90", f"top1_error: 6.9{digit}", 1), encoding="utf-8")
            pairs.append([printed("-c", _LOADING, str(corpus), variables=one) for one in (kept, {OFF: "1"})])
    ours, whole = (min(one) for one in zip(*pairs, strict=True))
    how = f"{ours:.2f} / {whole:.2f} CPU s"
    return Measured("read after a change / from nothing", how, ours / whole, 0.7, "x")


_LOADING = """
import sys, time
from pathlib import Path
from prunelit.analysis.load import read_checked
import prunelit.analysis.frames.parsed
start = time.process_time()
read_checked(Path(sys.argv[1]))
print(time.process_time() - start)
"""


def printed(*arguments: str, variables: dict[str, str]) -> float:
    """The number that a run of Python prints."""
    command = [sys.executable, *arguments]
    return float(subprocess.run(command, check=True, capture_output=True, env=os.environ | variables).stdout)


GROWING: dict[str, tuple[Callable[[Dataset], object], float]] = {
    "check": (lambda found: check_corpus(found.corpus), 1.2),
    "normalized": (lambda found: found.normalized(), 1.2),
    "discrepancies": (lambda found: found.discrepancies(), 1.3),
    "audit": (audit_table, 1.3),
    "plan": (make_plan, 1.5),
    "setups by papers": (lambda found: found.comparable_pairs_by_setup(), 1.5),
    "tradeoffs of any two": (lambda found: found.tradeoffs(), 2),
}
"""What is computed of a corpus, and by which power of its papers it may grow; pairs of papers grow by the second."""
SIZES = (1_000, 2_000)


def growing_by(what: str) -> Measured:
    """Compute something of two sizes of the corpus: by which power of the papers the processor time grows."""
    compute, target = GROWING[what]
    spent = [processor_time(partial(compute, of_copies(papers)), 1) for papers in SIZES]
    how = " / ".join(f"{time:.1f} s at {papers:,}" for time, papers in zip(spent, SIZES, strict=True))
    power = log(spent[1] / spent[0], SIZES[1] / SIZES[0])
    return Measured(f"{what}, growth", f"processor time; {how}", power, target, "power")


@cache
def of_copies(papers: int) -> Dataset:
    """A corpus of so many papers, its records read and completed, and nothing else."""
    folder = Path(_KEPT.name, f"{papers} papers")
    write_copies(folder, papers)
    found = dataset(load_corpus(folder).read_from(None))  # without a fingerprint nothing is kept on disk
    found.completed(), found.as_published().completed(), found.records
    return found


def repository(folder: Path) -> Path:
    """A repository with the corpus in a folder; returns where the corpus is."""
    shutil.copytree(shipped(), folder / "corpus")
    name = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    for command in (("init", "--quiet"), ("add", "--all"), (*name, "commit", "--quiet", "--message", "base")):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder / "corpus"


def importing() -> Measured:
    """Import a table of 1,000 rows as a process, up to what would enter."""
    with TemporaryDirectory() as folder:
        table, mapping = Path(folder, "table.csv"), Path(folder, "mapping.yaml")
        rows = (f"Method {row % 50},{50 + row % 7 / 10:.1f} ± 0.1,{row / 1000:.3f}\n" for row in range(1, 1001))
        table.write_text(f"Method,Top-1 (%),Sparsity\n{''.join(rows)}", encoding="utf-8")
        columns = "{Method: method, Top-1 (%): top1, Sparsity: params_removed}"
        constants = "{dataset: ImageNet, architecture: ResNet-50, origin: rerun, table: 1}"
        mapping.write_text(f"columns: {columns}\nconstants: {constants}\n", encoding="utf-8")
        command = ("import", "csv", str(table), "--mapping", str(mapping), "--dry-run")
        seconds = best(process("-m", "prunelit", *command), 5)
    return Measured("import 1,000 rows", "as a process", seconds, 3, "s")


def planning() -> Measured:
    """Plan experiments among more than a thousand papers, and tell what they would do for the field."""
    with TemporaryDirectory() as folder:
        count = multiply(Path(folder), 4)
        corpus = load_corpus(folder)
        seconds = best(lambda: advice(make_plan(dataset(corpus)), corpus), 2)
    return Measured("plan experiments", f"among {count} papers", seconds, 5, "s")


def synthesizing() -> Measured:
    """Analyse a network of 40 treatments in 120 studies, of which many have more than two arms."""
    rng = np.random.default_rng(0)
    rows = []
    for study in range(120):
        arms = rng.permutation(40)[: rng.choice([2, 2, 3, 4])] if study >= 40 else [study, (study + 1) % 40]
        values, variances = rng.normal(size=len(arms)), rng.uniform(0.01, 0.2, size=len(arms))
        rows += [
            (study, int(arms[i]), int(arms[j]), values[i] - values[j], (variances[i] + variances[j]) ** 0.5)
            for i, j in combinations(range(len(arms)), 2)
        ]
    contrasts = pd.DataFrame(rows, columns=["study", "treatment1", "treatment2", "effect", "standard_error"])
    seconds = best(lambda: network_meta_analysis(contrasts), 5)
    return Measured("network of 40 treatments", f"{len(contrasts)} contrasts", seconds, 1, "s")


def expecting() -> Measured:
    """Synthesize all networks that papers carry at the usual ratio, and leave every paper out of the model in turn."""

    def everything() -> None:
        data = dataset()
        for efficiency in MATCHED_RATIOS:
            networks = synthesis_networks(efficiency=efficiency).query("carries")
            for one in networks.itertuples():
                synthesis(one.dataset, one.architecture, efficiency=efficiency)
            model = data.dose_response(efficiency)
            predictions_table(papers_predicted(model.rows, efficiency, whole=model, processes=os.cpu_count() or 1))

    return Measured("syntheses, doses and responses", "the whole corpus", best(everything, 1), 60, "s")


def answering() -> Measured:
    """Tell the best methods on a network, the model of doses and responses and the tables being there."""
    prunelit_best("ImageNet", "ResNet-50")
    seconds = best(lambda: prunelit_best("ImageNet", "ResNet-50"), 3)
    return Measured("best methods on a network", "warm", seconds, 5, "s")


class BuiltSite(NamedTuple):
    """A site, and how long it took: from nothing, and again after one record had changed."""

    folder: Path
    first: float
    second: float


@cache
def built_site() -> BuiltSite:
    """The site of the whole corpus with its documentation, which is there as long as we run."""
    work = Path(_KEPT.name)
    corpus, folder = work / "corpus", work / "site"
    shutil.copytree(shipped(), corpus)
    shutil.rmtree(WORK, ignore_errors=True)
    run = process(
        "-m", "prunelit", "site", "--corpus", str(corpus), "--output", str(folder),
        variables={"XDG_CACHE_HOME": str(work / "cache")},
    )  # fmt: skip
    first = best(run, 1)
    record = corpus / "papers" / "lin2020hrank.yaml"
    text = record.read_text(encoding="utf-8")
    record.write_text(re.sub(r" top1: 93\.73", " top1: 93.72", text, count=1), encoding="utf-8")
    assert record.read_text(encoding="utf-8") != text
    return BuiltSite(folder, first, best(run, 1))


_KEPT = TemporaryDirectory()


def building_the_site() -> Measured:
    """Build the site of the whole corpus, documentation and all, from nothing."""
    return Measured("build the site", "as a process", built_site().first, 60, "s")


def rebuilding_the_site() -> Measured:
    """Build the site again after one record has changed, next to building it from nothing.

    The tutorial asks the corpus that ships, in which nothing has changed: it is not run again.
    """
    _, first, second = built_site()
    return Measured("site after a change / from nothing", f"{second:.1f} s / {first:.1f} s", second / first, 0.2, "x")


def weighing_the_site() -> Measured:
    """Weigh all files of the site."""
    files = [file for file in built_site().folder.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files) / 1e6
    return Measured("the site on disk", f"{len(files):,} files", size, 60, "MB")


def weighing_the_home() -> Measured:
    """Weigh the first page and all that it loads, as a server sends them."""
    page = built_site().folder / "index.html"
    return Measured("home, compressed", "with all that it loads", sent(page) / 1e3, 300, "kB")


def weighing_configurations() -> Measured:
    """Weigh the heaviest page of a configuration and all that it loads, as a server sends them."""
    pages = (built_site().folder / "configurations").glob("*/*.html")
    heaviest = max(pages, key=lambda page: page.stat().st_size)
    how = f"{heaviest.parent.name}/{heaviest.stem}, with all that it loads"
    return Measured("a configuration's page, compressed", how, sent(heaviest) / 1e6, 1, "MB")


def sent(page: Path) -> int:
    """Bytes of a page and of what it loads, compressed as servers do."""
    loads = re.findall(r'<(?:script|img|link)\b[^>]*\b(?:src|href)="([^"#?]+)', page.read_text("utf-8"))
    beside = {(page.parent / one).resolve() for one in loads}
    return sum(len(gzip.compress(file.read_bytes())) for file in (page, *filter(Path.is_file, beside)))


def opening_the_table() -> Measured:
    """Open the table of all operating points in a browser, up to when it can be used."""
    from browsing import browser_of_the_system, window

    address = (built_site().folder / "table.html").as_uri()
    with browser_of_the_system() as browser, window(browser) as page:

        def usable() -> None:
            page.goto(address)
            page.wait_for_selector("output.count:not(:empty)")

        return Measured("table of all points", "in a browser", best(usable, 3), 2, "s")


def gathering() -> Measured:
    """Read the evidence as a process, next to reading the normalized table, both kept from before, in CPU time."""
    ours, normalized = in_turn(7, *(process("-c", f"import prunelit; prunelit.{name}()") for name in TABLES))
    return Measured("evidence() / normalized()", f"{ours:.2f} / {normalized:.2f} CPU s", ours / normalized, 1.5, "x")


def growing() -> Measured:
    """Check a corpus that is a hundred times as large, per record, in CPU time, each time by a new process."""
    with TemporaryDirectory() as small, TemporaryDirectory() as large:
        few = len(list((shipped() / "papers").glob("*.yaml")))
        many = COPIES * few
        write_copies(Path(small), few)
        write_copies(Path(large), many)
        # In turn, so that whatever else the machine does disturbs both alike.
        times = [(min(checked(small) for _ in range(5)) / few, checked(large) / many) for _ in range(3)]
    each_of_few, each_of_many = map(min, zip(*times, strict=True))
    how = f"{1e6 * each_of_many:.0f} CPU us at {many:,} / {1e6 * each_of_few:.0f} CPU us at {few:,}"
    return Measured("cost of a record", how, each_of_many / each_of_few, 1.2, "x")


def checked(folder: str) -> float:
    """The processor time of a check of a corpus that must be in order, by a process that has seen no record."""
    return printed("-c", _CHECKING, folder, variables={})


_CHECKING = """
import os, sys
from pathlib import Path
from prunelit.schema.corpus import read_corpus
from prunelit.schema.rules import check_corpus
start = sum(os.times()[:4])
corpus, problems = read_corpus(Path(sys.argv[1]))
assert not problems + check_corpus(corpus)
print(sum(os.times()[:4]) - start)
"""


ROWS = 1_000_000
"""Results that the engines are measured on."""
POINT = ["paper_id", "experiment", "curve", "point"]


class Spent(NamedTuple):
    """What a process took: CPU seconds, those of the processes that it started included, and GB of memory at most."""

    seconds: float
    memory: float


@cache
def many_results() -> Path:
    """A release with as many results as the engines are measured on."""
    from many_results import write_many_results

    folder = Path(_KEPT.name, "many-results")
    write_many_results(folder, ROWS)
    return folder


@cache
def normalized_by(engine: str) -> tuple[Path, Spent]:
    """Many results normalized by an engine, in a file, and what it took."""
    file = Path(_KEPT.name, f"{engine}.parquet")
    command = ("-m", "prunelit", "normalize", str(many_results()), "--engine", engine, "--output", str(file))
    return file, spent(*command)


def spent(*arguments: str) -> Spent:
    """What a run of Python takes that must succeed."""
    started = subprocess.Popen([sys.executable, *arguments], stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(started.pid, 0)
    assert status == 0, arguments
    return Spent(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6)  # Linux counts in kB


def engine_against_pandas(engine: str) -> Callable[[], Measured]:
    """Normalize many results by an engine, next to pandas, in CPU time; both read and write Parquet."""

    def measure() -> Measured:
        ours, pandas = normalized_by(engine)[1], normalized_by("pandas")[1]
        how = f"{ours.seconds:.1f} CPU s, {ours.memory:.2f} GB / {pandas.seconds:.1f} CPU s, {pandas.memory:.2f} GB"
        return Measured(f"{engine} / pandas, {ROWS:,} results", how, ours.seconds / pandas.seconds, 1, "x")

    return measure


def memory_of_the_default_engine() -> Measured:
    """What memory the default engine needs, which hardly grows with the results."""
    return Measured(f"memory for {ROWS:,} results", "by DuckDB", normalized_by("duckdb")[1].memory, 2, "GB")


def differing(engine: str) -> Callable[[], Measured]:
    """Count the cells of many normalized results in which an engine differs from pandas."""

    def measure() -> Measured:
        count = different_cells(normalized_by(engine)[0], normalized_by("pandas")[0])
        return Measured(f"cells by {engine} and not by pandas", f"{ROWS:,} results", count, 0, "")

    return measure


def different_cells(one: Path, other: Path) -> int:
    """In how many cells two files of operating points differ, rows named by their key; column by column, to the bit."""
    import polars

    files = [polars.scan_parquet(file) for file in (one, other)]
    orders = [file.select(polars.struct(POINT).arg_sort()).collect().to_series() for file in files]
    names = files[0].collect_schema().names()
    assert names == files[1].collect_schema().names()
    found = 0
    for name in names:
        ours, theirs = (
            file.select(name).collect().to_series()[order] for file, order in zip(files, orders, strict=True)
        )
        found += int((~ours.eq_missing(theirs.cast(ours.dtype))).sum())
    return found


_SPREAD = """
import resource, sys
from pathlib import Path
from time import perf_counter
from distributed import Client
from prunelit.analysis.engines import normalized_release, write_normalized
workers = int(sys.argv[3])
with Client(n_workers=workers, threads_per_worker=1, dashboard_address=":0") as client:
    client.wait_for_workers(workers)
    client.run(__import__, "prunelit.analysis.engines")
    start = perf_counter()
    write_normalized(normalized_release(Path(sys.argv[1]), "all", "dask"), Path(sys.argv[2]))
    print(perf_counter() - start)
"""


def spreading() -> Measured:
    """Normalize many results by two workers of Dask, next to one, by the clock; the start of the workers left out."""
    taken = []
    for workers in ("1", "2"):
        file = Path(_KEPT.name, f"dask-{workers}.parquet")
        taken.append(printed("-c", _SPREAD, str(many_results()), str(file), workers, variables={}))
    one, two = taken
    return Measured("two workers of Dask / one", f"{two:.1f} s / {one:.1f} s", two / one, 1 / 1.6, "x")


EVALUATED = """\
name: bench
data: [{name: Digits}]
models: [{name: %s}]
strategies: [{name: random}, {name: magnitude}, {name: magnitude, scope: layerwise}, {name: magnitude, scope: uniform}]
schemes: [{name: none}]
ratios: [2, 4, 8, 16, 32]
seeds: [0, 1, 2, 3, 4]
training: {epochs: %d, batch_size: 64, learning_rate: 0.1, momentum: 0.9, weight_decay: 0.0001, schedule: constant}
"""
"""An evaluation of 100 pruned networks that are not trained, and of five that are; by its network and epochs."""
EPOCHS = 15


def evaluated(folder: Path, network: str, epochs: int) -> list[Job]:
    """The jobs of the evaluation, whose specification stands in a folder afterwards."""
    (folder / "bench.yaml").write_text(EVALUATED % (network, epochs), encoding="utf-8")
    document, problems = read_evaluation(folder / "bench.yaml")
    assert document, problems
    return jobs_of(document.value)


def training() -> Measured:
    """A run of an evaluation, from its description to its result in the store, against a bare loop."""
    from prunelit.evaluation.execute import data_of, execute
    from prunelit.evaluation.store import Store

    with TemporaryDirectory() as folder:
        job = next(one for one in evaluated(Path(folder), "ResNet-8", EPOCHS) if one.strategy is None)
        data = data_of(job, {})

        def run() -> None:
            with TemporaryDirectory(dir=folder) as store:
                assert execute(job, Store(Path(store))).status == "finished"

        ours, bare = in_turn(3, run, lambda: bare_loop(job, data))
    how = f"{60 / ours:.1f} runs a processor minute against {60 / bare:.1f} of a bare loop, {EPOCHS} epochs of ResNet-8"
    return Measured("run of an evaluation", how, ours / bare, 1.15, "x")


def bare_loop(job: Job, data: Loaded) -> None:
    """Train and test the network of a job as few lines of torch do it."""
    import torch

    from prunelit.evaluation.models.build import build

    torch.manual_seed(job.seed)
    torch.set_num_threads(job.threads)
    network = build(job.network, data.shape, data.classes)
    images, tests = (one.images.float().div(255) for one in (data.train, data.test))
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9, weight_decay=0.0001)
    for _ in range(EPOCHS):
        for at in torch.randperm(len(images)).split(64):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(network(images[at]), data.train.labels[at]).backward()
            optimizer.step()
    with torch.no_grad():
        network.eval()(tests).argmax(1).eq(data.test.labels).float().mean()


def processor_time(run: Callable[[], object], repeats: int) -> float:
    """The least processor time of several runs and the processes that they start and end, in seconds.

    Others that use the machine matter less to it than to the time on the clock.
    """

    def used() -> float:
        spent = (getrusage(who) for who in (RUSAGE_SELF, RUSAGE_CHILDREN))
        return sum(one.ru_utime + one.ru_stime for one in spent)

    def once() -> float:
        start = used()
        run()
        return used() - start

    return min(once() for _ in range(repeats))


def in_turn(repeats: int, *runs: Callable[[], object]) -> list[float]:
    """The least processor time of each run, in seconds; they take turns, so that whatever disturbs one disturbs all."""
    times = [[processor_time(run, 1) for run in runs] for _ in range(repeats)]
    return [min(of_one) for of_one in zip(*times, strict=True)]


def distributing() -> Measured:
    """What Dask adds to 100 runs, its start and end included, against the same runs one after the other."""
    from prunelit.evaluation.engine import run
    from prunelit.evaluation.execute import execute
    from prunelit.evaluation.store import Store

    with TemporaryDirectory() as folder:
        jobs = evaluated(Path(folder), "LeNet-300-100", 1)
        stores = [Store(Path(folder) / name) for name in ("one", "dask")]
        for job in jobs:
            if job.strategy is None:
                for store in stores:
                    execute(job, store)
        alone = processor_time(lambda: [execute(job, stores[0]) for job in jobs], 1)
        spread = processor_time(lambda: run(jobs, stores[1], {}, workers=1), 1)
    how = f"{spread:.1f} s of processor time with a worker, its start and end included, against {alone:.1f} s without"
    return Measured("100 runs on Dask", how, spread - alone, 15, "s")


def starting_an_evaluation() -> Measured:
    """How long a command about an evaluation takes that trains nothing."""
    with TemporaryDirectory() as folder:
        jobs = evaluated(Path(folder), "LeNet-300-100", 1)
        seconds = processor_time(process("-m", "prunelit", "evaluate", "status", "bench.yaml", folder=folder), 3)
    return Measured("evaluate status", f"processor time, {len(jobs)} runs, none of them finished", seconds, 1, "s")


def multiply(root: Path, copies: int) -> int:
    """Fill a folder with a corpus of copies of the shipped records, and count them.

    The copies differ in what must be unique, and belong to a collection of their own that is not closed.
    """
    shutil.copytree(shipped(), root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("papers", "manifest.yaml"))
    with (root / "collections.yaml").open("a", encoding="utf-8") as file:
        file.write("  - name: synthetic\n    title: Copies\n    source: the records of the survey\n")
    closed = (root / "collections.yaml").read_text(encoding="utf-8")
    (root / "collections.yaml").write_text(re.sub(r"    closed: .*\n", "", closed), encoding="utf-8")
    (root / "papers").mkdir()
    for original in sorted((shipped() / "papers").glob("*.yaml")):
        text = original.read_text(encoding="utf-8")
        for stem, copy in versions(original.stem, text, copies):
            (root / "papers" / f"{stem}.yaml").write_text(copy, encoding="utf-8")
    return len(list((root / "papers").iterdir()))


def versions(stem: str, text: str, copies: int) -> Iterator[tuple[str, str]]:
    """The original, and its copies under other ids, each with its id."""
    yield stem, text
    for number in range(1, copies):
        yield f"{stem}-{number}", renumbered(stem, text, number)


def renumbered(stem: str, text: str, number: int) -> str:
    """A record under another id, survey id and other rows, in the collection of the copies."""
    text = re.sub(rf"\b(id|proposed_by): {stem}\b", rf"\1: {stem}-{number}", text)
    text = re.sub(r"\bsurvey_row: (\d+)", lambda row: f"survey_row: {int(row[1]) + 1000 * number}", text)
    text = re.sub(r"\bsurvey_id: (.+)", rf"survey_id: \1-{number}", text)
    return re.sub(r"\bblalock2020(?=[,\]])", "synthetic", text)


HISTORY = Path("build", "bench.csv")


def remember(one: Measured) -> None:
    """Append what was measured to the history, with the commit that it was measured of."""
    HISTORY.parent.mkdir(exist_ok=True)
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], check=False, capture_output=True, text=True)
    known = HISTORY.exists()
    with HISTORY.open("a", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        if not known:
            rows.writerow(["date", "commit", "what", "value", "unit", "target", "how"])
        date = datetime.now(UTC).isoformat(timespec="seconds")
        rows.writerow([date, commit.stdout.strip(), one.what, f"{one.value:.4g}", one.unit, f"{one.target:g}", one.how])


def on_engines() -> Iterator[Callable[[], Measured]]:
    """What is measured of engines."""
    for engine in ("duckdb", "polars"):
        yield engine_against_pandas(engine)
        yield differing(engine)
    yield from (memory_of_the_default_engine, spreading)


def main() -> int:
    """Measure everything, print it, and say by the exit status whether every target was met."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; the best of several runs\n")
    missed = 0
    for measure in (
        checking,
        normalizing,
        checking_one,
        comparing,
        *(partial(running, what) for what in COMMANDS),
        rereading,
        importing,
        planning,
        gathering,
        synthesizing,
        expecting,
        answering,
        growing,
        building_the_site,
        rebuilding_the_site,
        weighing_the_site,
        weighing_the_home,
        weighing_configurations,
        opening_the_table,
        *(partial(growing_by, what) for what in GROWING),
        *(on_engines() if all(map(find_spec, ("polars", "pyarrow", "distributed"))) else ()),
        *((training, distributing, starting_an_evaluation) if find_spec("torch") else ()),
    ):
        one = measure()
        remember(one)
        verdict = "ok" if one.value <= one.target else "MISSED"
        missed += verdict == "MISSED"
        print(
            f"{one.what:<32} {one.value:>6.2f} {one.unit}  at most {one.target:g}  {verdict:<6}  {one.how}", flush=True
        )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
