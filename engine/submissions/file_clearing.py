"""Files no row names are taken out of the store: uploads that never came to an end.

Nobody waits for it and it may be killed at any moment. A file is first put aside; if somebody sent the same bytes
meanwhile, or a row names it after all, it goes back to its place.
"""

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from engine.errors import WrongState
from engine.submissions.file_store import FileStore

ASKED_AT_ONCE = 1000
"""How many files are asked about in one question."""

NEVER_WRONG = 20
"""So many files without a row are nothing to wonder at, however few there are in all."""

Unnamed = Callable[[Sequence[str]], Collection[str]]
"""Of these hashes, those no row names."""


class TooManyUnnamed(WrongState):
    """Most of the store is unknown to this database: it is somebody else's."""

    code = "submissions.too_many_unnamed"


def clear(store: FileStore, unnamed: Unnamed, before: datetime) -> int:
    """Take out what has lain there since `before` and no row names; gives how many files went.

    Refuses where most of what lies there is unknown: then the folder is that of another database.
    """
    _put_back(store, unnamed, before)
    old = [sha256 for sha256, path in store.places() if _is_old(path, before)]
    free = [sha256 for some in _parts(old) for sha256 in unnamed(some)]
    if len(free) > max(NEVER_WRONG, len(old) // 2):
        raise TooManyUnnamed(
            f"文件库里放了一周以上的 {len(old)} 个文件，有 {len(free)} 个本库没有登记，不像没有传完的附件，没有清理。"
            "请核对 JIXIAO_FILES 是不是这个数据库的文件夹。",
            files=len(old),
            unnamed=len(free),
        )
    gone = sum(_leave(store, sha256, unnamed, before) for sha256 in free)
    return gone + sum(_remove(path) for path in _unfinished(store) if _is_old(path, before))


def _leave(store: FileStore, sha256: str, unnamed: Unnamed, before: datetime) -> bool:
    aside = store.aside / sha256
    aside.parent.mkdir(parents=True, exist_ok=True)
    try:
        store.place(sha256).replace(aside)
    except FileNotFoundError:
        return False  # another machine was faster
    return _settle(store, aside, unnamed, before)


def _settle(store: FileStore, aside: Path, unnamed: Unnamed, before: datetime) -> bool:
    """Whether a file that was put aside is gone for good."""
    sha256 = aside.name
    if _is_old(aside, before) and sha256 in unnamed([sha256]):
        return _remove(aside)
    if not store.place(sha256).exists():
        aside.replace(store.place(sha256))
    else:
        _remove(aside)
    return False


def _put_back(store: FileStore, unnamed: Unnamed, before: datetime) -> None:
    """End what a machine that was killed began."""
    for aside in sorted(store.aside.glob("*")):
        _settle(store, aside, unnamed, before)


def _unfinished(store: FileStore) -> Iterator[Path]:
    return (store.folder / "incoming").glob("*")


def _is_old(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _remove(path: Path) -> bool:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def _parts(hashes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (hashes[first : first + ASKED_AT_ONCE] for first in range(0, len(hashes), ASKED_AT_ONCE))
