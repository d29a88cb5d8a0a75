"""Templates of the documentation: the theme's, with a content security policy, and usable by keyboard alone.

Nothing is loaded from elsewhere, and no script runs but the theme's.

The theme has a few lines of script within each page, which choose light or dark before anything is drawn.  A policy
that forbids scripts within pages would stop them, so that each page names the digests of the scripts that it holds.
Styles within pages are allowed: the theme's colours and the tables of notebooks come with them; they can do no harm.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sphinx.jinja2glue import BuiltinTemplateLoader

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)
_HEAD = re.compile(r'<meta charset="utf-8"\s*/?>')


_ACCESSIBLE = {
    '<p class="caption" role="heading">': '<p class="caption" role="heading" aria-level="2">',
    "<pre>": '<pre tabindex="0">',
    '<div class="table-wrapper ': '<div tabindex="0" class="table-wrapper ',
    '<div class="output text_html">': '<div tabindex="0" class="output text_html">',
    '<aside class="sidebar-drawer">': '<aside class="sidebar-drawer" aria-label="Documentation">',
    '<aside class="toc-drawer': '<aside aria-label="On this page" class="toc-drawer',
}
"""What the theme lacks: levels of headings, names of landmarks, and boxes that scroll by the keys."""


class PageTemplates(BuiltinTemplateLoader):
    """Templates of Sphinx, with what every page needs beside."""

    def render(self, template: str, context: Mapping[str, Any]) -> str:  # type: ignore[override]
        """A page that keyboards and screen readers can use, with its policy; other files as they are."""
        return with_policy(accessible(super().render(template, dict(context))))


def accessible(page: str) -> str:
    """A page with what the theme lacks for keyboards and screen readers.

    Example:
        >>> accessible("<pre>wide</pre>")
        '<pre tabindex="0">wide</pre>'
    """
    for lacking, complete in _ACCESSIBLE.items():
        page = page.replace(lacking, complete)
    return page


def with_policy(page: str) -> str:
    """A page with its policy behind the declaration of its encoding, before anything that the policy is about."""
    return _HEAD.sub(lambda found: f"{found[0]}\n    {_meta(page)}", page, count=1)


def policy(page: str) -> str:
    """What a page may do: show what lies beside it, and run the scripts that it came with.

    Example:
        >>> policy("<p>No script.</p>").partition(";")[0]
        "default-src 'none'"
    """
    scripts = " ".join(["script-src 'self'", *(f"'sha256-{one}'" for one in _digests(page))])
    return (
        f"default-src 'none'; {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        "base-uri 'none'; form-action 'self'"
    )


def _meta(page: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{policy(page)}">'


def _digests(page: str) -> list[str]:
    """Digests of the scripts within a page, each once, in their order."""
    bodies = (found["body"] for found in _SCRIPT.finditer(page) if "src=" not in found["attributes"])
    return list(dict.fromkeys(b64encode(sha256(body.encode()).digest()).decode() for body in bodies))
