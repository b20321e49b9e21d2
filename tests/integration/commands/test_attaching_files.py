"""附件: a file with a task, kept once under its hash, refused in words when it is not taken."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.commands.attach import SlotRefused, attach
from engine.directory import NotYourUnit
from engine.queries.case_timeline import case_timeline
from engine.submissions import Attachment
from engine.submissions.attachments import AttachmentRefused
from engine.submissions.file_store import FileStore
from engine.tasks import Task
from tests.factories import START, case_of

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def task(session, bureau) -> Task:
    case = case_of(session, bureau)
    return session.scalars(select(Task).where(Task.case_id == case.id)).one()


def test_a_file_is_kept_under_its_hash_and_told_in_the_history(session, bureau, store, task):
    receipt = attach(session, store, task.id, "佐证材料", "验收单.pdf", BytesIO(PDF), by=bureau.office, at=START)

    attachment = session.get_one(Attachment, receipt.gave["attachment"])
    assert store.read(attachment.sha256) == PDF
    assert attachment.size_bytes == len(PDF)
    told = [line.sentence for line in case_timeline(session, bureau.office, task.case_id)]
    assert "上传附件“验收单.pdf”（佐证材料）" in told


def test_the_same_bytes_twice_lie_in_the_store_once(session, bureau, store, task):
    first = attach(session, store, task.id, "佐证材料", "一.pdf", BytesIO(PDF), by=bureau.office, at=START)
    second = attach(session, store, task.id, "评价报告", "二.pdf", BytesIO(PDF), by=bureau.office, at=START)

    assert first.gave["sha256"] == second.gave["sha256"]
    assert session.scalar(select(func.count()).select_from(Attachment)) == 2


def test_a_program_under_the_name_of_a_paper_is_refused_and_leaves_no_row(session, bureau, store, task):
    with pytest.raises(AttachmentRefused):
        attach(session, store, task.id, "佐证材料", "验收单.pdf", BytesIO(b"MZ\x90"), by=bureau.office, at=START)

    assert session.scalar(select(func.count()).select_from(Attachment)) == 0


def test_a_paper_has_a_name_of_100_characters_at_the_most(session, bureau, store, task):
    receipt = attach(session, store, task.id, "材" * 100, "一.pdf", BytesIO(PDF), by=bureau.office, at=START)

    assert session.get_one(Attachment, receipt.gave["attachment"]).slot == "材" * 100
    with pytest.raises(SlotRefused, match="不超过100字"):
        attach(session, store, task.id, "材" * 101, "一.pdf", BytesIO(PDF), by=bureau.office, at=START)


def test_a_stranger_to_the_task_attaches_nothing(session, bureau, store, task):
    with pytest.raises(NotYourUnit):
        attach(session, store, task.id, "佐证材料", "验收单.pdf", BytesIO(PDF), by=bureau.clerk, at=START)


def test_a_file_without_a_purpose_is_refused(session, bureau, store, task):
    with pytest.raises(SlotRefused):
        attach(session, store, task.id, "  ", "验收单.pdf", BytesIO(PDF), by=bureau.office, at=START)
