"""Whatever comes from outside, each parser gives what it says or an error with a declared code, in bounded time.

One table has every function that reads bytes or text of others: files of suppliers, notes, leaves, proofs, receipts,
statements, certificates, requests, settings. A parser that is not in it, nor among those that read only what this
program wrote, fails the first test here.
"""

from __future__ import annotations

import ast
import gzip
import io
import json
import re
import resource
import ssl
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.adapters.samples import SAMPLES
from tests.adapters.test_permit_pdf import pdf, text_page
from tests.adapters.test_permit_sheet import filled, one_limit
from tests.core.ledger import test_fuzz as ledger
from tests.core.proof.cases import accepted
from tests.services import stacks
from tests.services.casework.mails import MAIL
from tests.services.deliveries import NOW
from tests.services.signing import FILE, sign, statement
from tests.store import certified
from tests.store.crashes import rows

from goedebuur import adapters  # noqa: F401 - fills the registry
from goedebuur.adapters import permit_pdf, permit_sheet, permit_template, stack_tables
from goedebuur.adapters.base import REGISTRY
from goedebuur.core.base import canonical, exact
from goedebuur.core.base.errors import CATALOGUE, GoedeBuurError
from goedebuur.core.base.periods import Period
from goedebuur.core.emissions import sheets
from goedebuur.core.ledger import blocks, notes, receipts, statements, submitters, tiles, witnessing
from goedebuur.core.ledger.key_changes import KeyChange, parse_key_change
from goedebuur.core.ledger.witnessing import AddCheckpoint
from goedebuur.core.permits import form
from goedebuur.core.proof import checking
from goedebuur.core.proof import files as proof_files
from goedebuur.core.sites.records import Site
from goedebuur.rules.substance_names import names
from goedebuur.services import examining, planes
from goedebuur.services.case_mail_in import read_mail
from goedebuur.services.dispersion_places import read_places
from goedebuur.services.draft_documents import read_sheet
from goedebuur.services.kept_results import read_results
from goedebuur.services.population import read_centroids
from goedebuur.services.promised import read_promise
from goedebuur.services.settings import Settings
from goedebuur.services.witness import read_config
from goedebuur.store import certificates
from goedebuur.web import asking, uploading

SOURCE = Path(__file__).resolve().parents[1] / "src" / "goedebuur"
MOST_SECONDS = 5.0
"""CPU that one small input may take, on a machine with other work. [s]"""
Parser = Callable[[bytes], Any]
Entry = tuple[Parser, tuple[bytes, ...]]

CHAIN = certified.chain(certified.wanted())
PEM = b"".join(ssl.DER_cert_to_PEM_cert(one).encode() for one in CHAIN)
SUBMITTER = {"id": "a", "name": "A", "roles": ["company"], "keys": [], "scope": [], "accreditation": None}
CONFIG = b'key = "w.key"\n[[log]]\nvkey = "' + ledger.VKEY.encode() + b'"\n'
REQUEST = AddCheckpoint(0, (), ledger.CHECKPOINT).encode()
SIGNED = sign(statement(FILE))
RECEIPT = receipts.Receipt(
    ledger.LOG.vkey,
    SIGNED.as_leaf("ed25519", ledger.VKEY),
    (receipts.Proof(3, ledger.LEAF, ledger.PROOF.encode()),),
    ledger.PROMISE.as_text().encode(),
    b"segment",
).encode()
WAITING = receipts.Receipt(ledger.VKEY, SIGNED.as_leaf("ed25519", ledger.VKEY)).encode()
PERMITS = ((SOURCE.parents[1] / "docs" / "methods" / "permit-example.json").read_bytes(),)
CHANGED = KeyChange(ledger.VKEY, ledger.VKEY, "2026-01-01T00:00:00Z")
SHEET = filled(permit_template.template(names()), one_limit)
STACKS = sheets.write([one for one in stacks.ALL if not isinstance(one, Site)])
WRITTEN = {name: (tuple(rows[0]), rows) for name, rows in STACKS.items() if rows}
SETS = (stack_tables.as_zip(WRITTEN), stack_tables.as_workbook(WRITTEN))
CENTROIDS = (
    b"postcode,leeftijd,inwoners,lat,lon\n1011,0-4,9630,52.37194,4.90553\n",
    b"postcode,inwoners,lat,lon\n1,NA,,\n",
)
KEPT = (b"id;x;y;mean\n1;101000;497000;1,5\n", b"x,y,mean\n0,0,1\n1,0,\n0,1,2\n1,1,3\n")
AREA = b'{"type":"Polygon","coordinates":[[[5.38,52.15],[5.39,52.15],[5.39,52.16],[5.38,52.15]]]}'
PLACES = (b'{"features":[{"id":1,"geometry":' + AREA + b',"properties":{}}]}', b"id,rd_x,rd_y\na,155000,463000\n")
WEEK = Period(*(asking.moment("start", day) for day in ("2021-06-01", "2021-06-08")))


