"""There is one lasting database for one place, never a second beside it.

It can lie where it was asked for or elsewhere (see `premises`), and rights change, folders are moved and copied, root
works one day and somebody else the next. Whenever a database exists that cannot be used as things stand, this says
where it lies and what to do; nothing is started then, and nothing made.
"""

import os
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from shlex import quote

from engine.clock import SHANGHAI
from engine.store.installation import ACCOUNT, Account, name_of
from engine.store.obstacles import DatabaseNotStarted
from engine.store.premises import Premises, closed_folders

NOTHING_DONE = "没有启动，也没有另建"


def must_be_the_only_one(premises: Premises) -> None:
    """Refuse when the database for this place lies somewhere else than where it would be started now."""
    here, there = _holds_something(premises.wanted), _holds_something(premises.elsewhere)
    if here and there:
        raise _two_of_them(premises)
    if here and premises.is_elsewhere:
        raise _closed(premises)
    if there and not premises.is_elsewhere:
        raise _roots_own(premises) if os.geteuid() != 0 else _open_again(premises)
    if not here and not there:
        _must_not_have_been_moved(premises)


def must_belong_to(runs_as: Account, premises: Premises) -> None:
    """Refuse data that are another account's, or open to others: the server would not take them."""
    if not os.path.lexists(premises.data) or not premises.data.is_dir():
        return
    found = premises.data.stat()
    chown = f"chown -R {runs_as.name}: {quote(str(premises.data))}"
    if found.st_uid != runs_as.uid:
        owner = name_of(found.st_uid)
        by = "root" if owner == ACCOUNT else owner
        how = "" if by == "root" and os.geteuid() == 0 else f"请用账号 {by} 运行本程序；"
        raise DatabaseNotStarted(
            f"数据库在 {premises.data}，属于账号 {owner}，不是 {runs_as.name}，{NOTHING_DONE}。"
            f"{how}如果确实要换账号（例如刚从备份恢复），请管理员执行 {chown}。",
            folder=str(premises.data),
        )
    if found.st_mode & 0o027:
        raise DatabaseNotStarted(
            f"数据库在 {premises.data}，它对其他账号开放，PostgreSQL 不肯用，{NOTHING_DONE}。"
            f"请执行 chmod 700 {quote(str(premises.data))}。",
            folder=str(premises.data),
        )


def note_where(premises: Premises) -> None:
    """Leave word in the wanted place that the database is elsewhere, so that a moved or copied folder knows it."""
    if premises.throwaway:
        return
    pointer = _pointer(premises.wanted)
    with suppress(OSError):  # it only helps; a folder that cannot be written to has its database all the same
        if premises.is_elsewhere:
            premises.wanted.mkdir(parents=True, exist_ok=True)
            pointer.write_text(f"{premises.home}\n", encoding="utf-8")
        else:
            pointer.unlink(missing_ok=True)


def _pointer(wanted: Path) -> Path:
    return wanted / "elsewhere"


def _holds_something(home: Path) -> bool:
    """Whether there is a data folder, whatever is in it. A place that cannot be looked at is no place without one."""
    try:
        (home / "data").lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _two_of_them(premises: Premises) -> DatabaseNotStarted:
    places = "，".join(f"{home}（最后改动 {_last_change(home)}）" for home in (premises.wanted, premises.elsewhere))
    return DatabaseNotStarted(
        f"内置数据库有两份：{places}，看不出该用哪一份，没有启动，两份都没有改动。"
        "请确认要用哪一份，把另一份整个改名移到别处保存，再运行。",
        folders=[str(premises.wanted), str(premises.elsewhere)],
    )


def _closed(premises: Premises) -> DatabaseNotStarted:
    closed = closed_folders(premises.wanted)
    names = "、".join(map(str, closed))
    return DatabaseNotStarted(
        f"数据库在 {premises.wanted}，运行它的账号 {ACCOUNT} 现在进不去（{names} 不对其他账号开放），{NOTHING_DONE}。"
        f"请执行 chmod o+x {' '.join(quote(str(folder)) for folder in closed)} 后再运行。",
        folder=str(premises.wanted),
    )


def _roots_own(premises: Premises) -> DatabaseNotStarted:
    return DatabaseNotStarted(
        f"这里的数据库是 root 建立的，在 {premises.elsewhere}，{NOTHING_DONE}。请用 root 运行（sudo）。",
        folder=str(premises.elsewhere),
    )


def _open_again(premises: Premises) -> DatabaseNotStarted:
    return DatabaseNotStarted(
        f"数据库在 {premises.elsewhere}（当时 {premises.wanted} 所在目录不对数据库账号开放，现在开放了），"
        f"{NOTHING_DONE}。"
        f"请停下正在使用它的程序，再执行 {_bring(premises.elsewhere, premises)}；"
        "或者把目录的权限改回原样，继续用那一份。",
        folder=str(premises.elsewhere),
    )


def _must_not_have_been_moved(premises: Premises) -> None:
    pointer = _pointer(premises.wanted)
    try:
        place = pointer.read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return
    if not re.fullmatch(r"/var/lib/jixiao-[0-9a-f]{12}", place):
        raise DatabaseNotStarted(
            f"{pointer} 应当写着数据库在哪里，现在读不懂，{NOTHING_DONE}。"
            "请在 /var/lib 下找 jixiao- 开头的文件夹，查明数据库在哪里；确实没有，就把这个文件改名后再试。"
        )
    begin_anew = f"把 {pointer} 改名"
    if not _holds_something(Path(place)):
        raise DatabaseNotStarted(
            f"这里的数据库原来在 {place}，现在不见了（也可能在另一台机器上），{NOTHING_DONE}。"
            f"请把它移回或从备份恢复；确实要一个新的数据库，请{begin_anew}后再试。",
            folder=place,
        )
    raise DatabaseNotStarted(
        f"{premises.wanted} 是从别处移动或复制来的，数据库在 {place}，{NOTHING_DONE}。"
        f"如果是移动来的，请停下正在使用它的程序，再执行 {_bring(Path(place), premises)}；"
        f"如果是复制来的、要一个新的数据库，请{begin_anew}后再试。",
        folder=place,
    )


def _bring(source: Path, premises: Premises) -> str:
    """The shell command that brings the database of `source` to where it would be started now."""
    target = quote(str(premises.home))
    return f"install -d -m 755 {target} && mv {quote(str(source / 'data'))} {target}/"


def _last_change(home: Path) -> str:
    """When the server last wrote down how far it is."""
    control = home / "data" / "global" / "pg_control"
    try:
        changed = (control if control.exists() else home / "data").stat().st_mtime
    except OSError:
        return "看不到"
    return f"{datetime.fromtimestamp(changed, SHANGHAI):%Y-%m-%d %H:%M}"
