"""Addresses of pages: the one place that names them, and that says where old names lead."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import blake2b
from itertools import product
from posixpath import dirname, relpath
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from prunelit.analysis.dataset import Dataset

FOLDERS = {
    "paper": "papers",
    "method": "methods",
    "architecture": "architectures",
    "dataset": "datasets",
    "venue": "venues",
    "person": "people",
}
"""The kinds of entities that have a page each, and the folder of their pages."""
CONFIGURATIONS = "configurations"
"""The folder of the pages of configurations: below it, one for each dataset."""
MAX_SLUG = 72
_RESERVED = re.compile(r"index|con|prn|aux|nul|com\d|lpt\d")
"""The index of a folder, and names that Windows keeps for devices."""
_WORDS = str.maketrans({"+": " plus ", "&": " and ", "%": " percent ", "#": " sharp "})


class Address(str):
    """Where a page or file is, below the folder of the site: folders and name with ``/`` between them.

    Other text is never taken for one: what a record says cannot become a link within the site.
    """

    __slots__ = ()


def slug(name: str) -> str:
    """The name as a part of an address: letters, digits, ``.`` and ``-``, all of them safe in any file system.

    Signs that tell names apart become words.  A name that is not to be told by what is left of it, or that no file may
    have, ends with a digest of itself.

    Example:
        >>> slug("VGG-16+BN-OneFC"), slug("C++")
        ('vgg-16-plus-bn-onefc', 'c-plus-plus')
    """
    plain = unicodedata.normalize("NFKD", name.translate(_WORDS))
    kept = "".join(one for one in plain if not unicodedata.combining(one))
    found = re.sub(r"[^a-z0-9.]+", "-", kept.lower()).strip("-.")
    lossless = kept.isascii() and len(found) <= MAX_SLUG and not _RESERVED.fullmatch(found.partition(".")[0])
    return found if found and lossless else _told_apart(name, found)


def _told_apart(name: str, found: str) -> str:
    """A slug with a digest of the name, which no other name has."""
    return f"{found[:MAX_SLUG]}-{blake2b(name.encode(), digest_size=4).hexdigest()}".lstrip("-.")


def slugs(names: Iterable[str]) -> dict[str, str]:
    """The slug of each name; names that would share one each get a digest, whichever of them came first."""
    sharing = defaultdict(set)
    for name in names:
        sharing[slug(name)].add(name)
    return {
        name: found if len(alike) == 1 else _told_apart(name, found)
        for found, alike in sharing.items()
        for name in sorted(alike)
    }


class Addresses:
    """The addresses of all entities of a corpus, by kind and name.

    Attributes:
        redirects: Addresses that names have had or might be guessed to have, each with those of the pages that are
            meant: more than one where names are so alike that nobody knows which.
    """

    def __init__(
        self,
        names: Mapping[str, Iterable[str]],
        former: Mapping[str, Mapping[str, str]],
        configurations: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Name the pages.

        Args:
            names: The names of each kind of entity, see :data:`FOLDERS`.
            former: Other names of each kind, with the names that took their place.
            configurations: Datasets and architectures that are evaluated together.
        """
        self._slugs = {kind: slugs(known) for kind, known in names.items()}
        self._configurations = frozenset(configurations)
        self.redirects = dict(self._redirects(former))

    def of(self, kind: str, name: str | None) -> Address | None:
        """The address of the page of an entity; None where it has none.

        Args:
            kind: A kind of entity, see :data:`FOLDERS`.
            name: Its canonical name, or the id of a paper.
        """
        found = self._slugs.get(kind, {}).get(name or "")
        return Address(f"{FOLDERS[kind]}/{found}.html") if found else None

    def of_configuration(self, dataset: str | None, architecture: str | None) -> Address | None:
        """The address of the page of an architecture on a dataset; None where it has none."""
        if (dataset, architecture) not in self._configurations:
            return None
        return self._of_pair(str(dataset), str(architecture))

    def names(self, kind: str) -> list[str]:
        """The names of the entities of a kind that have a page."""
        return list(self._slugs.get(kind, {}))

    @property
    def configurations(self) -> list[tuple[str, str]]:
        """The datasets and architectures whose configuration has a page."""
        return sorted(self._configurations)

    def _of_pair(self, dataset: str, architecture: str) -> Address:
        folder, name = self._slugs["dataset"][dataset], self._slugs["architecture"][architecture]
        return Address(f"{CONFIGURATIONS}/{folder}/{name}.html")

    def _redirects(self, former: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[Address, tuple[Address, ...]]]:
        """Where former names and plain slugs that nobody got lead; a page that there is comes before them."""
        called = {kind: self._called(kind, former.get(kind, {})) for kind in self._slugs}
        for kind, known in self._slugs.items():
            folder = FOLDERS[kind]
            pairs = ((f"{folder}/{old}.html", self.of(kind, name)) for name in known for old in called[kind][name])
            yield from _leading(pairs, {self.of(kind, name) for name in known})
        pairs = (
            (f"{CONFIGURATIONS}/{folder}/{old}.html", self._of_pair(dataset, architecture))
            for dataset, architecture in self._configurations
            for folder, old in product(called["dataset"][dataset], called["architecture"][architecture])
        )
        yield from _leading(pairs, {self._of_pair(*names) for names in self._configurations})

    def _called(self, kind: str, former: Mapping[str, str]) -> dict[str, set[str]]:
        """The slugs by which each entity of a kind might be looked for: of its page, and of its names."""
        found = {name: {slug(name), known} for name, known in self._slugs[kind].items()}
        for old, name in former.items():
            found[name].add(slug(old))
        return found


