"""What pages and commands ask of the record: one function a question, plain frozen records as answer.

A front for `inventory` (what there is), `charting` (series for the eye), `tracing` (where a figure comes from) and
`exporting` (files to take away). Every question about data takes `as_of`: the tree size whose answer is wanted.
"""

from goedebuur.services.charting import chart, compare, read_series, roses, wind_now, wind_of_hours
from goedebuur.services.exporting import export
from goedebuur.services.inventory import facilities, overview, places, series, station, stations, weather_stations
from goedebuur.services.tracing import (
    checkpoint,
    corrected,
    corrections,
    counted_difference,
    deliveries,
    delivery,
    difference,
    provenance,
    size_at,
)
from goedebuur.services.views import (
    CHANGE_KINDS,
    Change,
    Comparison,
    Correction,
    DeliveryView,
    Difference,
    FacilityView,
    Method,
    Provenance,
    RecordView,
    ReleaseView,
    RoseView,
    SeriesView,
    StationView,
    Version,
    WindView,
)

__all__ = [
    "CHANGE_KINDS",
    "Change",
    "Comparison",
    "Correction",
    "DeliveryView",
    "Difference",
    "FacilityView",
    "Method",
    "Provenance",
    "RecordView",
    "ReleaseView",
    "RoseView",
    "SeriesView",
    "StationView",
    "Version",
    "WindView",
    "chart",
    "checkpoint",
    "compare",
    "corrected",
    "corrections",
    "counted_difference",
    "deliveries",
    "delivery",
    "difference",
    "export",
    "facilities",
    "overview",
    "places",
    "provenance",
    "read_series",
    "roses",
    "series",
    "size_at",
    "station",
    "stations",
    "weather_stations",
    "wind_now",
    "wind_of_hours",
]
