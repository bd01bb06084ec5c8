"""Translations without gettext's programs: read a `.po`, write its `.mo`, and hold the two together.

`python tools/messages.py` compiles every catalogue; `--check` only says which are out of date. Collecting the sentences
of the source is `goedebuur manage makemessages -l nl`, which does need gettext.

Format of the two files: https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html and MO-Files.html.
"""

from __future__ import annotations

import ast
import re
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "src" / "goedebuur" / "web" / "locale"
KEYWORD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr(?:\[(\d)\])?) (".*")$')


@dataclass
class Entry:
    """One sentence of a catalogue."""

    msgid: str = ""
    plural: str = ""
    context: str | None = None
    translations: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """Return the sentence as a `.mo` file names it."""
        name = f"{self.msgid}\0{self.plural}" if self.plural else self.msgid
        return name if self.context is None else f"{self.context}\x04{name}"

    @property
    def value(self) -> str:
        """Return the translations as a `.mo` file holds them."""
        return "\0".join(self.translations[i] for i in sorted(self.translations))

    @property
    def translated(self) -> bool:
        """Return whether the entry counts: translated in every form, and by a person."""
        return not self.fuzzy and bool(self.translations) and all(self.translations.values())


def read(text: str) -> list[Entry]:
    """Return the entries of a `.po` file."""
    found: list[Entry] = []
    for block in re.split(r"\n\s*\n", text):
        entry, where = Entry(), ""
        lines = [line for line in block.splitlines() if not line.startswith("#~")]
        entry.fuzzy = any(line.startswith("#,") and "fuzzy" in line for line in lines)
        for line in lines:
            keyword = KEYWORD.match(line)
            if keyword:
                where = keyword[1]
                _add(entry, where, ast.literal_eval(keyword[3]))
            elif line.startswith('"'):
                _add(entry, where, ast.literal_eval(line))
        if where:
            found.append(entry)
    return found


def _add(entry: Entry, where: str, text: str) -> None:
    if where == "msgid":
        entry.msgid += text
    elif where == "msgid_plural":
        entry.plural += text
    elif where == "msgctxt":
        entry.context = (entry.context or "") + text
    else:
        number = int(where[7]) if where.startswith("msgstr[") else 0
        entry.translations[number] = entry.translations.get(number, "") + text


def compiled(entries: list[Entry]) -> bytes:
    """Return the bytes of the `.mo` file: only what is translated, sorted by the original, without a hash table."""
    pairs = sorted((e.key.encode(), e.value.encode()) for e in entries if e.translated)
    header_size = 28
    keys_at = header_size + 16 * len(pairs)
    values_at = keys_at + sum(len(key) + 1 for key, _ in pairs)
    tables: list[int] = []
    for at, column in ((keys_at, 0), (values_at, 1)):
        for pair in pairs:
            tables += (len(pair[column]), at)
            at += len(pair[column]) + 1
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), header_size, header_size + 8 * len(pairs), 0, keys_at)
    body = b"".join(key + b"\0" for key, _ in pairs) + b"".join(value + b"\0" for _, value in pairs)
    return head + struct.pack(f"<{len(tables)}I", *tables) + body


def main(arguments: list[str]) -> int:
    """Return 1 when a catalogue was out of date and `--check` was given."""
    stale = []
    for source in sorted(LOCALE.rglob("*.po")):
        target = source.with_suffix(".mo")
        data = compiled(read(source.read_text("utf-8")))
        if not target.is_file() or target.read_bytes() != data:
            stale.append(target)
            if "--check" not in arguments:
                target.write_bytes(data)
    for target in stale:
        sys.stdout.write(f"{target.relative_to(LOCALE)} {'is out of date' if '--check' in arguments else 'written'}\n")
    return int(bool(stale) and "--check" in arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
