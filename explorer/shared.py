"""What all pages of the site share: the dataset, the addresses, and what is worked out once for all of them."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from prunelit.analysis.dataset import Dataset
from prunelit.analysis.frames.labels import paper_labels
from prunelit.explorer.addresses import Addresses, addresses_of
from prunelit.explorer.digests import input_digest, record_digests, row_digests


class SiteData:
    """A dataset as pages see it.

    Attributes:
        dataset: The records and their tables.
        repository: Web address of the repository that holds the records; None where nobody said it.
    """

    def __init__(self, dataset: Dataset, repository: str | None = None) -> None:
        self.dataset = dataset
        self.repository = repository

    @cached_property
    def addresses(self) -> Addresses:
        """Where the page of each entity is."""
        return addresses_of(self.dataset)

    @cached_property
    def labels(self) -> dict[str, str]:
        """A short label for each paper, such as 'Han 2015'."""
        return paper_labels(self.dataset.corpus)

    @cached_property
    def evidence(self) -> pd.DataFrame:
        """All operating points, with everything that stands beside them."""
        return self.dataset.evidence()

    @cached_property
    def record_digests(self) -> dict[str, str]:
        """A digest of each record, by the id of the paper."""
        return record_digests(self.dataset.corpus)

    @cached_property
    def evidence_digests(self) -> pd.Series[int]:
        """A digest of each row of the evidence: a page that shows some of the rows is made of these."""
        return row_digests(self.evidence)

    @cached_property
    def names_digest(self) -> str:
        """A digest of all addresses: what a page is made of that links to others."""
        known = {kind: self.addresses.names(kind) for kind in ("paper", "method", "architecture", "dataset", "venue")}
        return input_digest(known, self.addresses.configurations, self.labels)
