"""What was read of the pages of a permit: words with where they stand, lines, and the sentences made of them.

A page is read from its text layer or by OCR, or it is not read, and then it says why: a page is never left out
unseen. Where a word stands is a :class:`Box` in parts of the page, so that it fits an image of any size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

RUNNING_PAGES: Final = 3
"""On so many pages a line at the same height makes it a header or footer."""
MARGIN: Final = 0.12
"""Part of the page at its head and foot in which headers and footers stand."""
PARAGRAPH_GAP: Final = 1.9
"""So many heights of a line from one line to the next begin a new paragraph."""
COLUMN_GAP: Final = 0.025
"""White space between two words, as part of the width of the page, that parts columns of a table."""


class How(StrEnum):
    """How a page was read."""

    TEXT = "text"
    """From the text that the document itself holds."""
    SCANNED_TEXT = "scanned_text"
    """From a text layer that someone else laid under the image of a scan: that too was made by OCR."""
    OCR = "ocr"
    """From the image, here."""
    EMPTY = "empty"
    """There is nothing on the page: no text and no image."""
    UNREAD = "unread"
    """Not read; the page says why."""

    @property
    def guessed(self) -> bool:
        """Return whether a program guessed the letters from an image."""
        return self in (How.OCR, How.SCANNED_TEXT)


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands, in parts of the width and the height of the page, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left <= self.right <= 1 and 0 <= self.top <= self.bottom <= 1):
            raise ValueError(f"this is no box on a page: {self}")

    @property
    def height(self) -> float:
        """Return the height, as part of the page."""
        return self.bottom - self.top


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box that holds all of these; there is at least one."""
    every = list(boxes)
    return Box(
        min(box.left for box in every),
        min(box.top for box in every),
        max(box.right for box in every),
        max(box.bottom for box in every),
    )


