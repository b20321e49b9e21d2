"""附件: a file sent with a task, believed for what it contains, handed out only to who may see the case."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from engine.directory import Unit
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from tests.pages.visitor import signed_in

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MB = 1024 * 1024


def _docx(unpacked_bytes: int) -> bytes:
    """A Word paper that unpacks to so many zeros."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w") as part:
        for _ in range(unpacked_bytes // MB):
            part.write(bytes(MB))
    return made.getvalue()


@pytest.fixture
def task(office: Office) -> str:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    return str(office.tasks(case)[0].id)


@pytest.fixture
def clerk(office: Office, hands_of: SitsDown, task: str) -> Hands:
    return hands_of(office.bureau.clerk).open(f"/tasks/{task}/attachments")


def test_a_file_is_listed_with_its_hash_and_comes_back_as_it_was(clerk: Hands) -> None:
    clerk.type("slot", "佐证材料")
    clerk.send_file("file", "验收单.pdf", PDF)

    assert "✓ 已上传" in clerk.text()
    assert "佐证材料 · 1 KB · 未查毒 · 李经办" in clerk.text()
    (link,) = clerk.page.xpath("//a[starts-with(@href, '/attachments/')]/@href")
    answer = clerk.client.get(link)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("slot", "name", "content", "sentence"),
    [
        ("佐证材料", "验收单.pdf", b"MZ\x90\x00", "的内容不是 PDF，没有上传"),
        ("佐证材料", "病毒.exe", b"MZ\x90\x00", "不是可以上传的类型"),
        (
            "佐证材料",
            "验收单.docx",
            _docx(201 * MB),
            "“验收单.docx”解压后超过 200 MB，没有上传。请压缩图片或分成两个文件。",
        ),
        ("佐证材料", "空.pdf", b"", "是空文件"),
        ("", "验收单.pdf", PDF, "请写明这是哪一份材料"),
        ("佐证材料", "", b"", "没有选择文件"),
    ],
    ids=["fake", "program", "bomb", "empty", "without slot", "without file"],
)
def test_what_is_not_taken_is_refused_in_words_and_leaves_nothing(
    clerk: Hands, slot: str, name: str, content: bytes, sentence: str
) -> None:
    clerk.type("slot", slot)
    clerk.send_file("file", name, content)

    assert clerk.status == 422
    assert sentence in clerk.said()
    assert clerk.value("slot") == [slot]
    assert "还没有附件" in clerk.text()


def test_a_file_larger_than_a_form_is_taken_and_one_above_the_limit_is_not(clerk: Hands) -> None:
    clerk.type("slot", "佐证材料")
    clerk.send_file("file", "扫描件.pdf", PDF + bytes(6 * MB))
    taken = clerk.status, clerk.text()
    clerk.type("slot", "佐证材料")
    clerk.send_file("file", "扫描件.pdf", PDF + bytes(52 * MB))

    assert taken[0] == 200
    assert "6.0 MB" in taken[1]
    assert clerk.status == 413


def test_a_file_is_handed_to_nobody_who_may_not_see_the_case(office: Office, clerk: Hands, hands_of: SitsDown) -> None:
    clerk.type("slot", "佐证材料")
    clerk.send_file("file", "验收单.pdf", PDF)
    (link,) = clerk.page.xpath("//a[starts-with(@href, '/attachments/')]/@href")

    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT, department_id=None)
        session.add(unit)
        session.flush()
        neighbour = person_in(session, unit, "外单位", Role.UNIT_CLERK)
    stranger = signed_in(clerk.client.application, neighbour)

    assert stranger.get(link).status_code == 404
    assert hands_of(office.bureau.head).client.get(link).data == PDF
