"""The words by which Dutch permits say what they oblige to: patterns, and what each stands for.

They find candidates for a person to judge. None is law, and none decides anything.
"""

from __future__ import annotations

import re
from typing import Final

from goedebuur.core.permits.dutch import COUNTS, DATE, NUMBER

_I: Final = re.IGNORECASE
_COUNT: Final = rf"\d{{1,3}}|{'|'.join(COUNTS)}"

UNITS: Final[tuple[tuple[str, str], ...]] = (
    (r"ng\s*(?:I-?)?TEQ\s*/\s*N?m(?:3|³)", "ng TEQ/Nm³"),
    (r"mg\s*/\s*(?:Nm|m0|m₀|mo)\s?(?:3|³)(?!\d)", "mg/Nm³"),
    (r"(?:µ|μ|u)g\s*/\s*(?:Nm|m0|m₀)\s?(?:3|³)(?!\d)", "µg/Nm³"),
    (r"ng\s*/\s*Nm\s?(?:3|³)(?!\d)", "ng/Nm³"),
    (r"g\s*/\s*Nm\s?(?:3|³)(?!\d)", "g/Nm³"),
    (r"mg\s*/\s*m\s?(?:3|³)(?!\d)", "mg/m³"),
    (r"(?:µ|μ|u)g\s*/\s*m\s?(?:3|³)(?!\d)", "µg/m³"),
    (r"g\s*/\s*GJ", "g/GJ"),
    (r"miljoen\s+(?:oue|ou_e|ou)\s*(?:\(H\))?\s*/\s*(?:h|uur|u)\b", "MouE/h"),
    (r"(?:Mou|MOU)_?E?\s*(?:\(H\))?\s*/\s*(?:h|uur|u)\b", "MouE/h"),
    (r"(?:oue|ou_e|ou|ge)\s*(?:\(H\))?\s*/\s*m\s?(?:3|³)(?!\d)", "ouE/m³"),
    (r"(?:oue|ou_e|ou|ge)\s*(?:\(H\))?\s*/\s*(?:h|uur|u)\b", "ouE/h"),
    (r"(?:oue|ou_e|ou)\s*(?:\(H\))?\s*/\s*(?:s|sec)\b", "ouE/s"),
    (r"dB\s*\(\s*A\s*\)|dBA?\b", "dB(A)"),
    (r"kg\s*(?:/|per|in\s+een)\s*(?:jaar|kalenderjaar|jr|j|a)\b", "kg/year"),
    (r"(?:ton|t|tonnen)\s*(?:/|per|in\s+een)\s*(?:jaar|kalenderjaar|jr|j|a)\b", "t/year"),
    (r"kg\s*(?:/|per)\s*(?:maand|mnd)\b", "kg/month"),
    (r"kg\s*(?:/|per)\s*(?:etmaal|dag|d)\b", "kg/day"),
    (r"kg\s*(?:/|per)\s*(?:uur|h|u)\b", "kg/h"),
    (r"g(?:ram)?\s*(?:/|per)\s*(?:uur|h|u)\b", "g/h"),
    (r"mg\s*/\s*(?:l|liter)\b", "mg/l"),
    (r"(?:µ|μ|u)g\s*/\s*(?:l|liter)\b", "µg/l"),
    (r"m(?:3|³)\s*(?:/|per)\s*(?:uur|h|u)\b", "m³/h"),
    (r"m(?:3|³)\s*(?:/|per)\s*(?:etmaal|dag|d)\b", "m³/day"),
    (r"(?:kg|kilogram)\b(?=[^.;]{0,60}\bper\s+(?:kalender)?jaar\b)", "kg/year"),
    (r"(?:ton|tonnen)\b(?=[^.;]{0,60}\bper\s+(?:kalender)?jaar\b)", "t/year"),
)
"""Unit as written → as it is kept; the first that fits."""
_READ_WRONG: Final = r"[?*$°\"'ê®»’]"
"""What OCR makes of a raised 3."""
GUESSED_UNITS: Final = ((rf"mg\s*/\s*Nm\s?{_READ_WRONG}", "mg/Nm³"), (rf"ou_?E?\s*/\s*m{_READ_WRONG}", "ouE/m³"))
_EVERY_UNIT: Final = "|".join(f"(?P<u{i}>{pattern})" for i, (pattern, _) in enumerate((*UNITS, *GUESSED_UNITS)))
VALUE: Final = re.compile(rf"(?<![\w.,/-])(?P<number>{NUMBER})\s*(?:{_EVERY_UNIT})(?![\w³])", _I)
LISTED: Final = re.compile(
    rf"(?:respectievelijk|resp\.)\s+(?P<first>(?:{NUMBER})(?:\s*,\s*(?:{NUMBER}))*)\s+(?:en|of)\s+$", _I
)
"""Before a number: those that share its unit, `respectievelijk 200, 150 en`."""
UNIT: Final = re.compile(rf"(?<![\w/])(?:{_EVERY_UNIT})", _I)

