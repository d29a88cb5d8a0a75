"""Acknowledging of open findings: why each may stand, asked or given, and written down."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from prunelit.analysis.writing import write_text
from prunelit.cli.report import shown_path, text_of, visible

if TYPE_CHECKING:
    from prunelit.analysis.audit.engine import Finding

_SEVERITIES = ("error", "warning")
"""What is asked about if no rule is named; notes need no word."""
LEAVE = "-"
"""The answer that leaves a finding open."""


def acknowledge_findings(
    root: Path, wanted: Sequence[Path], reason: str | None, only: Sequence[str] | None, notes: bool
) -> None:
    """Ask why each open finding may stand, and write the answers into the file of acknowledgements, all or none.

    Args:
        root: Folder of the corpus.
        wanted: The corpus, or files in it, whose findings are asked about.
        reason: Why all of them may stand; None to ask for each.
        only: Rules whose findings are asked about, notes or not; all by default.
        notes: Whether notes are asked about, too, where no rule is named.

    Raises:
        typer.BadParameter: if there is no such rule, or the reason says nothing.
    """
    from prunelit.analysis.audit.engine import AUDIT_RULES, findings
    from prunelit.analysis.dataset import dataset
    from prunelit.schema.problems import nearest

    names = [rule.name for rule in AUDIT_RULES]
    for name in only or ():
        if name not in names:
            raise typer.BadParameter(f"there is no rule '{name}'{nearest(name, names)}", param_hint="--only")
    if reason is not None and not reason.strip():
        raise typer.BadParameter("say why the findings may stand", param_hint="--reason")
    found = findings(dataset(root))
    asked = [one for one in found if _is_asked(one, root, wanted, only or (), notes)]
    stale = [one for one in found if one.excuse is None]
    answers = [(one, why) for one in asked if (why := " ".join((reason or _ask(one, stale)).split()))]
    _write(root, answers, stale, names)


def _is_asked(one: Finding, root: Path, wanted: Iterable[Path], only: Sequence[str], notes: bool) -> bool:
    place = root / "papers" / f"{one.suspicion.paper}.yaml" if one.suspicion.paper else root
    concerned = one.excuse is not None and any(place.is_relative_to(path) for path in wanted)
    named = one.rule in only if only else (notes or one.severity in _SEVERITIES)
    return concerned and one.status == "open" and named


def _ask(one: Finding, stale: Iterable[Finding]) -> str:
    """The reason why a finding may stand; that of the acknowledgement that it once had is offered."""
    before = next((other.reason for other in stale if _succeeds(one, other)), "")
    said = ": ".join(part for part in (one.severity, one.rule, one.suspicion.paper, one.suspicion.subject) if part)
    typer.echo(visible(f"{said}: {one.suspicion.found}"))
    printed = one.excuse.value if one.excuse else ""
    for line in (one.why, f"To settle it: {one.settle}", f"The record prints: {printed}"):
        typer.echo(f"    {visible(line)}")
    answer = str(typer.prompt(f"Why may it stand? ({LEAVE} leaves it open)", default=before, show_default=bool(before)))
    return "" if answer.strip() == LEAVE else answer


def _succeeds(one: Finding, stale: Finding) -> bool:
    from prunelit.analysis.audit.excuses import succeeds

    return one.excuse is not None and stale.stale is not None and succeeds(one.excuse, stale.stale)


def _write(root: Path, answers: list[tuple[Finding, str]], stale: list[Finding], order: Sequence[str]) -> None:
    from prunelit.analysis.audit.acknowledging import Acknowledged, with_acknowledged
    from prunelit.schema.correction import Acknowledgements
    from prunelit.schema.validation import read_bytes

    file = root / "acknowledgements.yaml"
    name = shown_path(file)
    new = [Acknowledged(one.excuse, why) for one, why in answers if one.excuse is not None]
    gone = [other.stale for other in stale if other.stale and any(_succeeds(one, other) for one, _ in answers)]
    if new:
        text = with_acknowledged(file.read_text(encoding="utf-8"), name, new, gone, order)
        _, problems = read_bytes(text.encode(), Acknowledgements, name)
        for problem in problems:
            typer.echo(text_of(problem), err=True)
        if problems:
            typer.echo("nothing is written", err=True)
            raise typer.Exit(1)
        write_text(file, text)
        typer.echo(name)
    typer.echo(f"{len(new)} finding{'s' * (len(new) != 1)} acknowledged", err=True)
