"""The command and the call by which a file that was looked at is signed and sent, and the words around them."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from goedebuur.core.ledger.statements import ED25519
from goedebuur.core.ledger.submitters import Key
from goedebuur.services.foreseeing import TABLE_SET, Foreseen

NO_FORMAT: Final = gettext_noop("Choose a format of the list.")
FORMATS: Final[dict[str, str]] = {
    "stack_csv": gettext_noop("raw signals of a stack (CSV)"),
    "measurement_report": gettext_noop("report of a measurement or of a test (JSON or CSV)"),
    "visible_emissions": gettext_noop("visible emissions (CSV)"),
    "simulated": gettext_noop("simulated values"),
    TABLE_SET: gettext_noop("table set of emission points (xlsx or zip)"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was filled in besides the file: the address of this website, the method of measuring, and the reason."""

    base: str
    method: str
    reason: str


def format_name(adapter: str) -> str:
    """Return what a format is called, in the language of the reader."""
    return _(FORMATS[adapter]) if adapter in FORMATS else adapter


def commands(found: Foreseen, asked: Asked) -> list[tuple[str, str]]:
    """Return key and command for each key that counts; one with words to fill in where nobody was named."""
    if found.adapter == TABLE_SET:
        return []
    keys: tuple[Key | None, ...] = found.keys or (None,)
    return [(key.id if key is not None else "", _command(found, asked, key)) for key in keys]


def _command(found: Foreseen, asked: Asked, key: Key | None) -> str:
    who = found.submitter.id if found.submitter is not None else _("SUBMITTER")
    said = ["goedebuur", "submit", _path(found.name), "--submitter", who, "--key", _("KEY-FILE")]
    if key is not None and key.algorithm != ED25519:
        said += ["--certificates", _("CHAIN.pem"), "--key-id", key.id]
    elif key is not None:
        said += ["--key-id", key.id]
    said += ["--adapter", found.adapter]
    said += ["--method", asked.method] if asked.method else []
    said += ["--reason", asked.reason] if asked.reason else []
    return shlex.join([*said, "--url", asked.base])


def call(found: Foreseen, asked: Asked) -> str:
    """Return shell commands that make the statement, sign it with OpenSSL and send it with curl.

    Only for a key that OpenSSL signs with as it is: Ed25519 in PEM.
    """
    if found.adapter == TABLE_SET:
        return ""
    who = found.submitter.id if found.submitter is not None else _("SUBMITTER")
    key = found.keys[0].id if found.keys else _("NAME-OF-KEY")
    fields = {"adapter": found.adapter, "format": "goedebuur delivery 1", "key": key, "method": asked.method}
    fields |= {"reason": asked.reason, "submitter": who}
    payload = {"name": found.name, "sha256": found.sha256, "size": found.size}
    said = json.dumps(fields | {"payload": payload, "sites": []}, ensure_ascii=True, sort_keys=True)
    return "\n".join(
        (
            f"FILE={shlex.quote(_path(found.name))}",
            "python3 - > statement.json <<'PY'",
            "import datetime, json, secrets",
            f"said = json.loads({said!r})",
            'said["created"] = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")',
            'said["nonce"] = secrets.token_hex(16)',
            'print(json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False), end="")',
            "PY",
            "{ printf 'goedebuur delivery 1\\n'; cat statement.json; } > message",
            "openssl pkeyutl -sign -rawin -inkey key.pem -in message -out signature",
            'curl --fail-with-body -o receipt.json --data-binary "@$FILE" \\',
            "  -H 'Content-Type: application/octet-stream' \\",
            '  -H "Goedebuur-Statement: $(base64 -w0 statement.json)" \\',
            '  -H "Goedebuur-Signature: $(base64 -w0 signature)" \\',
            f"  {shlex.quote(asked.base + '/api/deliveries/')}",
        )
    )


def entering(found: Foreseen, asked: Asked) -> str:
    """Return the command by which whoever runs the record enters a table set; empty for a delivery."""
    if found.adapter != TABLE_SET or found.refused:
        return ""
    said = ["goedebuur", "stack", "import", _path(found.name)]
    return shlex.join([*said, "--reason", asked.reason] if asked.reason else said)


def _path(name: str) -> str:
    """Return the name of a file in the folder where one is, never to be taken for an option."""
    return f"./{name}" if name.startswith("-") else name
