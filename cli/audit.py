"""The command ``audit``: numbers that cannot be right, and who has looked at them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from prunelit.cli.acknowledge import acknowledge_findings
from prunelit.cli.check import FindingsFormat, by_corpus
from prunelit.cli.report import annotation, shown_path, visible
from prunelit.schema.collector import collector_at_rest

if TYPE_CHECKING:
    from pandas import DataFrame

    from prunelit.analysis.audit.findings import FindingStatus

T = TypeVar("T")

LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
"""What GitHub calls each severity."""
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def add_to(app: typer.Typer) -> None:
    """Add the command ``audit``."""
    app.command()(audit)


def audit(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH", help="Show only these: corpus folders, or files in one; by default the corpus here."
        ),
    ] = None,
    output: Annotated[FindingsFormat, typer.Option("--format", help="How findings are printed.")] = FindingsFormat.text,
    every: Annotated[bool, typer.Option("--all", help="Corrected and acknowledged findings too.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and what each catches, and leave.")] = False,
    acknowledge: Annotated[
        bool, typer.Option("--acknowledge", help="Ask why each open finding may stand, and write that down.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="With --acknowledge: why all of them may stand, instead of asking.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="With --acknowledge: only the findings of this rule.")
    ] = None,
) -> None:
    """Look for numbers that cannot be right: file:line, severity, rule, paper, what was found, what would settle it.

    A record is held against the whole corpus, whatever is shown.  Findings stay open until a correction removes them,
    or the file acknowledgements.yaml of the corpus says why they may stand, with the numbers that the record prints.
    A note may stay open; a warning asks for a word of acknowledgement; an error is to be mended or corrected, and
    acknowledged only where its source itself prints what cannot be.  With --acknowledge, warnings and errors are asked
    about (with --all, or where --only names their rule, notes, too): a hyphen leaves one open, and Enter takes the
    reason that it had before, if any.
    Exit status: 0 if no warning and no error is open, 1 if one is or the corpus is not valid, 2 for bad usage.

    [bold]Examples[/bold]

    prunelit audit

    prunelit audit corpus/papers/zhuang2018discrimination.yaml --all

    prunelit audit corpus/papers/zhuang2018discrimination.yaml --acknowledge

    prunelit audit --rules
    """
    if rules:
        typer.echo("\n\n".join(_rules()))
        raise typer.Exit
    if acknowledge:
        for root, below in by_corpus(paths).items():
            acknowledge_findings(root, below, reason, only, notes=every)
    elif reason is not None or only:
        raise typer.BadParameter("goes with --acknowledge", param_hint="--reason" if reason is not None else "--only")
    with collector_at_rest():  # records and what is found stay, and are much to search
        findings = _findings(paths, None if every else "open")
        _print(findings if every else findings[findings["status"] == "open"], output)
    typer.echo(_summary(findings), err=True)
    raise typer.Exit(bool(((findings["status"] == "open") & (findings["severity"] != "note")).any()))


def _findings(paths: list[Path] | None, placed: FindingStatus | None) -> DataFrame:
    import pandas as pd

    return pd.concat([_of_corpus(root, below, placed) for root, below in by_corpus(paths).items()], ignore_index=True)


def _of_corpus(root: Path, wanted: Sequence[Path], placed: FindingStatus | None) -> DataFrame:
    """The findings in the wanted files; one about the corpus as a whole is shown with the whole corpus."""
    table = _of_records(root, wanted, placed)
    files = table["file"].fillna(".")
    places = {str(name): root / str(name) for name in files.unique()}  # of many findings, few files
    shown_files = table["file"].where(table["file"].isna(), files.map(_each(shown_path, places)))
    asked = _each(lambda file: any(file.is_relative_to(path) for path in wanted), places)
    return table.assign(file=shown_files).loc[files.map(asked).astype(bool)]


def _each(ask: Callable[[Path], T], places: Mapping[str, Path]) -> dict[str, T]:
    return {name: ask(place) for name, place in places.items()}


def _of_records(root: Path, wanted: Sequence[Path], placed: FindingStatus | None) -> DataFrame:
    """The findings about a few records, each held against the corpus; else those about all of it."""
    import pandas as pd

    from prunelit.analysis.audit.engine import audit_table
    from prunelit.analysis.dataset import dataset, of_record

    whole = dataset(root)
    if len(wanted) > _FEW or any(path.parent != root / "papers" or path.is_dir() for path in wanted):
        return audit_table(whole, placed)
    names = {path.stem for path in wanted}
    few = [document for document in whole.corpus.documents if document.value.id in names]
    return pd.concat([audit_table(of_record(one, whole), placed) for one in few], ignore_index=True)


_FEW = 8
"""Records that take less time one by one than all of them together."""


def _print(findings: DataFrame, output: FindingsFormat) -> None:
    if output is FindingsFormat.json:
        from prunelit.cli.formats import as_json

        typer.echo(as_json(findings), nl=False)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    if output is FindingsFormat.text and console.color_system:
        for finding in _dicts(findings):
            place, severity, said = _parts(finding)
            console.print(Text.assemble((place, "bold"), ": ", (severity, _COLOURS[severity]), ": ", said))
    else:  # without colours, the console takes ten times as long to say the same
        lines = map(_plain if output is FindingsFormat.text else _annotation, _dicts(findings))
        typer.echo("".join(f"{line}\n" for line in lines), nl=False)


def _dicts(findings: DataFrame) -> Iterator[dict[str, str]]:
    """The findings, each with what it says; what is missing is left out."""
    columns = [cells.astype(object).where(cells.notna(), None).tolist() for _, cells in findings.items()]
    names = [str(name) for name in findings]
    for finding in zip(*columns, strict=True):
        yield {name: str(value) for name, value in zip(names, finding, strict=True) if value is not None}


def _parts(finding: dict[str, str]) -> tuple[str, str, str]:
    """Where something was found, how bad it is, and all else that is said of it."""
    place = ":".join(finding[name] for name in ("file", "line") if name in finding) or "corpus"
    who = [finding[name] for name in ("rule", "paper_id", "subject", "found") if name in finding]
    lines = [": ".join(who), finding["why"], f"To settle it: {finding['settle']}", *_fate(finding)]
    return visible(place), finding["severity"], "\n    ".join(map(visible, lines))


def _plain(finding: dict[str, str]) -> str:
    return ": ".join(_parts(finding))


def _fate(finding: dict[str, str]) -> list[str]:
    if finding["status"] == "open":
        return []
    return [f"{finding['status']}: {finding.get('reason', 'see corrections.yaml')}"]


def _annotation(finding: dict[str, str]) -> str:
    place = {name: finding[name] for name in ("file", "line") if name in finding} | {"title": finding["rule"]}
    said = [finding[name] for name in ("paper_id", "subject", "found") if name in finding]
    return annotation(LEVELS[finding["severity"]], place, f"{': '.join(said)}. {finding['why']}")


def _summary(findings: DataFrame) -> str:
    """``3 findings: 1 open (1 error), 2 acknowledged``."""
    severities = Counter(findings.loc[findings["status"] == "open", "severity"])
    told = ", ".join(f"{count} {name}{'s' * (count != 1)}" for name in LEVELS if (count := severities[name]))
    statuses = Counter(findings["status"])
    parts = [f"{statuses['open']} open" + (f" ({told})" if told else "")]
    parts += [f"{statuses[status]} {status}" for status in ("corrected", "acknowledged") if statuses[status]]
    return f"{len(findings)} finding{'s' * (len(findings) != 1)}: {', '.join(parts)}"


def _rules() -> Iterator[str]:
    """The rules of each family: name, severity, and what it catches."""
    from itertools import groupby

    from prunelit.analysis.audit.engine import AUDIT_RULES

    for family, rules in groupby(AUDIT_RULES, key=lambda rule: rule.family):
        yield "\n".join([family, *(f"  {rule.name} ({rule.severity}): {rule.meaning}" for rule in rules)])
