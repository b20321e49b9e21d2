"""Putting a backup into a database that holds nothing yet."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import create_engine, text
from sqlalchemy.engine import Connection

from engine.backups.container import DUMP, BackupUnreadable, Manifest, Parts, whole
from engine.backups.programs import programs_of, run
from engine.errors import WrongState
from engine.files import refusal_for
from engine.store.schema import is_known, migrate
from engine.submissions.file_store import FileStore

_HELD = ("cases", "people", "units", "journal", "case_archives")
"""Tables of which one row says that somebody works in this database."""
_ASIDE = {"public": "jixiao_before_restore", "procrastinate": "jixiao_jobs_before_restore"}
"""The schemas a dump brings, the latter not of every age, and what they are called while it comes in."""
_HOW = ("--no-owner", "--exit-on-error", "--single-transaction")


class NotEmpty(WrongState):
    """There is somebody's work in the database a backup should go to."""

    code = "backup.not_empty"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came out of a backup: its manifest, and how many attached files it brought."""

    manifest: Manifest
    files: int


def restore(file: Path, owner_url: str, store: FileStore) -> Restored:
    """Put a backup into the database of `owner_url`, which must hold nothing yet, and its files into the store.

    Every part of the backup is looked at first. What the database held (definitions, a calendar) is put back when
    anything goes wrong. A backup of an older program is brought to the schema of this one; one of a newer program, or
    of a newer server than this one, is refused.
    """
    parts = whole(file)
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            server = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one()) // 10_000
            _refuse_what_is_too_new(parts.manifest, server)
            _refuse_somebodys_work(connection)
        programs = programs_of(server)
        with TemporaryDirectory(prefix="jixiao-restore-") as aside:
            dumped = Path(aside) / DUMP
            _take_out(parts, dumped, store)
            migrate(owner_url)  # the roles a dump only names are there then
            with engine.begin() as connection:
                for schema, aside in _ASIDE.items():
                    connection.execute(text(f"ALTER SCHEMA {schema} RENAME TO {aside}"))
                connection.execute(text("CREATE SCHEMA public"))
            try:
                run(programs, "pg_restore", owner_url, *_HOW, str(dumped))
                migrate(owner_url)
            except BaseException:
                with suppress(Exception), engine.begin() as connection:
                    for schema, aside in _ASIDE.items():
                        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
                        connection.execute(text(f"ALTER SCHEMA {aside} RENAME TO {schema}"))
                raise
            with engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA {', '.join(_ASIDE.values())} CASCADE"))
    finally:
        engine.dispose()
    return Restored(parts.manifest, len(parts.manifest.files))


def _refuse_what_is_too_new(manifest: Manifest, server: int) -> None:
    if manifest.server > server:
        raise BackupUnreadable(
            f"这份备份来自 PostgreSQL {manifest.server}，这里是 {server}，不能恢复到更旧的数据库，什么都没有改动。"
            f"请准备 PostgreSQL {manifest.server} 或更新的数据库。",
            backup=manifest.server, server=server,
        )  # fmt: skip
    if not is_known(manifest.schema):
        raise BackupUnreadable(
            f"这份备份来自更新的程序（结构 {manifest.schema}），这里不认识，什么都没有改动。请先升级程序再恢复。",
            schema=manifest.schema,
        )


def _refuse_somebodys_work(connection: Connection) -> None:
    connection.execute(text("SELECT set_config('app.upkeep', 'on', true)"))
    for table in _HELD:
        there = connection.scalar(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": f"public.{table}"})
        if there and connection.scalar(text(f"SELECT EXISTS (SELECT FROM public.{table})")):
            raise NotEmpty(
                "这个数据库里已经有案卷或人员，没有恢复，什么都没有改动。"
                "请用 --into 写一个新的库名，恢复到同一台服务器的另一个库。",
                table=table,
            )


def _take_out(parts: Parts, dumped: Path, store: FileStore) -> None:
    """The dump beside, the attached files into the store, where they are in nobody's way."""
    try:
        parts.copy_dump(dumped)
        with parts.files() as files:
            for content in files:
                store.take_back(content)
    except OSError as fault:
        raise refusal_for(Path(fault.filename or store.folder), fault, "没有恢复") from fault
