"""What can stand in the way of the embedded database, in words.

No sentence here or elsewhere about it advises to delete anything: data may lie in it.
"""

import errno
import os
import re
import shutil
from pathlib import Path

from engine.errors import DefinitionError

MEGABYTE = 1024 * 1024
OTHER_DATABASE = "或用 DATABASE_URL 指定数据库"
_WORDS = {
    errno.EACCES: "权限不够",
    errno.EPERM: "权限不够",
    errno.EROFS: "文件系统是只读的",
    errno.ENOSPC: "磁盘已满",
    errno.EDQUOT: "磁盘配额已满",
    errno.EISDIR: "它是一个文件夹，应当是文件",
    errno.ENXIO: "它不是普通文件",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EEXIST: "同名的东西已经在那里",
    errno.ENOTEMPTY: "文件夹里还有别的东西",
    errno.ELOOP: "它是一个链接，应当是文件",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EIO: "磁盘读写出错",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "路径太长",
}
_WHAT_NOW = {
    errno.EROFS: "请把它重新挂成可写",
    errno.ENOSPC: "请先腾出空间",
    errno.EDQUOT: "请先腾出空间",
    errno.EISDIR: "请把它改名移开后再试",
    errno.ENXIO: "请把它改名移开后再试",
    errno.ENOTDIR: "请核对路径",
    errno.EEXIST: "请把它改名移开后再试",
    errno.ELOOP: "请把它改名移开后再试",
    errno.EIO: "请检查磁盘",
    errno.ENAMETOOLONG: "请换一个短些的路径",
}
_FULL = re.compile(r"No space left on device|Disk quota exceeded", re.IGNORECASE)
_NO_ADVICE = re.compile(r"\bhint\b|\bremov|\bdelet|\bempty the\b|Examine the log|waiting for server", re.IGNORECASE)
_STAMP = re.compile(r"^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] ")
_GRAVE = re.compile(r"FATAL|PANIC|ERROR|DETAIL|error:|could not|unrecognized|invalid|中止")


class DatabaseNotStarted(DefinitionError):
    """The embedded database cannot be started; the message says what stands in the way."""

    code = "store.database_not_started"


def not_usable(reason: OSError, folder: Path) -> DatabaseNotStarted:
    """The system's refusal as ours: which file or folder, why, what now."""
    place = reason.filename or folder
    where = os.fsdecode(place) if isinstance(place, bytes) else str(place)
    number = reason.errno or 0
    why = _WORDS.get(number, reason.strerror or str(reason))
    now = _WHAT_NOW.get(number, "请用建立它的账号运行，或改回它的权限")
    return DatabaseNotStarted(
        f"内置数据库不能使用 {where}：{why}。没有启动，数据没有改动。{now}，{OTHER_DATABASE}。", place=where
    )


def disk_full(folder: Path, *, needed: int | None = None) -> DatabaseNotStarted:
    """The disk on which `folder` lies has no room; `needed` bytes are wanted there."""
    wanted = f"，启动至少需要 {needed // MEGABYTE} MB" if needed else ""
    return DatabaseNotStarted(
        f"磁盘已满：{folder} 所在的磁盘只剩 {_free(folder) // MEGABYTE} MB{wanted}。"
        "内置数据库没有启动，已经保存的数据都在。请先腾出空间，再重新运行。",
        folder=str(folder),
        needed_bytes=needed,
    )


def must_have_room(folder: Path, needed: int) -> None:
    """Refuse to begin on a disk that has fewer bytes left for ordinary accounts than `needed`."""
    if _free(folder) < needed:
        raise disk_full(folder, needed=needed)


def did_not_start(said: str, folder: Path) -> DatabaseNotStarted:
    """The refusal for a server or program that gave up, with its own reason out of what it has `said` this time."""
    if _FULL.search(said):
        return disk_full(folder)
    return DatabaseNotStarted(
        f"内置数据库没有启动起来，数据没有改动。它这一次的说明是：“{_reason(said)}”。"
        f"请按这个原因处理后再试，{OTHER_DATABASE}。",
        folder=str(folder),
    )


def _reason(said: str) -> str:
    """The last grave lines, else the last lines, without the time and without any advice to remove files."""
    lines = [_STAMP.sub("", line).strip() for line in said.splitlines()]
    lines = [line for line in lines if line and not _NO_ADVICE.search(line)]
    grave = [line for line in lines if _GRAVE.search(line)]
    return "；".join((grave or lines)[-3:]) or "没有留下说明"


def _free(folder: Path) -> int:
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free
