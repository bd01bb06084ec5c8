"""RD New and WGS84: known points, within what the method promises."""

from __future__ import annotations

from math import nan

import pytest

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.sites.records import Place
from goedebuur.services.coordinates import complete, to_rd, to_wgs84

POINTS = [
    # Onze Lieve Vrouwetoren in Amersfoort, origin of RD (x 155000, y 463000); ETRS89: Kadaster, RDNAPTRANS
    (52.155172897, 5.387203657, 155000, 463000),
    # Westertoren in Amsterdam: 120700.723, 487525.501 (worked example of Strang van Hees)
    (52.374533, 4.883527, 120700.723, 487525.501),
]


@pytest.mark.parametrize(("latitude", "longitude", "x", "y"), POINTS)
def test_a_known_point_is_where_it_is(latitude: float, longitude: float, x: float, y: float) -> None:
    found = to_rd(latitude, longitude)
    assert float(found[0]) == pytest.approx(x, abs=1.5)
    assert float(found[1]) == pytest.approx(y, abs=1.5)


@pytest.mark.parametrize(("latitude", "longitude", "x", "y"), POINTS)
def test_the_way_back_leads_to_the_same_point(latitude: float, longitude: float, x: float, y: float) -> None:
    back = to_wgs84(x, y)
    assert float(back[0]) == pytest.approx(latitude, abs=1.5e-5)
    assert float(back[1]) == pytest.approx(longitude, abs=1.5e-5)


@pytest.mark.parametrize(("latitude", "longitude"), [(55.5, 3.0), (0, 0), (4.9, 52.4), (nan, 5)])
def test_where_rd_does_not_hold_there_is_no_rd(latitude: float, longitude: float) -> None:
    assert to_rd(latitude, longitude) == ("", "")


def test_the_form_that_is_not_given_is_worked_out() -> None:
    there = complete(Place(x="155000", y="463000"))
    assert (float(there.latitude), float(there.longitude)) == pytest.approx((52.155172897, 5.387203657), abs=1e-5)
    back = complete(Place("52.155173", "5.387204"))
    assert (back.x, back.y) == ("155000", "463000")
    assert complete(back) == back


def test_two_forms_of_two_places_are_refused_with_their_distance() -> None:
    with pytest.raises(GoedeBuurError, match="lie 100 m apart") as caught:
        complete(Place("52.155173", "5.387204", "155100", "463000"))
    assert caught.value.code == "site-place-disagrees"
    complete(Place("52.155173", "5.387204", "155009", "463000"))


def test_a_place_far_out_at_sea_has_no_rd() -> None:
    assert complete(Place("55.5", "3.0")).x == ""
