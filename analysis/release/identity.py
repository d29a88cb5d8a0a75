"""Identity of a release: the versions of its data, schema and code, the commit that it was made from, and when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime

DATA_LICENCE = "CC-BY-4.0"
"""Licence of the data, as SPDX calls it."""
TITLE = "prunelit: the neural-network-pruning literature as data"


@dataclass(frozen=True, slots=True)
class ReleaseIdentity:
    """What a release is: its data by date, the schema of its records by number, its code as a package."""

    data_version: str
    schema_version: str
    code_version: str
    commit: str
    date: str
    """Day of the commit in UTC, as ISO 8601 writes it."""

    @property
    def name(self) -> str:
        """What the folder and the archive of the release are called."""
        return f"prunelit-{self.data_version}"

    @property
    def citation(self) -> str:
        """How the release is cited in a text."""
        return f"The prunelit contributors ({self.date[:4]}). {TITLE}, version {self.data_version} [data set]."

    @property
    def versions(self) -> str:
        """All three versions in one line."""
        return f"data {self.data_version}, record schema {self.schema_version}, code {self.code_version}"

    def texts(self) -> dict[str, str]:
        """What every file says of the release that can say anything."""
        return {**asdict(self), "citation": self.citation, "licence": DATA_LICENCE}


def day_of(seconds: int) -> str:
    """The day of a time in seconds since 1970, in UTC.

    Example:
        >>> day_of(1_796_000_000)
        '2026-11-30'
    """
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


def next_version(day: str, earlier: list[str]) -> str:
    """The version of a release made on a day: year, month, and how many the month had before.

    Args:
        day: As of :func:`day_of`.
        earlier: Versions of the releases before.

    Example:
        >>> next_version("2026-11-27", ["2026.10.3", "2026.11.0"])
        '2026.11.1'
    """
    month = f"{int(day[:4])}.{int(day[5:7])}."
    numbers = [int(one.removeprefix(month)) for one in earlier if one.startswith(month)]
    return f"{month}{max(numbers, default=-1) + 1}"
