"""A bound on what a form may bring: refused by its length before a byte of it is kept, whoever sends it."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST: Final = 52 * 2**20
"""Largest request with a file. [byte] A PDF of 50 MiB with the other fields of its form."""


class BoundedUpload(FileUploadHandler):
    """Refuses a request that says to be larger; the handlers after it keep what comes."""

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        """Refuse by the length that the request names."""
        if content_length > MOST:
            raise RequestDataTooBig(f"A form brings {MOST // 2**20} MiB at most.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on what came."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers after this one."""
