"""Commands for permits: read a decision from a PDF or a spreadsheet, and what the record holds of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from goedebuur.cli import deciding
from goedebuur.cli.options import Group
from goedebuur.cli.session import current, table
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.entry.rules import MISTAKES

if TYPE_CHECKING:
    from goedebuur.core.permits.proposals import Extraction, Proposal
    from goedebuur.services.draft_documents import SheetError, SheetRead


@click.group(cls=Group)
def permits() -> None:
    """Permits as data: enter them from a file, show and export them."""


for _command in (
    *(deciding.list_permits, deciding.check, deciding.publish, deciding.show, deciding.export, deciding.limits),
):
    permits.add_command(_command)


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal as it is listed."""

    number: str
    page: int
    kind: str
    fields: dict[str, str]
    confidence: str
    doubts: tuple[str, ...]
    sentence: str
    note: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence that looks like a condition and gave no proposal, or a page that was not read."""

    page: int
    number: str
    text: str
    why: str


@permits.command("extract")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--no-ocr", is_flag=True, help="Leave scans unread, and say so.")
def extract(path: Path, no_ocr: bool) -> None:
    """Propose conditions from the sentences of a permit in PDF. Nothing is entered: a person decides on each."""
    from goedebuur.adapters import permit_pdf
    from goedebuur.services import permit_reading

    session = current()
    with path.open("rb") as stream:
        data = stream.read(permit_pdf.MAX_BYTES + 1)
    bounds = permit_pdf.Bounds(permit_pdf.PATIENT.seconds) if no_ocr else permit_pdf.PATIENT
    found = permit_reading.propose(data, path.name, bounds)
    proposed = [_listed(one) for one in found.proposals]
    left_out = list(_left_out(found))
    answer = {
        "proposals": proposed,
        "left_out": left_out,
        "pages": found.pages,
        "sentences": found.sentences,
        "no_condition": found.other,
        "headers_and_footers": found.running,
    }
    session.answer(answer, lambda: _told(found, proposed, left_out))


def _listed(one: Proposal) -> Proposed:
    from goedebuur.core.permits import proposal_words

    sentence = one.sentences[0]
    return Proposed(
        number=sentence.number,
        page=sentence.page,
        kind=one.kind,
        fields={name: value for name, value in one.fields.items() if name not in ("kind", "number", "text")},
        confidence=proposal_words.CONFIDENCE[one.confidence].en,
        doubts=tuple(proposal_words.DOUBTS[doubt].en for doubt in one.doubts),
        sentence=" ".join(part.text for part in one.sentences),
        note=one.note,
    )


def _left_out(found: Extraction) -> Iterator[LeftOut]:
    from goedebuur.adapters.permit_pdf import PAGE_READ
    from goedebuur.core.permits import proposal_words
    from goedebuur.services.permit_reading import SENTENCE_READ

    for page in found.pages_unread:
        yield LeftOut(page.number, "", "", PAGE_READ.note(page.reason))
    for one in found.unread:
        why = SENTENCE_READ.note(proposal_words.WHY[one.why].en)
        yield LeftOut(one.sentence.page, one.sentence.number, one.sentence.text, why)


def _told(found: Extraction, proposed: list[Proposed], left_out: list[LeftOut]) -> None:
    rows = [
        (one.number, one.page, one.kind, ", ".join(f"{k} {v}" for k, v in one.fields.items()), one.confidence)
        for one in proposed
    ]
    table(("number", "page", "kind", "proposed", "confidence"), rows)
    click.echo(
        "\nNot read, look at these yourself:" if left_out else "\nNothing that looks like a condition was left out."
    )
    table(("number", "page", "why", "sentence"), [(o.number, o.page, o.why, o.text) for o in left_out])
    counts = f"{found.sentences} sentences on {found.pages} pages: {len(proposed)} proposals, {len(left_out)} left out"
    click.echo(f"\n{counts}, {found.other} that are no condition, {found.running} headers and footers.")


# -- the spreadsheet --------------------------------------------------------------------------------------------------


@permits.command("template")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def template(path: Path) -> None:
    """Write the empty spreadsheet in which a decision is filled in, as .xlsx."""
    from goedebuur.adapters import permit_template
    from goedebuur.rules.substance_names import names

    if path.suffix.lower() != ".xlsx":
        raise click.UsageError(f"{path.name}: name it with .xlsx at its end.")
    if path.exists():
        raise click.UsageError(f"{path.name} is there already: choose another name, or take it away first.")
    path.write_bytes(permit_template.template(names()))
    current().answer({"written": str(path)}, lambda: click.echo(f"{path} written"))


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a spreadsheet, as it is listed."""

    sheet: str
    row: int | None
    cell: str
    column: str
    value: str
    message: str
    hint: str
    check: str


