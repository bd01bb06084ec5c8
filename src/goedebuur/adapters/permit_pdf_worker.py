"""Reads one PDF in a process of its own, which bounds its memory, its time and its files before it opens the bytes.

Started by :mod:`goedebuur.adapters.permit_pdf` with what to do as JSON on standard input; it writes one JSON answer,
and imports nothing of the program, so that it starts at once. A PDF is a program of strangers: where reading it goes
wrong (a picture of a gigapixel, a font that never ends, a fault in the library), this process ends and no other.

Nothing in the document runs: no script, no form, no link is followed; only text and images of pages are read.
"""

from __future__ import annotations

import base64
import ctypes
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

MAX_MEMORY: Final = 2 * 2**30
"""Address space of this process. [byte] A permit of three hundred pages takes 200 MB."""
MAX_PIXELS: Final = 12_000_000
"""Of one image of a page: A4 at 300 dpi has 8.7 million."""
MAX_WORDS: Final = 400_000
OCR_DPI: Final = 300
COVERING: Final = 0.7
"""Part of a page that an image covers where the page is a scan."""
LEAST_LETTERS: Final = 20
"""Fewer letters than this on a page with a covering image are a stamp, not its text."""
_CUT: Final = "\ufffe\u00ad\x02"
"""How the library writes the hyphen of a word that goes on in the next line."""
_UNITS: Final = 20_000
"""Into how many steps a page is divided to say where a letter stands."""


def main() -> None:
    """Answer the one request on standard input."""
    request = json.load(sys.stdin)
    bound(request["seconds"])
    try:
        answer = _answer(request)
    except MemoryError:
        answer = {"error": "memory"}
    json.dump(answer, sys.stdout)


