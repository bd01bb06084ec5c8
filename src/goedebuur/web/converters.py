"""Parts of an address with a form of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.urls import register_converter

from goedebuur.core.sites.records import SITE_ID
from goedebuur.store.studies import NAME
from goedebuur.web import asking


class MomentConverter:
    """A moment in UTC as `2019-12-31T23:00:00Z`."""

    regex: str = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"

    def to_python(self, value: str) -> datetime:
        """Return the moment; a date that does not exist, or is too far away, is no address."""
        found = datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        if not asking.tellable(found):
            raise ValueError(value)
        return found

    def to_url(self, value: Any) -> str:
        """Return the moment as it stands in an address."""
        if isinstance(value, datetime):
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return str(value)


class NameConverter:
    """An identifier of a station, series, quantity or limit."""

    regex: str = r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}"

    def to_python(self, value: str) -> str:
        """Return the identifier as it is."""
        return value

    def to_url(self, value: Any) -> str:
        """Return the identifier as it is."""
        return str(value)


class SiteConverter(NameConverter):
    """An identifier of a site, which may be that of a register with a slash: `NL.RIVM/000012345.FACILITY`."""

    regex: str = SITE_ID


class DigestConverter(NameConverter):
    """A SHA-256 as 64 hexadecimal digits."""

    regex: str = r"[0-9a-f]{64}"


class StudyConverter(NameConverter):
    """A name of a dispersion study."""

    regex: str = NAME


class YearConverter:
    """A year of four digits."""

    regex: str = r"(?:19|20)\d{2}"

    def to_python(self, value: str) -> int:
        """Return the year as a number."""
        return int(value)

    def to_url(self, value: Any) -> str:
        """Return the year in four digits."""
        return f"{value:04d}"


def register() -> None:
    """Make the converters known to Django, once per process."""
    register_converter(MomentConverter, "moment")
    register_converter(NameConverter, "name")
    register_converter(SiteConverter, "site")
    register_converter(DigestConverter, "digest")
    register_converter(StudyConverter, "study")
    register_converter(YearConverter, "year")
