"""Where attached files lie: once each, under the hash of their bytes, in a local folder.

A file is there whole or not at all, whenever the process is killed, and a file whose bytes have changed on the disk is
never handed out.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from engine.errors import NotFound, WrongState
from engine.packed import CHUNK, Limits
from engine.submissions.attachments import LIMITS, Accepted, accept, check_size, clean_name, kind_of
from engine.submissions.scanning import Scanner, Verdict, must_be_clean
from engine.words import Scan

_HASH = re.compile(r"[0-9a-f]{64}")


class FileNotKept(NotFound):
    """No file with this hash is in the store."""

    code = "submissions.file_not_kept"


class FileDamaged(WrongState):
    """The bytes on the disk are no longer those that were handed in."""

    code = "submissions.file_damaged"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the store: its hash and what was found out about it."""

    sha256: str
    file: Accepted
    verdict: Verdict


class FileStore:
    """The files below `folder`: `ab/cd/abcd…`, `incoming/` for those still on their way, `aside/` for those that leave.

    With a `scanner` every file is looked through for viruses before it gets its place.
    """

    def __init__(self, folder: Path, scanner: Scanner | None = None) -> None:
        self.folder = folder
        self.scanner = scanner

    def keep(self, stream: BinaryIO, name: str, limits: Limits = LIMITS) -> Kept:
        """Take in what `stream` has, sent under `name`; the same bytes are stored once.

        Refuses with AttachmentRefused, and with FileInfected what the scanner finds a virus in. Reads no more than the
        limit allows, and leaves nothing behind when it refuses.
        """
        cleaned = clean_name(name)
        kind_of(cleaned)
        with self._incoming() as arriving:
            digest = _copy(stream, arriving, cleaned, limits)
            accepted = accept(arriving, cleaned, limits)
            with arriving.open("rb") as file:
                verdict = must_be_clean(self.scanner, file, cleaned)
            self._settle(arriving, digest)
        return Kept(digest, accepted, verdict)

    def scan(self, sha256: str) -> Verdict:
        """What the scanner says now of the file kept under this hash."""
        if self.scanner is None:
            return Verdict(Scan.UNASKED)
        with self.open(sha256) as file:
            return self.scanner.judge(file)

    def take_back(self, stream: IO[bytes]) -> str:
        """Put a file that was kept here before into its place again, as it is; gives its hash."""
        with self._incoming() as arriving:
            digest = hashlib.sha256()
            with arriving.open("xb") as file:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            self._settle(arriving, digest.hexdigest())
        return digest.hexdigest()

    def read(self, sha256: str) -> bytes:
        """The bytes kept under this hash, after checking that they still are what was handed in."""
        with self.open(sha256) as file:
            return file.read()

    @contextmanager
    def open(self, sha256: str) -> Iterator[BinaryIO]:
        """The file kept under this hash, checked and ready to be read from its start."""
        path = self.place(sha256)
        if not path.is_file():
            raise FileNotKept("这个附件的文件不在文件库里。请联系运维人员从备份恢复。", sha256=sha256)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise FileDamaged("这个附件的文件已损坏，不能打开。请联系运维人员从备份恢复。", sha256=sha256)
            file.seek(0)
            yield file

    @contextmanager
    def _incoming(self) -> Iterator[Path]:
        path = self.folder / "incoming" / secrets.token_hex(16)
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    @property
    def aside(self) -> Path:
        """Where a file lies between its place and its end."""
        return self.folder / "aside"

    def places(self) -> Iterator[tuple[str, Path]]:
        """Every file that has its place, with its hash."""
        return ((path.name, path) for path in self.folder.glob("??/??/*") if _HASH.fullmatch(path.name))

    def _settle(self, arriving: Path, sha256: str) -> None:
        """Give a whole file its place. One that lies there already stays, unless it is damaged, and counts as new."""
        place = self.place(sha256)
        if _is_whole(place, sha256):
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        arriving.chmod(0o440)
        arriving.replace(place)
        for folder in (place.parent, place.parent.parent, self.folder):
            _write_through(folder)

    def place(self, sha256: str) -> Path:
        """Where a file of this hash lies, or would."""
        if not _HASH.fullmatch(sha256):
            raise FileNotKept("附件的编号不对，没有这样的文件。", sha256=sha256)
        return self.folder / sha256[:2] / sha256[2:4] / sha256


def _copy(stream: BinaryIO, target: Path, name: str, limits: Limits) -> str:
    """Copy the stream to disk for good and give its hash; stops as soon as it is larger than it may be."""
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            check_size(name, size, limits)
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _is_whole(place: Path, sha256: str) -> bool:
    """Whether the file lies there undamaged; from now on it is as young as if it had just been sent."""
    try:
        with place.open("rb") as file:
            whole = hashlib.file_digest(file, "sha256").hexdigest() == sha256
        if whole:
            os.utime(place)
    except OSError:  # not there, put aside this moment, or of another account
        return False
    return whole


def _write_through(folder: Path) -> None:
    """Make the names in `folder` survive a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