def bound(seconds: int) -> None:
    """Bound what this process and those that it starts may use; nothing undoes it."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 2**20, 64 * 2**20))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        document = pdfium.PdfDocument(request["path"])
        pages = len(document)
    except pdfium.PdfiumError:
        locked = raw.FPDF_GetLastError() in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        return {"error": "encrypted" if locked else "broken"}
    if pages > request["max_pages"]:
        return {"error": "pages", "pages": pages}
    if request["do"] == "image":
        return {"png": base64.b64encode(_png(document[request["page"] - 1], request["width"])).decode()}
    wanted = range(pages) if not request["only"] else [number - 1 for number in request["only"] if number <= pages]
    return {"pages": list(_pages(document, wanted, request)), "scripts": raw.FPDFDoc_GetJavaScriptActionCount(document)}


def _pages(document: Any, wanted: Any, request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    ocr_until = time.monotonic() + request["ocr_seconds"]
    left, ocr = request["ocr_pages"], _tesseract() if request["ocr_pages"] else "not-asked"
    words = 0
    for index in wanted:
        page = document[index]
        width, height = page.get_size()
        lines = _text(page)
        covered = _covered(page)
        words += sum(len(line) for line in lines)
        found: dict[str, Any] = {"number": index + 1, "width": width, "height": height, "lines": lines, "how": "text"}
        letters = sum(len(word[0]) for line in lines for word in line)
        if words > MAX_WORDS:
            found |= {"lines": [], "how": "unread", "reason": "too-many-words"}
        elif covered and letters < LEAST_LETTERS:
            if ocr:
                found |= {"lines": [], "how": "unread", "reason": ocr}
            elif left <= 0 or time.monotonic() >= ocr_until:
                found |= {"lines": [], "how": "unread", "reason": "ocr-later"}
            else:
                left -= 1
                found |= _read_image(page, ocr_until - time.monotonic())
        elif covered:
            found["how"] = "scanned_text"
        elif not lines:
            found["how"] = "unread" if _draws(page) else "empty"
            if found["how"] == "unread":
                found["reason"] = "drawn"
        yield found
        page.close()


# -- the text layer -----------------------------------------------------------------------------------------------


def _text(page: Any) -> list[list[list[Any]]]:
    """Return the lines of the text layer: words as `[text, left, top, right, bottom]`, in parts of the page."""
    import pypdfium2.raw as raw

    text = page.get_textpage()
    lines: list[list[list[Any]]] = [[]]
    word = ""
    boxes: list[Any] = []
    edges = [ctypes.c_double() for _ in range(4)]
    for i in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, i))
        cut = letter in _CUT
        if letter.isspace() or letter == "\x00":
            word, boxes = _ended(page, lines, word, boxes)
            if letter in "\r\n" and lines[-1]:
                lines.append([])
            continue
        left, right, bottom, top = edges
        raw.FPDFText_GetCharBox(text, i, left, right, bottom, top)
        word += "-" if cut else letter
        boxes.append((left.value, top.value, right.value, bottom.value))
        if cut:
            word, boxes = _ended(page, lines, word, boxes)
            lines.append([])
    _ended(page, lines, word, boxes)
    text.close()
    return [line for line in lines if line]


def _ended(page: Any, lines: list[list[list[Any]]], word: str, boxes: list[Any]) -> tuple[str, list[Any]]:
    """Add the word that ended, where there is one on the page; return the beginning of the next."""
    if word:
        corners = [
            _on_page(page, min(box[0] for box in boxes), max(box[1] for box in boxes)),
            _on_page(page, max(box[2] for box in boxes), min(box[3] for box in boxes)),
        ]
        across, down = zip(*corners, strict=True)
        if max(across) > 0 and min(across) < 1 and max(down) > 0 and min(down) < 1:
            edges = (min(across), min(down), max(across), max(down))
            lines[-1].append([word, *(min(1.0, max(0.0, edge)) for edge in edges)])
    return "", []


def _on_page(page: Any, x: float, y: float) -> tuple[float, float]:
    """Return a place as the page is shown, turned and cut as it says, in parts of its size."""
    import pypdfium2.raw as raw

    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _UNITS, _UNITS, 0, x, y, across, down)
    return across.value / _UNITS, down.value / _UNITS


def _covered(page: Any) -> bool:
    """Return whether one image covers most of the page: a scan."""
    import pypdfium2.raw as raw

    width, height = page.get_size()
    for image in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = image.get_bounds()
        if abs((right - left) * (top - bottom)) > COVERING * width * height:
            return True
    return False


def _draws(page: Any) -> bool:
    """Return whether anything is drawn on the page."""
    return next(iter(page.get_objects(max_depth=1)), None) is not None


# -- the image ----------------------------------------------------------------------------------------------------


def _image(page: Any, scale: float) -> Any:
    """Return the page as a grey image, no larger than MAX_PIXELS."""
    width, height = page.get_size()
    most = (MAX_PIXELS / (width * height)) ** 0.5
    return page.render(scale=min(scale, most), grayscale=True, may_draw_forms=False).to_pil()


def _png(page: Any, wide: int) -> bytes:
    width, _ = page.get_size()
    written = io.BytesIO()
    _image(page, wide / width).save(written, "PNG", optimize=False)
    return written.getvalue()


def _tesseract() -> str:
    """Return why there is no OCR; empty where there is."""
    program = shutil.which("tesseract")
    if program is None:
        return "no-tesseract"
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    return "" if "nld" in listed.stdout.split() else "no-dutch"


def _read_image(page: Any, seconds: float) -> dict[str, Any]:
    """Return the lines that OCR finds in the image of a page, or why it found none."""
    picture = _image(page, OCR_DPI / 72)
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=1)
    command = [shutil.which("tesseract") or "tesseract", "-", "-", "-l", "nld", "--dpi", str(OCR_DPI), "tsv"]
    try:
        ended = subprocess.run(  # noqa: S603
            command,
            input=written.getvalue(),
            capture_output=True,
            timeout=max(1, seconds),
            check=False,
            env={"OMP_THREAD_LIMIT": "1", **os.environ},
        )
    except subprocess.TimeoutExpired:
        return {"lines": [], "how": "unread", "reason": "ocr-slow"}
    if ended.returncode:
        return {"lines": [], "how": "unread", "reason": "ocr-failed"}
    lines = _from_tsv(ended.stdout.decode("utf-8", "replace"), picture.width, picture.height)
    return {"lines": lines, "how": "ocr"} if lines else {"lines": [], "how": "unread", "reason": "ocr-nothing"}


def _from_tsv(table: str, width: int, height: int) -> list[list[list[Any]]]:
    """Return the lines of tesseract's table of words."""
    lines: dict[tuple[str, ...], list[list[Any]]] = {}
    for row in table.splitlines()[1:]:
        cells = row.split("\t")
        if len(cells) != 12 or cells[0] != "5" or not cells[11].strip():
            continue
        left, top, across, down = (int(cell) for cell in cells[6:10])
        edges = (left / width, top / height, (left + across) / width, (top + down) / height)
        lines.setdefault(tuple(cells[2:5]), []).append([cells[11].strip(), *(min(1.0, max(0.0, e)) for e in edges)])
    return list(lines.values())


if __name__ == "__main__":
    main()
