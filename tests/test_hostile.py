"""Does a stranger's record ever crash a command, hang it, eat the memory, or pass for what it does not say?"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml
from pydantic import BaseModel

from prunelit.analysis.dataset import dataset
from prunelit.analysis.pages.changes import Changes, page
from prunelit.analysis.pages.markdown import as_markdown
from prunelit.analysis.pages.profile import profile
from prunelit.cli.page import as_html
from prunelit.figures.captions import Caption
from prunelit.figures.page import figure_page
from prunelit.schema.corpus import Corpus, shipped
from prunelit.schema.problems import MAX_PROBLEMS
from prunelit.schema.record import Paper
from prunelit.schema.validation import read_bytes

Mutation: TypeAlias = Callable[[list[str], random.Random], str]

SOURCES = sorted(file for file in (shipped() / "papers").glob("*.yaml") if file.stat().st_size < 16_000)
"""Nine of ten records; longer ones have more of the same."""
IN_ALL = 10_000
SECONDS, MEMORY = 2, 200 << 20
SEED = 20201
POWERS = {"K": 3, "M": 6, "G": 9, "B": 9, "T": 12}
SNIPPETS = (
    "&a ", "*a", "!!python/object/apply:os.system ", "!!str ", "<<: ", "---\n", "\t", "- ", ": ", "? ", "{", "]", '"',
    "|\n", "# ", "\x00", "\u202e", "\u200b", "\ufeff", "null", "~", "9" * 60, ".nan", "1e5", "\n\n", "yes", "0x1F", "'",
    ">-\n", "<b>",
)  # fmt: skip
SCALARS = (
    "null", "true", "no", "012", "1e-3", ".5", "-1", "0", "0.5", "101", "1_000", "12:30", "2015-12-01", '""', '" x"',
    "x y", "[1]", "{a: 1}", "[]", "{}", "25.6M", "4.09Q", "٣", "!!int 3", "../x", "<script>", "=1+1", "9" * 45, "1.0",
)  # fmt: skip


def drop(lines: list[str], dice: random.Random) -> str:
    at = dice.randrange(len(lines))
    return "".join(lines[:at] + lines[at + 1 :])


def duplicate(lines: list[str], dice: random.Random) -> str:
    at = dice.randrange(len(lines))
    return "".join(lines[:at] + lines[at : at + 1] * 2 + lines[at + 1 :])


def reorder(lines: list[str], dice: random.Random) -> str:
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    mixed = [*lines]
    mixed[one], mixed[other] = mixed[other], mixed[one]
    return "".join(mixed)


def rename(lines: list[str], dice: random.Random) -> str:
    return on_a_line(lines, dice, r"(\w+):", lambda key: key[0][::-1] + ":" if dice.random() < 0.5 else f"x{key[0]}")


def retype(lines: list[str], dice: random.Random) -> str:
    return on_a_line(lines, dice, r"(?<=: )[^{\[\n]+|(?<=- )\w+$", lambda _: dice.choice(SCALARS))


def swap(lines: list[str], dice: random.Random) -> str:
    values = re.findall(r"(?<=: )[^{\[\n]+", "".join(lines))
    return on_a_line(lines, dice, r"(?<=: )[^{\[\n]+", lambda _: dice.choice(values))


def truncate(lines: list[str], dice: random.Random) -> str:
    text = "".join(lines)
    return text[: dice.randrange(len(text))]


def inject(lines: list[str], dice: random.Random) -> str:
    text = "".join(lines)
    at = dice.randrange(len(text))
    return text[:at] + dice.choice(SNIPPETS) + text[at:]


def on_a_line(lines: list[str], dice: random.Random, pattern: str, change: Callable[[re.Match[str]], str]) -> str:
    """The text with one place that the pattern matches changed."""
    at = dice.choice([index for index, line in enumerate(lines) if re.search(pattern, line)])
    return "".join([*lines[:at], re.sub(pattern, change, lines[at], count=1), *lines[at + 1 :]])


MUTATIONS: tuple[Mutation, ...] = (drop, rename, retype, swap, duplicate, reorder, truncate, inject)


def written(node: yaml.Node, path: str = "") -> Iterator[tuple[str, str]]:
    """Every scalar of a document with its path, as a reader without any idea of types sees it."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from written(value, f"{path}/{key.value}")
    elif isinstance(node, yaml.SequenceNode):
        for at, value in enumerate(node.value):
            yield from written(value, f"{path}/{at}")
    else:
        yield path, canonical(node.value)


