"""A packed journal is recomputed like one in rows: it holds, and what is altered in it is found, here and offline."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from engine.audit.anchors import anchor_day
from engine.audit.export import export_lines
from engine.audit.verify import Verification, jurisdictions, verify
from engine.clock import day_of, shanghai
from engine.commands.cancel import cancel
from engine.commands.suspend import suspend
from engine.moves import writing
from engine.store import Database
from engine.store.archives import ARCHIVE
from engine.words import CaseKind
from tests.factories import START, Bureau, case_of
from tests.integration.audit.offline import offline
from tests.office import Office
from tests.trips import trips_to

AT = shanghai(2023, 1, 10)


@pytest.fixture(scope="module")
def packed(shared_database: Database) -> Office:
    """A bureau whose only case is over and packed; what a test alters is rolled back."""
    office = Office.opened(shared_database)
    office.finish(office.open_case(CaseKind.PROJECT), sampled=True, selected=True)
    return office


@contextmanager
def altered(office: Office, statement: str = "SELECT 1") -> Iterator[Session]:
    """The database as its owner left it, without triggers and references meanwhile; nothing of it stays."""
    with office.database.upkeep() as session:
        session.execute(text("ALTER TABLE case_archives DROP CONSTRAINT fk_case_archives_case_id"))
        for table in ("journal", "case_archives"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.connection().exec_driver_sql(statement)
        yield session
        session.rollback()


def checked_offline(session: Session, folder: Path) -> tuple[int, str]:
    file = folder / "journal.jsonl"
    lines = export_lines(session, "huaxi", at=AT, with_papers=True)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return offline(file)


def verified(database: Database) -> Verification:
    with database.transaction("huaxi") as session:
        return verify(session, "huaxi")


def test_a_packed_journal_holds_here_and_offline(packed: Office, tmp_path: Path) -> None:
    with packed.transactions() as session:
        found = verify(session, "huaxi")

        assert found.holds
        assert found.entries > 150
        assert checked_offline(session, tmp_path)[0] == 0


ENTRY = "e.id, e.seq, e.type, e.payload, e.by, e.acting_for, e.at, e.hash, e.version, e.stage"


def entries(changed: str = ENTRY, where: str = "true") -> str:
    """The packed journal made anew, entry 7 with `changed` for its cells, only entries `where`."""
    return (
        f"UPDATE case_archives SET journal = ARRAY(SELECT CASE WHEN e.seq = 7 THEN ROW({changed})::packed_entry "
        f"ELSE ROW({ENTRY})::packed_entry END FROM unnest(journal) e WHERE {where} ORDER BY e.seq)"
    )


ALTERED = "第7条记录（"
TAMPERED = {
    "a payload": (entries(ENTRY.replace("e.payload", "jsonb_set(e.payload::jsonb, '{x}', '1')::json")), ALTERED),
    "an author": (entries(ENTRY.replace("e.by", "NULL")), ALTERED),
    "an instant": (entries(ENTRY.replace("e.at", "e.at + interval '1 microsecond'")), ALTERED),
    "a hash": (entries(ENTRY.replace("e.hash", "sha256(e.hash)")), ALTERED),
    "an entry left out": (entries(where="e.seq <> 7"), "第7条记录缺失（下一条是第8条）"),
    "the tail left out": (entries(where="e.seq < 150"), "末尾被截断"),
    "all entries left out": ("UPDATE case_archives SET journal = '{}'", "一条也没有找到，记录被删除过"),
    "the archive gone": ("DELETE FROM case_archives", "一条也没有找到，记录被删除过"),
    "the archive given away": ("UPDATE case_archives SET jurisdiction = 'conghua'", "一条也没有找到，记录被删除过"),
    "a paper": (
        (
            "UPDATE case_archives SET submissions = ARRAY(SELECT ROW(p.id, p.task_id, p.stage, p.form, p.item, "
            "p.version, p.state, jsonb_set(p.content::jsonb, '{forged}', '1')::json, p.filled_by, p.filled_at, "
            "p.submitted_by, p.submitted_at, p.frozen_at)::packed_submission FROM unnest(submissions) p)"
        ),
        "提到的报送件与校验值不符，内容被改动过",
    ),
    "an opinion": (
        (
            "UPDATE case_archives SET reviews = ARRAY(SELECT ROW(r.id, r.task_id, r.submission_id, r.outcome, '同意', "
            "r.remarks, r.by, r.at)::packed_review FROM unnest(reviews) r)"
        ),
        "提到的意见与校验值不符，内容被改动过",
    ),
    "a score": (
        (
            "UPDATE case_archives SET scores = ARRAY(SELECT ROW(s.id, s.submission_id, s.kind, 99, s.method, s.grade, "
            "s.basis, s.scored_at)::packed_score FROM unnest(scores) s)"
        ),
        "提到的得分与校验值不符，内容被改动过",
    ),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_what_is_altered_in_an_archive_is_named_here_and_found_offline(
    packed: Office, tmp_path: Path, what: str
) -> None:
    statement, said = TAMPERED[what]

    with altered(packed, statement) as session:
        breaks = verify(session, "huaxi").breaks
        code, _ = checked_offline(session, tmp_path)

    assert any(said in found.message for found in breaks), breaks
    assert code == 1


@pytest.mark.parametrize(
    "change", ["head = sha256(head)", "last_seq = last_seq - 1", "last_at = last_at - interval '1 day'"]
)
def test_an_archive_that_says_another_end_than_it_has_is_named(packed: Office, change: str) -> None:
    with altered(packed, f"UPDATE case_archives SET {change}") as session:
        (found,) = verify(session, "huaxi").breaks

    assert "与归档的内容不符，归档被改动过" in found.message


def test_an_entry_that_lies_packed_and_in_a_row_is_found(packed: Office) -> None:
    columns = "id, jurisdiction, case_id, seq, type, payload, by, acting_for, at, hash, version, stage"
    again = f"INSERT INTO journal ({columns}) SELECT {columns} FROM all_journal WHERE case_id > 0 AND seq = 7"

    with altered(packed, again) as session:
        assert not verify(session, "huaxi").holds


def test_a_chain_that_lies_nowhere_but_in_an_archive_names_its_jurisdiction(packed: Office) -> None:
    with altered(packed, "DELETE FROM journal") as session:
        assert "huaxi" in jurisdictions(session)


@pytest.fixture
def unpacked(database: Database, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> int:
    """A cancelled case that still lies in rows."""
    with database.transaction("huaxi") as session:
        case = case_of(session, bureau)
        suspend(session, case.id, reason="示例：核对", by=bureau.office, at=START + timedelta(days=1))
    with monkeypatch.context() as patch, database.transaction("huaxi") as session:
        patch.setattr(writing, "ARCHIVE", select(bindparam("archived")))
        cancel(session, case.id, reason="示例：不再安排", by=bureau.office, at=START + timedelta(days=3))
    return case.id


def test_anchors_from_before_the_packing_hold_after_it_and_later_ones_are_what_they_would_have_been(
    database: Database, unpacked: int
) -> None:
    days = [day_of(START + timedelta(days=number)) for number in range(5)]
    with database.transaction("huaxi") as session:
        before = [anchor_day(session, "huaxi", day, at=AT) for day in days]
        known = [(anchor.day, anchor.entries, anchor.hash) for anchor in before]

    with database.transaction("huaxi") as session:
        session.execute(ARCHIVE, {"archived": unpacked})
    assert verified(database).anchors == len(days)
    assert verified(database).holds

    with database.upkeep() as session:
        session.execute(text("DELETE FROM journal_anchors"))
    with database.transaction("huaxi") as session:
        again = [anchor_day(session, "huaxi", day, at=AT) for day in days]
    assert [(anchor.day, anchor.entries, anchor.hash) for anchor in again] == known


def test_the_journal_is_read_in_as_many_statements_however_many_cases_are_packed(
    database: Database, bureau: Bureau
) -> None:
    counted = []
    for number in range(3):
        with database.transaction("huaxi") as session:
            case = case_of(session, bureau, f"示例-{number}")
            cancel(session, case.id, reason="示例", by=bureau.office, at=START)
        with trips_to(database) as trips:
            verified(database)
        counted.append(len(trips))

    assert len(set(counted)) == 1
