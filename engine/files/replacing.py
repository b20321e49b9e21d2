"""How a set of files takes the place of an earlier one in a folder that is there, one renaming after the other.

From the first renaming to the last the finished set lies in a folder beside its places, whose name tells so. A process
killed in between leaves that folder, and whoever next writes a set there puts the rest in first.
"""

import logging
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path

from engine.files.one import opened, sync
from engine.files.reasons import not_writable

_BEGUN = ".begun"
_log = logging.getLogger(__name__)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Nobody else replaces a set in that folder meanwhile, where its file system has locks."""
    with ExitStack() as held:
        with suppress(OSError):
            folder = os.open(place, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            held.callback(os.close, folder)
            flock(folder, LOCK_EX)
        yield


def replace_set(workshop: Path, place: Path) -> None:
    """Put the files of the workshop into the folder; to be called `alone`.

    When one cannot be put in, the earlier files are put back; if not even that can be done, the next run puts the rest
    in. Either way raises the system's refusal.
    """
    begun = workshop.rename(place / f"{workshop.name}{_BEGUN}")
    names = _files_in(begun)
    try:
        _put_in(begun, place)
    except BaseException:
        with suppress(OSError):
            _put_back(begun, place, names)
            begun.rename(workshop)
        raise
    shutil.rmtree(begun, ignore_errors=True)
    with opened(place, place) as folder:
        sync(folder)


def finish_interrupted(place: Path, shown: Path) -> None:
    """Put in what a killed process did not come to put into the folder; to be called `alone`.

    Says so in the log. Refuses with NotWritable what another account has left.
    """
    for begun in sorted(place.glob(f".jixiao-*{_BEGUN}")):
        found = begun.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
            raise not_writable(
                shown,
                f"里有别的账号没有做完的替换（{begun.name}）",
                "请由那个账号再办一次，或请系统管理员查看后把它移走。",
                "没有开始",
            )
        names = _files_in(begun)
        _put_in(begun, place)
        shutil.rmtree(begun, ignore_errors=True)
        if names:
            _log.warning("“%s”里上次的替换没有做完，已把其余的换好：%s。现在是完整的一套。", shown, "、".join(names))


def _files_in(begun: Path) -> list[str]:
    return sorted(each.name for each in os.scandir(begun) if each.is_file(follow_symlinks=False))


def _put_in(begun: Path, place: Path) -> None:
    """Every file still in `begun` to its place; the one that lay there is kept in `begun`."""
    earlier = begun / "earlier"
    earlier.mkdir(mode=0o700, exist_ok=True)
    for name in _files_in(begun):
        if os.path.lexists(place / name):
            _keep(place / name, earlier / name, begun / name)
        (begun / name).replace(place / name)


def _keep(lying: Path, kept: Path, coming: Path) -> None:
    """The earlier file under a second name, its rights and owner for the one that takes its place."""
    found = lying.lstat()
    mode = stat.S_IMODE(found.st_mode) & 0o777
    try:
        os.chown(coming, found.st_uid, found.st_gid)
    except OSError:
        mode &= ~stat.S_IRWXG
    coming.chmod(mode)
    try:
        os.link(lying, kept, follow_symlinks=False)
    except OSError:
        lying.rename(kept)


def _put_back(begun: Path, place: Path, names: list[str]) -> None:
    for name in names:
        if not os.path.lexists(begun / name):
            (place / name).rename(begun / name)
        if os.path.lexists(begun / "earlier" / name):
            (begun / "earlier" / name).replace(place / name)
