"""The public API of Luchtmeetnet: provisional hourly values of all Dutch networks, and their stations.

`GET /measurements?start=&end=&station_number=&formula=&page=` answers at most seven days, in pages:
`{"pagination": {"current_page", "last_page", …}, "data": [{"station_number", "formula", "value",
"timestamp_measured"}]}`. `GET /stations?page=` lists number and name; `GET /stations/{number}` gives coordinates,
operator and kind, but not its own number. At most 100 requests in five minutes, which
:class:`goedebuur.adapters.http.Http` keeps to.

`timestamp_measured` is the *end* of the measured hour, in UTC: the value of 18:00 covers 17:00 to 18:00. The
documentation does not say so; `docs/methods/sources.md` says what this rests on. Values are provisional: what RIVM
publishes later as validated corrects them, because a series has one name whoever supplies it. `FN` is black carbon
measured as soot.

References
----------
https://api-docs.luchtmeetnet.nl/
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import polars as pl

from goedebuur.adapters import cells, payloads
from goedebuur.adapters.base import Client, Fetched, FetchRequest
from goedebuur.core.base import errors, rulebook
from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.base.flags import Flag
from goedebuur.core.base.periods import Period
from goedebuur.core.measurements.records import (
    KEY,
    OBSERVATIONS,
    CatalogueRecord,
    Parsed,
    Series,
    Station,
    series_id,
)

OTHER_PAGE: Final = declare("fetch-other-page", "A supplier answered with another page than was asked for.")

ROOT: Final = "https://api.luchtmeetnet.nl/open_api"
"""Address of the API; the setting `url` of a request takes its place."""
WINDOW: Final = timedelta(days=7)
STEP: Final = 3600
FORMULAS: Final = {
    "PM10": "pm10",
    "PM25": "pm25",
    "NO2": "no2",
    "NO": "no",
    "NOX": "nox",
    "O3": "o3",
    "SO2": "so2",
    "H2S": "h2s",
    "NH3": "nh3",
    "CO": "co",
    "FN": "bc",
    "C6H6": "c6h6",
    "C7H8": "c7h8",
    "C8H10": "c8h10",
    "PS": "ps",
}
"""Formula of the API → quantity. Units are those of the site: µg/m³, and 1/cm³ for PS."""
KINDS: Final = {
    "traffic": "verkeer",
    "industrial": "industrie",
    "background": "achtergrond",
    "regional": "achtergrond",
}
SINCE: Final = datetime(1976, 1, 1, tzinfo=UTC)
"""From when on a station's description is taken to hold where it gives no first year."""
_BOOK: Final = rulebook.area(
    "luchtmeetnet",
    "Luchtmeetnet: de openbare API",
    "Luchtmeetnet: the public API",
    rulebook.described("api-docs.luchtmeetnet.nl"),
    "tests/rulebook/test_other_formats.py::test_refused",
)
IS_JSON: Final = _BOOK.refuse(
    "json",
    errors.NOT_THIS_FORMAT,
    "Het antwoord is JSON.",
    "The answer is JSON.",
    basis=rulebook.standard("RFC 8259"),
)
WHOLE: Final = _BOOK.refuse(
    "whole",
    errors.TRUNCATED_INPUT,
    "Het antwoord is heel.",
    "The answer is whole.",
    basis=rulebook.standard("RFC 8259"),
)
SOUND: Final = _BOOK.refuse(
    "sound",
    errors.NOT_THIS_FORMAT,
    "Het antwoord is niet dieper genest dan te lezen is, en heeft hele tekens.",
    "The answer is nested no deeper than can be read, and has whole characters.",
    basis=rulebook.standard("RFC 8259, 8.2 and 9"),
)
FIELD: Final = _BOOK.refuse(
    "field",
    errors.MISSING_COLUMN,
    "De velden van het antwoord zijn er, met wat erin hoort.",
    "The fields of the answer are there, with what belongs in them.",
)
NUMBER: Final = _BOOK.refuse("number", errors.BAD_NUMBER, "Een waarde is een getal.", "A value is a number.")
END_OF_HOUR: Final = _BOOK.refuse(
    "end-of-hour",
    errors.BAD_TIME,
    "Een tijd is het einde van een uur, met het verschil met UTC.",
    "A time is the end of an hour, with its offset from UTC.",
)
_PAGE: Final = re.compile(r"^(luchtmeetnet_measurements_.+)_p(\d+)of(\d+)\.json$")
_STATION: Final = re.compile(r"(NL\d{5})")