def text(parse: Callable[[str], Any]) -> Parser:
    return lambda data: parse(data.decode(errors="surrogateescape"))


def query(ask: Callable[[Any], Any]) -> Parser:
    """What reads the address of a page: the first line is what is given for each name."""

    def parse(data: bytes) -> Any:
        from django.core.exceptions import TooManyFieldsSent
        from django.http import QueryDict

        try:
            given = QueryDict(data, encoding="utf-8")
        except TooManyFieldsSent:
            return None  # which Django itself answers with 400
        return ask(SimpleNamespace(GET=given, headers=given, META={}, method="PATCH"))

    return parse


def file_of(parse: Callable[[Path], Any], place: Path) -> Parser:
    def read(data: bytes) -> Any:
        place.write_bytes(data)
        return parse(place)

    return read


def certificates_of(data: bytes) -> Any:
    """The chain of a delivery, the first certificate replaced by what came."""
    root = (certificates.fingerprint(CHAIN[-1]),)
    for chain in ((data, *CHAIN[1:]), (CHAIN[0], data, CHAIN[-1]), (*CHAIN[:-1], data)):
        with suppress(GoedeBuurError):
            certificates.require_chain(chain, root, {"serialNumber": certified.OIN}, NOW)
    return certificates.verify(certificates.algorithm(data), (data,), b"x" * 64, b"message")


def environment(data: bytes) -> Any:
    names = ("MAP_BOUNDS", "LISTEN", "WITNESSES", "DATABASE_URL", "TILE_URL", "UPLOAD_MB", "SMTP_URL", "NO_SUCH")
    said = data.decode(errors="surrogateescape")
    for name in names:
        with suppress(GoedeBuurError):
            Settings.from_environment({f"GOEDEBUUR_{name}": said})


def permit(data: bytes) -> Any:
    """A decision in the form of this program, all faults at once."""
    for fault in form.loads(data).faults:
        assert fault.code in CATALOGUE


def decimals(data: bytes) -> Any:
    cells = pl.Series(data.decode(errors="replace").split("\n"), dtype=pl.String)
    value, places, bad = exact.parse_decimals(cells)
    assert (value.is_null() == bad).all()
    assert (places.is_null() == bad).all()


def tables(data: bytes) -> Any:
    """A table set, all faults at once, and what is made of its rows."""
    lines, faults = stack_tables.read(data, "set")
    for fault in [*faults, *sheets.read(lines)[1]]:
        assert fault.error.code in CATALOGUE


def submitter(data: bytes) -> Any:
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return submitters.read(body) if isinstance(body, dict) else None


