"""The journal against somebody with the owner's password: whatever is altered, removed or added is found."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from engine.audit import Entry, entries_for, read_entry
from engine.audit.anchors import DayNotOver, anchor_day
from engine.audit.events.cases import NoteRecorded
from engine.audit.export import export_lines
from engine.audit.verify import Verification, verify
from engine.cases import Case
from engine.clock import SteppingClock, shanghai
from engine.commands.resume import resume
from engine.commands.suspend import suspend
from engine.moves.writing import record_outside_cases
from engine.store import Database
from tests.factories import START, Bureau, case_of
from tests.integration.audit.offline import SCRIPT, Tamper, offline

LATER = shanghai(2021, 9, 10)


@pytest.fixture
def case_id(database: Database, bureau: Bureau) -> int:
    """A case with a few entries, and one entry in the jurisdiction's own chain."""
    with database.transaction("huaxi") as session:
        case = case_of(session, bureau, facts={"marks": ["large_livelihood"]})
        suspend(session, case.id, reason="核对资金", by=bureau.office, at=START)
        resume(session, case.id, reason="核对无误", by=bureau.office, at=START + timedelta(days=1))
        record_outside_cases(session, "huaxi", [NoteRecorded(text="示例")], by=bureau.office, at=START)
        return case.id


def verified(database: Database) -> Verification:
    with database.transaction("huaxi") as session:
        return verify(session, "huaxi")


def only_break(database: Database) -> tuple[int, str]:
    found = verified(database).breaks
    assert len(found) == 1
    return found[0].case_id, found[0].message


def last_seq(database: Database, case_id: int) -> int:
    with database.transaction("huaxi") as session:
        return session.get_one(Case, case_id).journal_seq


def test_a_journal_nobody_touched_holds(database: Database, case_id: int) -> None:
    found = verified(database)

    assert found.holds
    assert found.chains == 2
    assert found.entries == last_seq(database, case_id) + 1


def test_the_application_itself_can_neither_change_nor_remove_an_entry(database: Database, case_id: int) -> None:
    for statement in ("UPDATE journal SET type = 'note.recorded'", "DELETE FROM journal"):
        with pytest.raises(ProgrammingError, match="permission denied"), database.transaction("huaxi") as session:
            session.execute(text(statement))


def test_even_the_owner_has_to_switch_the_trigger_off_first(database: Database, case_id: int) -> None:
    with pytest.raises(Exception, match="append-only"), database.upkeep() as session:
        session.execute(text("DELETE FROM journal"))


def test_the_owner_cannot_empty_the_journal_in_passing_either(database: Database, case_id: int) -> None:
    with pytest.raises(Exception, match="append-only"), database.upkeep() as session:
        session.execute(text("TRUNCATE journal"))


@pytest.mark.parametrize(
    "change",
    [
        """payload = jsonb_set(payload, '{reason}', '"资金已核"')""",
        "at = at - interval '1 second'",
        "by = NULL",
        "acting_for = by",
        "type = 'case.resumed'",
        "version = 2",
        "stage = 'monitoring'",
    ],
)
def test_an_altered_entry_is_named_with_its_place(
    database: Database, case_id: int, tamper: Tamper, change: str
) -> None:
    tamper(f"UPDATE journal SET {change} WHERE case_id = :case AND type = 'case.suspended'", case=case_id)

    where, message = only_break(database)

    assert where == case_id
    assert "与校验值不符，内容或次序被改动过" in message


def test_an_altered_entry_of_the_jurisdiction_itself_is_found_too(
    database: Database, case_id: int, tamper: Tamper
) -> None:
    tamper("""UPDATE journal SET payload = '{"text": "改过"}' WHERE case_id = 0""")

    assert only_break(database)[0] == 0


