"""One byte string for one record: the JSON that is hashed, signed and kept.

Keys sorted by code point, no white space, UTF-8, integers only: a float has no single decimal form, so it is refused.
This is the subset of RFC 8785 (JSON Canonicalization Scheme) that needs no number formatting.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, cast


def encode(record: Mapping[str, Any]) -> bytes:
    """Return the canonical JSON bytes of a record.

    Raises
    ------
    TypeError
        If the record holds a float, a non-string key, or anything that is not JSON.
    """
    _refuse_floats(record)
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def decode(data: bytes) -> dict[str, Any]:
    """Return the record in the bytes.

    Raises
    ------
    ValueError
        If the bytes are not the canonical form of the record they hold.
    """
    try:
        record = json.loads(data.decode())
        canonical = isinstance(record, dict) and encode(record) == data
    except (RecursionError, TypeError) as error:
        raise ValueError(f"not a canonical record: {error}") from error
    if not canonical:
        raise ValueError("not in canonical form")
    return cast("dict[str, Any]", record)


def sha256(data: bytes) -> str:
    """Return the SHA-256 of the bytes as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a canonical record holds no floats: give an integer and its scale")
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a canonical record has string keys, not {key!r}")
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
