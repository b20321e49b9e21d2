"""存为视图 and 导出 of 我的待办."""

import csv
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from engine.commands.start_case import Line, NewCase, start_case
from tests.integration.desk import SHORT
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from web.csv_answers import cell_of
from web.workbook_answers import Sheet, workbook_answer


@pytest.fixture
def clerk(hands_of: SitsDown, office: Office) -> Hands:
    return hands_of(office.bureau.clerk)


def test_a_filtered_list_is_kept_under_a_name_and_found_again(clerk: Hands) -> None:
    clerk.open("/tasks?due=overdue&q=%E5%85%BB%E8%80%81&after=x&view=open").open("/tasks?due=overdue&q=养老")
    clerk.follow("/views?due=overdue&q=%E5%85%BB%E8%80%81")
    clerk.type("name", "养老逾期")
    clerk.press("存为视图")

    assert clerk.page.xpath("//nav[@aria-label='视图']/a[@aria-current]/text()") == ["养老逾期"]
    assert clerk.value("q")[-1] == "养老"
    assert clerk.open("/tasks").page.xpath("//nav[@aria-label='视图']/a[@aria-current]/text()") == ["默认"]


def test_a_view_shared_with_an_office_is_in_their_list_with_the_name_of_who_saved_it(
    office: Office, hands_of: SitsDown
) -> None:
    hands_of(office.bureau.office).open("/views?stage=spot_review").type("name", "复核")
    hands_of(office.bureau.office).type("shared_with", ["performance_office"])
    hands_of(office.bureau.office).press("存为视图")

    colleague = hands_of(office.bureau.second_officer).open("/tasks").text()

    assert "复核（王绩效）" in colleague
    assert hands_of(office.bureau.second_officer).open("/views").button("删去：复核") is None
    assert "复核" not in hands_of(office.bureau.clerk).open("/tasks").page.xpath("string(//nav[@aria-label='视图'])")


def test_a_view_without_a_name_is_refused_and_what_was_chosen_stays(clerk: Hands) -> None:
    clerk.open("/views?due=today").press("存为视图")

    assert clerk.status == 422
    assert "请重新填写" in clerk.said()
    assert "期限：今日截止" in clerk.text()


def test_what_an_address_should_not_ask_is_not_kept(clerk: Hands) -> None:
    kept = clerk.open("/views?due=never&stage=%00&status=held&view=../..&evil=1&q=%20%00")

    assert "条件：状态：我已签收" in kept.text()


def test_a_view_is_deleted_by_its_owner(clerk: Hands) -> None:
    clerk.open("/views?due=today").type("name", "今日")
    clerk.press("存为视图")

    clerk.open("/views").press("删去：今日")

    assert "已删去" in clerk.text()
    assert clerk.button("删去：今日") is None


def test_the_list_is_exported_as_numbers_and_text(office: Office, clerk: Hands) -> None:
    new = NewCase(
        "project", "示例-公式", '=HYPERLINK("http://x","点我")', office.bureau.unit_id, 2021,
        [Line("财政拨款", office.case(office.open_case()).amount_wan)],
        {"project_nature": "continuing", "spending_frequency": "recurrent", "project_category": "development"},
        agency_id=office.bureau.agency_id,
    )  # fmt: skip
    with office.transactions() as session:
        case = start_case(session, new, by=office.bureau.office, at=office.now).case_id or 0
    office.reach(case, "target_filing.fill_target", **SHORT)

    answer = clerk.client.get("/tasks/export.csv?q=%E7%A4%BA%E4%BE%8B-%E5%85%AC%E5%BC%8F")
    rows = list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))

    assert answer.mimetype == "text/csv"
    assert rows[0][-1] == "资金（万元）"
    (line,) = [row for row in rows if "示例-公式" in row[2:3]]
    assert line[1].startswith("填报绩效目标")
    assert line[-1] == "180.000000"
    assert rows[-3:] == [
        ["条件", "关键字：示例-公式"], ["件数", "1 件"],
        ["导出", f"李经办 {office.today.isoformat()} {rows[-1][1][-5:]}"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1+1", "|cmd", "\x01=1", "\ufeff\u200b=1"])
def test_text_that_begins_like_a_formula_stays_text(text: str) -> None:
    assert cell_of(text) == f"'{text}"


@pytest.mark.parametrize("text", ["=1+1", "\x01=1+1", "\x07\ufffe@x", "\ufeff+1"])
def test_no_cell_of_a_workbook_is_a_formula_whatever_stands_before_it(text: str) -> None:
    answer = workbook_answer("示例.xlsx", [Sheet("示例", ("名称",), [(text,)])])

    cell = load_workbook(BytesIO(answer.get_data()))["示例"]["A2"]

    assert (cell.data_type, cell.value[0]) == ("s", "'")