@dataclass(frozen=True, slots=True)
class _Question:
    """One window of one station and formula ("" for all of them)."""

    start: datetime
    end: datetime
    station: str
    formula: str

    @property
    def name(self) -> str:
        what = f"{self.station or 'all'}_{self.formula or 'all'}"
        return f"luchtmeetnet_measurements_{self.start:%Y%m%dT%H}_{self.end:%Y%m%dT%H}_{what}"

    def params(self, page: int) -> dict[str, str]:
        first = self.start + timedelta(seconds=STEP)  # labels are ends of hours, and both bounds are included
        asked = {"start": f"{first:%Y-%m-%dT%H:%M:%SZ}", "end": f"{self.end:%Y-%m-%dT%H:%M:%SZ}", "page": str(page)}
        asked |= {"order_by": "timestamp_measured", "order_direction": "asc"}
        return asked | {
            key: value for key, value in (("station_number", self.station), ("formula", self.formula)) if value
        }


class Luchtmeetnet:
    """Adapter of the public API."""

    id: Final = "luchtmeetnet"
    version: Final = 1
    submitter: Final = "luchtmeetnet"
    title: Final = "Luchtmeetnet API (provisional hourly values)"
    downloads: Final = True

    def recognises(self, name: str, head: bytes) -> bool:
        """Return whether it is an answer with measurements, or the description of one station."""
        measurements = b'"timestamp_measured"' in head and b'"station_number"' in head
        nothing = b'"pagination"' in head and name.startswith("luchtmeetnet_measurements_")
        station = b'"organisation"' in head and b'"geometry"' in head and b'"components"' in head
        return head.lstrip()[:1] == b"{" and (measurements or nothing or station)

    def fetch(self, client: Client, request: FetchRequest) -> Iterator[Fetched]:
        """Yield the pages with measurements of the request's period; without a period, each station's description.

        Asked again with the name of the last page that was kept in `resume_after`, it goes on with the next one.

        Parameters
        ----------
        request
            `stations` and `quantities` narrow the questions; without them one question covers all. A period is taken
            in whole hours. `settings["url"]`: another address than :data:`ROOT`.
        """
        root = request.settings.get("url", ROOT).rstrip("/")
        if request.period is None:
            yield from _fetch_stations(client, root, request)
            return
        questions = _questions(request, request.period)
        page, number = 1, 0
        place = _PAGE.match(request.resume_after)
        names = [question.name for question in questions]
        if place and place[1] in names:
            done = int(place[2]) >= int(place[3])
            number = names.index(place[1]) + (1 if done else 0)
            page = 1 if done else int(place[2]) + 1
        for question in questions[number:]:
            last = page
            while page <= last:
                answer = client.get(f"{root}/measurements", question.params(page), name=question.name)
                last = _last_page(answer, page)
                yield Fetched(f"{question.name}_p{page:03d}of{last:03d}.json", answer.data, answer.url, answer.at)
                page += 1
            page = 1

    def parse(self, data: bytes, name: str) -> Parsed:
        """Return the values of one page, or the station of one description."""
        answer = _json(data, name)
        content = answer.get("data")
        if isinstance(content, dict):
            return _parse_station(content, name)
        if not isinstance(content, list) or not all(isinstance(row, dict) for row in content):
            raise _missing("data", name, "")
        return _parse_measurements(content, name)


def _questions(request: FetchRequest, period: Period) -> list[_Question]:
    by_quantity = {quantity: formula for formula, quantity in FORMULAS.items()}
    formulas = []
    for quantity in request.quantities:
        if quantity not in by_quantity:
            raise GoedeBuurError(
                errors.UNKNOWN_QUANTITY,
                "Luchtmeetnet has no such quantity.",
                value=quantity,
                hint=f"Known are: {', '.join(by_quantity)}.",
            )
        formulas.append(by_quantity[quantity])
    questions = []
    start = period.start.replace(minute=0, second=0, microsecond=0)
    while start < period.end:
        end = min(start + WINDOW, period.end.replace(minute=0, second=0, microsecond=0))
        if end <= start:
            break
        for station in request.stations or ("",):
            questions += [_Question(start, end, station, formula) for formula in formulas or [""]]
        start = end
    return questions


