"""Every setting of the program in one typed object, read from the environment once.

Each field carries the name of its environment variable and a Dutch help text; `docs/beheer/instellingen.md` is held
equal to them by a test. Nothing else in the program reads the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from goedebuur.core.base.errors import GoedeBuurError, declare
from goedebuur.core.ledger.cosignatures import Policy

BAD_SETTING: Final = declare("settings-value", "A setting has a value that the program cannot use.")
UNKNOWN_SETTING: Final = declare("settings-unknown", "A setting is given that the program does not have.")

PREFIX: Final = "GOEDEBUUR_"
OUTSIDE: Final = frozenset({"GOEDEBUUR_DATA"})
"""Names with our prefix that are not settings: the folder with real files for the tests."""
PDOK_TILES: Final = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
"""BRT background map of PDOK (Kadaster, CC BY 4.0): https://www.pdok.nl/ogc-webservices/-/article/basisregistratie-topografie-achtergrondkaarten-brt-a-"""

Bounds = tuple[float, float, float, float]


def _text(value: str) -> str:
    return value


def _flag(value: str) -> bool:
    known = {"1": True, "true": True, "yes": True, "ja": True, "0": False, "false": False, "no": False, "nee": False}
    try:
        return known[value.strip().lower()]
    except KeyError:
        raise ValueError("give 1 or 0") from None


