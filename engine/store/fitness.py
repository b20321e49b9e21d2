"""Whether a PostgreSQL is one this program can work on: reached, of the right kind, and with the right roles.

What does not fit is refused with what its administrator has to do, and nothing is changed.
"""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import pq
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import ArgumentError, DBAPIError

from engine.errors import DefinitionError
from engine.store.logins import APP_ROLE
from engine.store.schema import is_current
from engine.store.several_hosts import WRITABLE, address_of, servers_of

OLDEST = 15
PATIENCE_SECONDS = 10
"""How long a database server may take to answer at all."""

ADMINISTRATOR = (
    "CREATE ROLE jixiao LOGIN PASSWORD '密码一';",
    "CREATE ROLE jixiao_app LOGIN PASSWORD '密码二';",
    "CREATE DATABASE jixiao OWNER jixiao ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;",
    "GRANT jixiao_app TO jixiao;",
)
"""What the administrator of a server says once, as superuser, before this program comes."""
MAKE_OWNER, MAKE_APPLICATION, MAKE_DATABASE, _ = ADMINISTRATOR
MIGRATE_FIRST = "请先用 DATABASE_OWNER_URL 运行 jixiao migrate。"

_BAD_OPTION = "{} 里有 PostgreSQL 不认识的选项或写错的值。请核对问号后面的部分和端口。"
_SERVER = text("""
SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_encoding') AS encoding,
  pg_is_in_recovery() AS copies, current_setting('transaction_read_only') = 'on' AS reads_only
""")
_OWNER = text("""
SELECT rolname::text AS me, current_database()::text AS here, rolcreaterole OR rolsuper AS makes_roles,
  coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'CREATE')
    AND has_schema_privilege(to_regnamespace('public')::oid, 'USAGE'), false) AS builds,
  EXISTS (SELECT FROM pg_roles WHERE rolname = :app) AS app_is_there,
  to_regclass('public.alembic_version') IS NOT NULL AS ours,
  (SELECT string_agg(DISTINCT tableowner::text, '、') FROM pg_tables
   WHERE schemaname = 'public' AND NOT pg_has_role(tableowner, 'USAGE')) AS strangers,
  (SELECT string_agg(tablename::text, '、')
   FROM (SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename LIMIT 3) AS few) AS tables
FROM pg_roles WHERE rolname = current_user
""")
_APPLICATION = text("""
SELECT me.rolname::text AS name, rolsuper, rolbypassrls, rolcreaterole,
  EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace('public') AND pg_has_role(relowner, 'MEMBER'))
  OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'MEMBER')) AS owns,
  coalesce(has_schema_privilege(to_regnamespace('public')::oid, 'CREATE'), false) AS builds,
  EXISTS (SELECT FROM pg_roles app WHERE app.rolname = :app) AS app_is_there,
  EXISTS (SELECT FROM pg_roles app WHERE app.rolname = :app AND pg_has_role(app.oid, 'USAGE')) AS is_app,
  coalesce(has_table_privilege(to_regclass('public.alembic_version')::oid, 'SELECT'), false) AS sees_version,
  (SELECT owner.rolname::text FROM pg_proc JOIN pg_roles owner ON owner.oid = proowner
   WHERE proname = 'serve_tenant' AND pronamespace = to_regnamespace('public')
     AND NOT (pg_has_role(owner.oid, me.oid, 'USAGE') OR pg_has_role(owner.oid, 'pg_read_all_stats', 'USAGE')))
  AS blind_owner
FROM pg_roles me WHERE me.rolname = current_user
""")


class DatabaseRefused(DefinitionError):
    """What DATABASE_URL or DATABASE_OWNER_URL names is no PostgreSQL this program can work on."""

    code = "settings.database"


def postgresql(told: str, setting: str) -> str:
    """The URL in the environment variable of that name as we use it."""
    try:
        url = address_of(told)
    except (ArgumentError, ValueError) as reason:
        raise DatabaseRefused(
            f"{setting} 写法不对。请写成 postgresql://用户:密码@主机:5432/库名，"
            "主备两台的写成 postgresql://用户:密码@主机一:5432,主机二:5432/库名。"
        ) from reason
    if not url.drivername.startswith("postgres"):
        raise DatabaseRefused(f"{setting} 指的是 {url.drivername}，本程序只用 PostgreSQL。请改正。")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@contextmanager
