"""Answers of public interfaces."""

from __future__ import annotations

from http.client import HTTPException
from importlib.metadata import version
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from prunelit.cli.entry.bibliography import SourceError

TIMEOUT = 20
MAX_BYTES = 2_000_000


class NotFoundError(SourceError):
    """Raised when an interface does not know what it was asked for."""


def answer(url: str) -> bytes:
    """The body of the answer at an address.

    Raises:
        NotFoundError: if the interface answers that there is no such thing.
        SourceError: if it cannot be reached, refuses, or answers at great length.
    """
    host = urlsplit(url).netloc
    if not url.startswith(("https://", "http://")):
        raise SourceError(f"'{url}' is no address of an interface; it starts with https:// or http://")
    request = Request(url, headers={"User-Agent": f"prunelit/{version('prunelit')}"})
    try:
        with urlopen(request, timeout=TIMEOUT) as response:
            body: bytes = response.read(MAX_BYTES + 1)
    except HTTPError as error:
        error.close()
        if error.code in (400, 404):
            raise NotFoundError(f"{host} does not know it (status {error.code})") from None
        later = "; try again later" if error.code == 429 or error.code >= 500 else ""
        raise SourceError(f"{host} answers with status {error.code} {error.reason}{later}") from None
    except (OSError, HTTPException, ValueError) as error:
        reason = error.reason if isinstance(error, URLError) else error
        raise SourceError(
            f"cannot reach {host}: {reason}\nWithout a network, save the paper's BibTeX entry and use --bibtex FILE."
        ) from None
    if len(body) > MAX_BYTES:
        raise SourceError(f"{host} answers with more than {MAX_BYTES:,} bytes; that is no bibliography of one paper")
    return body
