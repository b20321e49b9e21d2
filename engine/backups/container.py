"""The file of a backup: written part by part, read only after every part has been held against the manifest."""

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from engine.errors import InvalidInput
from engine.files import Writing

FORMAT = "jixiao-backup/1"
MANIFEST, DUMP, FILES = "manifest.json", "database.dump", "files/"
LARGEST_MANIFEST = 256 * 2**20
_CHUNK = 2**20
_SHA256 = re.compile(r"[0-9a-f]{64}")


class BackupUnreadable(InvalidInput):
    """The file is no backup of ours, or not all of it is as it was written."""

    code = "backup.unreadable"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the backup: its SHA-256 and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is in a backup: when it was made of which server and schema, the dump, and every attached file.

    `cases` are counts by jurisdiction. `missing` are attached files that were gone or damaged when it was made.
    """

    made_at: str
    server: int
    schema: str
    cases: dict[str, int]
    dump: Part
    files: tuple[Part, ...]
    missing: tuple[str, ...] = field(default=())


class Packing:
    """A backup being written: the manifest first, then the dump, then the files."""

    def __init__(self, writing: Writing, manifest: Manifest) -> None:
        self._tar = tarfile.open(fileobj=_Sink(writing), mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - `close`
        told = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1).encode()
        self._add(MANIFEST, len(told), io.BytesIO(told))

    def dump(self, path: Path, part: Part) -> None:
        with path.open("rb") as content:
            self._add(DUMP, part.size, content)

    def file(self, content: IO[bytes], part: Part) -> None:
        self._add(FILES + part.sha256, part.size, content)

    def close(self) -> None:
        self._tar.close()

    def _add(self, name: str, size: int, content: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, content)


class Parts:
    """A backup whose every part is as it was written."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.manifest = manifest
        self._path = path

    def copy_dump(self, to: Path) -> None:
        """The dump as a file of its own."""
        with self._members() as members, to.open("xb") as file:
            content = next(content for name, content in members if name == DUMP)
            while chunk := content.read(_CHUNK):
                file.write(chunk)

    @contextmanager
    def files(self) -> Iterator[Iterator[IO[bytes]]]:
        """The attached files one after the other."""
        with self._members() as members:
            yield (content for name, content in members if name.startswith(FILES))

    @contextmanager
    def _members(self) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
        with _opened(self._path) as tar:
            yield _contents(tar)


def part_of(path: Path) -> Part:
    """Hash and size of a file."""
    with path.open("rb") as file:
        return Part(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself; nothing else of it has been looked at."""
    with _opened(path) as tar:
        name, content = next(_contents(tar), ("", io.BytesIO()))
        if name != MANIFEST:
            raise _unreadable("不是本程序的备份文件")
        return _manifest(content.read(LARGEST_MANIFEST))


def whole(path: Path) -> Parts:
    """The backup, after every part of it has been held against the manifest; refuses with BackupUnreadable."""
    manifest = read_manifest(path)
    wanted = {MANIFEST: None, DUMP: manifest.dump, **{FILES + part.sha256: part for part in manifest.files}}
    with _opened(path) as tar:
        for name, content in _contents(tar):
            if name not in wanted:
                raise _unreadable("里面有不属于备份的内容")
            part = wanted.pop(name)
            if part is not None and _found(content) != part:
                raise _unreadable(f"{name} 与登记的校验值不符")
    if wanted:
        raise _unreadable(f"不完整，缺少 {next(iter(wanted))}")
    return Parts(path, manifest)


def _found(content: IO[bytes]) -> Part:
    digest, size = hashlib.sha256(), 0
    while chunk := content.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return Part(digest.hexdigest(), size)


@contextmanager
def _opened(path: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except FileNotFoundError:
        raise _unreadable("找不到", "请核对路径。") from None
    except OSError as reason:
        raise _unreadable(f"读不了：{reason.strerror}", "请核对路径和权限。") from reason
    except tarfile.TarError as reason:
        raise _unreadable("不是本程序的备份文件，或者已经损坏") from reason


def _contents(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None:
            raise _unreadable("里面有链接、设备或文件夹")
        yield member.name, content


def _manifest(told: bytes) -> Manifest:
    try:
        read: dict[str, Any] = json.loads(told)
        if read.pop("format") != FORMAT:
            raise _unreadable("是其他版本的备份", "请用写出它的程序恢复。")
        dump, files = _part(read.pop("dump")), tuple(map(_part, read.pop("files")))
        manifest = Manifest(dump=dump, files=files, missing=tuple(read.pop("missing")), **read)
        if not isinstance(manifest.server, int) or not isinstance(manifest.schema, str):
            raise TypeError
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as reason:
        raise _unreadable("清单读不懂") from reason
    return manifest


def _part(told: dict[str, Any]) -> Part:
    part = Part(**told)
    if not isinstance(part.size, int) or not _SHA256.fullmatch(part.sha256):
        raise ValueError
    return part


def _unreadable(why: str, remedy: str = "请换一份备份。") -> BackupUnreadable:
    return BackupUnreadable(f"这份备份{why}，没有恢复，什么都没有改动。{remedy}", why=why)


class _Sink(io.RawIOBase):
    """What tarfile writes to."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._writing.write(bytes(content))
        return len(content)