@permits.command("import")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", default="", metavar="ADDRESS", help="The permit writer in whose name the draft is made.")
@click.option("--authority", default="", metavar="ID", help="For which authority, where the writer has more than one.")
@click.option("--dry-run", is_flag=True, help="Only tell the mistakes; make nothing.")
def import_sheet(path: Path, by: str, authority: str, dry_run: bool) -> None:
    """Make a draft of a filled-in spreadsheet: all its mistakes are told at once, and nothing is made then."""
    from goedebuur.adapters import permit_sheet
    from goedebuur.rules.substance_names import names
    from goedebuur.services import draft_documents

    session = current()
    if not dry_run and not by:
        raise click.UsageError("Name the permit writer with --by, or ask only for the mistakes with --dry-run.")
    with path.open("rb") as stream:
        data = stream.read(permit_sheet.MAX_BYTES + 1)
    with ExitStack() as stack:
        record = stack.enter_context(session.record()) if session.settings.record_dir.is_dir() else None
        found = draft_documents.read_sheet(data, path.name, names(), record)
    mistakes = [_mistake(one) for one in found.errors]
    for remark in found.remarks:
        session.remark(remark.en)
    made = None
    if not dry_run and not mistakes:
        made = _draft(by, authority, found)
    answer = {"draft": made, "conditions": len(found.conditions), "mistakes": mistakes}
    session.answer(answer, lambda: _told_sheet(made, len(found.conditions), mistakes))
    if mistakes:
        first = found.errors[0].error(path.name)
        raise GoedeBuurError(
            MISTAKES,
            f"{len(mistakes)} mistakes; nothing was entered. The first: {first.message}",
            place=first.place,
            value=first.value,
            hint="Put them right in the spreadsheet, and import it once more.",
            check=first.check,
        )


@permits.command("publish-draft")
@click.argument("number", type=int)
@click.option("--by", required=True, metavar="ADDRESS", help="The permit writer or reviewer who publishes.")
@click.option("--reason", default="", help="Why a published decision is put right. Public: no names of persons.")
def publish_draft(number: int, by: str, reason: str) -> None:
    """Publish a draft of which all parts were checked, where the key of the log is not on the website's machine."""
    session = current()
    session.database()
    from goedebuur.rules.substance_names import names
    from goedebuur.services import drafting, people
    from goedebuur.store.casework.documents import Documents

    now = session.wiring.now()
    person = people.by_email(by, now)
    files = Documents(session.settings.documents_dir)
    with session.record(write=True) as record:
        leaf = drafting.publish(record, person, number, files, now, names(), reason=reason)
    session.answer({"leaf": leaf}, lambda: click.echo(f"published as leaf {leaf}"))


def _draft(by: str, authority: str, found: SheetRead) -> int:
    """Return the number of the draft that was made of a spreadsheet without mistakes."""
    session = current()
    session.database()
    from goedebuur.services import drafting, people

    now = session.wiring.now()
    person = people.by_email(by, now)
    may = drafting.authorities(person)
    if not authority and len(may) > 1:
        raise click.UsageError(f"{by} enters for more than one authority; choose with --authority: {', '.join(may)}.")
    draft = drafting.make(person, authority or "".join(may), found.decision, now, found.conditions)
    return draft.id


def _mistake(one: SheetError) -> Mistake:
    said = one.trouble
    where = (one.sheet, one.row or None, one.cell, one.label)
    return Mistake(*where, said.value, said.message.en, said.hint.en, said.check)


def _told_sheet(made: int | None, conditions: int, mistakes: list[Mistake]) -> None:
    if mistakes:
        rows = [(m.sheet, m.row, m.cell, m.column, m.value, f"{m.message} {m.hint}".strip(), m.check) for m in mistakes]
        table(("sheet", "row", "cell", "column", "value", "what to do", "rule"), rows)
    elif made is None:
        click.echo(f"{conditions} conditions, no mistakes; nothing was entered.")
    else:
        click.echo(f"draft {made} with {conditions} conditions; a colleague checks it under /werk/vergunningen/{made}/")
