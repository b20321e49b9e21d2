"""What `jixiao doctor` asks a database server that fits, one function a question: its catalog, or as the program does.

Whether it fits at all (version, encoding, writable) `engine/store/fitness.py` has looked at before.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url, text
from sqlalchemy.engine import Connection

from engine.clock import SECONDS_TOO_FAR
from engine.store import Logins
from engine.store.fitness import OLDEST, must_be_application, must_be_owner, reached
from engine.store.schema import MIGRATIONS, is_current
from web.probing import Finding, fault, fine, warning

NEWEST = 18
SECONDS_APART = 2
FULL = 0.8
MB = 1024 * 1024


def _owner(logins: Logins) -> Finding:
    if logins.owner is None:
        return warning(
            "没有设 DATABASE_OWNER_URL，这里只能办理", "要在这台机器上升级、校验、导出和备份，请设好所有者的账号。"
        )
    with reached(logins.owner, "DATABASE_OWNER_URL") as connection:
        must_be_owner(connection)
    return fine(f"所有者 {make_url(logins.owner).username}，可以升级")


def _application(logins: Logins) -> Finding:
    if logins.owner is not None:
        with reached(logins.owner, "DATABASE_OWNER_URL") as connection:
            if not is_current(connection):
                return fault("数据库结构还不是本程序的版本", "请先运行 jixiao migrate。")
    with reached(logins.application, "DATABASE_URL") as connection:
        must_be_application(connection)
    return fine(f"应用账号 {make_url(logins.application).username}，不能成为所有者，受地区隔离约束")


def _server(connection: Connection) -> Finding:
    version = _show(connection, "server_version")
    major = int(_show(connection, "server_version_num")) // 10000
    if major > NEWEST:
        return warning(f"PostgreSQL {version}，比试过的新", f"试过的是 {OLDEST} 至 {NEWEST} 版，请先在副本上试用。")
    return fine(f"PostgreSQL {version}")


def _encoding(connection: Connection) -> Finding:
    collate = _one(connection, "SELECT datcollate FROM pg_database WHERE datname = current_database()")
    return fine(f"{_show(connection, 'server_encoding')}，排序规则 {collate}，可以读写")


def _schema(connection: Connection) -> Finding:
    known = "、".join(sorted(ScriptDirectory(str(MIGRATIONS)).get_heads()))
    found = "、".join(sorted(MigrationContext.configure(connection).get_current_heads()))
    if is_current(connection):
        return fine(f"结构是最新的（{known}）")
    if not found:
        return fault("数据库里还没有本程序的表", "请先运行 jixiao migrate。")
    return fault(
        f"数据库结构是 {found}，本程序要 {known}",
        "数据库较旧就运行 jixiao migrate；数据库较新就请使用与它相配的程序。",
    )


def _isolation(connection: Connection) -> Finding:
    tables = connection.execute(
        text(
            "SELECT count(*) AS total, count(*) FILTER (WHERE c.relrowsecurity) AS guarded,"
            " count(*) FILTER (WHERE c.relforcerowsecurity) AS forced"
            " FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'jurisdiction'"
            " WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
        )
    ).one()
    words = f"{tables.total} 张按地区分开的表，{tables.guarded} 张有行级隔离，{tables.forced} 张对表的主人也有效"
    if min(tables.guarded, tables.forced) < tables.total:
        return warning(words, "请运行 jixiao migrate；仍有缺少的，请联系运维人员。")
    return fine(words)


def _room(connection: Connection) -> Finding:
    size = _one(connection, "SELECT pg_database_size(current_database())")
    most = int(_show(connection, "max_connections"))
    used = _one(connection, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    words = f"数据库 {size / MB:.0f} MB；连接 {used}/{most}"
    if used > most * FULL:
        return warning(words, "连接快用完了，请停掉不用的程序，或调大 max_connections。")
    return fine(words)


def _time(connection: Connection) -> Finding:
    before = time.time()
    theirs: datetime = _one(connection, "SELECT clock_timestamp()")
    middle = (before + time.time()) / 2
    apart = abs((theirs - datetime.fromtimestamp(middle, UTC)).total_seconds())
    words = f"数据库时区 {_show(connection, 'timezone')}，与本机相差 {apart:.1f} 秒"
    if apart > SECONDS_TOO_FAR:
        return fault(words, "两台机器的时钟差得太多，期限会算错。请在两边启用网络校时（timedatectl set-ntp true）。")
    if apart > SECONDS_APART:
        return warning(words, "请在两边启用网络校时（timedatectl set-ntp true）。")
    return fine(words)


def _show(connection: Connection, setting: str) -> str:
    return str(connection.execute(text(f"SHOW {setting}")).scalar_one())


def _one(connection: Connection, question: str) -> Any:
    return connection.execute(text(question)).scalar_one()


OF_LOGINS: Mapping[str, tuple[str, Callable[[Logins], Finding]]] = {
    "database.owner": ("数据库所有者", _owner),
    "database.application": ("数据库账号", _application),
}
OF_DATABASE: Mapping[str, tuple[str, Callable[[Connection], Finding]]] = {
    "database.server": ("数据库", _server),
    "database.encoding": ("数据库编码", _encoding),
    "database.schema": ("数据库结构", _schema),
    "database.isolation": ("地区隔离", _isolation),
    "database.room": ("数据库容量", _room),
    "database.time": ("数据库时钟", _time),
}
"""By code: its name, and who asks. Another question is another line."""
