"""执行数 on the pages: put on record one by one and from a file, seen on the board with its day and its source."""

from decimal import Decimal
from io import BytesIO

from engine.clock import shanghai
from engine.commands.adjust_budget import adjust_budget
from engine.directory import Actor
from engine.executions.execution_file import HEADER
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from tests.pages.visitor import Visitor, signed_in


def watched(office: Office) -> int:
    case_id = office.open_case(code="示例-执行")
    office.reach(case_id, "monitoring.fill_monitoring")
    office.clock.move_to(shanghai(2021, 11, 15))
    return case_id


def visitor_for(hands: Hands, actor: Actor) -> Visitor:
    """The same person before the pages, for forms with files and forms nobody is shown."""
    return signed_in(hands.client.application, actor)


def sent(visitor: Visitor, *rows: tuple[str, ...]) -> str:
    raw = "\r\n".join(",".join(row) for row in (HEADER, *rows)).encode("utf-8-sig")
    answer = visitor.post("/monitoring/imports", {"file": (BytesIO(raw), "示例执行数.csv")})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def row_of(hands: Hands, case_id: int) -> str:
    (row,) = hands.page.xpath(f"//tbody/tr[th/a/@href='/cases/{case_id}']")
    return " ".join(row.text_content().split())


def test_a_figure_is_put_on_record_on_its_page_and_stands_on_the_board(office: Office, hands_of: SitsDown) -> None:
    case_id = watched(office)
    division = hands_of(office.bureau.division)
    visitor = visitor_for(division, office.bureau.division)
    told = {"as_of": "2021-09-30", "executed_wan": "１０，０", "source": "示例：国库系统"}

    wrong = visitor.post(f"/cases/{case_id}/execution", told)
    right = visitor.post(f"/cases/{case_id}/execution", told | {"executed_wan": "54"})

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "读不出金额" in wrong.text
    assert 'value="2021-09-30"' in wrong.text
    board = row_of(division.open("/monitoring"), case_id)
    assert "30.00%截至 2021-09-30" in board.replace("% 截", "%截")
    assert ("示例：国库系统" in board, "▲ 严重" in board, "−45.00 点" in board) == (True, True, True)
    assert "监控表报送后给出" in board
    assert "第 1 版 · 最新" in division.open(f"/cases/{case_id}/execution").text()
    assert "登记截至2021-09-30的执行数54万元" in division.open(f"/cases/{case_id}?tab=timeline").text()


def test_a_unit_reads_its_figures_and_puts_none_on_record(office: Office, hands_of: SitsDown) -> None:
    case_id = watched(office)
    clerk = hands_of(office.bureau.clerk)
    visitor = visitor_for(clerk, office.bureau.clerk)

    seen = clerk.open(f"/cases/{case_id}/execution").text()
    tried = visitor.post(f"/cases/{case_id}/execution", {"as_of": "2021-09-30", "executed_wan": "1"})

    assert "还没有登记过执行数" in seen
    assert "登记执行数" not in seen
    assert tried.status_code == 403
    assert visitor.get("/monitoring/imports").status_code == 403


def test_a_file_is_checked_row_by_row_and_its_sound_rows_are_written(office: Office, hands_of: SitsDown) -> None:
    case_id = watched(office)
    division = hands_of(office.bureau.division)
    visitor = visitor_for(division, office.bureau.division)
    here = sent(
        visitor,
        ("示例-执行", "2021", "2021-10-31", "", "120", "", ""),
        ("没有的", "2021", "2021-10-31", "", "1", "", ""),
    )

    checked = division.open(here).text()
    whole = visitor.post(f"{here}/completion")
    sound = visitor.post(f"{here}/completion", {"only_sound": "1"})

    assert "可写入 1 · 需核对 0 · 错误 1" in checked
    assert "本地区2021年度没有编号“没有的”的案卷" in checked
    assert (whole.status_code, sound.status_code) == (422, 303)
    assert "已登记执行数 1 个，1 行有错没有写入" in division.open(here).text()
    assert "文件“示例执行数.csv”" in row_of(division.open("/monitoring"), case_id)
    assert "示例执行数.csv" in division.open("/monitoring/imports").text()


def test_who_asks_for_more_money_and_who_decides_see_what_the_department_has_spent(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = watched(office)
    division = hands_of(office.bureau.division)
    untold = division.open(f"/cases/{case_id}/adjustment").text()
    visitor_for(division, office.bureau.division).post(
        f"/cases/{case_id}/execution", {"as_of": "2021-10-31", "executed_wan": "54", "source": "示例"}
    )

    told = division.open(f"/cases/{case_id}/adjustment").text()
    with office.transactions() as session:
        adjust_budget(
            session, case_id, Decimal(220), reason="示例：追加", by=office.bureau.division, at=office.now,
            kind="supplement",
        )  # fmt: skip
    (task,) = [task for task in office.tasks(case_id) if task.element == "decide_supplement"]
    decides = division.open(f"/tasks/{task.id}").text()

    assert "本年在办的 1 个对象中，1 个还没有执行数" in untold
    for page in (told, decides):
        assert "30.00%（54÷180 万元，1 个对象的最新执行数，截至 2021-10-31）" in page
        assert "83.33%（算到今天）" in page
        assert "本区未规定，由财政业务股认定" in page