def reached(url: str, setting: str) -> Iterator[Connection]:
    """A connection to a server that fits; refuses in words whatever keeps it from coming about, or from answering."""
    where = make_url(url)
    try:
        engine = create_engine(url, connect_args={"connect_timeout": PATIENCE_SECONDS})
    except (ArgumentError, ValueError) as reason:
        raise DatabaseRefused(_BAD_OPTION.format(setting)) from reason
    try:
        try:
            connection = engine.connect()
        except (psycopg.Error, DBAPIError, UnicodeError, TypeError) as reason:
            raise DatabaseRefused(_why_not(where, setting)) from reason
        try:
            with connection:
                _must_fit(connection, setting)
                yield connection
        except DBAPIError as reason:
            raise DatabaseRefused(
                f"{setting} 指定的数据库没有办成检查，可能中断了。请确认它运行正常后再试。"
            ) from reason
    finally:
        engine.dispose()


@contextmanager
def opening() -> Iterator[None]:
    """Refuses in words whatever the database says no to while it is made ready; by then nothing of it has stayed."""
    try:
        yield
    except DBAPIError as reason:
        raise DatabaseRefused(
            "数据库没有准备好，这次没有改动它。请确认 DATABASE_OWNER_URL 的账号拥有这个库和其中的表、"
            "服务器磁盘有空间，再运行一次；仍不行请管理员查看数据库服务器的日志。"
        ) from reason


def _why_not(url: URL, setting: str) -> str:
    """What keeps us from connecting, found by looking closer: the server's own words come in any language."""
    place = "、".join(servers_of(url))
    try:
        options = {"connect_timeout": PATIENCE_SECONDS, **_options(url)}
        answer = pq.Ping(pq.PGconn.ping(make_conninfo("", **options).encode()))
    except (psycopg.Error, UnicodeError, TypeError, ValueError):
        answer = pq.Ping.NO_ATTEMPT
    if answer is pq.Ping.NO_ATTEMPT:
        return _BAD_OPTION.format(setting)
    if WRITABLE in url.query and _lets_in(url.difference_update_query([WRITABLE]), url.database or ""):
        return (
            f"{place} 连得上，但没有一台接受写入：多半正在切换主库，请稍候再试；"
            "一直这样的，请管理员查看哪一台是主库（pg_autoctl show state）。"
        )
    if answer is pq.Ping.REJECT:
        return (
            f"{place} 的数据库正在启动、恢复或停止，暂时不接受连接。请稍候再试；"
            "一直这样的，可能是备用服务器，请改用主服务器的地址。"
        )
    if answer is pq.Ping.NO_RESPONSE:
        return _no_answer(url, setting, place)
    if _lets_in(url, "postgres") or _lets_in(url, "template1"):
        return (
            f"{place} 上没有数据库“{url.database or url.username}”，或账号“{url.username}”进不去。"
            f"请核对 {setting} 里的库名；还没有建的，请管理员执行“{MAKE_DATABASE}”。"
        )
    return (
        f"{place} 不让账号“{url.username or ''}”登录。请核对 {setting} 里的用户和密码；"
        f"还没有账号的，请管理员执行“{MAKE_OWNER if setting == 'DATABASE_OWNER_URL' else MAKE_APPLICATION}”，"
        "并确认 pg_hba.conf 允许它从这台机器登录、连接数没有用完。"
    )


def _no_answer(url: URL, setting: str, place: str) -> str:
    try:
        if url.host and not url.host.startswith("/"):
            socket.getaddrinfo(url.host, url.port or 5432)
    except OSError:
        return f"找不到主机“{url.host}”。请核对 {setting} 里的主机名，或改用 IP 地址。"
    return (
        f"连不上 {setting} 指定的数据库（{place}/{url.database or ''}），没有回音。"
        "请核对主机和端口，确认数据库已经启动、防火墙放行。"
    )


def _options(url: URL) -> dict[str, Any]:
    told = {"host": url.host, "port": url.port, "user": url.username, "password": url.password, "dbname": url.database}
    return {name: value for name, value in told.items() if value is not None} | dict(url.query)


def _lets_in(url: URL, database: str) -> bool:
    """Whether the same login gets into another database of the server."""
    options: dict[str, Any] = {"connect_timeout": PATIENCE_SECONDS, **_options(url), "dbname": database}
    try:
        psycopg.connect(**options).close()
    except psycopg.Error:
        return False
    return True


