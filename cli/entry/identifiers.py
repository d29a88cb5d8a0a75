"""arXiv identifiers, DOIs and web addresses in what people paste."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import unquote

_MAX_LENGTH = 1000
"""Characters that are looked at where an identifier stands alone."""
_NUMBER = r"[0-9]{2}(?:0[1-9]|1[0-2])\.[0-9]{4,5}|([a-z-]+)(?:\.[a-z]{2})?/([0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3})"
_VERSION = r"(?:v[0-9]+)?"
_HOST = (
    r"(?:arxiv\.org|ar5iv\.org|alphaxiv\.org|lanl\.gov|arxiv-vanity\.com|huggingface\.co|hf\.co|scirate\.com)"
    r"(?::[0-9]+)?/(?:[\w-]+/)*(?:arxiv:)?"
)
_OWN_DOI = r"(?:(?:https?:)?(?://)?(?:www\.|dx\.)?doi\.org/|doi:\s*)?10\.48550/arxiv\."
_PASTED_ARXIV = re.compile(
    rf"(?:(?:https?:)?(?://)?(?:[\w-]+\.)*{_HOST}|{_OWN_DOI}|oai:arxiv\.org:|(?:arxiv\s+preprint\s+)?arxiv[:.]?\s*|abs/)?"
    rf"({_NUMBER}){_VERSION}(?:\.pdf)?/?(?:[?#]\S*)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE | re.ASCII,
)
_ARXIV_WITHIN = re.compile(
    rf"(?:\b{_HOST}|{_OWN_DOI}|\barxiv(?:\s*[:./]\s*|\s+)|\bcorr,?\s+(?:abs/)?|(?<![\w/])abs/)({_NUMBER})(?!\.?[0-9])",
    re.IGNORECASE | re.ASCII,
)
_PASTED_DOI = re.compile(r"(?:(?:doi|info:doi/|urn:doi)\s*[:=]?\s*)?(10\.[0-9.]+/\S+)", re.I)
_DOI_ADDRESS = re.compile(r"(?:https?:)?(?://)?[\w.-]+\.[a-z]{2,}(?::[0-9]+)?/(?:\S*?[/:=])?(10\.[0-9.]+/\S+)", re.I)
_RESOLVER = re.compile(r"(?:https?:)?(?://)?(?:(?:www|dx)\.)?doi\.org/", re.I)
_PAGE_OF_A_PUBLISHER = re.compile(r"(?:/(?:full|pdf|epdf|abstract|meta|fulltext|html|epub|summary))+$|\.pdf$", re.I)
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^]+", re.I)
_LATEX_IN_ADDRESS = (
    (re.compile(r"\\(?:url|path|nolinkurl)\s*\{|\\href\s*\{"), " {"),
    (re.compile(r"\{?\\textasciitilde\b\s*(?:\{\})?\}?|\{?\$\\sim\$\}?|\{?\\~(?:\{\s*\}\}?)?|~\{\s*\}"), "~"),
    (re.compile(r"\{?\\textunderscore\b\s*(?:\{\})?\}?|\{\\_\}"), "_"),
    (re.compile(r"\\(?:allowbreak|slash)\b\s*(?:\{\})?|\\-"), ""),
    (re.compile(r"\{?\\([_%&#$^{}])\}?"), r"\1"),
)


def arxiv_id(text: str) -> str | None:
    """The identifier without version in what people paste: an identifier, an address, or arXiv's own DOI.

    Example:
        >>> arxiv_id("https://arxiv.org/html/2401.00001v1#S3")
        '2401.00001'
        >>> arxiv_id("arXiv:cs.LG/0309136v2")
        'cs/0309136'
    """
    pasted = unquote(without_latex(text[:_MAX_LENGTH])).strip().strip("<>(){} .,;")
    found = _PASTED_ARXIV.fullmatch(pasted) or (None if " " in pasted else _ARXIV_WITHIN.search(pasted))
    return _identifier(found) if found else None


def arxiv_within(text: str) -> str | None:
    """The first identifier in text that says that it is one of arXiv."""
    found = _ARXIV_WITHIN.search(without_latex(text))
    return _identifier(found) if found else None


def _identifier(found: re.Match[str]) -> str:
    return f"{found[2].lower()}/{found[3]}" if found[2] else found[1]


def posted_year(arxiv: str) -> int:
    """The year in which a paper was posted, which arXiv's identifiers begin with.

    Source: arXiv, "Understanding the arXiv identifier", https://info.arxiv.org/help/arxiv_identifier.html

    Example:
        >>> posted_year("1506.02626"), posted_year("cs/9901001")
        (2015, 1999)
    """
    year = int(arxiv.rpartition("/")[2][:2])
    return (1900 if year > 90 else 2000) + year


def doi(text: str) -> str | None:
    """The DOI in what people paste: with or without the address of a resolver or of the publisher.

    Example:
        >>> doi("https://www.doi.org/10.1109/CVPR.2016.999")
        '10.1109/CVPR.2016.999'
        >>> doi("https://dl.acm.org/doi/abs/10.1145/3079856.1?download=true")
        '10.1145/3079856.1'
    """
    bare = without_latex(text[:_MAX_LENGTH]).strip().strip("<>{} ,;")
    bare = re.sub(r"^doi\s*:?\s*(?=https?:)", "", bare, flags=re.I)
    bare = bare[1:-1] if bare.startswith("(") and bare.endswith(")") else bare
    if found := _PASTED_DOI.fullmatch(unquote(bare) if re.match(r"\S*10\.[0-9]+%2f", bare, re.I) else bare):
        return _trimmed(found[1])
    found = _DOI_ADDRESS.fullmatch(unquote(bare))
    if not found:
        return None
    named = re.split(r"[?#]", found[1])[0]
    return _trimmed(named if _RESOLVER.match(bare) else _PAGE_OF_A_PUBLISHER.sub("", named))


def _trimmed(found: str) -> str:
    trimmed = found.rstrip(".,;")
    return trimmed[:-1] if trimmed.endswith(")") and trimmed.count("(") < trimmed.count(")") else trimmed


def without_latex(text: str) -> str:
    r"""An address or identifier as it is typed into a browser: ``a\_b`` is ``a_b``."""
    for found, meant in _LATEX_IN_ADDRESS:
        text = found.sub(meant, text)
    return unescape(text) if "&amp;" in text else text


def addresses(text: str) -> list[str]:
    r"""The web addresses in a text, each once.

    Example:
        >>> addresses(r"\url{https://example.org/a\_b}")
        ['https://example.org/a_b']
    """
    found = (address[0].rstrip(".,;:!?") for address in _ADDRESS.finditer(without_latex(text)))
    return list(dict.fromkeys(one[:-1] if one.endswith(")") and "(" not in one else one for one in found))


def is_identifier(address: str) -> bool:
    """Whether an address only resolves an arXiv identifier or a DOI."""
    return bool(_PASTED_ARXIV.fullmatch(address) or _RESOLVER.match(address))
