"""Renaming of a paper, method, architecture, dataset, venue or metric wherever a corpus names it.

Only the names change, and an alias is left where the new one stands: comments, digits and the order of everything stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import yaml

from prunelit.schema.canonical import scalar
from prunelit.schema.corpus import SHARED, VOCABULARIES, Corpus
from prunelit.schema.correction import Acknowledgements, Corrections
from prunelit.schema.problems import AmbiguousNameError, ArgumentError, Path, UnknownNameError, quoted
from prunelit.schema.reading import composed
from prunelit.schema.references import PAPER_REFERENCE, names_used, papers_used

Renamable: TypeAlias = Literal["paper", "method", "architecture", "dataset", "venue", "metric"]
RENAMABLE: tuple[Renamable, ...] = get_args(Renamable)
"""What can be renamed."""
_ENTRIES = {"method": "canonical_method"}
"""What an entry of the vocabulary is called, where that is not the kind."""
Files: TypeAlias = dict[str, str]
"""Texts of files, by their paths within the corpus."""


class _Edit(NamedTuple):
    """A stretch of a text, and what stands there instead."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """What a renaming does: the new texts of files, by their paths within the corpus, and files that go away."""

    kind: Renamable
    texts: Files
    gone: tuple[str, ...]
    places: int
    """How many references there were."""


def renamed(corpus: Corpus, old: str, new: str, kind: Renamable | None = None) -> Renamed:
    """Rename something wherever the corpus names it, and leave the old name as an alias.

    A method changes its canonical name alone: what sources print of it stays.

    Args:
        corpus: All records, read from files.
        old: Its name.
        new: The name that it is to have.
        kind: What it is; found out where only one thing has the name.

    Raises:
        UnknownNameError: if nothing has the name.
        AmbiguousNameError: if it is not clear what is meant.
        ArgumentError: if the new name is that of something else.
    """
    known = {one: names for one in RENAMABLE if (names := _names(corpus, one)) and old in names}
    found = [one for one in known if kind in (None, one)]
    if not found:
        listed = [name for one in RENAMABLE if kind in (None, one) for name in _names(corpus, one)]
        raise UnknownNameError(kind or "name", old, listed)
    if len(found) > 1:
        raise AmbiguousNameError("name", old, [f"{one} {old}" for one in found])
    if new == old:
        raise ArgumentError(new, f"{quoted(new)} is its name already")
    if new in _taken(corpus, found[0], old):
        raise ArgumentError(new, f"{quoted(new)} is the name of another {found[0]}")
    return _Renaming(corpus, old, new, found[0]).done()


def _names(corpus: Corpus, kind: Renamable) -> list[str]:
    """The names that things of a kind have, those of methods that their own record lists included."""
    if kind == "paper":
        return [paper.id for paper in corpus.papers]
    entries = [one.name for one in corpus.part(_file(kind).removesuffix(".yaml"))]
    return [*entries, *_listed_methods(corpus)] if kind == "method" else entries


def _file(kind: Renamable) -> str:
    return VOCABULARIES[_ENTRIES.get(kind, kind)]


def _listed_methods(corpus: Corpus) -> dict[str, str]:
    """The methods without an entry, with the papers whose records list them."""
    spelt = {name for one in corpus.methods for name in (one.name, *(one.aliases or ()), *(one.spellings or ()))}
    listed = ((method.name, paper.id) for paper in corpus.papers for method in paper.methods or ())
    return {name: paper for name, paper in listed if name and name not in spelt}


def _taken(corpus: Corpus, kind: Renamable, old: str) -> set[str]:
    """The names, former ones and aliases included, that belong to something else of the kind."""
    if kind == "paper":
        others = [paper for paper in corpus.papers if paper.id != old]
        return {name for paper in others for name in (paper.id, *(paper.former_ids or ()))}
    entries = [one for one in corpus.part(_file(kind).removesuffix(".yaml")) if one.name != old]
    taken = {name for one in entries for name in (one.name, *(one.aliases or ()))}
    return taken | (set(_listed_methods(corpus)) - {old} if kind == "method" else set())


class _Renaming:
    """One renaming: which stretches of which files change."""

    def __init__(self, corpus: Corpus, old: str, new: str, kind: Renamable) -> None:
        self.corpus, self.old, self.new, self.kind = corpus, old, new, kind
        self.texts: Files = {f"papers/{one.value.id}.yaml": one.text for one in corpus.documents}
        self.texts |= {name: one.text for name, one in corpus.shared.items()}
        self.values: dict[str, Any] = {f"papers/{one.value.id}.yaml": one.value for one in corpus.documents}
        self.values |= {name: one.value for name, one in corpus.shared.items()}

    def done(self) -> Renamed:
        """The texts that change."""
        edits = {name: list(self._references(name)) for name in self.texts}
        places = sum(map(len, edits.values()))
        for name, more in self._itself().items():
            edits[name] += more
        texts = {name: _edited(self.texts[name], found) for name, found in edits.items() if found}
        gone = (f"papers/{self.old}.yaml",) if self.kind == "paper" else ()
        moved = {f"papers/{self.new}.yaml" if name in gone else name: text for name, text in texts.items()}
        return Renamed(self.kind, moved, gone, places)

    def _references(self, name: str) -> Iterator[_Edit]:
        """The places of a file that refer to what is renamed."""
        value, text = self.values[name], self.texts[name]
        used = papers_used(value) if self.kind == "paper" else names_used(value)
        of = PAPER_REFERENCE if self.kind == "paper" else _ENTRIES.get(self.kind, self.kind)
        for path in [path for kind, path, found in used if (kind, found) == (of, self.old)]:
            yield _replaced(text, path, self.new)
        for path in self._in_corrections(value):
            yield _replaced(text, path, self.new)
        if isinstance(value, Acknowledgements):
            yield from self._in_subjects(value, text)

    def _in_corrections(self, value: object) -> Iterator[Path]:
        """What corrections call the results that they mean, and the names that they put into records."""
        for at, one in enumerate(value.corrections if isinstance(value, Corrections) else ()):
            if one.result and getattr(one.result, self.kind, None) == self.old and self.kind != "method":
                yield ("corrections", at, "result", self.kind)
            if one.field == self.kind and one.correct == self.old:
                yield ("corrections", at, "correct")

    def _in_subjects(self, value: Acknowledgements, text: str) -> Iterator[_Edit]:
        """What acknowledgements excuse, in the words of the audit."""
        word = re.compile(rf"(?<![^\s,;:(']){re.escape(self.old)}(?![^\s,;:)'])")
        for at, one in enumerate(value.acknowledgements):
            for index, excused in enumerate(one.excuses):
                place: Path = ("acknowledgements", at, "excuses", index)
                said = {(*place, "field"): excused.field or ""}
                said |= {(*place, "values", line): told for line, told in enumerate(excused.values)}
                for path, told in said.items():
                    if word.search(told):
                        yield _replaced(text, path, word.sub(lambda _: self.new, told))

    def _itself(self) -> Mapping[str, list[_Edit]]:
        """What changes where the name is given, and the alias that is left there."""
        if self.kind == "paper":
            name = f"papers/{self.old}.yaml"
            text = self.texts[name]
            return {name: [_replaced(text, ("id",), self.new), _added(text, (), "id", "former_ids", self.old)]}
        name = _file(self.kind)
        part, text = name.removesuffix(".yaml"), self.texts[name]
        entries = self.corpus.part(part)
        at = next((index for index, one in enumerate(entries) if one.name == self.old), None)
        if at is None:
            return {name: [self._new_entry(text)]}
        [field, *_] = SHARED[name].model_fields
        alias = list(getattr(entries[at], "aliases", None) or ())
        path: Path = (field, at)
        if self.new in alias:
            left = _replaced(text, (*path, "aliases", alias.index(self.new)), self.old)
        else:
            left = _added(text, path, "name", "aliases", self.old)
        return {name: [_replaced(text, (*path, "name"), self.new), left]}

    def _new_entry(self, text: str) -> _Edit:
        """An entry for a method that so far its own record alone lists."""
        names = [one.name for one in self.corpus.methods]
        after = sum(name.casefold() < self.new.casefold() for name in names)
        start = _start_of_item(text, after) if after < len(names) else len(text)
        lines = [f"  - name: {scalar(self.new)}", f"    proposed_by: {_listed_methods(self.corpus)[self.old]}"]
        return _Edit(start, start, "\n".join([*lines, f"    spellings: [{scalar(self.old)}]", ""]))


def _node(text: str, path: Path) -> Any:
    node = composed(text)
    for step in path:
        if isinstance(node, yaml.MappingNode):
            node = next(value for key, value in node.value if key.value == step)
        else:
            node = node.value[step]
    return node


def _replaced(text: str, path: Path, new: str) -> _Edit:
    """Another text in place of the one at a path."""
    node = _node(text, path)
    start, end = node.start_mark.index, node.end_mark.index
    return _Edit(start, start + len(text[start:end].rstrip()), scalar(new))


def _added(text: str, path: Path, beside: str, key: str, item: str) -> _Edit:
    """One more item of a list, which is made below another key where it is not there yet."""
    mapping = _node(text, path)
    keys = {one.value: (one, value) for one, value in mapping.value}
    if key not in keys:
        named, value = keys[beside]
        end = text.find("\n", value.end_mark.index - 1)
        end = len(text) if end < 0 else end
        return _Edit(end, end, f"\n{' ' * named.start_mark.column}{key}: [{scalar(item)}]")
    last = keys[key][1].value[-1]
    start = last.end_mark.index
    written = text[last.start_mark.index : start].rstrip()
    start = last.start_mark.index + len(written)
    if keys[key][1].flow_style:
        return _Edit(start, start, f", {scalar(item)}")
    indent = " " * (last.start_mark.column - 2)
    return _Edit(start, start, f"\n{indent}- {scalar(item)}")


def _start_of_item(text: str, at: int) -> int:
    """Where the line of an entry of the vocabulary of methods begins."""
    node = _node(text, ("methods", at))
    return text.rfind("\n", 0, node.start_mark.index) + 1


def _edited(text: str, edits: list[_Edit]) -> str:
    for one in sorted(edits, reverse=True):
        text = text[: one.start] + one.text + text[one.end :]
    return text
