"""Uploads that never came to an end leave the store after a week; what any jurisdiction put with a case stays."""

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.commands.attach import attach
from engine.commands.clear_files import clear_files
from engine.store import Database
from engine.submissions.file_store import FileStore
from tests.factories import START
from tests.office import Office

NOW = START + timedelta(days=400)
WEEK_AGO = (NOW - timedelta(days=7, seconds=1)).timestamp()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


def pdf(name: str) -> BytesIO:
    return BytesIO(b"%PDF-1.7\n" + name.encode())


def attached(office: Office, store: FileStore) -> str:
    """The hash of a file with a task of a new case of that bureau."""
    case = office.open_case()
    office.reach(case, "target_filing.check_target")
    (task,) = [each for each in office.tasks(case) if each.element == "check_target"]
    named, by = office.bureau.jurisdiction, office.bureau.department
    with office.transactions() as session:
        gave = attach(session, store, task.id, "佐证材料", "一.pdf", pdf(named), by=by, at=START).gave
    return str(gave["sha256"])


def test_what_any_jurisdiction_put_with_a_case_stays_and_what_was_never_put_with_one_goes(
    database: Database, store: FileStore
) -> None:
    named = {attached(Office.opened(database, place), store) for place in ("huaxi", "conghua")}
    loose = store.keep(pdf("没有传完"), "二.pdf").sha256
    for sha256 in (*named, loose):
        os.utime(store.place(sha256), (WEEK_AGO, WEEK_AGO))

    counts = [clear_files(database.lookout, store, at=NOW) for _ in range(2)]

    assert counts == [1, 0]
    assert {sha256 for sha256, _ in store.places()} == named


def test_nobody_but_the_clock_hears_what_other_jurisdictions_have(database: Database) -> None:
    with database.transaction("huaxi") as session:
        assert session.scalars(select(func.unnamed_files(["0" * 64]))).all() == []
    with database.lookout() as session:
        assert session.scalars(select(func.unnamed_files(["0" * 64]))).all() == ["0" * 64]
