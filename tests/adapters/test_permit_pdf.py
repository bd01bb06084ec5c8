"""Reading PDFs: words where they stand, scans, and documents that were made to harm."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from goedebuur.adapters import permit_pdf
from goedebuur.adapters.permit_pdf import Bounds
from goedebuur.core.base.errors import GoedeBuurError
from goedebuur.core.permits.pages import How, read

SENTENCE = "3.1.2 De emissie van ammoniak mag niet meer bedragen dan 5 mg/Nm³ als daggemiddelde."


def pdf(draw: Callable[[Canvas], None], **options: object) -> bytes:
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, **options)
    draw(canvas)
    canvas.save()
    return written.getvalue()


def text_page(canvas: Canvas, text: str = SENTENCE) -> None:
    canvas.drawString(50, 700, text)
    canvas.showPage()


def scan(text: str = SENTENCE) -> bytes:
    """Return a PDF whose only page is an image of a page with that text."""
    picture = permit_pdf.image(pdf(lambda canvas: text_page(canvas, text)), "x", 1, 2480)
    return pdf(lambda canvas: canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *A4))


def refused(data: bytes, bounds: Bounds = permit_pdf.AT_ONCE) -> str:
    with pytest.raises(GoedeBuurError) as error:
        permit_pdf.read(data, "x.pdf", bounds)
    assert error.value.place == "x.pdf"
    assert error.value.hint
    return error.value.code


# -- text -----------------------------------------------------------------------------------------------------------


def test_sentence_is_read_with_its_place_on_the_page() -> None:
    found = permit_pdf.read(pdf(text_page), "x.pdf")
    (sentence,) = read(found.pages).sentences
    assert (sentence.number, sentence.page, sentence.how) == ("3.1.2", 1, How.TEXT)
    (box,) = sentence.boxes
    # drawn at 50 pt from the left and 700 pt from the foot of a page of 595 by 842 pt
    assert abs(box.left - 50 / A4[0]) < 0.01
    assert abs(box.bottom - (1 - 700 / A4[1])) < 0.01


def test_place_on_a_turned_page_is_that_on_the_page_as_it_is_shown() -> None:
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    drawn = stream("", b"BT /F 12 Tf 50 700 Td (ammoniak) Tj ET")
    page = "/MediaBox [0 0 595 842] /Rotate 90 /Contents 5 0 R /Resources << /Font << /F 4 0 R >> >>"
    (found,) = permit_pdf.read(raw_pdf(page, font, drawn), "x.pdf").pages
    assert found.width > found.height
    box = found.lines[0].box
    # turned clockwise: 700 pt from the foot is 700/842 of the width, 50 pt from the left is near the head
    assert abs(box.left - 700 / 842) < 0.01
    assert abs(box.top - 50 / 595) < 0.01


def test_word_cut_at_the_end_of_a_line_is_made_whole() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(50, 700, "1.1 De emissie van zwavel-")
        canvas.drawString(50, 686, "dioxide mag niet meer bedragen dan 35 mg/Nm³.")
        canvas.showPage()

    (sentence,) = read(permit_pdf.read(pdf(draw), "x.pdf").pages).sentences
    assert sentence.text == "De emissie van zwaveldioxide mag niet meer bedragen dan 35 mg/Nm³."
    assert len(sentence.boxes) == 2


def test_text_beside_the_page_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(-400, 700, "verborgen")
        text_page(canvas)

    (page,) = permit_pdf.read(pdf(draw), "x.pdf").pages
    assert [line.text for line in page.lines] == [SENTENCE]


def test_image_of_a_page_has_the_width_that_was_asked() -> None:
    picture = Image.open(io.BytesIO(permit_pdf.image(pdf(text_page), "x.pdf", 1, 800)))
    assert abs(picture.width - 800) <= 1
    assert picture.format == "PNG"


# -- scans ----------------------------------------------------------------------------------------------------------


def test_scan_is_unread_and_says_so_where_ocr_was_not_asked() -> None:
    (page,) = permit_pdf.read(scan(), "x.pdf", Bounds()).pages
    assert (page.how, page.reason) == (How.UNREAD, permit_pdf.REASONS["not-asked"])


@pytest.mark.ocr
def test_scan_is_read_by_ocr_and_marked_as_guessed() -> None:
    (page,) = permit_pdf.read(scan(), "x.pdf").pages
    assert page.how is How.OCR
    assert page.how.guessed
    (sentence,) = read([page]).sentences
    assert sentence.text.startswith("De emissie van ammoniak mag niet meer bedragen dan 5 mg/Nm")
    assert abs(sentence.boxes[0].left - 50 / A4[0]) < 0.02


@pytest.mark.ocr
def test_scans_past_the_bound_are_named_and_not_dropped() -> None:
    picture = permit_pdf.image(pdf(text_page), "x", 1, 1200)

    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *A4)
            canvas.showPage()

    pages = permit_pdf.read(pdf(draw), "x.pdf", Bounds(60, ocr_pages=1, ocr_seconds=50)).pages
    assert [page.how for page in pages] == [How.OCR, How.UNREAD]
    assert pages[1].reason == permit_pdf.REASONS["ocr-later"]


def test_scan_is_unread_and_says_so_without_tesseract(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setattr(permit_pdf, "PROGRAMS", str(tmp_path_factory.mktemp("no-programs")))
    (page,) = permit_pdf.read(scan(), "x.pdf").pages
    assert (page.how, page.reason) == (How.UNREAD, permit_pdf.REASONS["no-tesseract"])


def test_text_that_a_scanner_laid_under_its_image_is_marked_as_guessed() -> None:
    picture = permit_pdf.image(pdf(text_page), "x", 1, 600)

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(io.BytesIO(picture)), 0, 0, *A4)
        hidden = canvas.beginText(50, 700)
        hidden.setTextRenderMode(3)
        hidden.textLine(SENTENCE)
        canvas.drawText(hidden)

    (page,) = permit_pdf.read(pdf(draw), "x.pdf").pages
    assert page.how is How.SCANNED_TEXT


def test_page_of_lines_alone_is_unread_and_an_empty_page_is_empty() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.line(50, 50, 500, 700)
        canvas.showPage()
        canvas.showPage()

    pages = permit_pdf.read(pdf(draw), "x.pdf").pages
    assert [page.how for page in pages] == [How.UNREAD, How.EMPTY]


# -- documents that cannot be read, or were made to harm ---------------------------------------------------------------


def test_locked_pdf_is_refused_and_one_that_only_forbids_printing_is_read() -> None:
    locked = StandardEncryption("secret", ownerPassword="owner", canPrint=0)
    assert refused(pdf(text_page, encrypt=locked)) == "input-pdf-locked"
    forbidding = StandardEncryption("", ownerPassword="owner", canPrint=0)
    assert permit_pdf.read(pdf(text_page, encrypt=forbidding), "x.pdf").pages[0].lines


def test_what_is_no_pdf_or_damaged_or_empty_is_refused() -> None:
    assert refused(b"") == "input-empty"
    assert refused(b"PK\x03\x04 a spreadsheet") == "input-not-this-format"
    assert refused(pdf(text_page)[:300]) == "input-truncated"


def test_pdf_of_too_many_bytes_or_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(permit_pdf, "MAX_PAGES", 2)
    assert refused(pdf(lambda canvas: [text_page(canvas) for _ in range(3)])) == "input-pdf-pages"
    monkeypatch.setattr(permit_pdf, "MAX_BYTES", 100)
    assert refused(pdf(text_page)) == "input-too-large"


def outcome(data: bytes, bounds: Bounds) -> str:
    """Return how the only page was read, or the code with which the document was refused."""
    try:
        (page,) = permit_pdf.read(data, "x.pdf", bounds).pages
    except GoedeBuurError as error:
        return error.code
    return page.how


def raw_pdf(page: str, *objects: bytes, catalog: str = "") -> bytes:
    """Return a PDF of one page written by hand; further objects get numbers from 4."""
    bodies = [
        f"<< /Type /Catalog /Pages 2 0 R {catalog} >>".encode(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R {page} >>".encode(),
        *objects,
    ]
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(bodies) + 1
    tail = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF"
    return written + tail % (size, table, size, len(written))


def stream(header: str, body: bytes) -> bytes:
    return f"<< {header} /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream"


def test_script_does_not_run_and_is_counted() -> None:
    catalog = "/Names << /JavaScript << /Names [(a) 4 0 R] >> >> /OpenAction 4 0 R"
    script = b"<< /S /JavaScript /JS (while (true) {}) >>"
    found = permit_pdf.read(raw_pdf("/MediaBox [0 0 595 842]", script, catalog=catalog), "x.pdf")
    assert found.scripts == 1
    assert found.pages[0].how is How.EMPTY


def test_image_of_a_gigapixel_ends_the_reading_or_is_not_drawn_and_harms_nothing_else() -> None:
    wide = 40_000
    packed = zlib.compress(b"\x00" * (wide * 1000), 9) * 40
    header = f"/Type /XObject /Subtype /Image /Width {wide} /Height {wide} /ColorSpace /DeviceRGB /BitsPerComponent 8"
    image = stream(f"{header} /Filter /FlateDecode", packed)
    drawn = stream("", b"q 595 0 0 842 0 0 cm /I Do Q")
    page = "/MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /XObject << /I 4 0 R >> >>"
    assert outcome(raw_pdf(page, image, drawn), Bounds(20, 1, 10)) in ("input-pdf-bounds", "unread")


def test_page_of_kilometres_is_drawn_small() -> None:
    picture = permit_pdf.image(raw_pdf("/MediaBox [0 0 14400000 14400000]"), "x.pdf", 1, 4000)
    assert Image.open(io.BytesIO(picture)).width <= 4000


def test_reading_that_takes_too_long_is_ended() -> None:
    # a form that draws itself ten times, thirty deep: 10^30 drawings
    forms = [
        stream(
            f"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F {n + 1} 0 R >> >>",
            b"/F Do " * 10,
        )
        for n in range(4, 34)
    ]
    page = "/MediaBox [0 0 595 842] /Contents 35 0 R /Resources << /XObject << /F 4 0 R >> >>"
    last = [stream("/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 0 m 9 9 l S"), stream("", b"/F Do")]
    assert outcome(raw_pdf(page, *forms, *last), Bounds(2)) in ("input-pdf-bounds", "empty", "unread")


def test_process_that_reads_ends_at_its_bound(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text(
        "import json, resource, sys\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass\n"
    )
    monkeypatch.setattr(permit_pdf, "WORKER", endless)
    assert refused(pdf(text_page), Bounds(1)) == "input-pdf-bounds"


def test_worker_has_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOEDEBUUR_SECRET_KEY", "not for a PDF")
    seen: dict[str, object] = {}
    run = permit_pdf.subprocess.run

    def spy(*args: object, **options: object) -> object:
        seen.update(options)
        return run(*args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(permit_pdf.subprocess, "run", spy)
    permit_pdf.read(pdf(text_page), "x.pdf")
    assert list(seen["env"]) == ["PATH"]  # type: ignore[call-overload]
