"""The drill: a backup while people work, a new machine, everything verified, and the work goes on."""

import stat
import threading
from itertools import count, takewhile
from pathlib import Path

from sqlalchemy import func, select

from engine.audit.verify import jurisdictions, verify
from engine.backups import read_manifest
from engine.carrier import Carrier
from engine.cases import Case
from engine.store.deferring import deferred
from engine.store.wire import in_one_trip
from engine.submissions import Attachment
from tests.integration.backups.conftest import PDF, Installation, Restoring
from tests.integration.desk import prepared
from tests.office import Office


def cases_in(installation: Installation) -> int:
    with installation.database.transaction("huaxi") as session:
        return session.scalar(select(func.count()).select_from(Case)) or 0


def breaks_in(installation: Installation) -> list[str]:
    with installation.database.upkeep() as session:
        return [broken.message for name in jurisdictions(session) for broken in verify(session, name).breaks]


def test_a_backup_made_under_load_lives_on_elsewhere(
    here: Installation, office: Office, restored: Restoring, tmp_path: Path
) -> None:
    over = threading.Event()

    def keep_working() -> None:
        for number in takewhile(lambda _: not over.is_set(), count()):
            office.open_case(code=f"忙-{number}")

    busy = threading.Thread(target=keep_working)
    before = cases_in(here)

    busy.start()
    try:
        here.back_up(tmp_path / "backup.tar")
    finally:
        over.set()
        busy.join()
    found, there = restored(tmp_path / "backup.tar")

    assert before <= cases_in(there) <= cases_in(here)
    assert breaks_in(there) == []
    assert found.files == 1


def test_the_work_goes_on_where_it_stood(backup: Path, office: Office, restored: Restoring) -> None:
    _, there = restored(backup)
    elsewhere = Office(there.database, office.bureau)

    with elsewhere.transactions() as session:
        case = session.scalars(select(Case.id)).one()
    done = prepared(elsewhere, case, "check_target")
    with elsewhere.transactions() as session:
        receipt = done.done(session, elsewhere)

    assert receipt.opened
    assert breaks_in(there) == []


def test_jobs_that_wait_come_along(office: Office, here: Installation, restored: Restoring, tmp_path: Path) -> None:
    with office.transactions() as session:
        in_one_trip(session, deferred("try", "huaxi", {"number": 7}))
    here.back_up(tmp_path / "backup.tar")
    done: list[int] = []

    _, there = restored(tmp_path / "backup.tar")
    work = {"tell": lambda **_: None, "try": lambda number, **_: done.append(number)}
    Carrier(there.database.logins.application, work).carry_what_waits()

    assert done == [7]


def test_attached_files_come_along(backup: Path, restored: Restoring) -> None:
    _, there = restored(backup)

    with there.database.transaction("huaxi") as session:
        attachment = session.scalars(select(Attachment)).one()

    assert there.store.read(attachment.sha256) == PDF


def test_tenants_stay_apart_in_a_restored_database(backup: Path, restored: Restoring) -> None:
    _, there = restored(backup)

    with there.database.transaction("conghua") as session:
        assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_backup_is_for_its_owners_eyes_and_tells_what_is_in_it(backup: Path) -> None:
    manifest = read_manifest(backup)

    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert (manifest.cases, len(manifest.files), manifest.missing) == ({"huaxi": 1}, 1, ())


def test_a_file_that_is_gone_is_named_and_the_rest_backed_up(
    here: Installation, restored: Restoring, tmp_path: Path
) -> None:
    (lying,) = [path for path in here.store.folder.rglob("*") if path.is_file()]
    lying.unlink()

    made = here.back_up(tmp_path / "backup.tar")
    _, there = restored(tmp_path / "backup.tar")

    assert made.missing == (lying.name,)
    assert cases_in(there) == 1
