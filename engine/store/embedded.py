"""A PostgreSQL of our own, for when no DATABASE_URL names one: demo, tests, a small office.

The server comes with a Python package. Any number of processes share it: each holds a lock while it uses the server,
and the last one out stops it. A killed process holds nothing any more; the next start sweeps up what it left behind.
A killed server is started again, on the same data, by whoever of its users next wants a connection.
Clients come in through a socket that only root and the account that started the server can reach.
"""

import atexit
import logging
import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Engine, event

from engine.errors import EngineError
from engine.store.installation import Account, account, programs
from engine.store.obstacles import DatabaseNotStarted, not_usable
from engine.store.premises import Premises, home_now, open_lock, premises_for
from engine.store.server import Origin, Server
from engine.store.storable import DatabaseAway
from engine.store.sweeping import sweep
from engine.store.whereabouts import must_be_the_only_one, must_belong_to, note_where

PROJECT_FOLDER = Path(__file__).resolve().parents[2]
DEFAULT_FOLDER = PROJECT_FOLDER / "var" / "pg"
DATABASE = "jixiao"

LASTING = (
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=200",
    "timezone=UTC",
    "createrole_self_grant=set, inherit",  # the owner may act as the roles it makes
)
MAY_BE_LOST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "dynamic_shared_memory_type=mmap",  # lies in the data folder and is removed with it, even after a kill
)
FIRST_STATEMENTS = f"CREATE ROLE {DATABASE} LOGIN CREATEDB CREATEROLE\nCREATE DATABASE {DATABASE} OWNER {DATABASE}\n"


@dataclass(frozen=True, slots=True)
class _Held:
    """This process's share in a running server."""

    server: Server
    descriptor: int


_held: dict[tuple[Path, bool], _Held] = {}
"""By the place that was wanted, and whether as a throwaway."""
_swept = False
_one_thread_at_a_time = threading.RLock()
_log = logging.getLogger(__name__)


def start(folder: Path = DEFAULT_FOLDER, *, throwaway: bool = False) -> str:
    """The SQLAlchemy URL of the running database kept in `folder`; makes and starts it first where needed.

    The role in the URL owns the database, may create others, and is no superuser, so row-level security binds it where
    it is forced. A `throwaway` database is fast and gone after its last user. Refuses with DatabaseNotStarted.
    """
    try:
        with _one_thread_at_a_time:
            premises = premises_for(folder, throwaway=throwaway)
            if (premises.wanted, throwaway) not in _held:
                _join(premises)
            return _url(premises)
    except OSError as reason:
        raise not_usable(reason, folder) from reason


def leave(folder: Path = DEFAULT_FOLDER, *, throwaway: bool = False) -> None:
    """Give up this process's share in the database in `folder`, if it has one. The last one out stops the server."""
    _leave(folder.expanduser().resolve(), throwaway)


@event.listens_for(Engine, "do_connect")
def _connected(dialect: Any, record: Any, told: list[Any], named: dict[str, Any]) -> Any:
    """A connection to a server this process uses, which is started again when it is down; others are none of ours."""
    held = _held_at(named.get("host"))
    if held is None:
        return None
    try:
        return dialect.connect(*told, **named)
    except psycopg.OperationalError:
        _bring_back(held)
        return dialect.connect(*told, **named)


def _held_at(socket_folder: Any) -> _Held | None:
    """This process's share in the lasting server with that socket. A throwaway one is gone with its server."""
    shares = (share for (_, throwaway), share in _held.items() if not throwaway)
    return next((each for each in shares if str(each.server.premises.socket_folder) == socket_folder), None)