def _last_page(answer: Fetched, page: int) -> int:
    """Return the number of pages, after checking that this is the page asked for."""
    pagination = _json(answer.data, answer.url).get("pagination")
    if not isinstance(pagination, dict):
        raise _missing("pagination", answer.url, "")
    try:
        current, last = int(pagination["current_page"]), int(pagination["last_page"])
    except (KeyError, TypeError, ValueError):
        raise _missing("pagination.current_page or .last_page", answer.url, str(pagination)) from None
    if current != page and not (last == 0 and page == 1):
        raise GoedeBuurError(
            OTHER_PAGE,
            f"Page {page} was asked for, and page {current} came.",
            place=answer.url,
            hint="Give the same command later; if it persists, the supplier has changed its interface.",
        )
    return max(last, page)


def _fetch_stations(client: Client, root: str, request: FetchRequest) -> Iterator[Fetched]:
    numbers = list(request.stations)
    page, last = 1, 0 if numbers else 1
    while page <= last:
        answer = client.get(f"{root}/stations", {"page": str(page)}, name="luchtmeetnet_stations")
        last = _last_page(answer, page)
        listed = _json(answer.data, answer.url).get("data")
        if not isinstance(listed, list):
            raise _missing("data", answer.url, "")
        numbers += [str(row["number"]) for row in listed if isinstance(row, dict) and "number" in row]
        page += 1
    numbers = sorted(set(numbers))
    done = _STATION.search(request.resume_after)
    for number in numbers:
        if not _STATION.fullmatch(number) or (done and number <= done[1]):
            continue
        yield client.get(f"{root}/stations/{number}", name=f"luchtmeetnet_station_{number}.json")


def _parse_measurements(rows: list[dict[str, Any]], name: str) -> Parsed:
    skipped: dict[str, int] = {}
    kept: dict[str, list[Any]] = {"series": [], "start": [], "cell": [], "unit": [], "row": []}
    for number, row in enumerate(rows):
        try:
            told = _value(row, f"{name}, data[{number}]")
        except GoedeBuurError as error:
            rulebook.refuse(error)
            told = "refused"
        if isinstance(told, str):
            skipped[told] = skipped.get(told, 0) + 1
            continue
        for key, cell in zip(kept, (*told, number), strict=True):
            kept[key].append(cell)
    types = {"cell": pl.String(), "row": pl.Int64(), **{key: OBSERVATIONS[key] for key in ("series", "start", "unit")}}
    frame = pl.DataFrame(kept, schema=types).select("series", "start", "cell", "unit", "row")

    read = frame.height
    frame = cells.with_digits(frame, _place_of(frame, name))
    frame = cells.require_plain_magnitude(frame, _place_of(frame, name))
    frame = cells.observations(
        frame.with_columns(
            pl.lit(STEP).alias("step"),
            pl.lit(int(Flag.PROVISIONAL)).alias("flags"),
            pl.lit(None, pl.String).alias("remark"),
        )
    )
    once = frame.unique(maintain_order=True)
    if once.height < frame.height:
        skipped["the same twice"] = frame.height - once.height
    once = cells.require_unique(once, name)
    refused = read - once.height - skipped.get("the same twice", 0)
    if refused:
        skipped["refused"] = skipped.get("refused", 0) + refused
    return Parsed(once.sort(KEY), _series(once), None, len(rows), skipped)


def _value(row: Mapping[str, Any], place: str) -> tuple[str, datetime, str, str] | str:
    """Return series, start, value and unit of one row, or the reason why it is left out."""
    try:
        station, formula = str(row["station_number"]), str(row["formula"])
        value, moment = row["value"], str(row["timestamp_measured"])
    except KeyError as error:
        raise _missing(str(error), place, json.dumps(row, default=str)) from None
    quantity = FORMULAS.get(formula)
    if value is None:
        return "empty"
    if quantity is None:
        return f"not kept: {formula}"
    if not _STATION.fullmatch(station):
        raise _missing("station_number", f"{place}.station_number", station)
    start = _end_of_hour(moment, f"{place}.timestamp_measured") - timedelta(seconds=STEP)
    unit = "1/cm³" if quantity == "ps" else "µg/m³"
    return series_id(station, quantity, STEP), start, _plain(value, f"{place}.value"), unit


