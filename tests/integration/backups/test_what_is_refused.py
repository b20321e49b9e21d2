"""A backup is taken whole or refused in words; nothing that is there is lost, whatever goes wrong."""

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from engine.backups import BackupUnreadable, NotEmpty, ProgramFailed, restore, restoring
from engine.files import AlreadyThere, NotWritable
from engine.store import Logins
from engine.submissions.file_store import FileStore
from tests.factories import START
from tests.integration.backups.conftest import Installation
from web.wiring import open_database

Spoiling = Callable[[bytes], bytes]


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return written.getvalue()


def named(name: str, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, to
    return member


def with_member(content: bytes, extra: tarfile.TarInfo) -> bytes:
    kept = tarfile.open(fileobj=io.BytesIO(content))  # noqa: SIM115 - in memory
    return tar_of(*((member, _read(kept, member)) for member in kept), (extra, b""))


def without(content: bytes, name: str) -> bytes:
    kept = tarfile.open(fileobj=io.BytesIO(content))  # noqa: SIM115 - in memory
    return tar_of(*((member, _read(kept, member)) for member in kept if member.name != name))


def with_manifest(content: bytes, **changes: object) -> bytes:
    kept = tarfile.open(fileobj=io.BytesIO(content))  # noqa: SIM115 - in memory
    first, *rest = [(member, _read(kept, member)) for member in kept]
    return tar_of((first[0], json.dumps(json.loads(first[1]) | changes).encode()), *rest)


def _read(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = tar.extractfile(member)
    assert content is not None
    return content.read()


SPOILT: dict[str, Spoiling] = {
    "empty": lambda content: b"",
    "not a backup": lambda content: "甲,乙\n1,2\n".encode(),
    "another archive": lambda content: tar_of((named("readme.txt"), b"hello")),
    "cut off in the dump": lambda content: content[: len(content) // 2],
    "a bit turned in the dump": lambda content: content[:30_000] + bytes([content[30_000] ^ 1]) + content[30_001:],
    "the dump left out": lambda content: without(content, "database.dump"),
    "a link beside the parts": lambda content: with_member(content, named("files/x", tarfile.SYMTYPE, "/etc/passwd")),
    "a device beside the parts": lambda content: with_member(content, named("files/x", tarfile.CHRTYPE)),
    "a file that climbs out": lambda content: with_member(content, named("../../escaped")),
    "a manifest of another format": lambda content: with_manifest(content, format="jixiao-backup/9"),
    "a manifest with odd parts": lambda content: with_manifest(content, dump={"sha256": "../x", "size": 1}),
    "a manifest with unknown fields": lambda content: with_manifest(content, surprise=1),
    "of a newer server": lambda content: with_manifest(content, server=99),
    "of a newer program": lambda content: with_manifest(content, schema="9999"),
}


@pytest.mark.parametrize("spoiling", SPOILT.values(), ids=SPOILT)
def test_a_backup_that_is_not_as_it_was_written_is_refused_before_anything_is_touched(
    backup: Path, empty: Logins, tmp_path: Path, spoiling: Spoiling
) -> None:
    backup.write_bytes(spoiling(backup.read_bytes()))
    store = FileStore(tmp_path / "untouched")

    with pytest.raises(BackupUnreadable, match="没有改动|不能恢复"):
        restore(backup, empty.as_owner(), store)

    assert not store.folder.exists()
    assert tables_of(empty.as_owner()) == []


def tables_of(url: str) -> list[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).all()
    engine.dispose()
    return list(found)


def test_a_database_with_somebodys_work_is_left_alone(here: Installation, backup: Path) -> None:
    with pytest.raises(NotEmpty, match="--into"):
        restore(backup, here.database.logins.as_owner(), here.store)


def test_what_an_empty_database_held_is_put_back_when_the_restore_fails(
    backup: Path, empty: Logins, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bpmn = Path(__file__).resolve().parents[3] / "bpmn"
    open_database(empty, bpmn, START).close()
    before = tables_of(empty.as_owner())
    monkeypatch.setattr(restoring, "_HOW", (*restoring._HOW, "--table=nowhere", "--no-such-option"))

    with pytest.raises(ProgramFailed, match="pg_restore 没有成功"):
        restore(backup, empty.as_owner(), FileStore(tmp_path / "files of the new machine"))

    assert tables_of(empty.as_owner()) == before
    open_database(empty, bpmn, START).close()


def test_a_prepared_database_without_work_takes_a_backup(backup: Path, empty: Logins, tmp_path: Path) -> None:
    bpmn = Path(__file__).resolve().parents[3] / "bpmn"
    open_database(empty, bpmn, START).close()

    found = restore(backup, empty.as_owner(), FileStore(tmp_path / "files of the new machine"))

    assert found.manifest.cases == {"huaxi": 1}


def test_a_backup_takes_the_place_of_another_only_when_told_to(here: Installation, backup: Path) -> None:
    before = backup.read_bytes()

    with pytest.raises(AlreadyThere):
        here.back_up(backup)

    assert backup.read_bytes() == before
    assert here.back_up(backup, force=True).bytes > 0


def test_nothing_is_left_where_a_backup_could_not_be_written(here: Installation, tmp_path: Path) -> None:
    with pytest.raises(NotWritable):
        here.back_up(tmp_path / "no such folder" / "backup.tar")

    failing = replace(here, store=FileStore(tmp_path / "no files"))
    failing.back_up(tmp_path / "second.tar")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "second.tar"]
