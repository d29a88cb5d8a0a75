"""Navigation: the parts of the site that every page leads to."""

from __future__ import annotations

from prunelit.explorer.addresses import CONFIGURATIONS, Address, index_of

HOME_PAGE = Address("index.html")
TABLE_PAGE, GRAPH_PAGE = Address("table.html"), Address("graph.html")
CONFIGURATIONS_PAGE = Address(f"{CONFIGURATIONS}/index.html")
FIGURES_PAGE = Address("figures/index.html")
OPEN_FINDINGS_PAGE = Address("corpus/open-findings.html")
CORPUS_PAGE, DOCUMENTATION_PAGE = Address("corpus/index.html"), Address("docs/index.html")
NAVIGATION: tuple[tuple[str, Address], ...] = (
    ("Papers", index_of("paper")),
    ("Methods", index_of("method")),
    ("Networks", index_of("architecture")),
    ("Datasets", index_of("dataset")),
    ("Configurations", CONFIGURATIONS_PAGE),
    ("Table", TABLE_PAGE),
    ("Graph", GRAPH_PAGE),
    ("Figures", FIGURES_PAGE),
    ("Corpus", CORPUS_PAGE),
    ("Documentation", DOCUMENTATION_PAGE),
)
"""What the navigation shows, as far as there are such pages."""
