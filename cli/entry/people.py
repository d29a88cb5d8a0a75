"""How does a record write the name of an author?"""

from __future__ import annotations

from bibtexparser.middlewares.names import parse_single_name_into_parts

from prunelit.cli.entry.latex import in_unicode


def author(name: str) -> str:
    """A name of any order and in LaTeX as ``Family, Given``; that of a group as it is."""
    parts = parse_single_name_into_parts(name, strict=False)
    family = in_unicode(" ".join([*parts.von, *parts.last, *parts.jr]))
    given = in_unicode(" ".join(parts.first))
    return f"{family}, {given}" if family and given else family or given
