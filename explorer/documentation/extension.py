"""Extension of Sphinx: reference pages that are made from the code, and the documents of the repository as pages."""

from __future__ import annotations

import gc
from typing import Any

from sphinx.application import Sphinx

from prunelit.explorer.documentation.commands import Commands
from prunelit.explorer.documentation.included import outdated_pages, with_links_to_pages
from prunelit.explorer.documentation.record_fields import RecordFields
from prunelit.explorer.documentation.rooms import Rooms

_NEW_OBJECTS = 100_000
"""New objects after which the collector looks for garbage: the nodes of documents are many, and stay to the end."""


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directives, and what happens to documents that pages include."""
    gc.set_threshold(_NEW_OBJECTS)
    app.add_config_value("prunelit_repository", "", "env", str)
    app.add_config_value("prunelit_code", "", "", str)
    app.add_config_value("prunelit_corpus", "", "", str)
    app.add_directive("commands", Commands)
    app.add_directive("record-fields", RecordFields)
    app.add_directive("rooms", Rooms)
    app.connect("include-read", with_links_to_pages)
    app.connect("env-get-outdated", outdated_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
