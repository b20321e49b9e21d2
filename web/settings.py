"""What this installation is told from outside: one frozen record, read from the environment at start."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Without DATABASE_URL the embedded database in `var/pg` is used."""

    database_url: str | None
    bpmn: Path
    files: Path

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read DATABASE_URL, JIXIAO_BPMN and JIXIAO_FILES."""
        return cls(
            database_url=os.environ.get("DATABASE_URL") or None,
            bpmn=Path(os.environ.get("JIXIAO_BPMN") or PROJECT / "bpmn"),
            files=Path(os.environ.get("JIXIAO_FILES") or PROJECT / "var" / "files"),
        )
