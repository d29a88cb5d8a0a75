"""Reference of the command line, from what ``--help`` says."""

from __future__ import annotations

import re
import subprocess
import sys

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

_EXAMPLES = re.compile(r"<span[^>]*>Examples</span>\n\n((?:prunelit .*\n+)+)")
_NOISE = (
    re.compile(r"\*\*Commands\*\*:\n\n(?:\* .*\n)+\n"),  # the table of contents lists them
    re.compile(r"^\* `--help`: Show this message and exit\.\n", re.MULTILINE),
    re.compile(r"\*\*Options\*\*:\n\n(?=\n)"),
)
_DEPRECATED = re.compile(r"^\* `(.+?)`: .*\(DEPRECATED\)$", re.MULTILINE)


class Commands(SphinxDirective):
    """All commands, each with what it does, its arguments and its options."""

    def run(self) -> list[nodes.Node]:
        """The sections of the commands."""
        # The command line imports this room, so that it is asked as a program.
        command = (sys.executable, "-m", "typer", "prunelit.cli.app", "utils", "docs", "--name", "prunelit")
        told = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
        return self.parse_text_to_nodes(command_sections(told), allow_section_headings=True)


def command_sections(told: str) -> str:
    r"""The sections of the commands, without what is the same for all and without commands that are deprecated.

    Args:
        told: What Typer says of a program, in Markdown.

    Example:
        >>> command_sections("# `prunelit`\n\n## `prunelit check`\n\nValidate records.\n")
        '## `prunelit check`\n\nValidate records.\n'
    """
    first, *sections = re.split(r"(?m)^## ", told)
    deprecated = {f"`prunelit {name}`" for name in _DEPRECATED.findall(first)}
    text = "".join(f"## {one}" for one in sections if one.partition("\n")[0] not in deprecated)
    for noise in _NOISE:
        text = noise.sub("", text)
    return _EXAMPLES.sub(_console, text)


def _console(examples: re.Match[str]) -> str:
    lines = "\n".join(f"$ {line}" for line in examples[1].splitlines() if line)
    return f"**Examples**:\n\n```console\n{lines}\n```\n\n"