LIMITING: Final = re.compile(
    r"niet\s+(?:meer|hoger|groter)\s+(?:\w+\s+){0,3}?dan|ten\s+hoogste|maximaal|maximale?\b|maximum|hoogstens"
    r"|niet\s+(?:worden\s+)?overschr[ei]+d|niet\s+overschrijden|mag\s+\w*\s*niet\s+boven|kleiner\s+(?:zijn\s+)?dan|lager\s+(?:zijn\s+)?dan"
    r"|emissiegrenswaarde|grenswaarde|emissie-?eis|lozingseis|(?:beperkt|begrensd)\s+(?:blijft\s+)?(?:tot|op)|niet\s+te\s+boven\s+ga|onder\s+de\b|≤|<",
    _I,
)
"""The words of a limit."""
CONDITIONAL: Final = re.compile(
    r"\b(?:indien|wanneer|zodra|als|waarvan|waarbij|voor\s+zover|tenzij|vanaf|bij\s+een)\b(?P<between>[^.;]*)$", _I
)
"""Before a number: it says when something holds, and is no limit itself."""
MORE_THAN: Final = re.compile(
    r"(?<!niet\s)\b(?:meer|groter|hoger)\s+(?:\w+\s+){0,2}?(?:is\s+|zijn\s+|bedraagt\s+)?dan\b[^.;,]*$", _I
)
PAST: Final = re.compile(
    r"\b(?:bedroeg|bedroegen|was|waren|(?:is|zijn)\b[^.;]{0,50}\bgemeten|gemeten\s+waarden?|is\s+aangevraagd|aangevraagde"
    r"|is\s+berekend|blijkt\s+uit|gold|golden|was\s+vergund|komt\s+te\s+vervallen|vervalt|wordt\s+ingetrokken)\b",
    _I,
)
"""The words of what was measured, asked for or repealed."""

AVERAGING: Final[tuple[tuple[str, str], ...]] = (
    (r"half-?uurs?-?\s?gemiddeld\w*|halfuur(?:waarden?)?\b|gemiddelde\s+over\s+een\s+half\s?uur", "half_hour"),
    (r"tien-?minuten-?gemiddeld\w*|10-?minuten-?gemiddeld\w*", "ten_minutes"),
    (r"(?:jaargemiddeld|kalenderjaargemiddeld)\w*|gemiddeld(?:e)?\s+(?:per|over\s+een)\s+(?:kalender)?jaar", "year"),
    (r"maandgemiddeld\w*|gemiddeld(?:e)?\s+(?:per|over\s+een)\s+(?:kalender)?maand", "month"),
    (
        r"(?:dag|etmaal|daags?)-?gemiddeld\w*|etmaalwaarden?|gemiddeld(?:e)?\s+(?:per|over\s+een)\s+(?:dag|etmaal)",
        "day",
    ),
    (r"(?<!half)(?<!halve )uur-?gemiddeld\w*|gemiddelde?\s+over\s+een\s+uur|1-uursgemiddeld\w*", "hour"),
    (
        r"(?:gemiddelde\s+(?:over|van)\s+(?:de\s+)?bemonsteringsperiode|bemonsteringsperiode|deelmetingen|enkelvoudige\s+meting\w*|periodieke\s+meting)",
        "sampling_period",
    ),
    (r"steekmonster|op\s+enig\s+moment|te\s+allen\s+tijde|momentane?\b", "spot"),
)
"""Averaging time as written → `Averaging`."""
OXYGEN: Final = (
    re.compile(
        rf"(?P<o2>{NUMBER})\s*(?:vol\.?-?\s?%?|%|volumeprocent|procent)\s*(?:-?\s*%)?\s*(?:aan\s+)?(?:zuurstof|O2|O₂)",
        _I,
    ),
    re.compile(
        rf"(?:zuurstof(?:gehalte|concentratie|percentage)?|O2|O₂)\s*(?:van|is|=|:|van\s+de)?\s*(?P<o2>{NUMBER})\s*(?:vol\.?-?\s?%|%|volumeprocent|procent)",
        _I,
    ),
)
DRY: Final = re.compile(r"\bdroog\s+(?:rook|afgas|af)?\w*|\bdroge\s+\w+|betrokken\s+op\s+droog", _I)
SHARES: Final = re.compile(
    r"(?P<share>\d{2}(?:[.,]\d+)?)\s*(?:%|procent)\s+(?:van\s+(?:de|alle)\b|lager\b|kleiner\b|onder\b)", _I
)
STATES: Final = (
    (re.compile(r"\b(?:opstart|op-\s?en\s+|opstarten|inbedrijfstelling)\w*", _I), "start_up"),
    (re.compile(r"\b(?:stilleg|uitbedrijf|afregel|stopzetten|stillegg)\w*|op-\s?en\s+(?:af|stil)\w*", _I), "shut_down"),
    (re.compile(r"\bstoring\w*", _I), "malfunction"),
    (re.compile(r"\bonderhoud\w*", _I), "maintenance"),
)
EXEMPTING: Final = re.compile(
    r"\b(?:niet\s+(?:van\s+toepassing|tijdens|gedurende)|uitgezonderd|met\s+uitzondering\s+van|behoudens|buiten\s+beschouwing)\b",
    _I,
)

