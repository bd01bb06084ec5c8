"""Putting the checking page together: mark-up, style, scripts and the tables of the program in one file.

The page carries its own content security policy, so that a copy on a USB stick can send nothing either. The policy
names script and style by their digest; the route that serves the page says the same in a header.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, Final

import goedebuur
from goedebuur.core.base.flags import UNUSABLE, Flag
from goedebuur.core.base.periods import Clock
from goedebuur.core.base.quantities import QUANTITIES
from goedebuur.core.base.sourced import Text
from goedebuur.core.compliance import rows, table_rows, wording
from goedebuur.core.ledger import leaves
from goedebuur.core.proof import checking, civil, files, sentences
from goedebuur.web.checker.words import TEXTS

NAME: Final = "goedebuur-controle.html"
HERE: Final = Path(__file__).resolve().parent
SCRIPTS: Final = (
    "read.js",
    "log.js",
    "count.js",
    "rule.js",
    "judge.js",
    "verdict.js",
    "file.js",
    "check.js",
    "page.js",
)
"""In an order in which each needs only those before it."""
_IMPORT: Final = re.compile(r"^import \{[^}]*\}\s*from \"\./[a-z]+\.js\";\n", re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=async |function |class |const )", re.MULTILINE)
_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
_TEXT: Final = re.compile(r'( data-text="(\w+)"[^>]*>)(?=</)')


@cache
def page() -> bytes:
    """Return the page as one file."""
    filled = {"policy": policy(header=False), "style": style(), "script": script(), "table": _json(table())}
    text = _PLACE.sub(lambda place: filled[place[1]], _source("page.html"))
    # the Dutch words are there before any script runs, and without one
    return _TEXT.sub(lambda place: place[1] + html.escape(_dutch(place[2])), text).encode()


@cache
def policy(*, header: bool = True) -> str:
    """Return the content security policy of the page; a header can forbid framing, the page itself cannot."""
    rules = [
        "default-src 'none'",
        f"script-src {_digest(script())}",
        f"style-src {_digest(style())}",
        "connect-src 'none'",
        "img-src data:",
        "form-action 'none'",
        "base-uri 'none'",
    ]
    return "; ".join([*rules, "frame-ancestors 'none'"] if header else rules)


@cache
def style() -> str:
    """Return the style sheet."""
    return _source("style.css")


@cache
def script() -> str:
    """Return the modules as one: their imports of each other fall away."""
    return "".join(_EXPORT.sub("", _IMPORT.sub("", _source(name))) for name in SCRIPTS)


def table() -> dict[str, Any]:
    """Return what the page needs of the program: its sentences and constants."""
    return {
        "version": goedebuur.__version__,
        "texts": TEXTS,
        "proven": sentences.PROVEN,
        "unproven": sentences.UNPROVEN,
        "refused": sentences.REFUSED,
        "quantities": {
            one.id: {"unit": one.unit, "ratios": one.ratios, "names": (one.name_nl, one.name_en)}
            for one in QUANTITIES.values()
        },
        "decimals": sentences.DECIMALS,
        "moments": sentences.MOMENTS,
        "civil_years": (civil.FIRST, civil.LAST),
        "unusable": int(UNUSABLE),
        "simulator": checking.SIMULATOR,
        "simulated_flag": int(Flag.SIMULATED),
        "format": files.FORMAT,
        "max_file_bytes": files.MAX_FILE_BYTES,
        "format_version": leaves.FORMAT_VERSION,
        "kinds": leaves.KINDS,
        "leaf_fields": [one.name for one in fields(leaves.Leaf)],
        "claimed": {name: read.__name__.removeprefix("_") for name, read in files.CLAIMED.items()},
        "tables": table_rows.TABLES,
        "captures": list(rows.CaptureBase),
        "limit_kinds": list(rows.LimitKind),
        "levels": list(rows.GuidelineLevel),
        "effects": list(rows.Effect),
        "clocks": list(Clock),
        "wording": _wording(),
        "closed_fields": ["kind", *(one.name for one in fields(leaves.ClosedLeaf))],
    }


def _wording() -> dict[str, dict[str, tuple[str, str]]]:
    """Return the sentences of a verdict, in Dutch and English."""
    tables: dict[str, Mapping[Any, Text]] = {
        "reasons": wording.REASONS,
        "standing": wording.STANDING_SENTENCES,
        "statuses": wording.STATUSES,
        "statistics": wording.STATISTICS,
        "kinds": wording.KINDS,
        "law": wording.LAW,
        "not_binding": wording.NOT_BINDING,
        "advice": wording.ADVICE,
    }
    return {name: {str(key): (text.nl, text.en) for key, text in of.items()} for name, of in tables.items()}


def _dutch(name: str) -> str:
    return TEXTS[name][0].replace("{version}", goedebuur.__version__)


def _source(name: str) -> str:
    return (HERE / name).read_text("utf-8")


def _json(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False).replace("<", "\\u003c")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
