"""Receiving an upload of any size: streamed to the disk of the store and hashed on the way, never held in memory."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from opendata.catalogue import storage
from opendata.catalogue.actions.uploading import Received
from opendata.storing import READ_ONLY, Store

FIELD = "file"
SALT = "catalogue.upload"
KEPT_FOR = 24 * 3600
"""Seconds an upload waits for the rest of its form to be filled in; the store is tidied later than that."""
OVERHEAD = 512 * 1024
"""What the other fields and the borders of the form may take."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the disk answers where it takes no more."""


class ReceivingStore(Store):
    """The store as an upload enters it: what lies on its disk and was hashed while it came is not copied again."""

    def adopt(self, path: Path, sha256: str) -> None:
        """Make a scratch file one of the store; `path` is gone afterwards."""
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fchmod(descriptor, READ_ONLY)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        self._take_in(path, sha256)


class StreamedFile(UploadedFile):
    """An upload that lies in the scratch folder of the store."""

    def __init__(self, path: Path, name: str, size: int, sha256: str) -> None:
        super().__init__(None, name, "application/octet-stream", size)
        self.path, self.sha256 = path, sha256

    def close(self) -> None:
        """Nothing is open."""


class StreamingHandler(FileUploadHandler):
    """Writes the one file of the form into the store's scratch folder. `discard` removes what was not adopted."""

    chunk_size = 1024 * 1024

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.path: Path | None = None
        self.file: IO[bytes] | None = None
        self.is_too_big = False
        self.has_no_room = False

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        super().new_file(field_name, *args, **kwargs)
        if field_name != FIELD or self.path is not None:
            raise StopUpload(connection_reset=False)  # one file was asked for
        self.digest, self.received = hashlib.sha256(), 0
        with self._room():
            self.path = storage.store().open_work() / f"upload-{uuid.uuid4().hex}"
            self.file = self.path.open("xb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.DATASET_MAX_BYTES:
            self.is_too_big = True
            raise StopUpload(connection_reset=False)
        self.digest.update(raw_data)
        with self._room():
            self._open.write(raw_data)

    def file_complete(self, file_size: int) -> StreamedFile:
        with self._room():
            self._open.close()
        assert self.path is not None
        return StreamedFile(self.path, self.file_name or "", file_size, self.digest.hexdigest())

    @contextmanager
    def _room(self) -> Iterator[None]:
        """Ends the upload, and notes why, where there is no room for it."""
        try:
            yield
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            self.has_no_room = True
            raise StopUpload(connection_reset=False) from error

    @property
    def _open(self) -> IO[bytes]:
        assert self.file is not None
        return self.file

    def discard(self) -> None:
        """Remove the file, unless the store has it; also of an upload that was broken off."""
        if self.file is not None:
            with suppress(OSError):  # what a full disk did not take is written once more
                self.file.close()
        if self.path is not None:
            self.path.unlink(missing_ok=True)


def adopt(upload: StreamedFile) -> Received:
    """Give the upload to the store."""
    ReceivingStore(storage.root()).adopt(upload.path, upload.sha256)
    return Received(upload.name or "", upload.size or 0, upload.sha256)


def keep(upload: Received, dataset_pk: int, user_pk: int) -> str:
    """A token for an upload that is whole while the rest of its form is not: it need not be sent again."""
    values = [upload.name, upload.size, upload.sha256, dataset_pk, user_pk]
    return signing.dumps(values, salt=SALT)


def kept(token: str, dataset_pk: int, user_pk: int) -> Received | None:
    """The upload of a token of the same person for the same dataset."""
    try:
        name, size, sha256, dataset, user = signing.loads(token, salt=SALT, max_age=KEPT_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    is_same = (dataset, user) == (dataset_pk, user_pk) and storage.store().has(sha256)
    return Received(name, size, sha256) if is_same else None