def test_an_entry_removed_from_the_middle_is_missed(database: Database, case_id: int, tamper: Tamper) -> None:
    tamper("DELETE FROM journal WHERE case_id = :case AND seq = 2", case=case_id)

    assert only_break(database) == (case_id, "第2条记录缺失（下一条是第3条）")


def test_a_cut_tail_is_missed_because_the_case_knows_how_long_its_chain_is(
    database: Database, case_id: int, tamper: Tamper
) -> None:
    seq = last_seq(database, case_id)
    tamper("DELETE FROM journal WHERE case_id = :case AND seq > :seq", case=case_id, seq=seq - 2)

    assert only_break(database) == (case_id, f"应有{seq}条记录，只有{seq - 2}条，末尾被截断")


def test_a_chain_removed_as_a_whole_is_missed(database: Database, case_id: int, tamper: Tamper) -> None:
    seq = last_seq(database, case_id)
    tamper("DELETE FROM journal WHERE case_id = :case", case=case_id)

    assert only_break(database) == (case_id, f"应有{seq}条记录，一条也没有找到，记录被删除过")


def test_entries_whose_case_is_gone_are_noticed(database: Database, case_id: int, tamper: Tamper) -> None:
    tamper("UPDATE journal SET case_id = 999999 WHERE case_id = :case", case=case_id)

    messages = {found.case_id: found.message for found in verified(database).breaks}

    assert "与校验值不符" in messages[999999]
    assert "一条也没有找到" in messages[case_id]


def test_an_entry_slipped_in_at_the_end_is_noticed_even_if_it_is_chained_properly(
    database: Database, case_id: int, bureau: Bureau
) -> None:
    with database.transaction("huaxi") as session:
        case = session.get_one(Case, case_id)
        rows, _ = entries_for(
            [(NoteRecorded(text="补记"), None)], jurisdiction="huaxi", case_id=case_id,
            after=(case.journal_seq, case.journal_head), by=bureau.office.person_id, acting_for=None, at=START,
        )  # fmt: skip
        session.add_all(Entry(**row) for row in rows)

    assert "末尾被添加过" in only_break(database)[1]


def rewrite_history(database: Database, case_id: int) -> None:
    """The thorough forger: one reason changed and every hash behind it, with the head on the case."""
    with database.upkeep() as session:
        session.execute(text("ALTER TABLE journal DISABLE TRIGGER append_only"))
        entries = session.scalars(select(Entry).where(Entry.case_id == case_id).order_by(Entry.seq)).all()
        head = (0, bytes(32))
        for entry in entries:
            if entry.type == "case.suspended":
                entry.payload = {"reason": "资金已核"}
            rows, head = entries_for(
                [(read_entry(entry.type, entry.version, entry.payload), entry.stage)],
                jurisdiction="huaxi", case_id=case_id, after=head,
                by=entry.by, acting_for=entry.acting_for, at=entry.at,
            )  # fmt: skip
            entry.hash = rows[0]["hash"]
        session.get_one(Case, case_id).journal_head = head[1]
        session.flush()
        session.execute(text("ALTER TABLE journal ENABLE TRIGGER append_only"))


def anchored(database: Database, day: date, at: datetime = LATER) -> None:
    with database.transaction("huaxi") as session:
        anchor_day(session, "huaxi", day, at=at)


def test_history_rewritten_with_all_its_hashes_is_betrayed_by_the_anchor_of_the_day(
    database: Database, case_id: int
) -> None:
    anchored(database, date(2021, 9, 1))

    rewrite_history(database, case_id)

    assert only_break(database) == (0, "2021-09-01的锚点与现有记录不符，锚定后记录被改写过")


def test_an_entry_dated_back_into_an_anchored_day_is_noticed(database: Database, case_id: int, bureau: Bureau) -> None:
    anchored(database, date(2021, 9, 2))
    with database.transaction("huaxi") as session:
        suspend(session, case_id, reason="倒签", by=bureau.office, at=START)

    assert "锚定后有记录被删除或补入" in only_break(database)[1]