def table(place: Path) -> dict[str, Entry]:
    """Return parser → how it is called and what it takes, of all that comes from outside."""
    found: dict[str, Entry] = {
        "core.base.canonical:decode": (or_value_error(canonical.decode), (b'{"a":1,"b":["c",null]}',)),
        "core.base.exact:parse_decimals": (decimals, (b"12.50\n-0.4\n1e3",)),
        "core.ledger.blocks:parse": (blocks.parse, tuple(_blocks())),
        "core.ledger.key_changes:parse_key_change": (text(parse_key_change), (CHANGED.as_text().encode(),)),
        "core.ledger.notes:parse_number": (text(or_value_error(notes.parse_number)), (b"0", b"123")),
        "core.ledger.notes:open_by_any": (lambda d: notes.open_by_any(d, [ledger.VERIFIER]), (ledger.NOTE,)),
        "core.ledger.receipts:parse": (receipts.parse, (RECEIPT, WAITING)),
        "core.ledger.receipts:check": (
            lambda d: receipts.check(receipts.parse(d), verify=lambda *_: True),
            (RECEIPT, WAITING),
        ),
        "core.ledger.statements:decode": (statements.decode, (SIGNED.statement,)),
        "core.ledger.statements:unbase64": (text(statements.unbase64), (b"AAEC",)),
        "core.ledger.submitters:read": (submitter, (json.dumps(SUBMITTER).encode(),)),
        "core.ledger.tiles:whole_entries": (tiles.whole_entries, (tiles.encode_bundle([b"", b"abc"]),)),
        "core.ledger.witnessing:parse_request": (witnessing.parse_request, (REQUEST,)),
        "core.ledger.witnessing:parse_cosignatures": (
            witnessing.parse_cosignatures,
            (b"".join(line + b"\n" for line in ledger.CHECKPOINT.split(b"\n")[4:-1]),),
        ),
        "core.ledger.witnessing:parse_size": (witnessing.parse_size, (b"12\n",)),
        "core.permits.form:loads": (permit, PERMITS),
        "core.proof.files:parse": (proof_files.parse, tuple(accepted().values())[:4]),
        "core.proof.checking:check": (lambda d: checking.check(d), tuple(accepted().values())[:4]),
        "adapters.permit_pdf:read": (lambda d: permit_pdf.read(d, "x.pdf", permit_pdf.Bounds(3)), (pdf(text_page),)),
        "adapters.permit_sheet:read": (lambda d: permit_sheet.read(d, "x.xlsx"), (SHEET,)),
        "adapters.stack_tables:read": (tables, SETS),
        "services.case_mail_in:read_mail": (lambda d: read_mail(d, "one.eml"), (MAIL,)),
        "services.draft_documents:read_sheet": (lambda d: read_sheet(d, "x.xlsx", names(), None), (SHEET,)),
        "services.examining:read": (lambda d: examining.read(d, "x.csv"), (SAMPLES["rivm until 2022"][2],)),
        "services.dispersion_places:read_places": (lambda d: read_places(d, "x", planes.RD), PLACES),
        "services.kept_results:read_results": (lambda d: read_results(d, "x").ordered(), KEPT),
        "services.population:read_centroids": (lambda d: read_centroids(d, "x", NOW.date(), (d, "y")), CENTROIDS),
        "services.promised:read_promise": (lambda d: read_promise(d, [ledger.VERIFIER]), (RECEIPT,)),
        "services.settings:Settings.from_environment": (environment, (b"4.4,52.3,4.8,52.6", b"127.0.0.1:80", b"1")),
        "services.witness:read_config": (file_of(read_config, place / "witness.toml"), (CONFIG,)),
        "store.certificates:read_chain": (file_of(certificates.read_chain, place / "chain.pem"), (PEM,)),
        "store.certificates:require_chain": (certificates_of, CHAIN),
        "web.uploading:unpacked": (text(unpacked), (b"AAEC|AAEC|", b"AAEC|AAEC|AAEC,AAEC")),
        "web.uploading:length": (query(uploading.length), (b"Content-Length=12",)),
        "web.uploading:offset": (query(uploading.offset), (b"Upload-Offset=12",)),
        "web.asking:period": (query(lambda r: asking.period(r, WEEK)), (b"start=2021-07-01&end=2021-07-02T10:00Z",)),
        "web.asking:points": (query(asking.points), (b"points=100",)),
        "web.asking:tree_size": (query(lambda r: asking.tree_size(r, "as_of", 9, lambda _: 3)), (b"as_of=2021-07-01",)),
    }
    found |= {f"adapter {what}": (_adapted(what), (SAMPLES[what][2],)) for what in SAMPLES}
    found |= {f"tests.core.ledger.test_fuzz:{name}": entry for name, entry in ledger.PARSERS.items()}
    return found


