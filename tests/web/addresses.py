"""The address of each kind of page, with something on it."""

from __future__ import annotations

SERIES = "NL90001.so2.1h"
DATA_PAGES = {
    "map": "/",
    "map of one substance": "/?quantity=so2",
    "stations": "/stations/",
    "station": "/stations/NL90001/",
    "series": "/stations/NL90001/so2/",
    "wind": "/stations/NL90001/so2/wind/",
    "findings": "/bevindingen/",
    "alerts": "/meldingen/",
    "companies": "/locaties/",
    "questions about companies": "/locaties/vragen/",
    "provenance": f"/herkomst/{SERIES}/2018-12-31T23:00:00Z/",
    "compare": "/vergelijk/",
    "two stations": f"/vergelijk/?left={SERIES}&right=NL90002.so2.1h",
    "two years": f"/vergelijk/?left={SERIES}&year=2019&other_year=2018",
    "deliveries": "/leveringen/",
    "delivery": "/leveringen/1/",
    "difference": "/leveringen/verschil/?from=0&to=3",
    "late": "/leveringen/te-laat/",
    "verdicts": "/oordelen/2019/",
    "all verdicts": "/oordelen/2019/?all=1",
    "explanation": f"/oordelen/2019/{SERIES}/eu2008.so2.hour/",
    "downloads": "/download/",
}
OTHER_PAGES = {"about": "/over/", "accessibility": "/over/toegankelijkheid/", "privacy": "/over/privacy/"}
PAGES = DATA_PAGES | OTHER_PAGES
VERDICT_PAGES = ("map", "stations", "station", "series", "verdicts", "explanation")
API = {
    "index": "/api/",
    "record": "/api/record/",
    "map": "/api/map/",
    "map of companies": "/api/map/facilities/",
    "wind": "/api/wind/",
    "facilities": "/api/facilities/",
    "sites": "/api/sites/",
    "questions about sites": "/api/sites/questions/",
    "stations": "/api/stations/",
    "station": "/api/stations/NL90001/",
    "series": f"/api/series/{SERIES}/",
    "chart": f"/api/chart/?series={SERIES}",
    "observations": f"/api/observations/?series={SERIES}",
    "provenance": f"/api/provenance/{SERIES}/2018-12-31T23:00:00Z/",
    "compare": f"/api/compare/?series={SERIES},NL90002.so2.1h",
    "deliveries": "/api/deliveries/",
    "delivery": "/api/deliveries/1/",
    "difference": "/api/difference/?from=0&to=3",
    "late": "/api/late/",
    "late series": f"/api/late/{SERIES}/",
    "expectations": "/api/expectations/",
    "verdicts": "/api/verdicts/2019/",
    "explanation": f"/api/verdicts/2019/{SERIES}/eu2008.so2.hour/",
}
