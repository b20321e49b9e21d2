"""Several files that belong together, in a folder: looked at before the work begins, there together at its end.

A new folder appears by one renaming. In a folder that is there what else lies in it stays; how a set takes the place
of an earlier one is told in `replacing`.
"""

import os
import secrets
import shutil
import signal
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from engine.files.one import Place, absolute, look, new_file, opened, sync, umask
from engine.files.reasons import AlreadyThere, NotWritable, not_writable, refusal_for
from engine.files.replacing import alone, finish_interrupted, replace_set

NOT_BEGUN = "没有开始"


class Folder:
    """Where the files of a set are prepared; each is written whole."""

    def __init__(self, workshop: Path, shown: Path) -> None:
        self.workshop = workshop
        self._shown = shown
        self.names: list[str] = []

    def write(self, name: str, content: str) -> None:
        """Prepare one file of the set; refuses with NotWritable."""
        try:
            with new_file(self.workshop / name) as file:
                file.write(content)
        except NotWritable as refusal:
            raise not_writable(self._shown / name, refusal.facts["reason"], refusal.facts["remedy"]) from refusal
        self.names.append(name)


@contextmanager
def new_set(folder: Path, names: Sequence[str], *, force: bool = False) -> Iterator[Folder]:
    """Write files that are in `folder` together when the block ends well, or none of them.

    Refuses before the block begins what can be known by then: NotWritable, and AlreadyThere for a set that lies there,
    unless `force` says that it may be replaced.
    """
    place = absolute(folder)
    try:
        nearest = _ready(place, folder, names, force)
        workshop = _workshop(nearest)
    except OSError as fault:
        raise refusal_for(folder, fault, NOT_BEGUN) from fault
    try:
        _try_out(workshop, folder)
        prepared = Folder(workshop, folder)
        yield prepared
        try:
            _appear(prepared, place, folder, force)
        except OSError as fault:
            raise refusal_for(folder, fault) from fault
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _ready(place: Path, shown: Path, names: Sequence[str], force: bool) -> Path:
    """The nearest folder that is there; refuses a place where the set could never be."""
    if not os.path.lexists(place):
        return _nearest(place, shown)
    with alone(place):
        _must_take(place, shown, names, force)
    return place


def _must_take(place: Path, shown: Path, names: Sequence[str], force: bool) -> None:
    """Refuse what is no folder, and one with something in it that these files may not replace."""
    found = os.lstat(place)
    if stat.S_ISLNK(found.st_mode):
        raise not_writable(shown, "是一个链接", "请直接写明它指向的文件夹，或换一个名称。", NOT_BEGUN)
    if not stat.S_ISDIR(found.st_mode):
        raise not_writable(shown, "已经存在，而且不是文件夹", "请换一个名称。", NOT_BEGUN)
    finish_interrupted(place, shown)
    with opened(place, shown) as folder:
        there = [name for name in names if look(Place(folder, name, shown / name), force=True)]
    if there and not force:
        raise AlreadyThere(
            f"“{shown}”里已经有{'、'.join(there)}，{NOT_BEGUN}。"
            "要留着它们，请换一个文件夹；确实要换成新的，请加 --force。",
            file=str(shown),
        )


def _nearest(place: Path, shown: Path) -> Path:
    nearest = next(parent for parent in place.parents if os.path.lexists(parent))
    if not nearest.is_dir():
        raise not_writable(shown, "的路径中间有一段不是文件夹", "请核对路径。", NOT_BEGUN)
    longest = os.pathconf(nearest, "PC_NAME_MAX")
    if any(len(os.fsencode(part)) > longest for part in place.relative_to(nearest).parts):
        raise not_writable(shown, "的名称太长", "请换一个短一些的名称。", NOT_BEGUN)
    return nearest


def _workshop(nearest: Path) -> Path:
    workshop = nearest / f".jixiao-{secrets.token_hex(16)}"
    workshop.mkdir(mode=0o700)
    return workshop


def _try_out(workshop: Path, shown: Path) -> None:
    """Refuse a file system that writes nothing or renames nothing over what is there, before anybody worked for it."""
    try:
        for _ in ("the first", "the one that takes its place"):
            with new_file(workshop / "probe", force=True) as file:
                file.write("probe\n")
        (workshop / "probe").unlink()
    except NotWritable as refusal:
        raise not_writable(shown, refusal.facts["reason"], refusal.facts["remedy"], NOT_BEGUN) from refusal
    except OSError as fault:
        raise refusal_for(shown, fault, NOT_BEGUN) from fault


def _appear(prepared: Folder, place: Path, shown: Path, force: bool) -> None:
    if not os.path.lexists(place):
        with _undisturbed():
            _become(prepared, place)
        return
    with alone(place), _undisturbed():
        _must_take(place, shown, prepared.names, force)
        replace_set(prepared.workshop, place)


def _become(prepared: Folder, place: Path) -> None:
    """A new folder: the workshop takes its name; folders made for it go again if it cannot."""
    workshop, made = prepared.workshop, []
    try:
        for parent in reversed([parent for parent in place.parents if not parent.exists()]):
            parent.mkdir()
            made.append(parent)
        workshop.chmod(0o777 & ~umask())
        workshop.rename(place)
    except BaseException:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise
    with opened(place.parent, place) as folder:
        sync(folder)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Signals wait for the moment it takes to rename a handful of files."""
    waiting = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, waiting)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
