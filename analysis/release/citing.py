"""Citation files of a release: CITATION.cff for people and GitHub, .zenodo.json for the archive."""

from __future__ import annotations

import json
from typing import Any

import yaml

from prunelit.analysis.release.identity import DATA_LICENCE, TITLE, ReleaseIdentity

_ARXIV = "arXiv:"


def citation_cff(of_code: str, identity: ReleaseIdentity) -> str:
    """The citation of the data: that of the code, with what is true of the release.

    Args:
        of_code: ``CITATION.cff`` of the repository.
        identity: The release.
    """
    of_release = {
        "type": "dataset",
        "title": TITLE,
        "version": identity.data_version,
        "date-released": identity.date,
        "commit": identity.commit,
        "license": DATA_LICENCE,
        "message": f"If you use these data, please cite them, and the survey. Versions: {identity.versions}.",
    }
    return yaml.safe_dump(yaml.safe_load(of_code) | of_release, sort_keys=False, allow_unicode=True, width=10_000)


def zenodo_json(of_code: str, identity: ReleaseIdentity) -> str:
    """What Zenodo is told of the release; arguments as of :func:`citation_cff`."""
    code = yaml.safe_load(of_code)
    told = {
        "upload_type": "dataset",
        "title": TITLE,
        "description": f"<p>{code['abstract']}</p><p>Versions: {identity.versions}; commit {identity.commit}.</p>",
        "version": identity.data_version,
        "publication_date": identity.date,
        "access_right": "open",
        "license": DATA_LICENCE.lower(),
        "creators": [{"name": author["name"]} for author in code["authors"]],
        "keywords": code["keywords"],
        "related_identifiers": [
            {"identifier": identifier, "relation": "isDerivedFrom"} for identifier in _identifiers(code)
        ],
    }
    return f"{json.dumps(told, ensure_ascii=False, indent=2)}\n"


def _identifiers(code: dict[str, Any]) -> list[str]:
    """The arXiv identifiers and repositories of what the code refers to."""
    found = [one["value"] for work in code["references"] for one in work.get("identifiers", ())]
    return [*(one for one in found if one.startswith(_ARXIV)), *_repositories(code)]


def _repositories(code: dict[str, Any]) -> list[str]:
    return [work["repository-code"] for work in code["references"] if "repository-code" in work]
