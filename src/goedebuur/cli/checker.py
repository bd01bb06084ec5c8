"""Checks a proof file with Python alone: what `python3 goedebuur-controle.pyz FILE` runs, and `goedebuur verify` too.

No package but the standard library is imported here, by anything: the archive holds this module and `core/proof`, with
what those need.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final, NoReturn

from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.proof import checking, sentences, witnesses
from goedebuur.core.proof.checking import Report
from goedebuur.core.proof.civil import civil
from goedebuur.core.proof.files import Claim, VerdictClaim, said

LANGUAGES: Final = ("nl", "en")
_WORDS: Final = {
    "nl": ("Klopt", "Bewezen", "Niet bewezen", "Klopt niet", "", "", "wat u kunt doen", "Voorbehoud"),
    "en": ("Correct", "Proven", "Not proven", "Not correct", "where", "found", "what to do", "Said along"),
}
_REFUSED: Final = {
    "proof-malformed": sentences.REFUSED["file"][1][0],
    "note-malformed": sentences.REFUSED[checking.SIGNED][1][0],
    "note-unsigned": sentences.REFUSED[checking.SIGNED][1][0],
    "proof-unwitnessed": sentences.REFUSED[checking.WITNESSED][1][0],
    "leaf-unreadable": sentences.REFUSED[checking.IN_LOG][1][0],
    "leaf-block-unreadable": sentences.REFUSED[checking.IN_BATCH][1][0],
}
"""Code of an error → what the page says of it in Dutch; an error itself speaks English alone."""
_REFUSED_BY_OTHERS: Final = "Een stap van dit bewijs klopt niet: het bestand laat niet zien wat het moet laten zien."
_PRECISELY: Final = "Wat er precies niet klopt, staat er in het Engels met --language en."
_HELP: Final = {
    "nl": {
        "about": "Controleer een bewijsbestand.",
        "usage": "gebruik: ",
        "file": "bewijsbestand, *.bewijs.json",
        "help": "zeg dit, en stop",
        "key": "sleutel van het logboek, zoals u die van elders kent",
        "witness": "sleutel van een getuige; vaker te geven",
        "witnesses": "bestand met sleutels van getuigen, op elke regel een",
        "quorum": "hoeveel van hen ten minste moeten hebben meegetekend",
        "language": "taal van wat dit programma zegt: nl of en",
        "wrong": "Deze opdracht klopt niet. Wat kan staat hierboven.",
        "unreadable": "Dit bestand is niet te lezen: {file}",
        "bad_list": "De lijst met getuigen is niet te gebruiken: {found}. Geef elke getuige één keer, en vraag er niet "
        "meer dan u noemt.",
    },
    "en": {
        "about": "Check a proof file.",
        "usage": "usage: ",
        "file": "proof file, *.bewijs.json",
        "help": "say this, and stop",
        "key": "key of the log, as you know it from elsewhere",
        "witness": "key of a witness; may be given more than once",
        "witnesses": "file with keys of witnesses, one on each line",
        "quorum": "how many of them must have cosigned",
        "language": "language of what this program says: nl or en",
        "wrong": "This command is not right. What can be is above.",
        "unreadable": "This file cannot be read: {file}",
        "bad_list": "The list of witnesses cannot be used: {found}. Give each witness once, and ask for no more than "
        "you name.",
    },
}
_POINT: Final = re.compile(r"(?<=[0-9])\.(?=[0-9])")


def text(report: Report, language: str) -> str:
    """Return what a check showed, for people, in `nl` or `en`."""
    correct, proven, unproven = _WORDS[language][:3]
    lines = [f"{correct}: {_claimed(report, language)}", "", f"{proven}:"]
    lines += [f"  ✓ {sentences.sentence(finding, language)}" for finding in report.proven]
    lines += ["", f"{unproven}:"]
    lines += [f"  – {sentences.sentence(finding, language)}" for finding in report.unproven]
    if isinstance(report.claim, VerdictClaim):
        name = "reservations" if language == "nl" else "reservations_en"
        lines += ["", f"{_WORDS[language][7]}:", *(f"  – {one}" for one in report.claim.fields[name])]
    return "\n".join(lines)


def _claimed(report: Report, language: str) -> str:
    claim = report.claim
    if isinstance(claim, VerdictClaim):
        (verdict,) = (one for one in report.proven if one.code == checking.VERDICT)
        return f"{claim.series}, {claim.year}, {claim.rule}: {verdict.values[f'outcome_{language}']}"
    figure = claim.figure or "—"
    return f"{claim.series}, {_period(claim, language)}: {_decimal(figure, language)} {claim.unit}"


def _period(claim: Claim, language: str) -> str:
    """Return the period on clocks in the Netherlands; in UTC where that cannot be told of both ends."""
    ends = said(claim.start), said(claim.end)
    there = civil(ends[0]), civil(ends[1])
    if not all(there):
        return " – ".join(ends)
    return f"{there[0]} – {there[1]} ({sentences.CIVIL[LANGUAGES.index(language)]})"


def _decimal(figure: str, language: str) -> str:
    return _POINT.sub(",", figure) if language == "nl" else figure


def refusal(error: GoedeBuurError, language: str) -> str:
    """Return why a file does not hold, for people. In Dutch it says less: the error itself speaks English alone."""
    wrong, where, found, hint = _WORDS[language][3:7]
    if language == "nl":
        why, told = _REFUSED.get(error.code, _REFUSED_BY_OTHERS), [(hint, f"{sentences.WHAT_NOW[0]} {_PRECISELY}")]
    else:
        why, told = error.message, [(where, error.place), (found, error.value), (hint, error.hint)]
    return "\n".join([f"{wrong}: {why} [{error.code}]"] + [f"  {name}: {value}" for name, value in told if value])


class _Formatter(argparse.HelpFormatter):
    """Help whose own words are in the language that is asked for."""

    def __init__(self, usage: str, prog: str) -> None:
        super().__init__(prog)
        self._usage = usage

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, self._usage)


class _Parser(argparse.ArgumentParser):
    """A command line that says what is wrong in one language: argparse itself knows English alone."""

    said: dict[str, str]

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.said['wrong']}\n")


def _parser(language: str) -> argparse.ArgumentParser:
    words = _HELP[language]
    parser = _Parser(description=words["about"], add_help=False, formatter_class=partial(_Formatter, words["usage"]))
    parser.said = words
    options = parser.add_argument_group()
    options.add_argument("file", type=Path, help=words["file"])
    options.add_argument("-h", "--help", action="help", help=words["help"])
    options.add_argument("--key", metavar="VKEY", help=words["key"])
    options.add_argument("--witness", metavar="VKEY", action="append", default=[], help=words["witness"])
    options.add_argument("--witnesses", metavar="FILE", type=Path, help=words["witnesses"])
    options.add_argument("--quorum", metavar="N", type=int, default=0, help=words["quorum"])
    options.add_argument("--language", choices=LANGUAGES, default=language, help=words["language"])
    return parser


def _language(arguments: Sequence[str], usual: str) -> str:
    """Return the language that is asked for, before anything is said."""
    for at, one in enumerate(arguments):
        name, _, value = one.partition("=")
        asked = value or (arguments[at + 1] if at + 1 < len(arguments) else "")
        if name == "--language" and asked in LANGUAGES:
            return asked
    return usual


def main(arguments: Sequence[str] | None = None, language: str = "nl") -> int:
    """Check the file that is named, say what that showed, and return 0, 5 for one that does not hold, 2 for none.

    Parameters
    ----------
    language
        `nl` or `en`, where `--language` asks for none: that of the page from which the program came.
    """
    given = sys.argv[1:] if arguments is None else arguments
    asked = _parser(_language(given, language)).parse_args(given)
    words = _HELP[asked.language]
    try:
        listed = witnesses.keys(asked.witnesses.read_text("utf-8")) if asked.witnesses is not None else ()
        policy = witnesses.policy((*asked.witness, *listed), asked.quorum)
        report = checking.check(asked.file.read_bytes(), vkey=asked.key, policy=policy)
    except (OSError, UnicodeDecodeError) as error:
        name = error.filename if isinstance(error, OSError) else asked.witnesses
        sys.stderr.write(words["unreadable"].format(file=name) + "\n")
        return 2
    except GoedeBuurError as error:
        if error.code == witnesses.BAD_LIST:
            sys.stderr.write(words["bad_list"].format(found=error.value) + "\n")
            return 2
        sys.stderr.write(refusal(error, asked.language) + "\n")
        return 5
    sys.stdout.write(text(report, asked.language) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