def understood(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value of a record with its path, as text."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield from understood(getattr(value, name), f"{path}/{name}")
    elif isinstance(value, tuple):
        for at, one in enumerate(value):
            yield from understood(one, f"{path}/{at}")
    else:
        yield path, str(value).lower() if isinstance(value, bool) else canonical(str(value))


def canonical(text: str) -> str:
    """Counts with and without suffix, written alike; every digit kept."""
    suffixed = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGBT])", text, re.ASCII)
    return str(Decimal(suffixed[1]).scaleb(POWERS[suffixed[2]])) if suffixed else text


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_mutated_records_are_refused_or_mean_what_they_say(mutate: Mutation) -> None:
    for index, file in enumerate(SOURCES):
        lines, dice = file.read_text(encoding="utf-8").splitlines(keepends=True), random.Random(SEED + index)
        for _ in range(-(-IN_ALL // (len(MUTATIONS) * len(SOURCES)))):
            text = mutate(lines, dice)
            document, problems = read_bytes(text.encode(errors="surrogatepass"), Paper, file.name)
            assert (document is None) == bool(problems)
            assert len(problems) <= MAX_PROBLEMS + 1
            if document is not None:
                node = yaml.compose(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
                assert node is not None
                assert sorted(written(node)) == sorted(understood(document.value)), text


MARKUP = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"


PLAIN = """
id: aaa2020
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [blalock2020]
"""


@pytest.fixture
def hostile(made: Callable[..., Corpus]) -> Corpus:
    """A corpus that consists of a record full of markup."""
    return made(
        f"""
id: doe2026pruning
title: "{MARKUP}"
authors: ["{MARKUP}"]
methods: [{{name: "{MARKUP}"}}]
note: "{MARKUP}"
contributors: ["{MARKUP}"]
experiments:
  - dataset: CIFAR-10
    architecture: ResNet-56
    collections: [blalock2020]
    note: "{MARKUP}"
    curves:
      - method: "{MARKUP}"
        origin: own
        points: [{{top1: 90.0, params_kept: 0.5, note: "{MARKUP}", locator: {{table: "{MARKUP}"}}}}]
"""
    )


def test_show_escapes_markup(hostile: Corpus) -> None:
    (paper,) = hostile.papers
    html = as_html(paper.title, profile(paper, dataset(hostile)))
    assert "<script" not in html
    assert "<img" not in html
    assert html.count("&lt;img src=x") >= 8


def test_diff_escapes_markup(hostile: Corpus, made: Callable[..., Corpus]) -> None:
    sections = page(Changes(dataset(made(PLAIN)), dataset(hostile)))
    assert "<script" not in as_html("diff", sections)
    assert "<script" not in as_markdown("diff", sections)
    assert "<img" not in as_markdown("diff", sections)


def test_figures_cannot_be_left_by_a_title() -> None:
    said = Caption(title=MARKUP, reading=MARKUP, more=MARKUP, alt=MARKUP)
    html = figure_page("one", said, f'{{"title": "{MARKUP}"}}', "")
    assert html.count("<script>") == html.count("</script>") == 2
    assert "<img" not in html


HEAD = """\
schema_version: 2
id: doe2026pruning
title: X
authors: ["Doe, Jo"]
published: {year: 2026}
collections: [contributed]
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
FILES: dict[str, tuple[bytes, str]] = {
    "alias-bomb": (BOMB.encode(), "alias"),
    "nested-10000-deep": (b"a: " + b"[" * 10_000, "too-deep"),
    "blocks-10000-deep": (b"a:\n" + b"- " * 10_000, "too-deep"),
    "huge-integer": (f"{HEAD}note: {'9' * 180_000}\n".encode(), "form"),
    "huge-integer-for-a-number": (HEAD.replace("2026}", "9" * 180_000 + "}").encode(), "type"),
    "control-character": (HEAD.replace("X", '"\\x1b[2J"').encode(), "forbidden-character"),
    "bidirectional-override": (HEAD.replace("X", "\u202eX").encode(), "forbidden-character"),
    "object": (HEAD.replace("X", "!!python/object/apply:os.system ['touch pwned']").encode(), "anchor-or-tag"),
    "id-elsewhere": (HEAD.replace("doe2026pruning", "../../doe2026pruning").encode(), "form"),
    "20-000-keys": (b"\n".join(b"k%d: 1" % n for n in range(20_000)), "too-many-problems"),
    "binary": (bytes(range(256)) * 500, "not-utf-8"),
    "quadratic-quotes": (("title: " + '"' * 180_000).encode(), "not-yaml"),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """What checking each hostile file comes to, as a process of its own."""
    root = tmp_path_factory.mktemp("hostile")
    return dict(zip([*FILES, "100-megabytes", "link"], _checked(root), strict=True))


def _checked(root: Path) -> list[tuple[int, str]]:
    files = [_file(root, name) for name in FILES]
    for file, (data, _) in zip(files, FILES.values(), strict=True):
        file.write_bytes(data)
    large, link = _file(root, "100-megabytes"), _file(root, "link")
    with large.open("wb") as stream:
        stream.truncate(100_000_000)
    link.symlink_to("/dev/zero")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(_check, [*files, large, link]))


def _file(root: Path, name: str) -> Path:
    """The place of a record in a corpus of its own, with the shared files that ship."""
    corpus = root / name / "corpus"
    shutil.copytree(shipped(), corpus, ignore=shutil.ignore_patterns("papers", "sweeps", "*.py", "__pycache__"))
    (corpus / "papers").mkdir()
    return corpus / "papers" / "doe2026pruning.yaml"


LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_DATA, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
from prunelit.cli import main
sys.argv = ["prunelit", "check", sys.argv[1]]
main()
"""
"""Runs ``prunelit check`` on a file; where it needs more memory it ends with a traceback, where longer it is killed."""


def _check(file: Path) -> tuple[int, str]:
    command = [sys.executable, "-c", LIMITED, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("name", [*FILES, "100-megabytes", "link"])
def test_hostile_file_is_refused_at_little_cost(name: str, runs: dict[str, tuple[int, str]]) -> None:
    rule = {"100-megabytes": "too-large", "link": "symbolic-link"}.get(name) or FILES[name][1]
    status, said = runs[name]
    assert (status, f": {rule}: " in said, "Traceback" in said) == (1, True, False), said[-500:]
    assert len(said) < 100_000