ELSEWHERE = {
    "core.ledger.leaves:decode": "tests.core.ledger.test_fuzz:leaf",
    "core.ledger.notes:decode_vkey": "tests.core.ledger.test_fuzz:key",
    "core.ledger.notes:open_note": "tests.core.ledger.test_fuzz:opened note",
    "core.ledger.notes:parse_note": "tests.core.ledger.test_fuzz:note",
    "core.ledger.notes:parse_signature": "tests.core.ledger.test_fuzz:signature",
    "core.ledger.notes:parse_checkpoint": "tests.core.ledger.test_fuzz:checkpoint",
    "core.ledger.promises:parse_promise": "tests.core.ledger.test_fuzz:promise",
    "core.ledger.proofs:parse": "tests.core.ledger.test_fuzz:proof",
    "core.ledger.segments:parse": "tests.core.ledger.test_fuzz:segment",
    "core.ledger.tiles:parse_path": "tests.core.ledger.test_fuzz:name of a tile",
    "core.ledger.tiles:parse_bundle": "tests.core.ledger.test_fuzz:bundle",
}
"""Parser → under which name it stands in the table."""
OWN = {
    "adapters.base:Adapter.parse": "a protocol",
    "core.compliance.verdict_rows:unpack": "rows of the derived tables",
    "rules.activities:parse": "a rule table of this program",
    "rules.casework:parse_states": "a rule table of this program",
    "rules.casework:parse_sights": "a rule table of this program",
    "rules.closing:parse": "a rule table of this program",
    "rules.emission:parse": "a rule table of this program",
    "rules.en14181:parse": "rule tables of this program",
    "rules.measuring:parse_regimes": "a rule table of this program",
    "rules.regimes:parse": "rule tables of this program",
    "rules.emission_duties:parse": "a rule table of this program",
    "rules.gap_reasons:parse": "a rule table of this program",
    "rules.loader:parse": "a rule table of this program",
    "rules.substance_codes:parse": "a rule table of this program",
    "rules.release_thresholds:parse": "a rule table of this program",
    "rules.visible:parse_factors": "a rule table of this program",
    "rules.visible:parse_limits": "a rule table of this program",
}
"""Parser → what it reads that nobody outside wrote."""
NAMED = re.compile(r"(parse|loads|decode|unbase64|unpack|whole_entries|from_environment|open_note|open_by_any)")
READS = re.compile(r"read_(config|chain)")


def takes_bytes(one: ast.FunctionDef) -> bool:
    """Whether a function by its name reads, and what it is given first is bytes."""
    first = one.args.args[0].annotation if one.args.args else None
    return one.name.startswith("read") and isinstance(first, ast.Name) and first.id == "bytes"


def or_value_error(parse: Callable[..., Any]) -> Callable[..., Any]:
    """A parser within others, which say in their own words what is wrong."""

    def or_none(*given: Any) -> Any:
        try:
            return parse(*given)
        except ValueError:
            return None

    return or_none


def unpacked(said: str) -> Any:
    parts = [*said.split("|"), "", ""][:3]
    return uploading.unpacked(*parts)


def _adapted(what: str) -> Parser:
    adapter, name, _ = SAMPLES[what]
    return lambda data: REGISTRY[adapter].parse(data, name)


def _blocks() -> list[bytes]:
    return [block for _, _, block in blocks.texts(rows(3))]


def parsers() -> set[str]:
    """Return every function in the source that by its name reads bytes or text."""
    found: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        module = path.relative_to(SOURCE).with_suffix("").as_posix().replace("/", ".")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            inner = node.body if isinstance(node, ast.ClassDef) else [node]
            prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for one in inner:
                if not isinstance(one, ast.FunctionDef):
                    continue
                if NAMED.match(one.name) or READS.match(one.name) or takes_bytes(one):
                    found.add(f"{module}:{prefix}{one.name}")
    return found


def test_every_parser_has_an_entry_here(tmp_path: Path) -> None:
    known = {*table(tmp_path), *ELSEWHERE, *OWN}
    for one in REGISTRY.values():
        known.add(f"{type(one).__module__.removeprefix('goedebuur.')}:{type(one).__name__}.parse")
    assert parsers() - known == set()
    assert {*ELSEWHERE, *OWN} - parsers() == set()
    assert set(ELSEWHERE.values()) <= set(table(tmp_path))


