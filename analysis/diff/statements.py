"""Statements of records and shared files: what a model says, field by field, and what two of its kind say differently.

Fields are those that the models declare, so that a new one is told by being declared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from itertools import chain
from textwrap import shorten
from typing import NamedTuple, TypeAlias

from pydantic import BaseModel

from prunelit.analysis.diff.matching import IndexPair, left, most_in_common, paired
from prunelit.analysis.frames.printed import printed
from prunelit.schema.fields import Kind, kinds, names
from prunelit.schema.record import Paper

IRRELEVANT: dict[tuple[type[BaseModel], str], str] = {
    (Paper, "schema_version"): "It says in which form the record is written, not what the paper reports.",
}
"""The fields whose change is not told, each with the reason."""
NUMERIC: tuple[Kind, ...] = ("quantity", "number", "numbers", "count")
_LABEL_PARTS, _LABEL_LENGTH = 3, 60
"""How many values make a label, and how many characters of each."""
_ALIKE = 0.5
"""Share of equal facts from which on two items without a common name are the same."""
_LONG, _AROUND = 160, 40
"""Characters from which on a text is told by the stretch that differs, and how much of the rest stands around it."""
Statements: TypeAlias = dict[str, str]
"""What a model says: the text of each value, by the path of its field."""


class Told(NamedTuple):
    """A field that two models of a kind fill differently: its path for people, both values, and what they are.

    ``names`` are the names of the fields on the path alone.
    """

    field: str
    before: object
    after: object
    numeric: bool
    names: tuple[str, ...]

    def within(self, name: str, item: str = "") -> Told:
        """The same, seen from the model above that holds it in a field, as an item of a list if it has a label."""
        return self._replace(field=f"{name}{item and f'[{item}]'}.{self.field}", names=(name, *self.names))


def told(old: BaseModel, new: BaseModel, apart: Container[str] = ()) -> Iterator[Told]:
    """Every field that the two fill differently, digit by digit, in the order in which the model declares them.

    Args:
        old: What is said before.
        new: What is said after, of the same model.
        apart: Fields that are told elsewhere.

    Example:
        >>> from prunelit.schema.record import Date
        >>> next(told(Date(year=2015), Date(year=2016)))
        Told(field='year', before=2015, after=2016, numeric=True, names=('year',))
    """
    for name, kind in _fields(type(new), apart):
        before, after = getattr(old, name), getattr(new, name)
        if before is after:
            continue
        if kind == "part":
            yield from _parts_told(name, before, after)
        elif exact(before) != exact(after):
            yield Told(name, before, after, kind in NUMERIC, (name,))


def _fields(model: type[BaseModel], apart: Container[str] = ()) -> Iterator[tuple[str, Kind]]:
    told_here = ((name, kind) for name, kind in kinds(model).items() if name not in apart)
    return ((name, kind) for name, kind in told_here if (model, name) not in IRRELEVANT)


def _parts_told(name: str, before: object, after: object) -> Iterator[Told]:
    if isinstance(before, BaseModel) and isinstance(after, BaseModel):
        yield from (one.within(name) for one in told(before, after))
    elif isinstance(before, BaseModel) or isinstance(after, BaseModel):
        yield Told(name, before, after, _holds_numbers(before or after), (name,))
    else:
        yield from _items_told(name, _models(before), _models(after))


def _holds_numbers(model: object) -> bool:
    return isinstance(model, BaseModel) and any(
        kind in NUMERIC and getattr(model, name) is not None for name, kind in _fields(type(model))
    )


def _models(value: object) -> tuple[BaseModel, ...]:
    return value if isinstance(value, tuple) else ()


def _items_told(name: str, old: tuple[BaseModel, ...], new: tuple[BaseModel, ...]) -> Iterator[Told]:
    pairs = items_paired(old, new)
    for i, j in pairs:
        yield from (one.within(name, item_label(new[j])) for one in told(old[i], new[j]))
    for gone in left(old, (i for i, _ in pairs)).values():
        yield Told(f"{name}[{item_label(gone)}]", gone, None, _holds_numbers(gone), (name,))
    for come in left(new, (j for _, j in pairs)).values():
        yield Told(f"{name}[{item_label(come)}]", None, come, _holds_numbers(come), (name,))


def items_paired(old: tuple[BaseModel, ...], new: tuple[BaseModel, ...]) -> list[IndexPair]:
    """Which item of a list is which of another: the one that says the same, has the same name, or has most in common.

    Positions mean nothing.  Items that have less than half in common are different ones.
    """
    spellings = {spelling: _name(one) for one in new for spelling in getattr(one, "aliases", None) or ()}
    pairs = paired(old, new, [exact, _name, lambda one: spellings.get(str(_name(one)), _name(one))])
    rest = left(old, (i for i, _ in pairs)), left(new, (j for _, j in pairs))
    facts_old, facts_new = ({at: statements_of(one) for at, one in side.items()} for side in rest)
    pairs += most_in_common(facts_old, facts_new, _ALIKE)
    rest = left(old, (i for i, _ in pairs)), left(new, (j for _, j in pairs))
    return sorted([*pairs, *paired(*rest, [_subject])])


def _subject(item: BaseModel) -> tuple[object, ...] | None:
    """What an item is about: the papers and entries of vocabularies that it names, one of each."""
    named = (getattr(item, name) for name in names(type(item)))
    return tuple(one for one in named if isinstance(one, str)) or None


def _name(item: BaseModel) -> str | None:
    name: str | None = getattr(item, "name", None)
    return name


def item_label(item: BaseModel) -> str:
    """What tells an item of a list from the others: its name, or else the first of the simple values that it holds."""
    name = _name(item)
    if name is not None:
        return str(name)
    said = (value_text(getattr(item, name)) for name, kind in _fields(type(item)) if kind != "part")
    return ", ".join([shorten(one, _LABEL_LENGTH, placeholder="…") for one in said if one][:_LABEL_PARTS])


def statements_of(model: BaseModel, apart: Container[str] = ()) -> Statements:
    """Everything that a model says, by the path of each field."""
    found: Statements = {}
    for name, kind in _fields(type(model), apart):
        value = getattr(model, name)
        if value is None:
            continue
        if kind != "part":
            found[name] = exact(value)
        else:
            items = (
                {name: value} if isinstance(value, BaseModel) else {f"{name}[{item_label(one)}]": one for one in value}
            )
            found |= {f"{at}.{path}": fact for at, one in items.items() for path, fact in statements_of(one).items()}
    return found


def exact(value: object) -> str:
    """The text of a value with its very digits, the same for equal ones alone."""
    if isinstance(value, tuple):
        return "\n".join(map(exact, value))
    return repr(value) if isinstance(value, BaseModel) else "" if value is None else str(value)


def value_text(value: object) -> str:
    """A value for people; of a part, everything that it says, numbers first."""
    if isinstance(value, BaseModel):
        return words(value)
    if isinstance(value, tuple):
        return ", ".join(map(value_text, value))
    return str(value).lower() if isinstance(value, bool) else printed(value)


def words(model: BaseModel, apart: Container[str] = ()) -> str:
    """Everything that a model says, numbers first: ``top1 76.0, params_kept 0.50, locator (table 2)``."""
    fields = sorted(_fields(type(model), apart), key=lambda one: one[1] not in NUMERIC)
    said = ((name, kind, getattr(model, name)) for name, kind in fields)
    return ", ".join(_said(name, kind, value) for name, kind, value in said if value is not None)


def _said(name: str, kind: Kind, value: object) -> str:
    if kind == "part":
        return f"{name} ({'; '.join(map(value_text, value)) if isinstance(value, tuple) else value_text(value)})"
    return f"{name} {value_text(value)}"


def shown_values(one: Told) -> tuple[str, str]:
    """Both values of a field as text: of lists of texts the items that differ, of long texts the stretch that does."""
    before, after = _differing_items(one.before, one.after)
    texts = value_text(before), value_text(after)
    if texts[0] == texts[1]:  # 0.1K and 100
        texts = exact(before), exact(after)
    return _differing_stretch(*texts) if max(map(len, texts)) > _LONG else texts


def _differing_items(before: object, after: object) -> tuple[object, object]:
    if not isinstance(before, tuple) or not isinstance(after, tuple) or not _are_texts(chain(before, after)):
        return before, after
    gone, came = Counter(before) - Counter(after), Counter(after) - Counter(before)
    return (tuple(gone), tuple(came)) if gone or came else (before, after)


def _are_texts(values: Iterator[object]) -> bool:
    return all(isinstance(one, str) for one in values)


def _differing_stretch(before: str, after: str) -> tuple[str, str]:
    if not before or not after:
        return before, after
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    return _cut(before, start, end), _cut(after, start, end)


def _common(one: str, other: str) -> int:
    """How many characters two texts begin with in common."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut(whole: str, start: int, end: int) -> str:
    first, last = max(0, start - _AROUND), min(len(whole), len(whole) - end + _AROUND)
    return f"{'…' * (first > 0)}{whole[first:last]}{'…' * (last < len(whole))}"
