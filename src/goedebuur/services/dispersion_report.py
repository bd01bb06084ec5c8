"""The report of a dispersion study: a PDF that can be read aloud (PDF/UA-1), in Dutch, made when it is asked for.

It states model, weather, emissions and doubts, and has the tables and a figure of the first statistic.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.services import dispersion_outcome, dispersion_study
from goedebuur.services import dispersion_report_words as words
from goedebuur.services.dispersion_outcome import Beside, Drawn, Outcome
from goedebuur.services.dispersion_study import Study
from goedebuur.store.studies import Studies

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TEMPLATE: Final = Path(__file__).with_suffix(".typ")
COLOURS: Final = ("#fdeeb5", "#f9cf70", "#f0a04b", "#d56f2c", "#a3431e", "#65220f")
"""Of the classes, from light to dark: in grey and for the colour-blind the order stays."""
NOT_NNM: Final = (
    "Dit is niet het wettelijk aangewezen model. Voor besluiten over luchtkwaliteit wijst de wet het Nieuw Nationaal "
    "Model (NNM) aan. Dit is een ander pluimmodel. Wat het zegt beslist niets: het laat zien waar te kijken."
)
SIMULATED: Final = (
    "Bedrijven, uitstoot, weer en metingen in dit rapport zijn gesimuleerd. Ze gaan niet over een echte plaats."
)
FEW: Final = "Van maar %s %% van de uren is er weer: dit is geen jaargemiddelde."
MODEL: Final = (
    "Een stationaire pluim van de klasse van AERMOD (EPA-454/R-03-004), uur voor uur, in vlak land. Er zijn geen "
    "heuvels en geen gebouwen, er slaat niets neer en er verandert niets onderweg.",
    "Het model zegt niets dichtbij een bron en verder dan 50 km.",
)
NO2: Final = "Alle NOx telt als NO2: dicht bij een bron is dat te veel."
ASSUMED: Final = (
    "Het uitstootregister zegt hoeveel een bedrijf in een jaar uitstootte en waar, niet uit welke schoorstenen en "
    "wanneer. De jaarvracht is daarom gelijk over de uren verdeeld, en een schoorsteen is aangenomen. Dat is de "
    "grootste onzekerheid van deze studie."
)
BESIDE: Final = (
    "Gemiddelden over de uren waarvan er weer is en een geldige meting. Gemeten is alles wat in de lucht zit: ook wat "
    "anderen uitstoten, verkeer, en wat van ver komt. Berekend is wat de bedrijven van deze studie toevoegen."
)

ALL_HOURS: Final = "Over alle uren die tellen, ook die waarin een station niets mat."
TOO_MUCH: Final = (
    "Bij een station is meer berekend dan alles wat er is gemeten. Dat kan niet: de uitstoot, de schoorsteen of het "
    "weer is niet zoals deze studie aanneemt."
)


def of_study(studies: Studies, name: str) -> bytes:
    """Return the report of a study as PDF.

    Raises
    ------
    GoedeBuurError
        `dispersion-unknown`; `dispersion-not-done`.
    """
    import typst

    study = dispersion_study.find(studies, name)
    outcome = dispersion_outcome.read(studies, name)
    base = dispersion_study.find(studies, study.base) if study.base else None
    beside = dispersion_outcome.beside(studies, study, outcome)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "report.typ").write_bytes(TEMPLATE.read_bytes())
        (root / "told.json").write_bytes(msgspec.json.encode(_told(study, outcome, base, beside)))
        (root / "figure.svg").write_bytes(drawn(study, outcome))
        return bytes(typst.compile(root / "report.typ", root=root, format="pdf", pdf_standards=["ua-1"]))


def _told(study: Study, outcome: Outcome, base: Study | None, beside: Beside) -> dict[str, Any]:
    """Return what the template is filled with."""
    name = QUANTITIES[study.substance].name_nl
    of = words.statistic(study.statistics[0], len(study.years))
    too_much = [TOO_MUCH] if dispersion_outcome.too_much(outcome) else []
    return {
        "title": study.title,
        "head": f"Verspreidingsstudie {study.id}, {study.made[:10]}. Niet het wettelijk aangewezen model.",
        "warnings": [
            NOT_NNM,
            *([SIMULATED] if study.simulated else []),
            *([FEW % few] if (few := words.few_hours(outcome)) else []),
        ],
        "parts": [
            {"heading": "Vraag", "lines": _asked(study, name, base)},
            {
                "heading": "Uitkomst",
                "lines": _highest(study, outcome),
                "figure": {"alt": _spoken(study, outcome, name), "caption": f"{of} van {name}"},
            },
            *(_part_of(study, one, drawn) for one, drawn in outcome.drawn.items()),
            {"heading": "Gemeten en berekend", "lines": [BESIDE, *too_much], "table": _stations(outcome)},
            {"heading": "Berekend bij de meetstations", "lines": [ALL_HOURS], "table": _computed(study, outcome)},
            *([_beside(study, base, beside)] if base is not None else []),
            {"heading": "Model", "lines": [*MODEL, *([NO2] if study.substance == "no2" else [])]},
            {"heading": "Weer", "lines": _weather(study, outcome)},
            {"heading": "Uitstoot", "lines": [ASSUMED], "table": _emissions(outcome)},
            {"heading": "Twijfels", "lines": _doubts(study, outcome)},
            {"heading": "Herkomst", "lines": _receipt(study, outcome)},
        ],
    }  # fmt: skip


def _part_of(study: Study, name: str, one: Drawn) -> dict[str, Any]:
    heading = f"Klassen: {words.statistic(name, len(study.years))}"
    return {"heading": heading, "lines": _people(one), "table": _classes(name, one)}


def _asked(study: Study, name: str, base: Study | None) -> list[str]:
    side = words.decimal(f"{2 * study.area.half / 1000:g}")
    middle = f"{words.decimal(f'{study.area.latitude:g}')}° NB en {words.decimal(f'{study.area.longitude:g}')}° OL"
    lines = [
        f"Wat voegen {len(study.emitters)} bedrijven toe aan {name} in de lucht, met het weer van "
        f"{words.years(study.years)}? "
        f"Berekend in een vierkant van {side} km met het midden op {middle}, om de {study.area.step:g} m."
    ]
    return lines if base is None else [*lines, f"Dit is een variant van de studie “{base.title}” ({base.id})."]


def _highest(study: Study, outcome: Outcome) -> list[str]:
    there = f"hoogste op de roosterpunten (om de {words.decimal(f'{study.area.step:g}')} m)"
    return [
        f"{words.statistic(name, len(study.years)).capitalize()}: {there} {words.figure(one.highest[0])} "
        f"{words.unit(name)}."
        for name, one in outcome.drawn.items()
    ]


def _spoken(study: Study, outcome: Outcome, name: str) -> str:
    """Return what the figure shows, for who cannot see it."""
    first = study.statistics[0]
    one = outcome.drawn[first]
    areas = "; ".join(
        f"boven {words.level(level)} {words.unit(first)}: {words.figure(area)} km²"
        for level, area in zip(one.levels, one.areas, strict=True)
    )
    return f"Kaart van het {words.statistic(first, len(study.years))} van {name}: contouren rond de bedrijven. {areas}."


def _classes(name: str, one: Drawn) -> dict[str, Any]:
    edges: list[tuple[float | None, float | None]] = [
        (low, high) for low, high in zip([None, *one.levels], [*one.levels, None], strict=True)
    ]
    lived = {low: people for low, _, people in one.people.classes} if one.people is not None else {}
    areas = dict(zip(one.levels, one.areas, strict=True))
    inner = {None: None} | {low: areas.get(high, 0.0) if high is not None else 0.0 for low, high in edges}
    rows = [
        [
            words.span(low, high),
            "–" if low is None else words.figure(max(areas[low] - (inner[low] or 0.0), 0.0)),
            words.count(lived[low]) if low in lived else "–",
        ]
        for low, high in reversed(edges)
    ]
    columns = [words.unit(name), "oppervlak (km²)", "inwoners"]
    return _table("Oppervlak en inwoners per klasse", columns, rows if one.levels else [], (1, 2), (2, 1, 1))


def _people(one: Drawn) -> list[str]:
    if one.people is None:
        return ["Er is geen tabel van waar mensen wonen: niemand is geteld."]
    told = one.people
    return [
        f"Inwoners op {told.counted_on:%d-%m-%Y} per postcodegebied, elk gebied op één punt geteld: een ruwe telling "
        f"({told.source}). Buiten het vierkant wonen er {words.count(told.outside)}, op plaatsen zonder uitkomst "
        f"{words.count(told.unknown)}; van {told.not_told} gebieden zegt de tabel niet hoeveel of waar."
    ]


def _stations(outcome: Outcome) -> dict[str, Any]:
    rows = [
        [one.name or one.id, words.count(one.hours), words.figure(one.measured), words.figure(one.computed)]
        for one in outcome.stations
    ]
    columns = ["meetstation", "uren", "gemeten (µg/m³)", "berekend (µg/m³)"]
    return _table("Meetstations in het vierkant", columns, rows, (1, 2, 3), (3, 1, 1, 1))


def _computed(study: Study, outcome: Outcome) -> dict[str, Any]:
    rows = [
        [one.name or one.id, words.statistic(name, len(study.years)), f"{words.figure(value)} {words.unit(name)}"]
        for one in outcome.stations
        for name, value in one.statistics.items()
    ]
    return _table("Alle maten", ["meetstation", "maat", "berekend"], rows, (2,), (3, 3, 2))


def _beside(study: Study, base: Study, beside: Beside) -> dict[str, Any]:
    """Return a variant beside the study that it began with, or why it cannot be held beside that."""
    rows = [
        [
            one.what or "hoogste op de roosterpunten",
            f"{words.statistic(one.statistic, len(study.years))} ({words.unit(one.statistic)})",
            words.figure(one.base),
            words.figure(one.scenario),
            "–" if one.change is None else ("+" if one.change > 0 else "") + words.figure(one.change),
        ]
        for one in beside.rows
    ]
    columns = ["waar", "maat", "daar", "hier", "verschil"]
    return {
        "heading": "Naast de studie waar het mee begon",
        "lines": [f"Die studie is “{base.title}”."] if beside.why is None else [words.said(beside.why)],
        "table": _table("Deze variant naast die studie", columns, rows, (2, 3, 4), (4, 4, 2, 2, 2)),
    }


def _emissions(outcome: Outcome) -> dict[str, Any]:
    rows = []
    for one in outcome.lets:
        height, diameter, kelvin, speed = (words.decimal(f"{number:g}") for number in one.mouth)
        rows.append(
            [
                one.name,
                f"{_years(one.kilograms)} ({words.said(one.basis)})",
                _years(one.reported),
                words.said(one.unknown) if one.unknown else _years(one.permitted),
                f"{words.said(one.stack)}: {height} m hoog, {diameter} m wijd, {kelvin} K, {speed} m/s",
            ]
        )
    columns = ["bedrijf", "in deze studie (kg)", "gerapporteerd (kg)", "vergund (kg)", "schoorsteen"]
    return _table("Uitstoot in een jaar", columns, rows, (2, 3), (3, 3, 2, 2, 4))


def _years(told: Sequence[float | None]) -> str:
    texts = [words.mass(one) for one in told]
    return texts[0] if len(set(texts)) == 1 else ", ".join(texts)


def _weather(study: Study, outcome: Outcome) -> list[str]:
    wind = study.wind
    clouds = f", bewolking van {wind.clouds}" if wind.clouds else ""
    roughness = words.level(wind.roughness)
    return [
        f"Wind van weerstation {wind.station}{clouds}, {words.years(study.years)}: {words.count(outcome.hours)} uren "
        f"tellen. Ruwheid van de grond {roughness} m, overal gelijk. Aangenomen: de wind is die op 10 meter, en de "
        "potentiële temperatuur stijgt boven de menglaag met 0,005 K per meter.",
        f"Uren die niet tellen: {_counts(outcome.left_out)}.",
    ]


def _doubts(study: Study, outcome: Outcome) -> list[str]:
    cut, hidden = (any(getattr(one, name) for one in outcome.drawn.values()) for name in ("cut", "hidden"))
    return [
        f"Twijfelachtige uren die wel tellen: {_counts(outcome.doubtful)}."
        if study.wind.sea is not None
        else "Twijfelachtige uren: niet bekeken. Er is niet opgegeven uit welke richtingen de wind van zee komt.",
        f"Plaatsen zonder uitkomst: {_counts(outcome.places_left_out)}.",
        *(["Een contour gaat verder dan de rand van het vierkant."] if cut else []),
        *(["Een contour grenst aan plekken waar niets van te zeggen is."] if hidden else []),
        *([f"Te dicht bij een bron, en weggelaten: {', '.join(near)}."] if (near := outcome.stations_left_out) else []),
        *(
            [f"Zij rapporteerden deze stof, maar het register zegt niet waar zij staan: {', '.join(lost)}."]
            if (lost := outcome.unplaced)
            else []
        ),
        "De schoorstenen en de verdeling over de uren zijn aannamen; zie Uitstoot.",
    ]


def _counts(told: Mapping[str, int]) -> str:
    return "; ".join(f"{words.count(number)} {words.said(why)}" for why, number in told.items() if number) or "geen"


def _receipt(study: Study, outcome: Outcome) -> list[str]:
    receipt = outcome.receipt
    lived = next((one.people for one in outcome.drawn.values() if one.people is not None), None)
    models = sorted({str(one.get("model", ""))[:16] for one in receipt.matrices})
    return [
        f"Stand van het register: {words.count(receipt.size)} bladen, {receipt.root or 'leeg'}.",
        f"Programma {receipt.version}; model {', '.join(models)}; gemaakt {receipt.made[:16].replace('T', ' ')} UTC.",
        *([] if lived is None else [f"Inwoners: {lived.source}, SHA-256 {lived.digest}."]),
        f"Met het register{'' if lived is None else ', de tabel met inwoners'} en de vraag ({study.id}) kan iedereen "
        "dit opnieuw berekenen.",
    ]


def _table(
    caption: str, columns: list[str], rows: list[list[str]], right: tuple[int, ...], widths: tuple[int, ...]
) -> dict[str, Any]:
    return {"caption": caption, "columns": columns, "rows": rows, "right": right, "widths": widths}


def drawn(study: Study, outcome: Outcome) -> bytes:
    """Return the map of the first statistic as SVG: classes, companies and stations, in kilometres from the middle."""
    import numpy as np
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    one = outcome.drawn[study.statistics[0]]
    figure = Figure(figsize=(7, 6.2))
    FigureCanvasSVG(figure)
    axes = figure.subplots()
    x, y = np.array(outcome.x) / 1000, np.array(outcome.y) / 1000
    values = np.ma.masked_invalid([np.nan if value is None else value for value in one.values]).reshape(len(y), len(x))
    if one.levels:
        filled = axes.contourf(
            x,
            y,
            values,
            [*one.levels, max(one.highest[0] or 0.0, one.levels[-1]) * 1.001],
            colors=COLOURS[-len(one.levels) :],
        )
        lines = axes.contour(x, y, values, one.levels, colors="#65220f", linewidths=0.6)
        axes.clabel(lines, fmt=words.level, fontsize=7)
        bar = figure.colorbar(filled, ax=axes, label=words.unit(study.statistics[0]), ticks=one.levels)
        bar.ax.set_yticklabels([words.level(level) for level in one.levels])
    _places(axes, study, outcome)
    axes.set(aspect="equal", xlabel="km oost", ylabel="km noord", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    sink = io.BytesIO()
    figure.savefig(sink, format="svg", metadata={"Date": None})
    return sink.getvalue()


def _places(axes: Axes, study: Study, outcome: Outcome) -> None:
    from goedebuur.services import planes

    plane = planes.around(study.area.latitude, study.area.longitude)
    for places, mark, name in ((outcome.lets, "s", "bedrijf"), (outcome.stations, "^", "meetstation")):
        at = [plane.placed(one.latitude, one.longitude) for one in places]
        if at:
            east, north = ([spot[axis] / 1000 for spot in at] for axis in (0, 1))
            axes.plot(east, north, mark, color="#12394f", markeredgecolor="white", label=name)
    axes.legend(loc="lower left", fontsize=8)
