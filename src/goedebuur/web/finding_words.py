"""What is told of a delivery in the words of the page: messages, hints and places as programs are told them.

A program that delivers reads English sentences with the values in them. Here are their forms: a sentence that has one
is told to a reader in the language of the page. Of any other the page says the rule, and keeps the English apart.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from goedebuur.core.base.rulebook import CHECKS
from goedebuur.core.emissions.checks import catalogue

FORMS: Final[tuple[str, ...]] = (
    gettext_noop("This is a web page, not a data file."),
    gettext_noop("The address probably gave a page with an error or a list: open it in a browser first."),
    gettext_noop("The packed file is damaged."),
    gettext_noop("Download it again, and compare its size with the size that the supplier gives."),
    gettext_noop("The file holds nothing."),
    gettext_noop("Check whether the download was complete, and deliver it again."),
    gettext_noop("The file is not in %(encoding)s: it holds zero bytes, as UTF-16 and spreadsheets do."),
    gettext_noop("Deliver the file as the supplier published it, not as saved by another program."),
    gettext_noop("The file says that it is simulated."),
    gettext_noop("Deliver it without naming an adapter, or as `simulated`: then its values are marked."),
    gettext_noop("The file is not in %(encoding)s."),
    gettext_noop("The file is in %(encoding)s."),
    gettext_noop("Save it as UTF-8, or deliver it as the supplier published it."),
    gettext_noop("The content is larger than %(limit)s MiB."),
    gettext_noop("Deliver it in parts, for instance a file a year."),
    gettext_noop("A line is longer than %(limit)s bytes; no format read here has such lines."),
    gettext_noop("The file is probably damaged, or of another kind than its name says."),
    gettext_noop("The packed file ends before its content does."),
    gettext_noop("Download it again: the transfer was cut short."),
    gettext_noop("The archive holds %(number)s files, and one is expected."),
    gettext_noop("Unpack it and deliver the files one by one."),
    gettext_noop("No adapter recognises this file."),
    gettext_noop("Name the format if you know it, on the command line with --adapter. Known are: %(known)s."),
    gettext_noop("There is no adapter of that name."),
    gettext_noop("Known are: %(known)s."),
    gettext_noop("A value is not a decimal number."),
    gettext_noop("Deliver the file as the supplier published it, or ask the supplier about this cell."),
    gettext_noop("A value has more than %(number)s decimals."),
    gettext_noop("Values are kept exactly, and this series declares fewer decimals: ask the supplier what it means."),
    gettext_noop("A value is larger than any measurement of this kind."),
    gettext_noop("A fill value such as 9999999 is not a measurement: ask the supplier for a file without it."),
    gettext_noop("One file gives two values for one series and time."),
    gettext_noop("Ask the supplier which of the two holds, and deliver a file with that one."),
    gettext_noop("A line has %(fields)s fields where the header has %(expected)s."),
    gettext_noop("The file was changed after publication: download it again."),
    gettext_noop("The file ends in the middle of a line."),
    gettext_noop("A series has values over stretches of different lengths."),
    gettext_noop("This file cannot be read."),
    gettext_noop("This file cannot be read, in a way that its parser does not expect."),
    gettext_noop("Deliver the file as the supplier published it; if it is that, report this as a fault of the parser."),
    gettext_noop("A time is none at which anything was measured."),
    gettext_noop("Expected are years from %(first)s to %(last)s: were columns swapped?"),
    gettext_noop("This line is not a key and what it says."),
    gettext_noop("This is said twice."),
    gettext_noop("It is in line %(line)s too."),
    gettext_noop("There is no such key."),
    gettext_noop("Known: %(known)s."),
    gettext_noop("This version of the layout is not known."),
    gettext_noop("Write `%(form)s`."),
    gettext_noop("The file does not say its %(key)s."),
    gettext_noop("Add the line `# %(key)s: …`; docs/methods/stack-files.md."),
    gettext_noop("This is no %(key)s."),
    gettext_noop("Choose from: %(known)s."),
    gettext_noop("A comma cannot be both between cells and in a number."),
    gettext_noop("This is not a stream with its series and unit."),
    gettext_noop("Write `# stream: NAME = SERIES [UNIT]`, as `%(example)s`."),
    gettext_noop("The series is of no quantity of a stack."),
    gettext_noop("docs/methods/stack-files.md lists them; `goedebuur stack streams` has the series of each stream."),
    gettext_noop("The step of the series does not go into an hour."),
    gettext_noop("E.g. %(example)s."),
    gettext_noop("%(quantity)s does not come in this unit."),
    gettext_noop("Known: %(known)s. A current or a share in ppm is a quantity of its own."),
    gettext_noop("Two streams have this name."),
    gettext_noop("Two streams have this series."),
    gettext_noop("This is no code of a status with what it stands for."),
    gettext_noop("Write `0 = valid, 1 = maintenance`, or `none`; the words are %(known)s."),
    gettext_noop("This is not a number of rows."),
    gettext_noop("This is not a period."),
    gettext_noop("docs/methods/stack-files.md explains every line."),
    gettext_noop("The file says that it has %(number)s rows."),
    gettext_noop("The file ends after its header."),
    gettext_noop("Make the file anew: a part of it is not there."),
    gettext_noop("A cell stands in quotes, which this layout does not have."),
    gettext_noop("Write the cells without quotes."),
    gettext_noop("A column is not there."),
    gettext_noop("A column is not described, or is there twice."),
    gettext_noop("Expected are %(known)s, as the lines before say."),
    gettext_noop("In a file with a column a stream all streams have one step."),
    gettext_noop("Deliver the streams of each step in a file of their own, or as rows: `# layout: long`."),
    gettext_noop("A stream has two values at one time; the second is the same value."),
    gettext_noop("A stream has two values at one time; the second is another value."),
    gettext_noop("Leave out the one that does not hold."),
    gettext_noop("The file does not begin as one with raw signals does."),
    gettext_noop("The first line is `%(form)s`; `goedebuur stack signals SITE` writes these lines."),
    gettext_noop("The file says that it has a decimal point, and this value has the other."),
    gettext_noop("The file says that it has a decimal comma, and this value has the other."),
    gettext_noop("Write `%(form)s` if the whole file is so. Thousands have no sign between them."),
    gettext_noop("A row lies outside the period for which the file says it is complete."),
    gettext_noop("Correct `# covers:`, or leave the row out."),
    gettext_noop("This stream is not described in the lines before the rows."),
    gettext_noop("Described are %(known)s. Add a line `# stream: …` for it, or correct its name."),
    gettext_noop("This status is not explained in the lines before the rows."),
    gettext_noop("Explained are %(known)s. Add it to `# status:` with what it stands for: %(words)s."),
    gettext_noop("At this time no step begins."),
    gettext_noop("A step of a minute begins on a whole minute, in UTC; `# label: end` says that times are ends."),
    gettext_noop("Were columns swapped?"),
    gettext_noop("Nothing was measured in this year."),
    gettext_noop("The clock skips this time in spring: it does not exist."),
    gettext_noop("Is the clock CET all year? Then write `# clock: CET`."),
    gettext_noop("This time comes twice when summer time ends, and stands here another number of times than two."),
    gettext_noop("Give times with their offset (`# clock: offset`), or on a clock without summer time."),
    gettext_noop("A time cannot be read, or has no offset."),
    gettext_noop("Expected is for example %(example)s; without offsets state the clock: `# clock: CET`."),
    gettext_noop("A time cannot be read, or has an offset where the file states a clock."),
    gettext_noop("Expected is for example %(example)s; with offsets write `# clock: offset`."),
    gettext_noop("The stream %(stream)s comes in %(unit)s."),
    gettext_noop("Correct the unit in the file, or the stream in the record with the reason."),
    gettext_noop("The record has no stream with this series."),
    gettext_noop("`goedebuur stack streams` lists the streams; enter this one first, or correct its series."),
    gettext_noop("On this day no stream with this series was in use."),
    gettext_noop("Correct the first or last day of the stream, or leave these values out. Days are in CET."),
    gettext_noop("Give one line a look."),
    gettext_noop("This is not a whole number."),
    gettext_noop("Write digits, or leave it empty."),
    gettext_noop("One place and item has two sightings at one moment."),
    gettext_noop("Give one line for each; two doors of one battery are one round, or two items."),
    gettext_noop("This file does not say that it is simulated, or is in no layout known here."),
    gettext_noop("A simulated file carries the word SIMULATIE as its export or source."),
    gettext_noop("This is not a list."),
    gettext_noop("This is not an object with fields."),
    gettext_noop("This field must be there."),
    gettext_noop("There is no field of this name."),
    gettext_noop("A number with decimals is written as text here."),
    gettext_noop("Write it between quotes."),
    gettext_noop("This is not true or false."),
    gettext_noop("This is not text."),
    gettext_noop("This text has half a character, which no file can hold."),
    gettext_noop("This is none of the words that can stand here."),
    gettext_noop("This is not written as it should be."),
    gettext_noop("This is empty."),
    gettext_noop("This is not a day."),
    gettext_noop("Write a day as 2026-12-31."),
    gettext_noop("Write one line of text."),
    gettext_noop("Write text."),
    gettext_noop("Write digits, with a decimal point, as %(example)s."),
    gettext_noop("Write the SHA-256 as 64 lower-case hexadecimal digits."),
    gettext_noop("Write the SHA-256 as 64 hexadecimal digits."),
    gettext_noop("This is not JSON."),
    gettext_noop("Write it in UTF-8, and whole."),
    gettext_noop("This is no file with reports."),
    gettext_noop("This table cannot be read."),
    gettext_noop("Save it as CSV with commas, in UTF-8."),
    gettext_noop("Make the file anew."),
    gettext_noop("The row has %(cells)s cells, the header %(expected)s."),
    gettext_noop("There is no column of this name."),
    gettext_noop("This is no kind of row."),
    gettext_noop("A column is there twice."),
    gettext_noop("A column must be there."),
    gettext_noop("A row of the kind %(kind)s has no such cell."),
    gettext_noop("An earlier row of this report says otherwise."),
    gettext_noop("There is no report in it."),
    gettext_noop("Two reports have the same identifier."),
    gettext_noop("Write a moment with its offset from UTC, as %(example)s."),
    gettext_noop("This is no operating state."),
    gettext_noop("Write passed or failed, or leave it out."),
    gettext_noop("This is not a moment."),
    gettext_noop("Write it as %(example)s."),
    gettext_noop("It ends before it begins."),
    gettext_noop("Two partial measurements are of the same time."),
    gettext_noop("The table set has %(number)s mistakes, the first: %(first)s"),
    gettext_noop("Correct the cell, and give the file again."),
    gettext_noop("The table of substances has no row of that name."),
    gettext_noop("The table of substances says otherwise."),
    gettext_noop("The table of the program has %(known)s; a table set does not change it."),
    gettext_noop("Write CSV in UTF-8, with a comma or semicolon between cells."),
    gettext_noop("This file cannot be read as CSV."),
    gettext_noop("The table set has no sheet of this name."),
    gettext_noop("Delete what stands beside the table."),
    gettext_noop("Split the set."),
    gettext_noop("Type the value itself."),
    gettext_noop("Give the column a name, or empty the cell."),
    gettext_noop("This cell stands below no name."),
    gettext_noop("This sheet has no such column."),
    gettext_noop("This column is there twice."),
    gettext_noop("Leave one out."),
    gettext_noop("Needed: %(known)s."),
    gettext_noop("This column is not there."),
    gettext_noop("This cell is merged with others."),
    gettext_noop("This cell has a formula."),
    gettext_noop("This cell has an error of the spreadsheet."),
    gettext_noop("This cell has a time."),
    gettext_noop("No sheet of this file has a row."),
    gettext_noop("`goedebuur stack template FILE.xlsx` writes an empty set; `stack export` one that is filled in."),
    gettext_noop("This is in row %(row)s too."),
    gettext_noop("Each record has one row."),
    gettext_noop("There is no such row above it."),
    gettext_noop("Look in %(where)s."),
    gettext_noop("Write 1, 2, 3 …"),
    gettext_noop("Write the number of the row above it, a point, and 1, 2 …"),
    gettext_noop("No number."),
    gettext_noop("This number is in row %(row)s too."),
    gettext_noop("This submitter has no key."),
    gettext_noop("Make one with `goedebuur key new`, and have its public form entered by who runs the record."),
    gettext_noop("This submitter has no key of that name."),
    gettext_noop("Ask who runs the record to enter the key, with `goedebuur submitters key add`."),
    gettext_noop("This key was revoked."),
    gettext_noop("Sign with another key of yours. If you did not ask for this, ask who runs the record."),
    gettext_noop("This key is not valid on the day on which the statement was made."),
    gettext_noop("Make a new key with `goedebuur key new`, and have it entered."),
    gettext_noop("The submitter is not accredited on the day on which the statement was made."),
    gettext_noop("Have the new term of the accreditation entered, then deliver again."),
    gettext_noop("The scope of this submitter does not cover this format with this method."),
    gettext_noop("Name the method of the measurement; or have the scope widened by who runs the record."),
    gettext_noop("The scope of this submitter does not cover a quantity in this delivery."),
    gettext_noop("Leave it out, or have the scope widened by who runs the record."),
    gettext_noop("This delivery is about a station or facility that is not one of this submitter."),
    gettext_noop("Deliver only what is yours; or have the scope widened by who runs the record."),
    gettext_noop("Nobody of that name may deliver here."),
    gettext_noop("Ask who runs the record to enter the submitter, with `goedebuur submitters add`."),
    gettext_noop("A report names another accreditation than that of the submitter."),
    gettext_noop("The record has %(known)s for this submitter: correct the report, or have it changed."),
    gettext_noop("As above, in %(number)s more rows."),
    gettext_noop("%(gone)s of %(held)s values that held are changed or withdrawn"),
    gettext_noop(
        "%(number)s of the changed values are a thousand times what held, or a thousandth: was another unit meant?"
    ),
    gettext_noop("%(number)s of %(values)s values are doubtful to our checks (%(counts)s); they are kept, and count"),
    gettext_noop("line %(line)s"),
    gettext_noop("lines %(first)s and %(second)s"),
    gettext_noop("before line %(line)s"),
    gettext_noop("stream %(name)s"),
    gettext_noop("first: series %(series)s at %(moment)s"),
    gettext_noop(
        "A decimal comma is not this format: the file was saved by another program. Deliver the file as "
        "the supplier published it, or ask the supplier about this cell."
    ),
    gettext_noop("Write `# key: value`, at most %(number)s letters."),
    gettext_noop("Expected is %(form)s."),
    gettext_noop("Write it between quotes: %(form)s."),
    gettext_noop("the same %(number)s times more"),
    gettext_noop("%(streams)s from %(start)s to %(end)s: %(said)s"),
)
"""Sentences as they are made where a delivery is read, with a name for each value in them."""
STRETCH: Final = "%(streams)s from %(start)s to %(end)s: %(said)s"
"""The form of what is found in raw signals: its last part is a sentence of the check."""
MAGNITUDE: Final = gettext_noop("%(value)s with %(decimals)s decimals, in %(unit)s")
"""The form of a value that is too large."""
_PLACES: Final = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


def said(text: str, check: str = "") -> str | None:
    """Return a message, hint or place in the language of the page; None where it is not known in Dutch.

    Parameters
    ----------
    check
        By which check it was found; empty where none is known.
    """
    if not text or (get_language() or "nl").startswith("en"):
        return text
    rule = CHECKS.get(check)
    if rule is not None and text == rule.said.en:
        return rule.said.nl
    for form, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is None:
            continue
        values = dict(found.groupdict())
        if form == STRETCH:
            told = _of_signals(values["said"], check)
            if told is None:
                continue
            values["said"] = told
        return _(form) % values if values else _(form)
    return None


def value(text: str) -> str:
    """Return a value as it stands in the table: what is said beside its digits in the language of the page."""
    found = _pattern(MAGNITUDE).fullmatch(text)
    return _(MAGNITUDE) % found.groupdict() if found else text


def _of_signals(text: str, check: str) -> str | None:
    """Return the sentence of a check of raw signals in Dutch."""
    for one in catalogue.CHECKS.values():
        found = _pattern(one.sentence.en).fullmatch(text) if one.rule.id == check else None
        if found is not None:
            return one.sentence.nl.format_map(found.groupdict())
    return None


def places(form: str) -> list[str]:
    """Return the names of the values in a form.

    >>> places("%(n)s of {all}")
    ['n', 'all']
    """
    return [place[1] or place[2] for place in _PLACES.finditer(form)]


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each form with the pattern of its sentences, the one with most words of its own first."""
    ordered = sorted(FORMS, key=lambda form: -len(_PLACES.sub("", form)))
    return tuple((form, _pattern(form)) for form in ordered)


@lru_cache(maxsize=512)
def _pattern(form: str) -> re.Pattern[str]:
    made, at, seen = "", 0, set[str]()
    for place in _PLACES.finditer(form):
        name = place[1] or place[2]
        made += re.escape(form[at : place.start()])
        made += f"(?P={name})" if name in seen else f"(?P<{name}>.+?)"
        seen.add(name)
        at = place.end()
    return re.compile(made + re.escape(form[at:]), re.DOTALL)