def test_anchors_hold_while_later_days_go_on(database: Database, case_id: int, bureau: Bureau) -> None:
    anchored(database, date(2021, 9, 1))
    anchored(database, date(2021, 9, 2))
    anchored(database, date(2021, 8, 31))
    with database.transaction("huaxi") as session:
        suspend(session, case_id, reason="再核", by=bureau.office, at=shanghai(2021, 9, 11))

    found = verified(database)

    assert found.holds
    assert found.anchors == 3


def test_a_day_is_anchored_only_when_it_is_over(database: Database, case_id: int, clock: SteppingClock) -> None:
    with pytest.raises(DayNotOver, match="还没有结束"):
        anchored(database, date(2021, 9, 1), at=shanghai(2021, 9, 2, 0, 59))


def test_a_day_is_anchored_once_and_keeps_its_anchor(database: Database, case_id: int, bureau: Bureau) -> None:
    with database.transaction("huaxi") as session:
        first = anchor_day(session, "huaxi", date(2021, 9, 2), at=shanghai(2021, 9, 3, 2))
        suspend(session, case_id, reason="倒签", by=bureau.office, at=START)
        again = anchor_day(session, "huaxi", date(2021, 9, 2), at=shanghai(2021, 9, 4, 2))

    assert again is first


@pytest.fixture
def exported(database: Database, case_id: int, tmp_path: Path) -> Path:
    """What an auditor takes away: two days, both anchored."""
    anchored(database, date(2021, 9, 1))
    anchored(database, date(2021, 9, 2))
    file = tmp_path / "journal.jsonl"
    with database.transaction("huaxi") as session:
        lines = export_lines(session, "huaxi", at=shanghai(2021, 9, 10))
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return file


def replaced(file: Path, kind: str, **changes: Any) -> None:
    """The last line of that kind, changed."""
    documents = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    last = [document for document in documents if document["kind"] == kind][-1]
    last.update(changes)
    file.write_text("\n".join(json.dumps(document, ensure_ascii=False) for document in documents), encoding="utf-8")


def test_the_script_needs_nothing_but_the_export(exported: Path) -> None:
    code, said = offline(exported)

    assert code == 0
    assert "2条记录链、2个锚点，全部相符" in said


def test_the_script_is_short_enough_to_be_read_by_an_auditor() -> None:
    lines = SCRIPT.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 150


@pytest.mark.parametrize(
    ("kind", "changes", "said"),
    [
        ("entry", {"payload": {"reason": "改"}}, "与校验值不符，内容被改动过"),
        ("entry", {"by": 7}, "与校验值不符，内容被改动过"),
        ("entry", {"seq": 99}, "中间的记录缺失"),
        ("head", {"seq": 99}, "记录链末尾与登记的不符"),
        ("anchor", {"hash": "00" * 32}, "锚点与记录不符"),
        ("end", {"entries": 1}, "文件不完整"),
    ],
)
def test_the_script_finds_what_was_altered_in_the_export(
    exported: Path, kind: str, changes: dict[str, Any], said: str
) -> None:
    replaced(exported, kind, **changes)

    code, output = offline(exported)

    assert code == 1
    assert said in output


def test_the_script_finds_lines_cut_off_an_export(exported: Path) -> None:
    lines = exported.read_text(encoding="utf-8").splitlines()
    exported.write_text("\n".join(lines[:-4]), encoding="utf-8")

    assert offline(exported)[0] == 1


@pytest.mark.parametrize("content", ["", "不是日志", '{"kind": "entry"}', '{"kind": "journal", "format": "x/9"}', "[]"])
def test_the_script_says_so_when_a_file_is_no_export(tmp_path: Path, content: str) -> None:
    file = tmp_path / "other.jsonl"
    file.write_text(content, encoding="utf-8")

    code, output = offline(file)

    assert code == 2
    assert "读不了" in output
    assert "Traceback" not in output