def _bring_back(held: _Held) -> None:
    """Have the server run again on its own data, by one process at a time. What stands in the way is in the log."""
    premises, began = held.server.premises, time.monotonic()
    try:
        with _one_thread_at_a_time:
            if home_now(premises.users, held.descriptor) != premises.home:
                raise DatabaseNotStarted(f"内置数据库的文件夹 {premises.home} 已被移走，没有重新启动，也没有另建。")
            with premises.gate():
                if held.server.runs:
                    return
                must_be_the_only_one(premises)
                must_belong_to(held.server.runs_as, premises)
                held.server.start_again(programs(held.server.runs_as, premises.copied_programs))
    except (OSError, DatabaseNotStarted) as reason:
        refusal = not_usable(reason, premises.home) if isinstance(reason, OSError) else reason
        _log.error("内置数据库意外停止，没有重新启动起来：%s", refusal.message)
        raise DatabaseAway(
            "数据库停了，还没有重新启动起来，这一步没有办。请稍候片刻再办；一直不行请系统管理员查看程序的日志。"
        ) from reason
    seconds = time.monotonic() - began
    _log.warning("内置数据库 %s 意外停止，已用 %.1f 秒重新启动，确认保存的数据都在。", premises.data, seconds)


def _join(premises: Premises) -> None:
    """Take a share in the server, which runs by then. When that fails or is broken off, nothing is left running."""
    if not premises.throwaway:
        must_be_the_only_one(premises)
    runs_as = account()
    must_belong_to(runs_as, premises)
    _sweep_once(runs_as)
    server = Server(premises, runs_as)
    with premises.gate() as gate:
        premises.claim()
        descriptor = open_lock(premises.users)
        flock(descriptor, LOCK_SH)
        try:
            server.ensure_running(programs(runs_as, premises.copied_programs), _origin(premises), gate)
            note_where(premises)
            _held[premises.wanted, premises.throwaway] = _Held(server, descriptor)
        except BaseException as reason:
            _held.pop((premises.wanted, premises.throwaway), None)
            os.close(descriptor)
            if premises.throwaway or not isinstance(reason, Exception):  # a lasting one may still be recovering
                _stop_unless_used(server)
            raise


def _origin(premises: Premises) -> Origin:
    settings = LASTING + (MAY_BE_LOST if premises.throwaway else ())
    return Origin(settings, FIRST_STATEMENTS, lasting=not premises.throwaway)


def _sweep_once(runs_as: Account) -> None:
    global _swept
    if not _swept:
        _swept = True
        sweep(runs_as)


def _leave(wanted: Path, throwaway: bool) -> None:
    with _one_thread_at_a_time:
        held = _held.pop((wanted, throwaway), None)
        if held is None:
            return
        premises = held.server.premises
        home = home_now(premises.users, held.descriptor)
        if home is None:  # removed while it was in use; such a server notices that and ends by itself
            os.close(held.descriptor)
            return
        server = replace(held.server, premises=replace(premises, home=home))
        with server.premises.gate():
            os.close(held.descriptor)  # a forked child that still has it keeps the lock
            _stop_unless_used(server)


def _stop_unless_used(server: Server) -> None:
    descriptor = open_lock(server.premises.users)
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return
    finally:
        os.close(descriptor)
    server.stop()


@atexit.register
def _leave_all() -> None:
    """At the end nothing interrupts the stopping, or servers would stay that nobody uses."""
    while True:
        with suppress(SystemExit, KeyboardInterrupt):  # of a signal that came just now, told the old way
            if _held:
                _heed_nothing()
            break
    for wanted, throwaway in list(_held):
        try:
            _leave(wanted, throwaway)
        except (OSError, EngineError) as reason:
            _log.warning("内置数据库 %s 没有停下来：%s", wanted, reason)


def _heed_nothing() -> None:
    with suppress(ValueError):  # not in the main thread, so no signal comes here
        for each in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, lambda number, frame: None)


def _url(premises: Premises) -> str:
    host = {"host": str(premises.socket_folder)}
    url = URL.create("postgresql+psycopg", username=DATABASE, database=DATABASE, query=host)
    return url.render_as_string(hide_password=False)
