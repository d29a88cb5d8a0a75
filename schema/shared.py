"""Files that the records of a corpus share: vocabularies, reference models, decisions and corrections.

Each is declared once, as a subclass of :class:`SharedFile`; reading, rules and the exported JSON Schema follow.
"""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import BaseModel

from prunelit.schema.fields import parts
from prunelit.schema.model import Model
from prunelit.schema.reading import MAX_BYTES


class SharedFile(Model):
    """A file that records share, called as its class: ``Datasets`` is ``datasets.yaml``.

    Its first list is the part of a corpus that is called as the file; other lists are called as they are.  If the
    entries of the first list have a ``name``, it is a vocabulary, and a field of a record that holds such a name says
    so with ``Name("dataset")``, after the class of the entries, whose
    own name may end in ``Entry`` where another class is called so.
    """

    OPTIONAL: ClassVar[bool] = False
    """Whether a corpus can do without it; it then holds nothing."""
    ABOUT_RECORDS: ClassVar[bool] = False
    """Whether it says something of records, and no record asks for it: to check single records, it is not read."""
    READ_UP_TO: ClassVar[int] = MAX_BYTES
    """The bytes up to which it is read."""

    @classmethod
    def stem(cls) -> str:
        """The name of the file without suffix."""
        return _snake(cls)

    @classmethod
    def parts(cls) -> dict[str, str]:
        """The parts of a corpus that it holds, each with the field that holds it."""
        first, *others = cls.model_fields
        return {cls.stem(): first} | {name: name for name in others}

    @classmethod
    def entry(cls) -> str | None:
        """What an entry of the vocabulary is; None if it is no vocabulary."""
        first = next(iter(parts(cls).values()))
        return _snake(first).removesuffix("_entry") if "name" in first.model_fields else None


def _snake(model: type[BaseModel]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
