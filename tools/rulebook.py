"""Write the rule book for deliveries into the docs, from the checks that the code declares.

`python tools/rulebook.py` writes `docs/beheer/regelboek.md`; `--check` only says whether it is up to date.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from goedebuur.core.base.rulebook import Area, BasisKind, Check, Severity  # noqa: E402
from goedebuur.services import rulebook  # noqa: E402

PAGE = ROOT / "docs" / "beheer" / "regelboek.md"
FOLLOWS = {Severity.REFUSE: "geweigerd", Severity.FLAG: "gemerkt", Severity.NOTE: "gemeld"}
BASIS = {
    BasisKind.LAW: "wet",
    BasisKind.STANDARD: "standaard",
    BasisKind.FORMAT: "formaat",
    BasisKind.OWN: "eigen keuze",
}
INTRODUCTION = """# Regelboek voor leveringen

<!-- Gemaakt door tools/rulebook.py uit de controles in de code. Verander de code, en draai dat opnieuw. -->

Elke levering gaat langs deze controles. Wat een regel breekt wordt

- **geweigerd**: van de hele levering wordt niets bewaard. De fout noemt regel, kolom, waarde en deze regel;
- **gemerkt**: de waarde blijft staan, met een merk en de reden;
- **gemeld**: wie levert leest het; er verandert niets.

Alles vooraf nagaan zonder te leveren kan met `goedebuur submit --dry-run BESTAND`; een besluit met `goedebuur permits
check` of `permits import --dry-run`, een tabellenset van schoorstenen met `stack import --dry-run`. Dit boek opvragen
kan met `goedebuur rulebook` en op de pagina `/regelboek/` van de website.
"""


def page() -> str:
    """Return the page."""
    counted = rulebook.count()
    told = ", ".join(f"{counted.checks[one.value]} {FOLLOWS[one]}" for one in Severity)
    lines = [
        INTRODUCTION,
        f"Er zijn **{counted.total} controles**: {told}. Sommige werken met een tabel, zoals een grens per grootheid;",
        f"die tabellen hebben samen {counted.rows} rijen, die hier niet als controles zijn meegeteld.",
        "",
    ]
    for area, checks in rulebook.by_area():
        lines += [*_area(area, checks), ""]
    lines += ["## De tabellen", "", "De grenzen, eenheden en woorden waarmee een controle werkt.", ""]
    for check in rulebook.every():
        if check.rows:
            lines += [*_rows(check), ""]
    return "\n".join(lines).rstrip() + "\n"


def _area(area: Area, checks: tuple[Check, ...]) -> Iterator[str]:
    yield f"## {area.title.nl} (`{area.id}`)"
    yield ""
    yield "| regel | de levering houdt zich hieraan | anders | grond | code of merk | in de code | test |"
    yield "|---|---|---|---|---|---|---|"
    for check in checks:
        cells = (
            f"`{check.id}`",
            check.said.nl,
            FOLLOWS[check.severity],
            f"{BASIS[check.basis.kind]}: {check.basis.reference.nl}",
            f"`{check.code}`" if check.code else "",
            f"`{check.module.removeprefix('goedebuur.')}`",
            f"`{check.test.removeprefix('tests/')}`",
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _rows(check: Check) -> Iterator[str]:
    yield f"### `{check.id}`"
    yield ""
    yield "| rij | waaraan gehouden | bron | status |"
    yield "|---|---|---|---|"
    for row in check.rows:
        cells = (row.key, row.held_to, row.reference or check.basis.reference.nl, row.status)
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is what the code declares."""
    text = page()
    if "--check" in arguments:
        same = PAGE.exists() and PAGE.read_text("utf-8") == text
        print("the rule book is up to date" if same else f"{PAGE.name} is not what the code declares")  # noqa: T201
        return 0 if same else 1
    PAGE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
