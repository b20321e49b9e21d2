"""查毒: what people read of files that were scanned, were not, or carry a virus; and asking about them again."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from lxml import html

from engine.accounts import keys_from
from engine.directory import Actor
from engine.store import Database
from engine.submissions import scanning
from engine.submissions.file_store import FileStore
from engine.submissions.scanning import Scanner
from engine.words import Role
from tests.office import Office
from tests.pages.administration.conftest import Somebody
from tests.pages.pages_over import pages_over
from tests.pages.visitor import Visitor, signed_in
from tests.scanners import CLEAN_PDF, INFECTED_PDF, LOOKED_INTO_KB, clamd_in, scanner_that
from web.pages import scans
from web.visits import Site

Seated = Callable[[Actor, Scanner | None], Visitor]
VIRUS = "Eicar-Test.UNOFFICIAL"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scanner]:
    with clamd_in(tmp_path_factory.mktemp("clamd")) as address:
        yield Scanner(address)


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Scanner:
    """Where a scanner should be, and none is."""
    monkeypatch.setattr(scanning, "GREETING_SECONDS", 0.5)
    with scanner_that() as address:
        pass
    return Scanner(address)


@pytest.fixture
def seated(database: Database, office: Office, tmp_path: Path) -> Seated:
    """Somebody before the pages of an installation with this scanner; all keep their files in one place."""
    keys = keys_from(Fernet.generate_key().decode())

    def sit_down(actor: Actor, scanner: Scanner | None) -> Visitor:
        kept = FileStore(tmp_path / "files", scanner)
        return signed_in(pages_over(Site(database, keys, office.clock, office.clock, kept=kept)), actor)

    return sit_down


@pytest.fixture
def files(office: Office) -> str:
    """The address of the files of a task the clerk has to do."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return f"/tasks/{office.tasks(case)[0].id}/attachments"


def bring(visitor: Visitor, files: str, content: bytes, name: str = "验收单.pdf") -> str:
    """Send a file, and what the page says then."""
    answer = visitor.post(files, {"slot": "佐证材料", "file": (BytesIO(content), name)})
    return words(answer.text if answer.status_code != 303 else visitor.get(files).text)


def words(text: str) -> str:
    return " ".join(html.fromstring(text).xpath("string(//main)").split())


def test_a_file_says_that_it_is_clean_and_since_when(
    office: Office, seated: Seated, files: str, clamd: Scanner
) -> None:
    told = bring(seated(office.bureau.clerk, clamd), files, CLEAN_PDF)

    assert "安全（" in told
    assert "查） · 李经办" in told


def test_a_virus_is_refused_in_words_and_nothing_is_listed(
    office: Office, seated: Seated, files: str, clamd: Scanner
) -> None:
    clerk = seated(office.bureau.clerk, clamd)

    answer = clerk.post(files, {"slot": "佐证材料", "file": (BytesIO(INFECTED_PDF), "验收单.pdf")})

    assert answer.status_code == 422
    assert f"“验收单.pdf”查出病毒（{VIRUS}），没有上传，也没有留存。请先在本机杀毒" in words(answer.text)
    assert "还没有附件" in words(answer.text)


def test_where_the_scanner_is_silent_the_file_is_taken_and_says_so_until_it_was_asked_again(
    office: Office, seated: Seated, files: str, clamd: Scanner, nobody: Scanner
) -> None:
    told = bring(seated(office.bureau.clerk, nobody), files, CLEAN_PDF)
    silent = words(seated(office.bureau.office, nobody).post("/operations/scans").text)
    scanned = words(seated(office.bureau.office, clamd).post("/operations/scans").text)
    afterwards = words(seated(office.bureau.clerk, clamd).get(files).text)

    assert "未查毒（查毒服务没有应答）" in told
    assert "这次送查 1 份：未查毒（查毒服务没有应答） 1 份" in silent
    assert f"✕ {nobody.address} 没有应答" in silent
    assert "这次送查 1 份：安全 1 份。" in scanned
    assert "安全（" in afterwards


