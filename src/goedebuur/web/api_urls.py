"""Addresses of the JSON API."""

from django.urls import path, re_path

from goedebuur.web import errors
from goedebuur.web.views import api, proofs, submitting

urlpatterns = [
    path("", api.index, name="api-index"),
    path("record/", api.record_state, name="api-record"),
    path("checkpoint/", api.checkpoint, name="api-checkpoint"),
    path("map/", api.map_stations, name="api-map"),
    path("map/facilities/", api.map_facilities, name="api-map-facilities"),
    path("wind/", api.wind, name="api-wind"),
    path("facilities/", api.facilities, name="api-facilities"),
    path("stations/", api.stations, name="api-stations"),
    path("stations/<name:station_id>/", api.station, name="api-station"),
    path("series/<name:series_id>/", api.series, name="api-series"),
    path("chart/", api.chart, name="api-chart"),
    path("observations/", api.observations, name="api-observations"),
    path("provenance/<name:series_id>/<moment:start>/", api.provenance, name="api-provenance"),
    path("proof/<name:series_id>/<moment:start>/", proofs.value, name="api-proof"),
    path("proof/<name:series_id>/year/<year:year>/", proofs.mean, name="api-proof-mean"),
    path("compare/", api.compare, name="api-compare"),
    path("deliveries/", submitting.deliveries, name="api-deliveries"),
    path("deliveries/check/", submitting.check, name="api-delivery-check"),
    path("deliveries/uploads/", submitting.uploads, name="api-uploads"),
    re_path(r"^deliveries/uploads/(?P<digest>[0-9a-f]{64})/$", submitting.upload, name="api-upload"),
    re_path(r"^deliveries/receipts/(?P<digest>[0-9a-f]{64})/$", submitting.receipt, name="api-receipt"),
    path("deliveries/refusals/", submitting.refusals, name="api-refusals"),
    path("submitters/", submitting.all_submitters, name="api-submitters"),
    path("deliveries/<int:leaf>/", api.delivery, name="api-delivery"),
    path("difference/", api.difference, name="api-difference"),
    path("verdicts/<year:year>/", api.verdicts, name="api-verdicts"),
    path("verdicts/<year:year>/<name:series_id>/<name:limit_id>/", api.explanation, name="api-explanation"),
    re_path(r"", errors.not_found),
]
