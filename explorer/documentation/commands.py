"""Reference of the command line, from what ``--help`` says."""

from __future__ import annotations

import re
from typing import cast

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from typer import Context
from typer.cli import get_docs_for_click
from typer.core import TyperGroup
from typer.main import get_command

_EXAMPLES = re.compile(r"\[bold\]Examples\[/bold\]\n\n((?:prunelit .*\n+)+)")
_COMPLETION = re.compile(r"^\* `--(?:install|show)-completion`.*\n", re.MULTILINE)
_LIST_OF_COMMANDS = re.compile(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+\n")
_HELP = re.compile(r"^\* `--help`: Show this message and exit\.\n", re.MULTILINE)


class Commands(SphinxDirective):
    """All commands, each with what it does, its arguments and its options."""

    def run(self) -> list[nodes.Node]:
        """The sections of the commands."""
        return self.parse_text_to_nodes(command_reference(), allow_section_headings=True)


def command_reference() -> str:
    """The commands in Markdown, one section each.

    Example:
        >>> "## `prunelit check`" in command_reference()
        True
    """
    from prunelit.cli import app

    group = cast(TyperGroup, get_command(app))
    text = get_docs_for_click(obj=group, ctx=Context(group, info_name="prunelit"), name="prunelit")
    _, _, sections = text.partition("\n## ")
    for noise in (_COMPLETION, _LIST_OF_COMMANDS, _HELP):
        sections = noise.sub("", sections)
    hidden = {f"`prunelit {name}`" for name, one in group.commands.items() if one.hidden}
    kept = (one for one in re.split(r"(?m)^## ", sections) if one.partition("\n")[0] not in hidden)
    return "\n".join(f"## {_EXAMPLES.sub(_console, one)}" for one in kept).replace("**Options**:\n\n\n", "")


def _console(examples: re.Match[str]) -> str:
    lines = "\n".join(f"$ {line}" for line in examples[1].splitlines() if line)
    return f"**Examples**:\n\n```console\n{lines}\n```\n\n"