def test_a_virus_found_later_is_told_where_the_file_is_and_nobody_gets_it_any_more(
    office: Office, seated: Seated, files: str, clamd: Scanner
) -> None:
    clerk = seated(office.bureau.clerk, None)
    bring(clerk, files, CLEAN_PDF, "一.pdf")
    bring(clerk, files, INFECTED_PDF, "二.pdf")
    (link, _) = html.fromstring(clerk.get(files).text).xpath("//a[starts-with(@href, '/attachments/')]/@href")
    handed_out = clerk.get(link)

    scanned = words(seated(office.bureau.office, clamd).post("/operations/scans").text)

    assert handed_out.data == INFECTED_PDF
    assert "安全 1 份" in scanned
    assert "带病毒 1 份" in scanned
    assert f"二.pdf 佐证材料 · 1 KB · ✕ 带病毒（{VIRUS}），不再提供下载" in words(clerk.get(files).text)
    assert clerk.get(link).status_code == 409
    assert "不再提供下载" in clerk.get(link).text


def test_those_who_run_the_system_see_how_it_stands(
    office: Office, seated: Seated, files: str, somebody: Somebody, clamd: Scanner, nobody: Scanner
) -> None:
    bring(seated(office.bureau.clerk, None), files, CLEAN_PDF)
    operator = somebody(Role.OPERATOR)

    told = [words(seated(operator, each).get("/operations").text) for each in (None, clamd, nobody)]
    page = words(seated(operator, None).get("/operations/scans").text)

    assert "附件查毒：没有设查毒服务，没有查过的 1 份" in told[0]
    assert "附件查毒：查毒服务在用，没有查过的 1 份" in told[1]
    assert "附件查毒：✕ 查毒服务没有应答，没有查过的 1 份" in told[2]
    assert "没有设查毒服务：新上传的附件照收" in page
    assert "✓ 在用：ClamAV " in words(seated(operator, clamd).get("/operations/scans").text)
    assert "没有要查的附件" in words(seated(operator, None).post("/operations/scans").text)


def test_a_file_that_cannot_be_read_any_more_is_told_and_the_others_are_scanned(
    office: Office, seated: Seated, files: str, clamd: Scanner, tmp_path: Path
) -> None:
    clerk = seated(office.bureau.clerk, None)
    bring(clerk, files, CLEAN_PDF, "一.pdf")
    (kept,) = (path for path in (tmp_path / "files").rglob("*") if path.is_file())
    kept.unlink()
    bring(clerk, files, CLEAN_PDF + b"\n", "二.pdf")

    told = words(seated(office.bureau.office, clamd).post("/operations/scans").text)

    assert "这次送查 1 份：安全 1 份" in told
    assert "这个附件的文件不在文件库里" in told


def test_what_the_time_is_not_enough_for_is_said_and_scanned_the_next_time(
    office: Office, seated: Seated, files: str, clamd: Scanner, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = seated(office.bureau.clerk, None)
    bring(clerk, files, CLEAN_PDF, "一.pdf")
    bring(clerk, files, CLEAN_PDF + bytes(2 * LOOKED_INTO_KB * 1024), "二.pdf")
    officer = seated(office.bureau.office, clamd)
    monkeypatch.setattr(scans, "SECONDS", 0)

    first, second = (words(officer.post("/operations/scans").text) for _ in range(2))

    assert "这次送查 1 份：安全 1 份。还有 1 份没有送查，请再按一次。" in first
    assert "这次送查 1 份：未查毒（超过查毒服务的上限） 1 份。超过上限的，放宽 clamd 的" in second


@pytest.mark.parametrize(
    ("address", "role"), [("/indicators/imports", Role.PERFORMANCE_OFFICE), ("/directory/imports", Role.SYSTEM_ADMIN)]
)
def test_a_list_with_a_virus_is_not_read_in(
    office: Office, seated: Seated, somebody: Somebody, clamd: Scanner, address: str, role: Role
) -> None:
    visitor = seated(somebody(role), clamd)

    answer = visitor.post(address, {"file": (BytesIO(INFECTED_PDF), "名册.csv")})

    assert answer.status_code == 422
    assert f"“名册.csv”查出病毒（{VIRUS}）" in words(answer.text)