LEFT_OUT: Final = (
    re.compile(r"(?:exclusief|excl\.|met\s+uitzondering\s+van|behalve|uitgezonderd)\s+$", _I),
    re.compile(r"^\s*(?:niet\s+meegerekend|niet\s+inbegrepen|uitgezonderd|buiten\s+beschouwing)", _I),
)
"""Before and after a substance that a limit is not about."""
TOGETHER: Final = re.compile(r"\b(?:som\s+van|gezamenlijk\w*|tezamen|opgeteld|totale\s+som)\b", _I)
RESPECTIVELY: Final = re.compile(r"\b(?:respectievelijk|resp\.)", _I)

DUTY: Final = re.compile(
    r"\b(?:moet(?:en)?|dient|dienen|mag|mogen|is\s+verplicht|zijn\s+verplicht|is\s+verboden|draagt\s+(?:er\s+)?zorg|zorgt\s+ervoor"
    r"|wordt\s+(?:continu|ten\s+minste)|worden\s+(?:continu|ten\s+minste)|geldt|gelden|niet\s+toegestaan|behoeft|behoeven|van\s+toepassing)\b",
    _I,
)
"""The words of a condition."""
MEASURE: Final = re.compile(
    r"\b(?:gemeten|meten|meet|meting(?:en)?|gemonitord|monitoren|bemonsterd|bemonsteren|bepaald|geanalyseerd|bemonstering|geregistreerd)\b",
    _I,
)
CONTINUOUS: Final = re.compile(r"\b(?:continu|continue|doorlopend|ononderbroken)\b", _I)
_PER: Final = r"(?:jaar|kalenderjaar|half\s?jaar|kwartaal|maand|week|dag|etmaal)"
FREQUENCY: Final = re.compile(
    rf"(?P<times>{_COUNT})\s*(?:maal|keer|x|malen)?\s*(?:per|in\s+de|in\s+elke|om\s+de)\s+(?:(?P<n>{_COUNT})\s+)?(?P<per>{_PER}|jaren|maanden|weken)"
    rf"|(?P<word>eenmaal|tweemaal|driemaal|viermaal)\s+(?:per|in\s+de|om\s+de)\s+(?:(?P<wn>{_COUNT})\s+)?(?P<wper>{_PER}|jaren|maanden|weken)"
    rf"|(?:iedere|elke|om\s+de)\s+(?P<en>{_COUNT})\s+(?P<eper>jaar|jaren|maanden|maand)"
    r"|\b(?P<ly>jaarlijks|halfjaarlijks|maandelijks|tweejaarlijks|driejaarlijks|per\s+kwartaal|elk\s+jaar|ieder\s+jaar|elk\s+kwartaal|ieder\s+kwartaal)\b",
    _I,
)
LY: Final = {
    **{
        "jaarlijks": (1, 12),
        "elk jaar": (1, 12),
        "ieder jaar": (1, 12),
        "halfjaarlijks": (1, 6),
        "maandelijks": (1, 1),
    },
    **{"tweejaarlijks": (1, 24), "driejaarlijks": (1, 36), "per kwartaal": (1, 3), "elk kwartaal": (1, 3)},
    "ieder kwartaal": (1, 3),
}
"""How often in how many months."""
MONTHS_OF: Final = {
    "jaar": 12,
    "jaren": 12,
    "kalenderjaar": 12,
    "halfjaar": 6,
    "half jaar": 6,
    "kwartaal": 3,
    "maand": 1,
    "maanden": 1,
}
WORD_TIMES: Final = {"eenmaal": 1, "tweemaal": 2, "driemaal": 3, "viermaal": 4}
STANDARD: Final = re.compile(r"\b(?:NEN|NPR|ISO|EN)(?:[- ](?:EN|ISO|IEC))*[- ]?\d{3,5}(?:-\d+)?(?::\d{4})?")

