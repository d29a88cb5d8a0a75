"""Identity of a release: the versions of its data, schema and code, the commit that it was made from, and when."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from prunelit.schema.problems import PrunelitError, quoted

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


class VersionError(PrunelitError, ValueError):
    """Raised where a text is no version of a release; the message says what one is."""


_VERSION = re.compile(r"([0-9]{4})\.([1-9]|1[0-2])\.(0|[1-9][0-9]{0,8})", re.ASCII)


def parts_of(version: str) -> tuple[int, ...]:
    """Year, month and number of a version, by which versions are in order.

    Raises:
        VersionError: if it is none.

    Example:
        >>> parts_of("2026.11.0")
        (2026, 11, 0)
    """
    if not (found := _VERSION.fullmatch(version)):
        raise VersionError(f"{quoted(version)} is no version of a release; expected year.month.number, as in 2026.11.0")
    return tuple(map(int, found.groups()))


def month_of(day: str) -> tuple[int, int]:
    """Year and month of a day, as versions begin; the day as of :func:`day_of`."""
    return int(day[:4]), int(day[5:7])


def next_version(day: str, earlier: list[str]) -> str:
    """The version of a release made on a day: year, month, and how many the month had before.

    Args:
        day: As of :func:`day_of`.
        earlier: Versions of the releases before.

    Raises:
        VersionError: if one of them is none.

    Example:
        >>> next_version("2026-11-27", ["2026.10.3", "2026.11.0"])
        '2026.11.1'
    """
    year, month = month_of(day)
    numbers = [number for *of, number in map(parts_of, earlier) if of == [year, month]]
    return f"{year}.{month}.{max(numbers, default=-1) + 1}"