def _names(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _listen(value: str) -> str:
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError("give host:port, for example 127.0.0.1:8000")
    return value


def _database(value: str) -> str:
    if value and urlsplit(value).scheme not in ("sqlite", "postgresql", "postgres"):
        raise ValueError("give sqlite:///PATH or postgresql://USER:PASSWORD@HOST:PORT/NAME")
    return value


def _tiles(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("https", "http") or not parts.netloc or not all(k in value for k in ("{z}", "{x}", "{y}")):
        raise ValueError("give an address with {z}, {x} and {y}")
    return value


def _bounds(value: str) -> Bounds | None:
    if not value:
        return None
    numbers = tuple(float(part) for part in value.split(","))
    if len(numbers) != 4:
        raise ValueError("give west,south,east,north in degrees")
    west, south, east, north = numbers
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("give west,south,east,north in degrees, west below east and south below north")
    return west, south, east, north


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(value: str) -> int:
        number = int(value)
        if not low <= number <= high:
            raise ValueError(f"give a whole number from {low} to {high}")
        return number

    return parse


def _witnesses(value: str) -> tuple[tuple[str, str], ...]:
    found = []
    for one in _names(value):
        vkey, _, url = one.partition(" ")
        parts = urlsplit(url.strip())
        if parts.scheme not in ("https", "http") or not parts.netloc or parts.query or parts.fragment:
            raise ValueError("give VKEY URL, with commas between witnesses")
        found.append((vkey, url.strip()))
    try:
        Policy(0, tuple(vkey for vkey, _ in found))
    except GoedeBuurError as error:
        raise ValueError(f"{error.message} {error.value}") from error
    return tuple(found)


def _smtp(value: str) -> str:
    if value and (urlsplit(value).scheme not in ("smtp", "smtps") or not urlsplit(value).hostname):
        raise ValueError("give smtp://USER:PASSWORD@HOST:PORT, or smtps:// for TLS from the first byte")
    return value


def _site_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or value.endswith("/") or parts.query:
        raise ValueError("give an address such as https://goedebuur.example, without a slash at its end")
    return value


def _level(value: str) -> str:
    if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("give DEBUG, INFO, WARNING or ERROR")
    return value.upper()


def _setting(variable: str, default: str, parse: Callable[[str], Any], help_text: str, *, secret: bool = False) -> Any:
    metadata = {"variable": variable, "default": default, "parse": parse, "help": help_text, "secret": secret}
    return field(default=parse(default), metadata=metadata, repr=not secret)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this installation runs. Made by :meth:`from_environment`; tests make their own."""

    home: Path = _setting(
        "GOEDEBUUR_HOME",
        "var",
        Path,
        "Map waarin alles staat wat bewaard moet blijven: het register, de SQLite-database, de sleutels.",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        _database,
        "Database voor gebruikers en sessies: `postgresql://gebruiker:wachtwoord@host:5432/naam`. "
        "Leeg: SQLite in de map van `GOEDEBUUR_HOME`.",
        secret=True,
    )
    secret_key: str = _setting(
        "GOEDEBUUR_SECRET_KEY",
        "",
        _text,
        "Geheim waarmee sessies worden ondertekend. Leeg: bij de eerste start gemaakt en bewaard in "
        "`GOEDEBUUR_HOME`, alleen leesbaar voor de eigenaar.",
        secret=True,
    )
    signing_key: str = _setting(
        "GOEDEBUUR_SIGNING_KEY",
        "",
        _text,
        "Bestand met de sleutel die de stand van het register ondertekent. Leeg: `keys/log.key` in de map van "
        "`GOEDEBUUR_HOME`.",
    )
    origin: str = _setting(
        "GOEDEBUUR_ORIGIN",
        "goedebuur.example/register",
        _text,
        "Naam van het register, zoals die in elke ondertekende stand komt. Kies hem één keer: een adres dat van u is.",
    )
    hosts: tuple[str, ...] = _setting(
        "GOEDEBUUR_HOSTS",
        "localhost,127.0.0.1,[::1]",
        _names,
        "Namen waaronder de website bereikbaar is, met komma's ertussen.",
    )
    listen: str = _setting(
        "GOEDEBUUR_LISTEN",
        "127.0.0.1:8000",
        _listen,
        "Adres en poort waarop `goedebuur serve` luistert.",
    )
    workers: int = _setting(
        "GOEDEBUUR_WORKERS",
        "2",
        _whole(1, 64),
        "Aantal processen dat pagina's maakt.",
    )
    https: bool = _setting(
        "GOEDEBUUR_HTTPS",
        "0",
        _flag,
        "`1` als bezoekers over https komen: cookies alleen over https, doorsturen vanaf http, HSTS.",
    )
    behind_proxy: bool = _setting(
        "GOEDEBUUR_BEHIND_PROXY",
        "0",
        _flag,
        "`1` als een eigen proxy ervoor staat die `X-Forwarded-Proto` zelf zet. Anders wordt die kop genegeerd.",
    )
    online_tiles: bool = _setting(
        "GOEDEBUUR_ONLINE_TILES",
        "0",
        _flag,
        "`1` om de achtergrondkaart van PDOK te tonen. De browser van de bezoeker haalt die op bij PDOK. "
        "`0`: alleen de eigen kaartlaag, zonder verkeer naar buiten.",
    )
    tile_url: str = _setting(
        "GOEDEBUUR_TILE_URL",
        PDOK_TILES,
        _tiles,
        "Adres van de kaarttegels, met `{z}`, `{x}` en `{y}`. Telt alleen als `GOEDEBUUR_ONLINE_TILES` aan staat.",
    )
    map_bounds: Bounds | None = _setting(
        "GOEDEBUUR_MAP_BOUNDS",
        "",
        _bounds,
        "Gebied dat de kaart eerst toont: `west,zuid,oost,noord` in graden. Leeg: alle meetstations.",
    )
    operator: str = _setting(
        "GOEDEBUUR_OPERATOR",
        "",
        _text,
        "Wie deze website beheert, zoals het op de pagina 'Over' staat.",
    )
    contact: str = _setting(
        "GOEDEBUUR_CONTACT",
        "",
        _text,
        "E-mailadres of webadres waar lezers terechtkunnen met vragen en met meldingen over toegankelijkheid.",
    )
    seal_minutes: int = _setting(
        "GOEDEBUUR_SEAL_MINUTES",
        "60",
        _whole(1, 60),
        "Binnen hoeveel minuten kleine leveringen samen in het register komen.",
    )
    clock_minutes: int = _setting(
        "GOEDEBUUR_CLOCK_MINUTES",
        "10",
        _whole(1, 1440),
        "Hoeveel minuten de klok van wie ondertekend levert mag afwijken van de klok hier.",
    )
    upload_mb: int = _setting(
        "GOEDEBUUR_UPLOAD_MB",
        "256",
        _whole(1, 256),
        "Hoe groot een ondertekende levering over het net mag zijn, in MiB.",
    )
    upload_seconds: int = _setting(
        "GOEDEBUUR_UPLOAD_SECONDS",
        "300",
        _whole(1, 3600),
        "Hoeveel seconden één verzoek over zijn bytes mag doen. Wat binnen is blijft; een volgend verzoek gaat daar "
        "verder.",
    )
    upload_idle_seconds: int = _setting(
        "GOEDEBUUR_UPLOAD_IDLE_SECONDS",
        "30",
        _whole(1, 600),
        "Hoeveel seconden er van een verzoek niets binnen hoeft te komen voordat het wordt afgebroken.",
    )
    publish: bool = _setting(
        "GOEDEBUUR_PUBLISH",
        "1",
        _flag,
        "`1` om het logboek na elke toevoeging te publiceren: als bestanden, en op de website onder `/log/`.",
    )
    public_dir: str = _setting(
        "GOEDEBUUR_PUBLIC_DIR",
        "",
        _text,
        "Map voor het gepubliceerde logboek. Leeg: `public` in de map van het register.",
    )
    witnesses: tuple[tuple[str, str], ...] = _setting(
        "GOEDEBUUR_WITNESSES",
        "",
        _witnesses,
        "Getuigen: van elk de openbare sleutel, een spatie en het adres; met komma's ertussen.",
    )
    witnesses_needed: int = _setting(
        "GOEDEBUUR_WITNESSES_NEEDED",
        "0",
        _whole(0, 99),
        "Hoeveel getuigen een stand moeten medeondertekenen voordat die gepubliceerd wordt. `0`: publiceren wacht "
        "nergens op, en handtekeningen komen erbij zodra ze er zijn.",
    )
    smtp: str = _setting(
        "GOEDEBUUR_SMTP",
        "",
        _smtp,
        "Mailserver voor `goedebuur monitor` en `goedebuur cases`: `smtp://gebruiker:wachtwoord@host:587` (STARTTLS) of `smtps://`.",
        secret=True,
    )
    mail_from: str = _setting(
        "GOEDEBUUR_MAIL_FROM",
        "",
        _text,
        "Afzender van de mail van `goedebuur monitor` en `goedebuur cases`.",
    )
    site_url: str = _setting(
        "GOEDEBUUR_SITE_URL",
        "http://localhost:8000",
        _site_url,
        "Adres van deze website zonder schuine streep erachter, voor de links in mail.",
    )
    log_level: str = _setting(
        "GOEDEBUUR_LOG_LEVEL",
        "INFO",
        _level,
        "Hoeveel meldingen de dienst schrijft: `DEBUG`, `INFO`, `WARNING` of `ERROR`.",
    )
    debug: bool = _setting(
        "GOEDEBUUR_DEBUG",
        "0",
        _flag,
        "`1` toont foutdetails in de browser. Alleen op de eigen computer; nooit op een server.",
    )

    def __post_init__(self) -> None:
        if self.witnesses_needed > len(self.witnesses):
            raise GoedeBuurError(
                BAD_SETTING,
                "More cosignatures are asked for than there are witnesses.",
                place="GOEDEBUUR_WITNESSES_NEEDED",
                value=f"{self.witnesses_needed} of {len(self.witnesses)}",
                hint="Name more witnesses in GOEDEBUUR_WITNESSES, or ask for fewer.",
            )

    @classmethod
    def from_environment(cls, env: Mapping[str, str]) -> Settings:
        """Return the settings in an environment.

        Raises
        ------
        GoedeBuurError
            `settings-value` with the name of the variable; `settings-unknown` for a name that starts with
            `GOEDEBUUR_` and is no setting (a typing error would otherwise go unseen).
        """
        known = {item.metadata["variable"]: item for item in fields(cls)}
        for name in env:
            if name.startswith(PREFIX) and name not in known and name not in OUTSIDE:
                raise GoedeBuurError(
                    UNKNOWN_SETTING,
                    "This setting does not exist.",
                    place=name,
                    hint="docs/beheer/instellingen.md lists every setting.",
                )
        values: dict[str, Any] = {}
        for variable, item in known.items():
            if variable not in env:
                continue
            try:
                values[item.name] = item.metadata["parse"](env[variable])
            except ValueError as error:
                raise GoedeBuurError(
                    BAD_SETTING,
                    "This setting has a value that the program cannot use.",
                    place=variable,
                    value="" if item.metadata["secret"] else env[variable],
                    hint=str(error),
                ) from error
        return cls(**values)

    @property
    def record_dir(self) -> Path:
        """Return the folder of the record: evidence and projections."""
        return self.home / "record"

    @property
    def documents_dir(self) -> Path:
        """Return the folder of documents of decisions in progress: private until they are published."""
        return self.home / "documents"

    @property
    def public_path(self) -> Path:
        """Return the folder of the published log."""
        return Path(self.public_dir) if self.public_dir else self.record_dir / "public"

    @property
    def signing_key_path(self) -> Path:
        """Return the file that holds the key of the log."""
        return Path(self.signing_key) if self.signing_key else self.home / "keys" / "log.key"

    @property
    def tile_host(self) -> str:
        """Return scheme and host of the tiles, for the content security policy; empty when they are off."""
        if not self.online_tiles:
            return ""
        parts = urlsplit(self.tile_url)
        return f"{parts.scheme}://{parts.netloc}"


def as_table() -> list[tuple[str, str, str]]:
    """Return (variable, default, help) of every setting, in the order of the documentation."""
    return [(f.metadata["variable"], f.metadata["default"], f.metadata["help"]) for f in fields(Settings)]
