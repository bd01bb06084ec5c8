"""What the checking page says beside the sentences of a check, in Dutch and English.

Not in the catalogue of translations: the page switches language by itself, far from any server.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from goedebuur.core.proof import sentences

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Een cijfer zelf controleren", "Check a figure yourself"),
    "lead": (
        "Kies het bewijsbestand dat u hebt gedownload. Deze pagina rekent alles na op uw eigen apparaat. "
        "Er gaat niets naar een ander.",
        "Choose the proof file that you downloaded. This page checks all of it on your own device. "
        "Nothing is sent to anybody.",
    ),
    "switch": ("English", "Nederlands"),
    "file": ("Bewijsbestand", "Proof file"),
    "file_help": (
        "De naam eindigt op .bewijs.json. U kunt het bestand ook naar dit vak slepen.",
        "Its name ends in .bewijs.json. You can also drag the file to this box.",
    ),
    "key": ("Sleutel van het logboek (mag leeg blijven)", "Key of the log (may stay empty)"),
    "key_help": (
        "Hebt u de sleutel van iemand anders gekregen, of uit een krant? Vul hem hier in. "
        "Dan controleert de pagina ook van wie het logboek is.",
        "Did you get the key from somebody else, or from a newspaper? Fill it in here. "
        "Then the page also checks whose log it is.",
    ),
    "witnesses": ("Getuigen van het logboek (mag leeg blijven)", "Witnesses of the log (may stay empty)"),
    "witness_keys": ("Sleutels van getuigen", "Keys of witnesses"),
    "witnesses_help": (
        "Getuigen tekenen de stand van het logboek mee. Zo valt het op als u een ander logboek te zien krijgt dan een "
        "ander. Vul op elke regel één sleutel in. Vraag de sleutel aan de getuige zelf: een lijst van de website "
        "waaraan u twijfelt zegt wat die website wil.",
        "Witnesses cosign the state of the log. So it shows when you are shown another log than somebody else. Fill in "
        "one key on each line. Ask the witness itself for its key: a list from the website that you doubt says what "
        "that website wants.",
    ),
    "witness_list": ("Of kies een bestand met sleutels", "Or choose a file with keys"),
    "quorum": ("Hoeveel moeten er ten minste hebben meegetekend?", "How many must have cosigned at least?"),
    "quorum_help": (
        "Leeg of 0: de pagina zegt wie heeft meegetekend, en keurt er niets om af.",
        "Empty or 0: the page says who cosigned, and refuses nothing for it.",
    ),
    "own_list": (
        "De getuigen die deze website zelf noemt (haar eigen woord)",
        "The witnesses that this website names itself (its own word)",
    ),
    "no_witnesses": ("u noemde geen getuigen", "you named no witnesses"),
    "bad_list": (
        "De lijst met getuigen is niet te gebruiken. Over het bestand is nu niets te zeggen. "
        "Geef elke getuige één keer, en vraag er niet meer dan u noemt.",
        "The list of witnesses cannot be used. Nothing can be said of the file now. "
        "Give each witness once, and ask for no more than you name.",
    ),
    "no_script": (
        "Deze pagina rekent met JavaScript. Zet JavaScript aan om een bestand te controleren.",
        "This page computes with JavaScript. Switch on JavaScript to check a file.",
    ),
    "busy": ("Bezig met controleren…", "Checking…"),
    "good": ("Het klopt: alle stappen zijn bewezen.", "It is correct: every step is proven."),
    "bad": ("Het klopt niet. Het gaat mis bij: {step}.", "It is not correct. It goes wrong at: {step}."),
    "unable": (
        "Uw browser kan dit niet controleren. Over het bestand is nu niets te zeggen.",
        "Your browser cannot check this. Nothing can be said of the file now.",
    ),
    "no_ed25519": (
        "Deze browser kent dit soort handtekening (Ed25519) nog niet. "
        "Neem een nieuwe versie van Firefox, Chrome, Edge of Safari.",
        "This browser does not know this kind of signature (Ed25519) yet. "
        "Take a new version of Firefox, Chrome, Edge or Safari.",
    ),
    "no_subtle": (
        "Deze browser rekent alleen op een veilig adres (https) of vanaf een bestand op uw eigen apparaat. "
        "Bewaar deze pagina en open haar van daar.",
        "This browser computes on a safe address (https) or from a file on your own device alone. "
        "Save this page and open it from there.",
    ),
    "no_file": ("De browser kan dit bestand niet openen.", "The browser cannot open this file."),
    "simulated": (
        "Gesimuleerd: dit is geen meting. Het laat alleen zien hoe controleren werkt.",
        "Simulated: this is no measurement. It only shows how checking works.",
    ),
    "figure": ("Het cijfer", "The figure"),
    "verdict": ("Het oordeel", "The verdict"),
    "rule": ("Regel", "Rule"),
    "year": ("Jaar", "Year"),
    "computed": ("Berekende waarde", "Computed value"),
    "above": ("Keren boven de waarde", "Times above the value"),
    "allowed": ("{part}; toegestaan: {whole}", "{part}; allowed: {whole}"),
    "measured": ("Gemeten", "Measured"),
    "of": ("{part} van {whole}", "{part} of {whole}"),
    "required": ("Vereist deel", "Required part"),
    "why": ("Waarom", "Why"),
    "question": ("Vraag die een mens moet beantwoorden", "Question that a person must answer"),
    "reservations": ("Dit hoort erbij", "This belongs to it"),
    "value": ("waarde", "value"),
    "mean": ("gemiddelde", "mean"),
    "average": ("gemiddelde van de uren", "mean of the hours"),
    "percentile": ("{percent}e percentiel van de uren", "percentile {percent} of the hours"),
    "withdrawn": ("ingetrokken", "withdrawn"),
    "what": ("Wat", "What"),
    "series": ("Reeks", "Series"),
    "from": ("Van", "From"),
    "until": ("Tot", "Until"),
    "civil": sentences.CIVIL,
    "used": ("Aantal waarden", "Number of values"),
    "log": ("Logboek", "Log"),
    "log_state": ("{origin}, stand van {size} bladen", "{origin}, state of {size} leaves"),
    "proven": ("Bewezen", "Proven"),
    "unproven": ("Niet bewezen", "Not proven"),
    "steps": ("De stappen", "The steps"),
    "held": ("klopt", "correct"),
    "failed": ("klopt niet", "not correct"),
    "skipped": ("u gaf geen sleutel", "you gave no key"),
    "not_reached": ("niet meer bekeken", "not looked at any more"),
    "what_now": sentences.WHAT_NOW,
    "what_now_file": (
        "Kies het bestand dat u van de website hebt gedownload. De naam eindigt op .bewijs.json.",
        "Choose the file that you downloaded from the website. Its name ends in .bewijs.json.",
    ),
    "what_now_key": (
        "Kijk eerst of u de sleutel helemaal hebt overgenomen, zonder tikfout. Klopt hij, vraag dan aan wie hem gaf "
        "bij welk logboek hij hoort, en bewaar dit bestand.",
        "See first whether you copied the key whole, without a typing error. If it is right, ask who gave you the key "
        "which log it belongs to, and keep this file.",
    ),
    "precisely": ("Voor wie het precies wil weten", "For those who want it exactly"),
    "code": ("Code", "Code"),
    "message": ("Melding", "Message"),
    "place": ("Plaats", "Place"),
    "found": ("Gevonden", "Found"),
    "rows": ("De rijen", "The rows"),
    "rows_value": (
        "Dit zijn de rijen van de maand, zoals ze zijn geleverd. De rij van dit cijfer is gemerkt.",
        "These are the rows of the month, as they were delivered. The row of this figure is marked.",
    ),
    "rows_mean": (
        "Zo veel rijen van elke maand tellen mee in het gemiddelde. Een rij die later is vervangen telt niet mee.",
        "So many rows of each month count in the mean. A row that was replaced later does not count.",
    ),
    "rows_average": (
        "Op deze rijen rust het cijfer. Wat korter duurt dan een uur wordt eerst per uur gemiddeld. Een rij die is "
        "ingetrokken, afgekeurd of later vervangen telt niet mee, en ook niet wat buiten de periode ligt.",
        "The figure rests on these rows. What is shorter than an hour is averaged by the hour first. A row that was "
        "withdrawn, marked as invalid or replaced later does not count, nor what lies outside the period.",
    ),
    "rows_verdict": (
        "Op deze rijen rust het oordeel. Een rij die is ingetrokken, afgekeurd of later vervangen telt niet mee. "
        "Er kunnen rijen van vóór het jaar bij zijn: wat in het jaar eindigt, kan eerder zijn begonnen.",
        "The verdict rests on these rows. A row that was withdrawn, marked as invalid or replaced later does not "
        "count. Rows from before the year can be among them: what ends in the year can have begun earlier.",
    ),
    "usable": ("Bruikbaar", "Usable"),
    "caption": ("Blad {leaf}, maand {month} (UTC)", "Leaf {leaf}, month {month} (UTC)"),
    "this_row": ("dit cijfer", "this figure"),
    "start": ("Vanaf", "From"),
    "row_value": ("Waarde", "Value"),
    "unit": ("Eenheid", "Unit"),
    "remark": ("Opmerking", "Remark"),
    "leaf": ("Blad", "Leaf"),
    "month": ("Maand (UTC)", "Month (UTC)"),
    "row_count": ("Rijen", "Rows"),
    "counted": ("Tellen mee", "Counted"),
    "total": ("Samen", "Together"),
    "left_out": ("telt nooit mee", "never counts"),
    "save": (
        "Bewaar deze pagina, bijvoorbeeld op een USB-stick",
        "Save this page, for example on a USB stick",
    ),
    "program": (
        "Download een programma dat hetzelfde doet met alleen Python",
        "Download a program that does the same with Python alone",
    ),
    "site": ("Naar de website", "To the website"),
    "made": (
        "Deze pagina komt van Goede Buur {version}. Zij werkt zonder internet.",
        "This page is from Goede Buur {version}. It works without internet.",
    ),
}
