"""查毒: what is written of a file that was scanned on its way in, and of one that was taken without a scanner."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from engine.commands.attach import attach
from engine.commands.scan_attachment import NothingToScan, scan_attachment
from engine.directory import NotYourOffice
from engine.queries.attachments import AttachmentHeldBack, attachment_file, attachments, files_to_scan
from engine.queries.case_timeline import case_timeline
from engine.submissions import Attachment
from engine.submissions.file_store import FileStore
from engine.submissions.scanning import FileInfected, Scanner
from engine.tasks import Task
from engine.words import Scan
from tests.factories import START, case_of
from tests.scanners import CLEAN_PDF, INFECTED_PDF, clamd_in, scanner_that

Put = Callable[..., Attachment]


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    with clamd_in(tmp_path_factory.mktemp("clamd")) as address:
        yield Scanner(address)


@pytest.fixture
def nobody() -> Scanner:
    """Where a scanner should be, and none is."""
    with scanner_that() as address:
        pass
    return Scanner(address)


@pytest.fixture
def task(session, bureau) -> Task:
    case = case_of(session, bureau)
    return session.scalars(select(Task).where(Task.case_id == case.id)).one()


@pytest.fixture
def put(session, bureau, task, tmp_path: Path) -> Put:
    """Attach these bytes where this scanner is asked."""

    def put_one(content: bytes, scanner: Scanner | None = None, name: str = "验收单.pdf") -> Attachment:
        store = FileStore(tmp_path / "files", scanner)
        receipt = attach(session, store, task.id, "佐证材料", name, BytesIO(content), by=bureau.office, at=START)
        return session.get_one(Attachment, receipt.gave["attachment"])

    return put_one


def history(session, bureau, task) -> list[str]:
    return [line.sentence for line in case_timeline(session, bureau.office, task.case_id)]


def test_a_clean_file_says_when_it_was_found_clean(put, clamd):
    file = put(CLEAN_PDF, clamd)

    assert (file.scan, file.scanned_at) == (Scan.CLEAN, START)


def test_an_infected_file_is_refused_and_leaves_no_row(session, put, clamd):
    with pytest.raises(FileInfected, match="查出病毒"):
        put(INFECTED_PDF, clamd)

    assert session.scalars(select(Attachment)).all() == []


def test_without_a_scanner_nobody_was_asked_and_with_a_silent_one_nobody_answered(put, nobody):
    unasked, silent = put(CLEAN_PDF, None), put(CLEAN_PDF, nobody, "二.pdf")

    assert (unasked.scan, unasked.scanned_at) == (Scan.UNASKED, None)
    assert (silent.scan, silent.scanned_at) == (Scan.SILENT, START)


def test_those_not_asked_about_for_longest_come_first_and_the_clean_not_at_all(session, bureau, put, clamd, nobody):
    silent, unasked, _ = put(CLEAN_PDF, nobody), put(CLEAN_PDF, None), put(CLEAN_PDF, clamd)

    found = files_to_scan(session, bureau.office)

    assert (found.unscanned, found.infected, found.next) == (2, 0, (unasked.id, silent.id))
    assert files_to_scan(session, bureau.office, limit=1).next == (unasked.id,)


def test_a_file_taken_without_a_scanner_is_found_clean_later_and_the_history_keeps_quiet(
    session, bureau, task, put, clamd, tmp_path
):
    file = put(CLEAN_PDF)
    before = history(session, bureau, task)

    receipt = scan_attachment(session, FileStore(tmp_path / "files", clamd), file.id, by=bureau.office, at=START)
    session.refresh(file)

    assert receipt.gave["scan"] == file.scan == Scan.CLEAN
    assert history(session, bureau, task) == before


def test_a_virus_found_later_is_told_once_in_the_history_and_the_file_is_handed_out_no_more(
    session, bureau, task, put, clamd, tmp_path
):
    file, store = put(INFECTED_PDF), FileStore(tmp_path / "files", clamd)

    scan_attachment(session, store, file.id, by=bureau.office, at=START)
    scan_attachment(session, store, file.id, by=bureau.office, at=START)

    told = "附件“验收单.pdf”（佐证材料）查出病毒（Eicar-Test.UNOFFICIAL），不再提供下载"
    assert history(session, bureau, task).count(told) == 1
    assert files_to_scan(session, bureau.office).infected == 1
    (line,) = attachments(session, bureau.office, task.case_id).lines
    assert (line.scan, line.scan_told) == (Scan.INFECTED, "Eicar-Test.UNOFFICIAL")
    with pytest.raises(AttachmentHeldBack, match="不再提供下载"):
        attachment_file(session, bureau.office, file.id)


def test_a_scanner_that_says_nothing_changes_nothing_but_when_it_was_asked(session, bureau, put, nobody, tmp_path):
    file = put(CLEAN_PDF)

    scan_attachment(session, FileStore(tmp_path / "files", nobody), file.id, by=bureau.office, at=START)
    session.refresh(file)

    assert (file.scan, file.scanned_at) == (Scan.SILENT, START)
    assert attachment_file(session, bureau.office, file.id).name == "验收单.pdf"


def test_only_who_runs_the_system_has_files_scanned(session, bureau, put, clamd, tmp_path):
    file, store = put(CLEAN_PDF), FileStore(tmp_path / "files", clamd)

    with pytest.raises(NotYourOffice):
        scan_attachment(session, store, file.id, by=bureau.clerk, at=START)
    with pytest.raises(NothingToScan):
        scan_attachment(session, store, -1, by=bureau.office, at=START)
