"""Making a backup while work goes on."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.migration import MigrationContext
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.backups.container import DUMP, Manifest, Packing, Part, part_of
from engine.backups.programs import programs_of, run
from engine.cases import Case
from engine.files import new_file
from engine.store import Database
from engine.submissions import Attachment
from engine.submissions.file_store import FileDamaged, FileNotKept, FileStore


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that lies in its place; `missing` are attached files that could not be taken along."""

    manifest: Manifest
    bytes: int

    @property
    def missing(self) -> tuple[str, ...]:
        return self.manifest.missing


def back_up(database: Database, store: FileStore, file: Path, at: datetime, *, force: bool = False) -> Made:
    """Write everything to `file`, whole or not at all; nobody has to stop working.

    The database is as it was at one moment. A file is kept before the row that names it, so every file of that moment
    is there afterwards; one that is gone or damaged is named in the manifest, and the rest is backed up all the same.
    """
    with database.upkeep() as session:
        server, schema, cases = _about(session)
    programs = programs_of(server)
    with (
        new_file(file, force=force, private=True) as writing,
        TemporaryDirectory(dir=file.absolute().parent, prefix=".jixiao-") as aside,
    ):
        dumped = Path(aside) / DUMP
        run(programs, "pg_dump", database.logins.as_owner(), *_HOW, "--file", str(dumped))
        with database.upkeep() as session:
            files, missing = _files(session, store)
        manifest = Manifest(at.isoformat(), server, schema, cases, part_of(dumped), files, missing)
        packing = Packing(writing, manifest)
        packing.dump(dumped, manifest.dump)
        for part in files:
            with store.open(part.sha256) as content:
                packing.file(content, part)
        packing.close()
    return Made(manifest, file.stat().st_size)


_HOW = ("--format=custom", "--no-owner", "--enable-row-security", "--no-sync", "--exclude-table-data=public.servings")


def _about(session: Session) -> tuple[int, str, dict[str, int]]:
    connection = session.connection()
    version = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    (schema,) = MigrationContext.configure(connection).get_current_heads()
    counted = select(Case.jurisdiction, func.count()).group_by(Case.jurisdiction).order_by(Case.jurisdiction)
    return int(version) // 10_000, schema, {row[0]: row[1] for row in session.execute(counted)}


def _files(session: Session, store: FileStore) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The attached files the store can give out, each looked at, and those it cannot."""
    kept, missing = [], []
    named = select(Attachment.sha256, Attachment.size_bytes).distinct().order_by(Attachment.sha256)
    for sha256, size in session.execute(named):
        try:
            with store.open(sha256):
                kept.append(Part(sha256, size))
        except (FileNotKept, FileDamaged):
            missing.append(sha256)
    return tuple(kept), tuple(missing)