BY_DAY: Final = re.compile(
    rf"\b(?P<word>uiterlijk(?:\s+(?:op|vóór|voor))?|vóór|voor|per|met\s+ingang\s+van|vanaf|tot\s+en\s+met|tot|op)\s+(?P<day>{DATE})",
    _I,
)
WITHIN: Final = re.compile(
    rf"\b(?:binnen|uiterlijk)\s+(?P<n>{_COUNT})\s+(?P<unit>maand(?:en)?|we[e]?k(?:en)?|dag(?:en)?|jaar|jaren)\s+(?:na|vanaf|nadat)\s+(?P<event>[^.,;]{{3,120}})",
    _I,
)
STUDY: Final = re.compile(
    r"\b(?:onderzoek\w*|haalbaarheids\w*|studie|rapport(?!age\s+van\s+de\s+meting)\w*|plan\s+van\s+aanpak|reductieprogramma|minimalisatie\w*)\b",
    _I,
)
TECHNIQUE: Final = re.compile(
    r"\b(?:doekfilter\w*|stoffilter\w*|elektrofilter\w*|e-filter\w*|cycloon\w*|wasser\w*|gaswasser\w*|natte\s+wassing|naverbrand\w*|fakkel\w*"
    r"|DeNOx\w*|SCR|SNCR|koolfilter\w*|actiefkool\w*|biofilter\w*|katalysator\w*|dampretour\w*|dampverwerking\w*|low-?NOx\w*|ontstikker\w*"
    r"|afzuig\w*|omkasting|overkapping|nevelkanon\w*|sproei-?installatie)",
    _I,
)
PERCENTILE: Final = re.compile(
    rf"(?P<p>{NUMBER})\s*-?\s*(?:percentiel|percentielwaarde|%-?percentiel)|P\s?(?P<pp>9\d(?:[.,]\d+)?)\b", _I
)
NOISE_INDICATOR: Final = (
    (re.compile(r"LA\s?max|maximale?\s+geluid\w*|piekniveau\w*|piekgeluid\w*", _I), "la_max"),
    (re.compile(r"L\s?den\b", _I), "l_den"),
    (re.compile(r"L\s?night\b|Lnight", _I), "l_night"),
    (re.compile(r"LAr,?\s?LT|langtijdgemiddeld\w*|equivalente?\s+geluid\w*|beoordelingsniveau", _I), "lar_lt"),
)
DAYPART: Final = (
    (re.compile(r"dagperiode|overdag|\b0?7[.:]00\s*(?:uur\s*)?(?:-|–|en|tot)\s*19[.:]00", _I), "day"),
    (re.compile(r"avondperiode|\b's\s+avonds|\b19[.:]00\s*(?:uur\s*)?(?:-|–|en|tot)\s*23[.:]00", _I), "evening"),
    (re.compile(r"nachtperiode|\b's\s+nachts|\b23[.:]00\s*(?:uur\s*)?(?:-|–|en|tot)\s*0?7[.:]00", _I), "night"),
)
WATER: Final = re.compile(r"\b(?:loz\w+|geloosd|afvalwater\w*|effluent\w*|riool\w*|riolering|oppervlaktewater)\b", _I)
EMISSION_POINT: Final = re.compile(
    r"\b(?:schoorsteen|emissiepunt|ketel|oven|installatie|verbrandingslijn|lijn|fornuis|afblaas|doekfilter)\s+(?:EP\s*)?[A-Z]{0,3}-?\d{1,4}[a-z]?\b",
    _I,
)


def unit_of(found: re.Match[str]) -> tuple[str, bool]:
    """Return the unit of a match of :data:`VALUE` or :data:`UNIT`, and whether OCR left it to be guessed."""
    every = (*UNITS, *GUESSED_UNITS)
    for i, (_, name) in enumerate(every):
        if found.group(f"u{i}") is not None:
            return name, i >= len(UNITS)
    raise ValueError("a match of VALUE or UNIT has a unit")
