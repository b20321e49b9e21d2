"""指标库 on its pages: found, added, changed, retired, and a whole file checked row by row before it is written."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from engine.indicators.library_file import HEADER
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from tests.workbooks import workbook

Types = Callable[..., None]
ROW = "JY-02,新增学位数,产出指标,数量指标,教育,≥,个,当年新增学位数,"


def type_entry(hands: Hands, **changes: str) -> None:
    """A sound entry into the form on the page."""
    cells = {
        "code": "JY-01", "name": "幼儿园公办率", "levels": "产出指标/数量指标", "industry": "教育", "direction": "≥",
        "unit": "%", "calculation": "公办园在园幼儿数除以在园幼儿总数",
    }  # fmt: skip
    for name, value in (cells | changes).items():
        if hands.has(name):
            hands.type(name, value)


def added(hands: Hands, **changes: str) -> Hands:
    hands.open("/indicators/new")
    type_entry(hands, **changes)
    return hands.press("新增指标")


def brought(hands: Hands, raw: bytes, name: str = "示例指标库.csv") -> Hands:
    """Send a file from the page of imports."""
    word = hands.open("/indicators/imports").value("_word")[-1]
    told = {"_word": word, "file": (BytesIO(raw), name)}
    answer = hands.client.post("/indicators/imports", data=told, content_type="multipart/form-data")
    return hands.open(answer.location) if answer.location else hands._see(answer)


def file_of(*rows: str) -> bytes:
    return "\n".join([",".join(HEADER), *rows]).encode()


@pytest.fixture
def finance(hands_of: SitsDown, office: Office) -> Hands:
    return hands_of(office.bureau.office)


@pytest.fixture
def clerk(hands_of: SitsDown, office: Office) -> Hands:
    return hands_of(office.bureau.clerk)


def test_what_finance_adds_a_unit_finds_by_a_few_letters(finance: Hands, clerk: Hands) -> None:
    made = added(finance)
    clerk.open("/indicators?q=yeygbl")

    assert "已新增" in made.text()
    assert "幼儿园公办率" in clerk.text()
    assert "共性" in clerk.text()
    assert clerk.follow("/indicators/1").button("保存改动") is None
    assert "由财政绩效股维护" in clerk.text()


def test_a_refused_entry_stays_on_the_page_with_a_sentence_at_each_cell(finance: Hands) -> None:
    added(finance, code="", direction="")

    assert finance.status == 422
    assert "“编码”未填" in finance.said()
    assert finance.value("name") == ["幼儿园公办率"]
    assert finance.page.xpath("//input[@name='code']/@aria-describedby") == ["code-wrong"]
    assert finance.page.xpath("//select[@name='direction']/@aria-invalid") == ["true"]


def test_an_entry_is_changed_retired_and_restored_with_reasons(finance: Hands, clerk: Hands) -> None:
    added(finance)

    finance.type("calculation", "新的算法")
    finance.type("reason", "示例：口径调整")
    changed = finance.press("保存改动").text()
    finance.type("why", "示例：不再统计")
    retired = finance.press("停用").text()

    assert "第 2 版" in changed
    assert "计算方法：公办园在园幼儿数除以在园幼儿总数 → 新的算法" in changed
    assert "已停用，不再供选用" in retired
    assert "当前条件下没有" in clerk.open("/indicators?state=in_use").text()
    assert "去掉“状态：在用”可看到 1 条" in clerk.text().replace(" 可看到", "可看到")


def test_an_empty_library_says_what_to_do_and_a_department_without_entries_says_so(
    finance: Hands, clerk: Hands
) -> None:
    empty = clerk.open("/indicators").text()
    added(finance)

    assert "指标库还没有指标" in empty
    assert "本部门还没有核心指标" in clerk.open("/indicators?own=1").text()
    assert "后面没有了" not in clerk.text()


def test_a_file_with_a_bad_row_shows_it_and_writes_nothing_until_it_is_right(finance: Hands) -> None:
    brought(finance, file_of(ROW, ROW.replace("JY-02", "JY-03").replace("数量指标", "没有的")))
    check = finance.text()
    bad = finance.open(f"{finance.path}?show=wrong").text()
    marked = finance.client.get(f"{finance.path}/marked.csv").get_data().decode("utf-8-sig")
    written = finance.press(name="only_sound", value="1")

    assert "可写入 1 · 需核对 0 · 错误 1" in check
    assert "“产出指标”下没有“没有的”" in bad
    assert "JY-02" not in bad.partition("行 核对")[2]
    assert "核对结果" in marked.splitlines()[0]
    assert "没有“没有的”" in marked
    assert "已写入 1 条" in written.text()


def test_a_sound_file_is_written_with_one_button_and_the_same_file_is_recognized(finance: Hands) -> None:
    brought(finance, file_of(ROW))
    finance.press("④ 写入 1 条")

    again = brought(finance, file_of(ROW))

    assert "JY-02" in finance.open("/indicators?q=JY-02").text()
    assert again.status == 200
    assert "已导入" in brought(finance, file_of(ROW)).said()


def test_a_file_that_is_only_to_be_looked_at_can_be_taken_home_marked_and_is_written(finance: Hands) -> None:
    check = brought(finance, file_of(ROW.replace(",个,", ",,")))
    shown = check.text()

    marked = finance.client.get(f"{finance.path}/marked.csv").get_data().decode("utf-8-sig")
    written = finance.press("④ 写入 1 条")

    assert "可写入 1 · 需核对 1 · 错误 0" in shown
    assert "下载标注后的 Excel" in shown
    assert "只写入正确行" not in shown
    assert "定量指标没有单位" in marked
    assert "已写入 1 条" in written.text()


@pytest.mark.parametrize("path", ["versions", "retirement", "restoration"])
@pytest.mark.parametrize("number", ["987654321", "9" * 40])
def test_an_entry_nobody_has_is_refused_in_a_sentence(finance: Hands, number: str, path: str) -> None:
    word = finance.open("/indicators").value("_word")[-1]

    answer = finance.client.post(f"/indicators/{number}/{path}", data={"_word": word, "reason": "示例", "why": "示例"})

    assert answer.status_code in (404, 422)
    assert "请" in answer.text


@pytest.mark.parametrize("raw", [b"", b"PK\x03\x04zip", "编码\n1".encode(), b"\xff\xfe\x00"])
def test_what_is_no_library_is_refused_in_a_sentence(finance: Hands, raw: bytes) -> None:
    refused = brought(finance, raw)

    assert refused.status == 422
    assert "请" in refused.said()


def test_the_template_is_a_file_the_import_takes(finance: Hands) -> None:
    template = finance.client.get("/indicators/imports/template.csv")

    checked = brought(finance, template.get_data())

    assert template.mimetype == "text/csv"
    assert "可写入 1 · 需核对 0 · 错误 0" in checked.text()


def test_the_template_of_a_spreadsheet_offers_words_and_is_taken_again(finance: Hands) -> None:
    template = finance.client.get("/indicators/imports/template.xlsx").get_data()
    book = load_workbook(BytesIO(template))

    checked = brought(finance, template, "指标库模板.xlsx").text()
    written = finance.press("④ 写入 1 条").text()

    assert book.sheetnames == ["指标", "填写说明"]
    assert "产出指标" in str([each.formula1 for each in book["指标"].data_validations.dataValidation])
    assert "可写入 1 · 需核对 0 · 错误 0" in checked
    assert "已写入 1 条" in written


def test_the_rows_refused_are_taken_home_corrected_and_brought_again(finance: Hands) -> None:
    cells = ROW.split(",")
    wrong = [["=1+1", *cells[1:3], "没有的", *cells[4:]], cells, ["JY-03", "", *cells[2:]]]

    def typed_as_text(sheet: Any) -> None:
        sheet["A2"].data_type = "s"

    brought(finance, workbook([HEADER, *wrong], change=typed_as_text), "示例.xlsx")
    check = finance.text()
    refused = load_workbook(BytesIO(finance.client.get(f"{finance.path}/refused.xlsx").get_data())).worksheets[0]
    marked = load_workbook(BytesIO(finance.client.get(f"{finance.path}/marked.xlsx").get_data())).worksheets[0]
    told = [[cell.value for cell in row] for row in refused.iter_rows()]
    told[1][0], told[1][3], told[2][1] = "JY-01", "数量指标", "示例：名称"
    again = brought(finance, workbook(told), "示例-更正.xlsx").text()

    assert "可写入 1 · 需核对 0 · 错误 2" in check
    assert told[0][-1] == "核对结果"
    assert str(refused["A2"].value) == "'=1+1"
    assert str(told[1][-1]).startswith("原第 2 行：")
    assert marked.max_row == 4
    assert "可写入 2 · 需核对 0 · 错误 0" in again


@pytest.mark.parametrize(
    ("raw", "name", "said"),
    [
        (workbook([HEADER, ["=A1", *ROW.split(",")[1:]]]), "示例.xlsx", "第 2 行 A 列是公式"),
        (workbook([HEADER, ROW.split(",")]), "示例.xlsm", "宏"),
        (workbook([["编码", "名称"]]), "示例.xlsx", "表头不对"),
        (workbook([HEADER]), "示例.xlsx", "只有表头"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "示例.xls", "旧版"),
    ],
)
def test_a_spreadsheet_that_is_no_library_is_refused_in_a_sentence(
    finance: Hands, raw: bytes, name: str, said: str
) -> None:
    refused = brought(finance, raw, name)

    assert refused.status == 422
    assert said in refused.said()
