"""Addresses of the pages."""

from django.urls import path

from goedebuur.web.views import (
    about,
    comparison,
    deliveries,
    downloads,
    facilities,
    home,
    proofs,
    provenance,
    series,
    stations,
    verdicts,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("stations/", stations.all_stations, name="stations"),
    path("stations/<name:station_id>/", stations.station, name="station"),
    path("stations/<name:station_id>/<name:quantity>/", series.series, name="series"),
    path("stations/<name:station_id>/<name:quantity>/wind/", series.wind, name="wind"),
    path("bedrijven/", facilities.all_facilities, name="facilities"),
    path("bedrijven/<facility:facility_id>/", facilities.facility, name="facility"),
    path("herkomst/<name:series_id>/<moment:start>/", provenance.observation, name="provenance"),
    path("bewijs/<name:series_id>/<moment:start>/", proofs.value, name="proof"),
    path("bewijs/<name:series_id>/jaar/<year:year>/", proofs.mean, name="proof-mean"),
    path("controle/", proofs.checker, name="checker"),
    path("controle/goedebuur-controle.html", proofs.checker_download, name="checker-download"),
    path("controle/goedebuur-controle.pyz", proofs.program, name="checker-program"),
    path("vergelijk/", comparison.compare, name="compare"),
    path("leveringen/", deliveries.deliveries, name="deliveries"),
    path("leveringen/verschil/", deliveries.difference, name="difference"),
    path("leveringen/<int:leaf>/", deliveries.delivery, name="delivery"),
    path("oordelen/", verdicts.years, name="verdict-years"),
    path("oordelen/<year:year>/", verdicts.year, name="verdicts"),
    path("oordelen/<year:year>/<name:series_id>/<name:limit_id>/", verdicts.explanation, name="explanation"),
    path("download/", downloads.form, name="downloads"),
    path("download/<name:series_id>.csv", downloads.csv, name="download-csv"),
    path("download/<name:series_id>.parquet", downloads.parquet, name="download-parquet"),
    path("over/", about.about, name="about"),
    path("over/toegankelijkheid/", about.accessibility, name="accessibility"),
    path("over/privacy/", about.privacy, name="privacy"),
]