def _leading(
    pairs: Iterable[tuple[str, Address | None]], there: Collection[Address | None]
) -> Iterator[tuple[Address, tuple[Address, ...]]]:
    """Addresses at which there is no page, each with the pages that it may mean."""
    meant: defaultdict[Address, set[Address]] = defaultdict(set)
    for old, target in pairs:
        if target is not None:
            meant[Address(old)].add(target)
    yield from ((old, tuple(sorted(meant[old]))) for old in sorted(meant.keys() - set(there)))


def index_of(kind: str) -> Address:
    """The address of the index of a kind of entity."""
    return Address(f"{FOLDERS[kind]}/index.html")


def relative(target: Address, page: Address) -> str:
    """The link from a page to a page or file of the site, which works from a folder and below any address.

    Example:
        >>> relative(Address("methods/snip.html"), Address("papers/lee2018snip.html"))
        '../methods/snip.html'
    """
    path, hash_sign, fragment = target.partition("#")
    found = relpath(path, dirname(page) or ".") if path != page else path.rpartition("/")[2]
    return quote(found) + hash_sign + quote(fragment, safe="/?=&%+")


def addresses_of(dataset: Dataset) -> Addresses:
    """The addresses of the pages of a dataset."""
    corpus, rows = dataset.corpus, dataset.results()
    methods = {*dataset.methods()["canonical_method"].dropna(), *rows["canonical_method"].dropna()}
    names = {
        "paper": [paper.id for paper in corpus.papers],
        "method": sorted(methods),
        "architecture": [one.name for one in corpus.architectures],
        "dataset": [one.name for one in corpus.datasets],
        "venue": [one.name for one in corpus.venues],
        "person": sorted({one for paper in corpus.papers for one in paper.contributors or ()}),
    }
    known = [one for one in corpus.methods if one.name in methods]
    former = {
        "paper": {old: paper.id for paper in corpus.papers for old in paper.former_ids or ()},
        "method": {old: one.name for one in known for old in one.aliases or () if old not in methods},
        "architecture": {old: one.name for one in corpus.architectures for old in one.aliases or ()},
        "dataset": {old: one.name for one in corpus.datasets for old in one.aliases or ()},
        "venue": {old: one.name for one in corpus.venues for old in one.aliases or ()},
    }
    evaluated = rows[rows["point"].notna()][["dataset", "architecture"]].dropna().drop_duplicates()
    return Addresses(names, former, evaluated.itertuples(index=False, name=None))
