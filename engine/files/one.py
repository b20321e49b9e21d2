"""One file: written beside its place, synced, given its rights, renamed; nothing beside it stays behind."""

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.files.reasons import already_there, not_writable, refusal_for

_OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_FOLDER = getattr(os, "O_PATH", os.O_RDONLY) | os.O_DIRECTORY | os.O_CLOEXEC
_NO_HARD_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL, errno.EACCES}


class Writing:
    """A file on its way; text is written as UTF-8."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._file = open(descriptor, "wb")  # noqa: SIM115 - `new_file` closes it

    def write(self, content: str | bytes) -> None:
        """Add to the file; refuses with NotWritable."""
        try:
            self._file.write(content.encode() if isinstance(content, str) else content)
        except OSError as fault:
            raise refusal_for(self._path, fault) from fault

    def settle(self, mode: int) -> None:
        """Bring everything to the disk and give the file its rights."""
        self._file.flush()
        os.fchmod(self._file.fileno(), mode)
        os.fsync(self._file.fileno())
        self._file.close()

    def take_owner_of(self, found: os.stat_result) -> bool:
        """Whether the file belongs to owner and group of the one it replaces."""
        mine = os.fstat(self._file.fileno())
        if (mine.st_uid, mine.st_gid) == (found.st_uid, found.st_gid):
            return True
        try:
            os.fchown(self._file.fileno(), found.st_uid, found.st_gid)
        except OSError:
            return False
        return True

    def abandon(self) -> None:
        """Close the file; what could not be written any more does not matter."""
        with suppress(OSError):
            self._file.close()


@contextmanager
def new_file(path: Path, *, force: bool = False, private: bool = False) -> Iterator[Writing]:
    """Write a file that is at `path` as a whole when the block ends well; looked at before anything is written.

    Refuses with NotWritable; with AlreadyThere when a file lies there, unless `force` says that it may be replaced: its
    owner and rights are kept. A new file has the rights of every new file, or is its owner's alone if it is `private`.
    """
    place = absolute(path)
    with opened(place.parent, path) as folder:
        found = look(Place(folder, place.name, path), force=force)
        try:
            beside = _beside(folder)
        except OSError as fault:
            raise refusal_for(path, fault) from fault
        writing = Writing(path, beside.descriptor)
        try:
            yield writing
            try:
                writing.settle(_OWNER_ONLY if private else _rights(writing, found))
                put(beside.name, Place(folder, place.name, path), force=force)
                sync(folder)
            except OSError as fault:
                raise refusal_for(path, fault) from fault
        finally:
            writing.abandon()
            with suppress(OSError):
                os.unlink(beside.name, dir_fd=folder)


@dataclass(frozen=True, slots=True)
class Place:
    """A name in an open folder, and how the person who asked calls it."""

    folder: int
    name: str
    shown: Path


@dataclass(frozen=True, slots=True)
class _Beside:
    name: str
    descriptor: int


def look(place: Place, *, force: bool) -> os.stat_result | None:
    """What lies at the place: nothing, or a plain file that may be replaced; refuses everything else."""
    if place.name in ("", ".", ".."):
        raise not_writable(place.shown, "是一个文件夹", "请写明文件名。")
    try:
        found = os.stat(place.name, dir_fd=place.folder, follow_symlinks=False)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise refusal_for(place.shown, fault) from fault
    if stat.S_ISLNK(found.st_mode):
        raise not_writable(place.shown, "是一个链接", "请直接写明它指向的位置，或换一个名称。")
    if stat.S_ISDIR(found.st_mode):
        raise not_writable(place.shown, "是一个文件夹", "请换一个名称。")
    if not stat.S_ISREG(found.st_mode):
        raise not_writable(place.shown, "是设备、管道或套接字，不是普通文件", "请换一个名称。")
    if not force:
        raise already_there(place.shown)
    return found


def put(beside: str, place: Place, *, force: bool) -> None:
    """Give the finished file its name; without `force` it takes nobody's place, not even of one that came just now."""
    look(place, force=force)
    here: dict[str, Any] = {"src_dir_fd": place.folder, "dst_dir_fd": place.folder}
    if not force:
        try:
            os.link(beside, place.name, **here, follow_symlinks=False)
            return
        except FileExistsError:
            raise already_there(place.shown) from None
        except OSError as fault:
            if fault.errno not in _NO_HARD_LINKS:
                raise
    os.rename(beside, place.name, **here)


def sync(folder: int) -> None:
    """Make the names in an open folder survive a power failure, where the file system can."""
    with suppress(OSError):
        descriptor = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=folder)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def append_whole(descriptor: int, content: bytes) -> None:
    """Add to an open file and bring it to the disk; all of it, or an OSError and the file as it was."""
    before = os.fstat(descriptor).st_size
    try:
        rest = memoryview(content)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except BaseException:
        os.ftruncate(descriptor, before)
        raise


def umask() -> int:
    """The rights this process withholds from new files."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def absolute(path: Path) -> Path:
    """The path from the root, `~` being the home folder."""
    try:
        return path.expanduser().absolute()
    except RuntimeError:  # nobody of that name has a home
        return path.absolute()
    except OSError as fault:  # the folder we are in is gone
        raise refusal_for(path, fault) from fault


@contextmanager
def opened(folder: Path, shown: Path) -> Iterator[int]:
    """A descriptor of the folder; what is done by it happens there, whatever is renamed meanwhile."""
    try:
        descriptor = os.open(folder, _FOLDER)
    except OSError as fault:
        raise refusal_for(shown, fault) from fault
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _beside(folder: int) -> _Beside:
    name = f".jixiao-{secrets.token_hex(16)}"
    return _Beside(name, os.open(name, _NEW, _OWNER_ONLY, dir_fd=folder))


def _rights(writing: Writing, found: os.stat_result | None) -> int:
    """Never wider than those of the file that is replaced."""
    if found is None:
        return 0o666 & ~umask()
    mode = stat.S_IMODE(found.st_mode) & 0o777
    return mode if writing.take_owner_of(found) else mode & ~stat.S_IRWXG