@pytest.fixture(scope="module", autouse=True)
def place(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the files lie that a parser reads by their name."""
    EVERY.update(table(tmp_path_factory.mktemp("read")))


def outcome(parse: Parser, data: bytes) -> str:
    """Return the code of the error, empty where there is a result; anything else that is raised is a fault."""
    began = time.process_time()
    try:
        parse(data)
        code = ""
    except GoedeBuurError as error:
        code = error.code
    assert not code or code in CATALOGUE, code
    assert time.process_time() - began < MOST_SECONDS, f"{len(data)} bytes took too long"
    return code


EVERY = table(Path())


@pytest.mark.parametrize("name", [name for name in EVERY if not name.startswith("tests.")])  # those have it there
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_parser_gives_a_result_or_a_declared_error(name: str, data: st.DataObject) -> None:
    parse, samples = EVERY[name]
    outcome(parse, data.draw(ledger.inputs(*(one for one in samples if one))))


@pytest.mark.parametrize("name", list(EVERY))
def test_parser_stands_whatever_breaks_readers(name: str) -> None:
    parse, samples = EVERY[name]
    for data in [*bombs(samples), *(one for sample in samples[:2] for one in other_values(sample))]:
        outcome(parse, data)


@pytest.mark.parametrize("sign", ['"', ".", "\\", ",", ":;", "; a="])
@pytest.mark.parametrize("header", [b"To: ", b"From: ", b"multipart/mixed;", b"application/pdf;", b"attachment;"])
def test_mail_with_an_endless_header_is_read_in_bounded_time(header: bytes, sign: str) -> None:
    data = MAIL.replace(header, header + sign.encode() * 100_000, 1)
    outcome(EVERY["services.case_mail_in:read_mail"][0], data)


def bombs(samples: tuple[bytes, ...]) -> list[bytes]:
    """Return what breaks readers: depth, length, packing, odd text; alone and in the middle of what is valid."""
    deep = [b"[" * 200_000, b'{"a":' * 100_000, b"(" * 50_000]
    wide = [b"9" * 100_000, b"1e999999", b"-" * 1_000, b",;" * 100_000, b"\n" * 100_000, b"a" * 2**21]
    odd = [b"", b"\x00" * 1_000, b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b'"\\ud800"', "٣".encode() * 50]
    odd += [b"NaN", b"Infinity", b'{"index":Infinity}', b"null", b"true", b'"' * 3, b"=" * 100, b"%00", b"&" * 2_000]
    packed = [gzip.compress(bytes(2**26)), gzip.compress(b"\n" * 2**22), gzip.compress(gzip.compress(bytes(2**20)))]
    packed += [_zipped(bytes(2**26)), _zipped(b"1;2\n" * 2**20), b"PK\x03\x04" + bytes(40), b"\x1f\x8b" + bytes(40)]
    alone = [*deep, *wide, *odd, *packed]
    within = [one[: len(one) // 2] + bomb + one[len(one) // 2 :] for one in samples[:2] for bomb in deep + wide + odd]
    return alone + within


def other_values(sample: bytes) -> Iterator[bytes]:
    """Yield a JSON text with each of its values replaced by one of another kind or size."""
    try:
        whole = json.loads(sample)
    except ValueError:
        return
    for place in _places(whole):
        for other in (None, True, -1, 10**30, 1.5, float("inf"), float("nan"), "", "\ud800", "x" * 5_000, [], [[]], {}):
            changed = json.loads(sample)
            at = changed
            for step in place[:-1]:
                at = at[step]
            at[place[-1]] = other
            yield json.dumps(changed, separators=(",", ":"), sort_keys=True).encode()


def _places(value: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in list(steps)[:40]:
        yield (*before, step)
        yield from _places(inner, (*before, step))


def _zipped(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", data)
    return sink.getvalue()


def test_packed_file_is_refused_before_its_content_is_in_memory() -> None:
    """Half a gibibyte of zeros in half a mebibyte: read in parts, and stopped at the first line that is too long."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sink = io.BytesIO()
    with gzip.GzipFile(fileobj=sink, mode="wb") as packing:
        for _ in range(32):
            packing.write(bytes(2**24))
    for adapter, name, _ in SAMPLES.values():
        with pytest.raises(GoedeBuurError):
            REGISTRY[adapter].parse(sink.getvalue(), name)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # [KiB]
