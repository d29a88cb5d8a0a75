"""Search index: what the search of the site finds, small enough to be loaded by every page that asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from prunelit.explorer.addresses import Address
from prunelit.explorer.shared import SiteData

SEARCH_INDEX = Address("search-index.js")
"""A script that hands over the index: data alone cannot be fetched from a folder."""
SearchEntry = tuple[str, str, str, str]
"""Kind, name, what else is searched (shown beside the name), and address."""


def search_entries(data: SiteData) -> Iterator[SearchEntry]:
    """Everything that can be found by name: papers, methods, networks, datasets, configurations, venues and people."""
    corpus, of = data.dataset.corpus, data.addresses.of
    for paper in corpus.papers:
        families = ", ".join(one.partition(",")[0] for one in (paper.authors or ())[:4])
        beside = " · ".join(filter(None, (data.labels[paper.id], families, paper.venue, paper.id)))
        yield from _entry("paper", paper.title, (beside,), of("paper", paper.id))
    aliases = {one.name: (*(one.aliases or ()), *(one.spellings or ())) for one in corpus.methods}
    for name in data.addresses.names("method"):
        yield from _entry("method", name, aliases.get(name, ()), of("method", name))
    for network in corpus.architectures:
        yield from _entry("network", network.name, network.aliases or (), of("architecture", network.name))
    for one in corpus.datasets:
        yield from _entry("dataset", one.name, one.aliases or (), of("dataset", one.name))
    for dataset, architecture in data.addresses.configurations:
        address = data.addresses.of_configuration(dataset, architecture)
        yield from _entry("configuration", f"{architecture} on {dataset}", (), address)
    for venue in corpus.venues:
        yield from _entry("venue", venue.name, (venue.full_name or "", *(venue.aliases or ())), of("venue", venue.name))
    for name in data.addresses.names("person"):
        yield from _entry("contributor", name, (), of("person", name))


def _entry(kind: str, name: str, beside: Iterable[str], address: Address | None) -> Iterator[SearchEntry]:
    if address is not None:
        yield kind, name, ", ".join(filter(None, beside)), address


def search_index(entries: Iterable[SearchEntry]) -> str:
    """The index as a script."""
    text = json.dumps(list(entries), ensure_ascii=False, separators=(",", ":"))
    return f"window.prunelitSearch = {text};\n"
