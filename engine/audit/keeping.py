"""A second place for anchors, outside the database: who owns the database does not own that."""

import errno
import fcntl
import json
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from engine.errors import WrongState
from engine.files import append_whole, why_not

OWNER_ONLY = stat.S_IRUSR | stat.S_IWUSR


class KeepingRefused(WrongState):
    """The second place cannot be written, or cannot be believed."""

    code = "audit.keeping_refused"


class DayAnchor(Protocol):
    """An anchor, wherever it lies: all chain heads of a day in one hash."""

    @property
    def jurisdiction(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def entries(self) -> int: ...
    @property
    def hash(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class KeptAnchor:
    """An anchor as the second place has it."""

    jurisdiction: str
    day: date
    entries: int
    hash: bytes


class AnchorKeeper(Protocol):
    """Somewhere outside the database where anchors are put and never changed."""

    def keep(self, anchor: DayAnchor) -> None:
        """Put it there for good before returning; again the same is fine, another one for the day is refused."""
        ...

    def kept(self, jurisdiction: str) -> list[KeptAnchor]:
        """All anchors of a jurisdiction, by day."""
        ...

    def jurisdictions(self) -> list[str]:
        """Those that have an anchor there, by name."""
        ...


class FileKeeper:
    """Anchors in a file of JSON lines that only grows: synced to disk, for its owner's eyes only, never a link."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def keep(self, anchor: DayAnchor) -> None:
        """Append a line; refuses a link or a device in that place, a damaged file, and a second hash for one day."""
        with self._opened(os.O_RDWR | os.O_APPEND | os.O_CREAT) as file:
            self._for_its_owner_only(file)
            for known in self._lines(file):
                if (known.jurisdiction, known.day) == (anchor.jurisdiction, anchor.day):
                    self._must_be_the_same(known, anchor)
                    return
            line = {"jurisdiction": anchor.jurisdiction, "day": anchor.day.isoformat(), "entries": anchor.entries}
            text = json.dumps(line | {"hash": anchor.hash.hex()}, ensure_ascii=False) + "\n"
            append_whole(file, text.encode())

    def kept(self, jurisdiction: str) -> list[KeptAnchor]:
        """What the file says; none while there is no file."""
        found = [anchor for anchor in self._all() if anchor.jurisdiction == jurisdiction]
        return sorted(found, key=lambda anchor: anchor.day)

    def jurisdictions(self) -> list[str]:
        """Those the file has an anchor of."""
        return sorted({anchor.jurisdiction for anchor in self._all()})

    def _all(self) -> list[KeptAnchor]:
        try:
            with self._opened(os.O_RDONLY) as file:
                return list(self._lines(file))
        except FileNotFoundError:
            return []

    @contextmanager
    def _opened(self, flags: int) -> Iterator[int]:
        try:
            file = os.open(self._path, flags | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        except FileNotFoundError:
            if flags & os.O_CREAT:
                raise self._refused("所在的文件夹不存在") from None
            raise
        except OSError as fault:
            raise self._refused("是一个链接" if fault.errno == errno.ELOOP else why_not(fault)[0]) from fault
        try:
            if not stat.S_ISREG(os.fstat(file).st_mode):
                raise self._refused("不是普通文件")
            fcntl.flock(file, fcntl.LOCK_EX if flags & os.O_RDWR else fcntl.LOCK_SH)
            yield file
        except OSError as fault:
            raise self._refused(why_not(fault)[0]) from fault
        finally:
            os.close(file)

    def _for_its_owner_only(self, file: int) -> None:
        if stat.S_IMODE(os.fstat(file).st_mode) != OWNER_ONLY:  # one marked append-only lets nobody set it again
            os.fchmod(file, OWNER_ONLY)

    def _lines(self, file: int) -> Iterator[KeptAnchor]:
        text = os.pread(file, os.fstat(file).st_size, 0)
        if text and not text.endswith(b"\n"):
            raise self._refused("最后一行不完整")
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                read = json.loads(line)
                day, digest = date.fromisoformat(read["day"]), bytes.fromhex(read["hash"])
                yield KeptAnchor(str(read["jurisdiction"]), day, int(read["entries"]), digest)
            except (ValueError, KeyError, TypeError, RecursionError) as reason:
                raise self._refused(f"第{number}行读不出") from reason

    def _must_be_the_same(self, known: KeptAnchor, anchor: DayAnchor) -> None:
        if (known.entries, known.hash) != (anchor.entries, anchor.hash):
            raise self._refused(f"已留存了{anchor.day:%Y-%m-%d}的另一个锚点")

    def _refused(self, why: str) -> KeepingRefused:
        return KeepingRefused(
            f"锚点留存文件“{self._path}”{why}，没有办理。请系统管理员核对这个文件。", file=str(self._path)
        )


def differences(anchors: Iterable[DayAnchor], kept: Iterable[DayAnchor]) -> Iterator[str]:
    """Where the database and the second place disagree, a sentence for each day; the second place may begin later."""
    here, there = ({anchor.day: (anchor.entries, anchor.hash) for anchor in given} for given in (anchors, kept))
    for day in sorted(here.keys() | there.keys()):
        if day not in here:
            yield f"{day:%Y-%m-%d}的锚点库外有留存，库里没有，库里的锚点被删除过"
        elif day in there and here[day] != there[day]:
            yield f"{day:%Y-%m-%d}的锚点库里和库外留存的不一致，库里的锚点被改写过"
        elif day not in there and there and day > min(there):
            yield f"{day:%Y-%m-%d}的锚点库外没有留存，留存文件缺这一天"
