"""The calendar of duties: of the own sites alone, each told apart, as of any state, and as a file for an agenda."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from tests.services.deliveries import NOW
from tests.services.stack_week import minutes
from tests.web.company.conftest import to_write
from tests.web.working import Place

from goedebuur.core.base.periods import Period
from goedebuur.services import delivery, stack_averages

ON = "?on=2026-03-20"
MARCH = Period(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))


def rows(page: str, caption: str = "Te doen") -> list[list[str]]:
    """Return the cells of a table as text."""
    table = re.search(rf"<caption[^>]*>{caption}</caption>(.*?)</table>", page, re.DOTALL)
    body = table[1].partition("<tbody")[2] if table else ""
    lines = re.findall(r"<tr.*?</tr>", body, re.DOTALL)
    return [
        [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<t[hd].*?</t[hd]>", line, re.DOTALL)]
        for line in lines
    ]


def page(place: Place, who: str, address: str = f"/werk/plichten/{ON}") -> str:
    answer = place.visitor(who).get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_duties_of_the_own_site_stand_by_their_day_and_are_told_apart(place: Place) -> None:
    found = rows(page(place, "company"))
    told = {(one[0], one[3]): (one[1], one[2]) for one in found}
    co, nox = (
        "Werk Een: koolmonoxide, Schoorsteen 1 (K1-co)",
        "Werk Een: stikstofoxiden (als NO2), Schoorsteen 1 (K1-nox)",
    )
    # in use since 2024 and never tested, as far as the record knows: late by both readings of a year
    assert told["AST doen", co] == ("1 januari 2025 volgens de ruimste lezing 31 december 2025", "te laat")
    # calibrated on 20 May 2025: a year after that is nine weeks away, and the calendar year ends later
    assert told["AST doen", nox] == ("20 mei 2026 volgens de ruimste lezing 31 december 2026", "later")
    assert told["QAL2 doen", nox] == ("20 mei 2030", "later")
    reports = [(one[1], one[2]) for one in found if one[0] == "Jaarverslag inleveren"]
    assert reports == [("31 maart 2026", "binnenkort"), ("31 maart 2027", "later")]
    days = [one[1].partition(" volgens")[0] for one in found]
    assert [days.index(day) for day in ("1 januari 2025", "31 maart 2026", "20 mei 2026", "20 mei 2030")] == sorted(
        days.index(day) for day in ("1 januari 2025", "31 maart 2026", "20 mei 2026", "20 mei 2030")
    )


def test_duty_is_near_eight_weeks_before_its_day_and_asks_after_it(place: Place) -> None:
    def standing(day: str) -> str:
        found = rows(page(place, "company", f"/werk/plichten/?on={day}"))
        return next(one[2] for one in found if one[0] == "AST doen" and "K1-nox" in one[3])

    assert standing("2026-03-24") == "later"  # 57 days before 20 May
    assert standing("2026-03-25") == "binnenkort"
    assert standing("2026-05-20") == "binnenkort"
    assert (
        standing("2026-05-21") == "vraagt een antwoord Loopt het jaar vanaf de vorige meting of geldt het kalenderjaar?"
    )
    assert standing("2027-01-01") == "te laat"


def test_nobody_else_sees_the_duties_of_a_company(place: Place) -> None:
    for who in ("other_company", "other_authority", "administrator"):
        assert "AST doen" not in page(place, who)
        assert place.visitor(who).get("/werk/plichten/?site=werk").status_code == 404
        assert b"AST" not in place.visitor(who).get("/werk/plichten/agenda.ics").content
    for address in ("/werk/plichten/", "/werk/plichten/agenda.ics"):
        answer = place.visitor().get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/werk/inloggen/")


def test_authority_of_the_site_chooses_it(place: Place) -> None:
    assert rows(page(place, "writer")) == []
    assert rows(page(place, "writer", f"/werk/plichten/{ON}&site=werk")) == rows(page(place, "company"))


def test_failure_in_the_raw_values_stands_there_once_its_averages_are_ready(place: Place) -> None:
    record = to_write()
    before = record.size
    # the half hours before, in and after the failure of 6 March, 4 o'clock
    delivery.deliver(record, minutes(198, 203), "minuten.csv", now=NOW)
    record.close()
    told = page(place, "company")
    assert "Storing melden" not in told
    assert "Werk Een, K1: 2026-03" in told
    record = to_write()
    list(stack_averages.refresh(record, MARCH))
    record.close()
    told = page(place, "company")
    (notice,) = [one for one in rows(told) if one[0] == "Storing melden"]
    assert notice[1:4] == [
        "8 maart 2026",
        "vraagt een antwoord Is dit gedaan? Het register bewaart deze verslagen en meldingen niet.",
        "Werk Een: Schoorsteen 1",
    ]
    assert "niet nagekeken" not in told
    earlier = page(place, "company", f"/werk/plichten/{ON}&as_of={before}")
    assert "Storing melden" not in earlier
    assert f"zoals het was na {before} " in earlier
    record = to_write()
    between = record.size
    delivery.deliver(record, minutes(204, 204), "later.csv", now=NOW)
    list(stack_averages.refresh(record, MARCH))
    record.close()
    # with the raw values of the failure in it, but without averages that are of that state
    earlier = page(place, "company", f"/werk/plichten/{ON}&as_of={between}")
    assert "Storing melden" not in earlier
    assert "alleen klaar van de stand van nu" in earlier


def test_what_is_not_done_is_a_file_for_an_agenda(place: Place) -> None:
    answer = place.visitor("company").get(f"/werk/plichten/agenda.ics{ON}")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    assert 'href="/werk/plichten/agenda.ics?on=2026-03-20"' in page(place, "company")
    text = answer.content.decode().replace("\r\n ", "")
    assert text.count("BEGIN:VEVENT") == len(rows(page(place, "company")))
    assert "SUMMARY:AST doen: koolmonoxide\\, Schoorsteen 1 (K1-co)\r\n" in text
    assert "DTSTART;VALUE=DATE:20300520\r\n" in text


@pytest.mark.parametrize("address", ["?on=gisteren", "?as_of=100000", "?site=nergens"])
def test_wrong_question_is_told(place: Place, address: str) -> None:
    assert place.visitor("company").get(f"/werk/plichten/{address}").status_code in (400, 404)
