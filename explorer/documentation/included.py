"""Documents of the repository as pages: links between them lead to the pages, links to other files to the files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Whoever builds the documentation in another process asks for nothing but the names of pages.
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

PAGES = {
    "analysis/DATA_DICTIONARY.md": "documents/data-dictionary.md",
    "analysis/METRICS.md": "documents/metrics.md",
    "analysis/GLOSSARY.md": "documents/glossary.md",
    "analysis/QUESTIONS.md": "documents/questions.md",
    "analysis/PREDICTION.md": "documents/prediction.md",
    "corpus/README.md": "documents/protocol.md",
    "evaluation/README.md": "documents/evaluation.md",
    "CONTRIBUTING.md": "documents/contributing.md",
    "CHANGELOG.md": "documents/changes.md",
    "README.md": "index.md",
}
"""The page of each document, from the top folder of the repository and of the documentation."""
OF_CODE, OF_DATA = ("tutorial", "how-to/", "reference/", "architecture"), ("tutorial",)
"""How the names of pages begin that are made from the code, and of those that are made from the corpus, too."""
_LINK = re.compile(r"\[([^\[\]]*)\]\((?![a-z]+:|#)([^)\s#]+)((?:#[^)\s]*)?)\)")


def with_links_to_pages(app: Sphinx, path: Path, _page: str, content: list[str]) -> None:
    """Rewrite the links of an included document, which lead to other documents, other files, or the repository."""
    document = Path(app.srcdir, path).resolve()
    rewritten = partial(
        _rewritten, document=document, root=Path(app.srcdir).parents[1], repository=app.config.prunelit_repository
    )
    content[0] = _LINK.sub(rewritten, content[0])


def outdated_pages(
    app: Sphinx, env: BuildEnvironment, _added: Iterable[str], _changed: Iterable[str], _removed: Iterable[str]
) -> list[str]:
    """The pages made from code or corpus, where that is no longer what they were made from."""
    now = (app.config.prunelit_code, app.config.prunelit_corpus)
    before, env.prunelit_digests = getattr(env, "prunelit_digests", ("", "")), now  # type: ignore[attr-defined]
    changed = (group for old, new, group in zip(before, now, (OF_CODE, OF_DATA), strict=True) if old != new)
    beginnings = tuple(chain.from_iterable(changed))
    return [page for page in env.found_docs if page.startswith(beginnings)]


def _rewritten(link: re.Match[str], document: Path, root: Path, repository: str) -> str:
    """A link as the page has to give it; one that leads nowhere stays as it is, and ends the build.

    Where nobody has said where the repository is, what would lead there is text.
    """
    text, target, anchor = link.groups()
    place = Path(os.path.normpath(document.parent / target))
    inside = place.is_relative_to(root)
    name = place.relative_to(root).as_posix() if inside else target.lstrip("./")
    if name in PAGES:
        return f"[{text}](/{PAGES[name]}{anchor})"
    if inside and not place.exists():
        return link[0]
    return f"[{text}]({repository}/{'blob/HEAD/' if inside else ''}{name}{anchor})" if repository else text