def _must_fit(connection: Connection, setting: str) -> None:
    """Refuse a server of another age or encoding, and one that takes no changes."""
    server = connection.execute(_SERVER).one()
    if server.major < OLDEST:
        raise DatabaseRefused(
            f"{setting} 指定的是 PostgreSQL {server.major}，本程序需要 {OLDEST} 以上。"
            f"请管理员升级，或换一台服务器。", found=server.major, expected=OLDEST,
        )  # fmt: skip
    if server.encoding != "UTF8":
        raise DatabaseRefused(
            f"{setting} 指定的数据库编码是 {server.encoding}，存不下中文。"
            f"请管理员另建一个 UTF8 的库：“{MAKE_DATABASE}”。"
        )
    if server.copies:
        raise DatabaseRefused(f"{setting} 指定的是只读的备用服务器。请改成主服务器的地址。")
    if server.reads_only:
        raise DatabaseRefused(
            f"{setting} 指定的数据库设成了只读，写不进去。请管理员对这个库和账号取消 default_transaction_read_only，"
            "例如“ALTER DATABASE jixiao RESET default_transaction_read_only;”。"
        )


def must_be_owner(connection: Connection) -> None:
    """Refuse a login that cannot build our tables here, and a schema that is somebody else's."""
    found = connection.execute(_OWNER, {"app": APP_ROLE}).one()
    if not found.builds:
        raise DatabaseRefused(
            f"账号“{found.me}”不能在库“{found.here}”里建表。请管理员在这个库里执行"
            f'“GRANT CREATE, USAGE ON SCHEMA public TO "{found.me}";”。'
        )
    if found.tables is not None and not found.ours:
        raise DatabaseRefused(
            f"库“{found.here}”里已有别的表（{found.tables} 等），不是本程序建的，没有改动。"
            f"请让管理员另建一个空库：“{MAKE_DATABASE}”。"
        )
    if found.strangers is not None:
        raise DatabaseRefused(
            f"库“{found.here}”里有属于“{found.strangers}”的表，账号“{found.me}”改不了。"
            "请让 DATABASE_OWNER_URL 用建表的那个账号。"
        )
    if not found.app_is_there and not found.makes_roles:
        raise DatabaseRefused(
            f"服务器上没有角色“{APP_ROLE}”，账号“{found.me}”也无权建立。"
            f'请管理员执行“{MAKE_APPLICATION}”和“GRANT {APP_ROLE} TO "{found.me}";”。'
        )


def must_be_application(connection: Connection) -> None:
    """Refuse a login that could reach more than the application needs, or less, and a schema that is not ours yet."""
    me = connection.execute(_APPLICATION, {"app": APP_ROLE}).one()
    for wrong, why in (
        (me.rolsuper, "是超级用户"),
        (me.rolbypassrls, "可以绕过行级安全（BYPASSRLS）"),
        (me.rolcreaterole, "可以建立角色（CREATEROLE）"),
        (me.owns, "是数据库或表的所有者，或能成为所有者"),
    ):
        if wrong:
            raise DatabaseRefused(
                f"DATABASE_URL 的账号“{me.name}”{why}，地区之间的隔离对它不起作用，没有启动。"
                f"请另用应用账号；还没有的，请管理员执行“{MAKE_APPLICATION}”。"
            )
    if me.builds:
        raise DatabaseRefused(
            f"DATABASE_URL 的账号“{me.name}”能在库里建表，没有启动。请管理员在这个库里执行"
            f'“REVOKE CREATE ON SCHEMA public FROM PUBLIC, "{me.name}";”。'
        )
    if me.app_is_there and not me.is_app:
        raise DatabaseRefused(
            f"DATABASE_URL 的账号“{me.name}”没有应用的权限。请改用“{APP_ROLE}”，"
            f'或请管理员执行“GRANT {APP_ROLE} TO "{me.name}";”。'
        )
    if me.blind_owner is not None:
        raise DatabaseRefused(
            f"数据库所有者“{me.blind_owner}”看不到账号“{me.name}”的连接，分不清它们各办哪个地区。"
            f'请管理员执行“GRANT "{me.name}" TO "{me.blind_owner}";”。'
        )
    if not (me.app_is_there and me.sees_version and is_current(connection)):
        raise DatabaseRefused(f"数据库的结构不是本程序的版本。{MIGRATE_FIRST}")
