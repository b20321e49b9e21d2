"""导出案卷: a case taken away as one file, as its reader may see it."""

import csv
import io
import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from lxml import html

from engine.accounts.model import AccessEntry
from engine.commands.attach import attach
from engine.submissions.file_store import FileStore
from tests.integration.desk import SHORT, project_at, the_task
from tests.office import Office
from tests.pages.reviews.conftest import Reader, Seats
from web.visits import Site

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def site(site: Site, tmp_path: Path) -> Site:
    """The site with a place for attached files."""
    return replace(site, kept=FileStore(tmp_path / "files"))


def _taken(reader: Reader, case_id: int) -> ZipFile:
    with reader.client.get(f"/cases/{case_id}/export.zip") as answer:
        assert answer.status_code == 200, answer.text
        assert answer.mimetype == "application/zip"
        return ZipFile(io.BytesIO(answer.data))


def test_a_case_is_taken_away_whole_and_reads_without_the_site(office: Office, person: Seats) -> None:
    case = office.open_case(name="示例：=1+1")
    office.finish(case, **SHORT, sampled=False, selected=True)
    packed = _taken(person("王绩效"), case)
    names = packed.namelist()

    cover = html.fromstring(packed.read("案卷.html").decode())
    pages = [packed.read(name).decode() for name in names if name.endswith(".html")]
    happened = list(csv.reader(io.StringIO(packed.read("经过.csv").decode("utf-8-sig"))))

    assert packed.testzip() is None
    assert {str(link) for link in cover.xpath("//@href")} <= set(names)
    assert len([name for name in names if name.startswith("报送件/")]) > 5
    assert any(name.startswith("意见函/") for name in names)
    assert not any(re.search(r'(href|src)="/', page) or "<script" in page for page in pages)
    assert all(styled in names for styled in ("样式/jx.css", "样式/print.css"))
    assert len(happened) > 50
    assert not any(cell.startswith(("=", "+", "@")) for row in happened for cell in row)


def test_taking_a_case_away_is_recorded(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")

    _taken(person("赵主管"), case)

    with office.transactions() as session:
        read = [entry for entry in session.query(AccessEntry) if entry.what == "read"]
    assert [entry.facts["case"] for entry in read] == [case]


def test_who_may_not_see_a_case_cannot_take_it_away(office: Office, person: Seats) -> None:
    case = project_at(office, "check_target")

    assert person("吴经办").open(f"/cases/{case}/export.zip").status == 404
    assert person("赵主管", elsewhere=True).open(f"/cases/{case}/export.zip").status == 404


def test_a_letter_that_did_not_go_out_is_not_taken_away_by_the_unit(office: Office, person: Seats) -> None:
    case = office.open_case()
    office.reach(case, "feedback.sign_letter", **SHORT, sampled=False, selected=True, for_signature=True)

    units = _taken(person("李经办"), case).namelist()
    finances = _taken(person("王绩效"), case).namelist()

    assert not [name for name in units if " F10 " in name]
    assert [name for name in finances if " F10 " in name]


def test_attachments_go_along_and_one_that_cannot_be_read_is_named(office: Office, person: Seats, site: Site) -> None:
    case = project_at(office, "check_target")
    task, department = the_task(office, case, "check_target"), office.bureau.department
    for name, content in (("验收单#1.pdf", PDF), ("纪要.pdf", PDF + b"%")):
        with office.transactions() as session:
            attach(session, site.files, task.id, "佐证材料", name, io.BytesIO(content), by=department, at=office.now)
    damaged = next(file for file in site.files.folder.rglob("*") if file.is_file() and file.read_bytes() != PDF)
    damaged.unlink()

    packed = _taken(person("赵主管"), case)

    attached = [name for name in packed.namelist() if name.startswith("附件/")]
    assert [name.partition(" ")[2] for name in attached] == ["佐证材料 验收单_1.pdf"]
    assert packed.read(attached[0]) == PDF
    assert "纪要.pdf（没有放入：这个附件的文件不在文件库里。" in packed.read("案卷.html").decode()