@dataclass(frozen=True, slots=True)
class Word:
    """One word, and where it stands."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Line:
    """The words of one line, from left to right; at least one."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return the words with a space between them."""
        return " ".join(word.text for word in self.words)

    @property
    def box(self) -> Box:
        """Return where the line stands."""
        return around(word.box for word in self.words)

    @property
    def cells(self) -> tuple[str, ...]:
        """Return the text by column, where white space parts it as in a table."""
        cells = [[self.words[0]]]
        for before, word in zip(self.words, self.words[1:], strict=False):
            if word.box.left - before.box.right > COLUMN_GAP:
                cells.append([])
            cells[-1].append(word)
        return tuple(" ".join(word.text for word in cell) for cell in cells)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as read.

    Parameters
    ----------
    number
        Counted from 1.
    width, height
        [pt], as the page is shown.
    reason
        Why it was not read; empty when it was.
    """

    number: int
    width: float
    height: float
    how: How
    lines: tuple[Line, ...] = ()
    reason: str = ""

    def __post_init__(self) -> None:
        if (self.how is How.UNREAD) != bool(self.reason):
            raise ValueError("a page that was not read says why, another page does not")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a permit.

    Parameters
    ----------
    number
        Number of the condition under which it stands, as in `3.1.2`; empty before the first.
    page
        On which it begins.
    boxes
        Where its lines stand, on that page; what runs on to a next page is not in them.
    row
        Whether it is one row of a table, whose columns :attr:`cells` holds.
    head
        The words above the columns of that table; empty for none.
    lead
        The sentence that ends in a colon and that this is an item or a row of; empty for none.
    """

    number: str
    text: str
    page: int
    boxes: tuple[Box, ...]
    how: How
    row: bool = False
    cells: tuple[str, ...] = ()
    head: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The sentences of a document, with what was left aside.

    Parameters
    ----------
    running
        How many lines were headers or footers.
    unread
        The pages that were not read, each with its reason.
    shapes
        Height of each page as part of its width.
    """

    sentences: tuple[Sentence, ...]
    pages: int
    running: int
    unread: tuple[Page, ...] = field(default_factory=tuple)
    shapes: tuple[float, ...] = ()


_NUMBER: Final = re.compile(
    r"^(?:voorschrift\s+)?((?:[A-Z]\.?)?\d{1,3}(?:\.\d{1,3}){1,4}[a-z]?)\.?(?=\s|$)", re.IGNORECASE
)
_ITEM: Final = re.compile(r"^(?:[a-z]\.|[a-z]\)|[ivx]+\.|[-–•])\s", re.IGNORECASE)
_SHORT: Final = (
    *("art", "nr", "ca", "bijv", "o.a", "d.w.z", "m.u.v", "t.a.v", "e.d", "resp", "max", "min", "incl", "excl"),
    *("d.d", "i.c", "jo", "par", "m.b.t", "t.b.v", "gem", "n.v.t", "evt", "blz", "b.v", "n.v", "mr", "ing", "ir", "dr"),
)
_END: Final = re.compile(r"(?<=[.;?!])\s+(?=[\"'‘“(]?[A-Z0-9ÀÉË])")


def read(pages: Sequence[Page]) -> Reading:
    """Return the sentences of the pages, without headers and footers."""
    running = _running(pages)
    dropped = 0
    sentences: list[Sentence] = []
    state = _State()
    for page in pages:
        kept = []
        for line in page.lines:
            if _mark(line) in running:
                dropped += 1
            else:
                kept.append(line)
        sentences.extend(_of_page(page, kept, state))
    return Reading(
        sentences=tuple(sentences),
        pages=len(pages),
        running=dropped,
        unread=tuple(page for page in pages if page.how is How.UNREAD),
        shapes=tuple(page.height / page.width if page.width else 1.0 for page in pages),
    )


@dataclass(slots=True)
class _State:
    """What a sentence takes from those before it: number of the condition, head of a table, lead of a list."""

    number: str = ""
    head: tuple[str, ...] = ()
    lead: str = ""


def _mark(line: Line) -> tuple[str, int] | None:
    """Return what tells a header or footer: its text without digits and its height; None away from the margins."""
    box = line.box
    if box.top > MARGIN and box.bottom < 1 - MARGIN:
        return None
    return re.sub(r"\d+", "#", line.text), round(box.top * 50)


def _running(pages: Sequence[Page]) -> frozenset[tuple[str, int] | None]:
    counted = Counter(mark for page in pages for mark in {_mark(line) for line in page.lines} if mark is not None)
    return frozenset(mark for mark, times in counted.items() if times >= RUNNING_PAGES)


def _of_page(page: Page, lines: Sequence[Line], state: _State) -> Iterator[Sentence]:
    paragraph: list[Line] = []
    for line in lines:
        row = len(line.cells) > 1 and not _NUMBER.match(line.text) and not _ITEM.match(line.text)
        if paragraph and (row or _begins(line, paragraph[-1])):
            yield from _of_paragraph(page, paragraph, state)
            paragraph = []
        if row:
            yield from _of_row(page, line, state)
        else:
            state.head = ()
            paragraph.append(line)
    if paragraph:
        yield from _of_paragraph(page, paragraph, state)


def _begins(line: Line, before: Line) -> bool:
    """Return whether a line begins a new paragraph, after the line before it."""
    if _NUMBER.match(line.text) or _ITEM.match(line.text) or line.box.top < before.box.top:
        return True
    return line.box.bottom - before.box.bottom > PARAGRAPH_GAP * max(line.box.height, before.box.height)


def _of_row(page: Page, line: Line, state: _State) -> Iterator[Sentence]:
    """Yield a row of a table; a row without a number of its own is the head of those below it."""
    cells = line.cells
    if not any(re.match(r"^[<≤]?\s*\d", cell) for cell in cells):
        state.head = cells
    yield Sentence(state.number, line.text, page.number, (line.box,), page.how, True, cells, state.head, state.lead)


def _of_paragraph(page: Page, lines: Sequence[Line], state: _State) -> Iterator[Sentence]:
    numbered = _NUMBER.match(lines[0].text)
    if numbered:
        state.number = numbered.group(1)
    item = bool(_ITEM.match(lines[0].text))
    if not item:
        state.lead = ""
    text, places = _joined(lines)
    skip = len(numbered.group()) if numbered else 0
    for start, end in _cut(text, skip):
        touched = sorted({places[i] for i in range(start, end)})
        boxes = tuple(lines[i].box for i in touched)
        said = text[start:end].strip()
        yield Sentence(state.number, said, page.number, boxes, page.how, lead=state.lead if item else "")
        if not item and said.endswith(":"):
            state.lead = said


def _joined(lines: Sequence[Line]) -> tuple[str, list[int]]:
    """Return the text of the lines, with words cut at the end of a line made whole, and of each letter its line."""
    text = ""
    places: list[int] = []
    for i, line in enumerate(lines):
        said = line.text
        if text and not (text.endswith("-") and said[:1].islower()):
            text += " "
            places.append(i)
        elif text and not re.match(r"(?:en|of|als|dan)\b", said):
            text, places = text[:-1], places[:-1]
        elif text:
            text += " "
            places.append(i)
        text += said
        places.extend([i] * len(said))
    return text, places


def _cut(text: str, skip: int) -> Iterator[tuple[int, int]]:
    """Yield begin and end of each sentence in a text, from `skip` on."""
    start = skip
    for found in _END.finditer(text, skip):
        before = text[start : found.start()]
        last = before.rsplit(maxsplit=1)[-1] if before.split() else ""
        if last.rstrip(".").lower().lstrip("(") in _SHORT or re.fullmatch(r"(?:\d{1,3}\.)+|[A-Za-z]\.", last):
            continue
        if before.strip():
            yield start, found.start()
        start = found.end()
    if text[start:].strip():
        yield start, len(text)
