"""The README of an installation: name and key of its log, and how to check it, beside the published files.

It is written with the publication and says the same until a key, a witness or a setting changes. Nothing signs it:
whoever can replace the log can replace this too, and it says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from goedebuur.services.cosigning import Plan

_DUTCH: Final = """\
# Het logboek van een register van Goede Buur

Hier staan alle leveringen aan dit register, op volgorde. Er kan ongemerkt niets in veranderen.

{facts}

**Neem de sleutel niet alleen van hier aan.** Wie het logboek kan vervalsen, kan dit bestand ook vervalsen. Vraag naam
en sleutel ook aan iemand anders, of zoek ze op waar de beheerder ze buiten deze website noemt.

| controleren | opdracht |
|---|---|
| het logboek volgen: is er niets veranderd of weggehaald? | `goedebuur monitor ADRES --key '{key}'` |
| een cijfer | `goedebuur verify BESTAND --key '{key}'`, of de pagina `/controle/` van de website |
| een ontvangstbewijs | `goedebuur receipt verify BESTAND --key '{key}'` |

ADRES is de plaats waar dit bestand staat.
"""
_ENGLISH: Final = """\
# The log of a record of Goede Buur

All deliveries to this record are here, in order; nothing in it changes unseen. The name and the key are above. **Do not
take the key from here alone:** whoever can forge the log can forge this file. Ask somebody else for both.

The files have the form of [C2SP tlog-tiles](https://c2sp.org/tlog-tiles): `checkpoint` is the signed state, `log.vkey`
the public key (two lines while it changes), `tile/` the hashes and `tile/entries/` the leaves.
"""


def text(plan: Plan, vkeys: Sequence[str]) -> str:
    """Return the README of an installation, in Dutch and in short in English.

    Parameters
    ----------
    plan
        Whose log this is, and who witnesses it.
    vkeys
        Public keys of the log in their C2SP form: one, or the old and the new while it changes.
    """
    return _DUTCH.format(facts=_facts(plan, vkeys), key=vkeys[-1]) + "\n" + _ENGLISH


def _facts(plan: Plan, vkeys: Sequence[str]) -> str:
    rows = [("Naam (origin)", f"`{vkeys[0].partition('+')[0]}`")]
    named = "Openbare sleutel" if len(vkeys) == 1 else "Openbare sleutel (wordt gewisseld: beide gelden)"
    rows += [(named, f"`{vkey}`") for vkey in vkeys]
    rows += [("Getuige", f"`{vkey}`, {url}") for vkey, url in plan.witnesses] or [("Getuigen", "geen")]
    if plan.witnesses:
        rows.append(("Getuigen die een stand meetekenen vóór zij hier komt", f"ten minste {plan.needed}"))
    rows += [("Beheerder", plan.operator or "niet opgegeven"), ("Contact", plan.contact or "niet opgegeven")]
    return "\n".join(["| | |", "|---|---|", *(f"| {name} | {_cell(said)} |" for name, said in rows)])


def _cell(said: str) -> str:
    """Return it on one line, with nothing that would end its cell."""
    return " ".join(said.split()).replace("|", "\\|")
