"""Checks a proof file with Python alone: what `python3 goedebuur-controle.pyz FILE` runs, and `goedebuur verify` too.

No package but the standard library is imported here, by anything: the archive holds this module and `core/proof`, with
what those need.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.proof import checking, sentences
from goedebuur.core.proof.checking import Report
from goedebuur.core.proof.files import said

LANGUAGES: Final = ("nl", "en")
_WORDS: Final = {
    "nl": ("Klopt", "Bewezen", "Niet bewezen", "Klopt niet", "waar", "gevonden", "wat u kunt doen"),
    "en": ("Correct", "Proven", "Not proven", "Not correct", "where", "found", "what to do"),
}


def text(report: Report, language: str) -> str:
    """Return what a check showed, for people, in `nl` or `en`."""
    correct, proven, unproven = _WORDS[language][:3]
    claim = report.claim
    figure = f"{claim.figure or '—'} {claim.unit}"
    lines = [f"{correct}: {claim.series}, {said(claim.start)} – {said(claim.end)}: {figure}", "", f"{proven}:"]
    lines += [f"  ✓ {sentences.sentence(finding, language)}" for finding in report.proven]
    lines += ["", f"{unproven}:"]
    lines += [f"  – {sentences.sentence(finding, language)}" for finding in report.unproven]
    return "\n".join(lines)


def refusal(error: GoedeBuurError, language: str) -> str:
    """Return why a file does not hold, for people. The sentence itself is English, as all errors of the program."""
    wrong, where, found, hint = _WORDS[language][3:]
    lines = [f"{wrong}: {error.message} [{error.code}]"]
    told = ((where, error.place), (found, error.value), (hint, error.hint))
    return "\n".join(lines + [f"  {name}: {value}" for name, value in told if value])


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the file that is named, say what that showed, and return 0, 5 for one that does not hold, 2 for none."""
    parser = argparse.ArgumentParser(description="Controleer een bewijsbestand. Check a proof file.")
    parser.add_argument("file", type=Path, help="*.bewijs.json")
    parser.add_argument("--key", metavar="VKEY", help="sleutel van het logboek, van elders / the log's key")
    parser.add_argument("--language", choices=LANGUAGES, default="nl")
    asked = parser.parse_args(arguments)
    try:
        report = checking.check(asked.file.read_bytes(), vkey=asked.key)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except GoedeBuurError as error:
        sys.stderr.write(refusal(error, asked.language) + "\n")
        return 5
    sys.stdout.write(text(report, asked.language) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