def _place_of(frame: pl.DataFrame, name: str) -> cells.Place:
    return lambda row: f"{name}, data[{frame['row'][row]}].value"


def _series(frame: pl.DataFrame) -> tuple[CatalogueRecord, ...]:
    found = frame.group_by("series", "unit").agg(pl.col("start").min()).sort("series")
    records = []
    for series, unit, first in found.iter_rows():
        station, quantity, _step = series.split(".")
        record = Series(
            id=series,
            station=station,
            sampling_point=f"{station}.{quantity}",
            quantity=quantity,
            unit=unit,
            step=STEP,
            max_decimals=cells.MAX_DECIMALS,
            clock="UTC",
        )
        records.append(CatalogueRecord.of(record, first))
    return tuple(records)


def _parse_station(content: Mapping[str, Any], name: str) -> Parsed:
    number = _STATION.search(name)
    if number is None:
        raise _missing("the station's number, which stands only in the address,", name, "")
    try:
        longitude, latitude = content["geometry"]["coordinates"]
        station = Station(
            id=number[1],
            name=str(content["location"]),
            latitude=_plain(latitude, name),
            longitude=_plain(longitude, name),
            operator=str(content.get("organisation") or ""),
            area="regionaal" if str(content.get("type", "")).lower() == "regional" else "",
            kind=KINDS.get(str(content.get("type", "")).lower(), ""),
            municipality=str(content.get("municipality") or ""),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise _missing(f"location or geometry.coordinates ({error})", name, "") from None
    year = str(content.get("year_start") or "")
    since = datetime(int(year), 1, 1, tzinfo=UTC) if re.fullmatch(r"[12]\d{3}", year) else SINCE
    return Parsed(pl.DataFrame(schema=OBSERVATIONS), (CatalogueRecord.of(station, since),), None, 0)


def _json(data: bytes, name: str) -> dict[str, Any]:
    """Return the answer with every number as text, so that no value passes through a float."""
    text = payloads.text(payloads.decompress(data, name), name, "utf-8")
    try:
        answer = json.loads(text, parse_float=str, parse_int=str)
        if "\\ud" in text.lower():
            json.dumps(answer, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        ended = error.pos >= len(text.rstrip()) - 1
        raise (WHOLE if ended else IS_JSON).error(
            "The answer ends in the middle." if ended else "The answer is not JSON.",
            place=f"{name}, character {error.pos}",
            value=text[max(error.pos - 30, 0) : error.pos + 30],
            hint="Ask for it again: the transfer was cut short or the supplier has a fault.",
        ) from None
    except (RecursionError, UnicodeEncodeError) as error:
        deep = isinstance(error, RecursionError)
        raise SOUND.error(
            "The answer is nested too deep." if deep else "The answer holds half a character.",
            place=name,
            value=text[:60],
            hint="Ask for it again: the supplier has a fault.",
        ) from None
    if not isinstance(answer, dict):
        raise _missing("data", name, text[:60])
    return answer


def _plain(value: Any, place: str) -> str:
    """Return a JSON number as plain decimals: `1.2e1` is 12."""
    try:
        number = Decimal(str(value))
        if number.is_finite() and abs(number.as_tuple().exponent) < 20:  # type: ignore[arg-type]
            return format(number, "f")
    except ArithmeticError:
        pass
    raise NUMBER.error("A value is not a number.", place=place, value=str(value), hint="Tell the supplier.")


def _end_of_hour(text: str, place: str) -> datetime:
    moment = None
    with suppress(ValueError, OverflowError):
        given = datetime.fromisoformat(text)
        moment = given.astimezone(UTC) if given.tzinfo is not None else None
    if (
        moment is None
        or not cells.YEARS[0] <= moment.year <= cells.YEARS[1]
        or moment != moment.replace(minute=0, second=0, microsecond=0)
    ):
        raise END_OF_HOUR.error(
            "A time is not the end of an hour with its offset.",
            place=place,
            value=text,
            hint="Expected is for example 2026-01-31T12:00:00+00:00.",
        )
    return moment


def _missing(what: str, place: str, value: str) -> GoedeBuurError:
    return FIELD.error(
        f"The answer has no {what} where it should be.",
        place=place,
        value=value,
        hint="The supplier has changed its interface: compare with https://api-docs.luchtmeetnet.nl/.",
    )
