"""Rows of a target taken from 指标库 or from last year: what was typed stays, a later change of the words is seen."""

from typing import Any

import pytest

from engine.commands import add_indicator, retire_indicator, save_draft, start_case
from engine.queries.drafts import draft_of
from engine.tasks import Task
from tests.factories import new_project
from tests.integration.desk import SHORT
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands

ENTRY = {
    "code": "JY-01", "name": "新增公办学位数", "level1": "产出指标", "level2": "数量指标", "industry": "教育",
    "direction": "≥", "unit": "个", "calculation": "当年新增学位数合计",
}  # fmt: skip


@pytest.fixture
def task(office: Office) -> Task:
    """A target to be filled in."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target", **SHORT)
    (task,) = office.tasks(case)
    return task


@pytest.fixture
def clerk(hands_of: SitsDown, office: Office) -> Hands:
    return hands_of(office.bureau.clerk)


def entered(office: Office, **changes: str) -> int:
    with office.transactions() as session:
        cells = ENTRY | changes
        return int(add_indicator(session, cells, by=office.bureau.office, at=office.now).gave["indicator"])


def rows_kept(office: Office, task: Task) -> list[dict[str, Any]]:
    with office.transactions() as session:
        return list(draft_of(session, office.bureau.clerk, task.id).content.get("indicators", []))


def test_ticked_entries_become_rows_and_what_was_typed_is_kept(office: Office, task: Task, clerk: Hands) -> None:
    entered(office)
    entered(office, code="JY-02", name="学位使用率", level2="质量指标")

    clerk.open(f"/tasks/{task.id}")
    clerk.type("annual_goal", "2021年建成两所公办园")
    clerk.press("从指标库选用")
    clerk.type("code", ["JY-01", "JY-02"])
    clerk.press("加入所选")

    first, second = rows_kept(office, task)[-2:]
    assert clerk.value("annual_goal") == ["2021年建成两所公办园"]
    assert (first["level1"], first["level2"], first["name"]) == ("产出指标", "数量指标", "新增公办学位数")
    assert (first["library_code"], first["direction"], first["unit"]) == ("JY-01", "≥", "个")
    assert first["calculation"] == "当年新增学位数合计"
    assert second["library_code"] == "JY-02"
    assert first["id"] != second["id"]


def test_an_entry_the_table_has_is_not_offered_again_and_a_retired_one_is_not_taken(
    office: Office, task: Task, clerk: Hands
) -> None:
    entered(office)
    gone = entered(office, code="JY-09", name="停用的指标")
    here = f"/tasks/{task.id}/indicators?table=indicators"
    clerk.open(here)
    clerk.type("code", ["JY-01", "JY-09"])
    with office.transactions() as session:
        retire_indicator(session, gone, "示例：停用", by=office.bureau.office, at=office.now)

    clerk.press("加入所选")
    clerk.open(here)

    assert [row["library_code"] for row in rows_kept(office, task)] == ["JY-01"]
    assert "表中已有" in clerk.text()
    assert "停用的指标" not in clerk.text()
    assert clerk.press("加入所选").status == 422
    assert "请勾选" in clerk.said()


def test_the_drawer_names_the_filter_to_drop_when_it_leaves_no_entry(office: Office, task: Task, clerk: Hands) -> None:
    entered(office)
    here = f"/tasks/{task.id}/indicators?table=indicators"

    narrowed = clerk.open(f"{here}&q=没有这样的&own=1").text()
    named = clerk.open(f"{here}&own=1").text()

    assert "当前条件下没有可选用的指标" in narrowed
    assert "可看到" not in narrowed
    assert "去掉“本部门”可看到 1 条" in named


def test_a_row_that_departs_from_the_library_says_so_and_is_put_back(office: Office, task: Task, clerk: Hands) -> None:
    entered(office)
    clerk.open(f"/tasks/{task.id}/indicators?table=indicators").type("code", ["JY-01"])
    clerk.press("加入所选")
    (row,) = rows_kept(office, task)
    place = f"indicators[{row['id']}]"
    untouched = clerk.text()

    clerk.type(f"{place}.unit", "座")
    clerk.type(f"{place}.target_value", "300")
    clerk.press("存草稿")
    departed = clerk.text()
    clerk.press(name="restore", value=place)

    (row,) = rows_kept(office, task)
    assert "已改动库口径" not in untouched
    assert "已改动库口径（度量单位） 还原" in departed
    assert (row["unit"], row["target_value"]) == ("个", "300")
    assert "已改动库口径" not in clerk.text()


@pytest.fixture
def former(office: Office) -> int:
    """Last year's case of a project, which is over."""
    former = office.open_case(code="示例-连续")
    office.finish(former, **SHORT, sampled=False, selected=False)
    return former


@pytest.fixture
def again(office: Office, former: int) -> Task:
    """The target of the same project in the year after, to be filled in; its budget is closed by then."""
    case = _next_year(office, former)
    office.reach(case, "target_filing.refile_target", **SHORT)
    (task,) = office.tasks(case)
    return task


def test_an_empty_table_says_how_many_indicators_last_year_had(
    office: Office, former: int, again: Task, clerk: Hands
) -> None:
    promised = office.versions(former, "F02")[-1].content["indicators"]

    clerk.open(f"/tasks/{again.id}")

    assert f"还没有指标。可从指标库选用，或沿用上年 {len(promised)} 条。" in clerk.text()
    assert clerk.button(f"沿用上年 {len(promised)} 条", name="again") is not None


def test_an_empty_table_of_a_project_without_a_last_year_offers_the_library_alone(task: Task, clerk: Hands) -> None:
    clerk.open(f"/tasks/{task.id}")

    assert "还没有指标。可从指标库选用。" in clerk.text()
    assert clerk.button(name="again") is None


def test_a_row_taken_over_is_marked_as_last_years_until_it_is_changed(again: Task, clerk: Hands) -> None:
    clerk.open(f"/tasks/{again.id}")
    clerk.press(name="again", value="indicators")
    rows = _marked(clerk)
    first = next(iter(rows))
    clerk.type(f"{first}.name", "示例：改了名称的指标")
    clerk.press(name="save", value="1")

    assert set(rows.values()) == {True}
    assert _marked(clerk) == rows | {first: False}
    assert f"{len(rows) - 1} 行沿用上年、还没有改" in clerk.text()


def test_last_years_rows_never_replace_what_was_typed(office: Office, former: int, again: Task, clerk: Hands) -> None:
    promised = office.versions(former, "F02")[-1].content["indicators"]
    clerk.open(f"/tasks/{again.id}")
    clerk.press(name="add", value="indicators")
    (row,) = _marked(clerk)
    for name, value in (("level2", promised[0]["level2"]), ("name", promised[0]["name"]), ("unit", "自己写的")):
        clerk.type(f"{row}.{name}", value)
    clerk.press(name="again", value="indicators")

    kept = rows_kept(office, again)
    assert (kept[0]["unit"], kept[0]["name"]) == ("自己写的", promised[0]["name"])
    assert [each["name"] for each in kept] == [each["name"] for each in promised]
    assert _marked(clerk)[row] is False


def test_the_rows_of_last_year_are_taken_over_with_what_was_reached(
    office: Office, former: int, again: Task, clerk: Hands
) -> None:
    clerk.open(f"/tasks/{again.id}")
    clerk.press(name="again", value="indicators")

    rows = rows_kept(office, again)
    promised = office.versions(former, "F02")[-1].content["indicators"]
    assert [row["name"] for row in rows] == [row["name"] for row in promised]
    assert any(row.get("last_year_value") for row in rows)
    assert all("target_date" not in row for row in rows)
    assert clerk.button(name="again") is None


def test_a_draft_a_colleague_saved_meanwhile_is_not_overwritten(office: Office, task: Task, clerk: Hands) -> None:
    entered(office)
    clerk.open(f"/tasks/{task.id}/indicators?table=indicators").type("code", ["JY-01"])
    with office.transactions() as session:
        save_draft(session, task.id, {"annual_goal": "同事写的"}, by=office.bureau.clerk, at=office.now)
        save_draft(session, task.id, {"annual_goal": "同事又写的"}, by=office.bureau.clerk, at=office.now, version=1)

    clerk.type("code", ["JY-01"])
    sent = {"_word": clerk.value("_word")[0], "draft_version": "1", "table": "indicators", "code": "JY-01"}
    answer = clerk.client.post(f"/tasks/{task.id}/indicators", data=sent)

    assert (answer.status_code, answer.location) == (307, f"/tasks/{task.id}/draft")
    assert rows_kept(office, task) == []


@pytest.mark.parametrize("table", ["", "funds", "nothing", "explanations", "indicators[r1]", "\x00"])
def test_a_table_that_takes_no_entries_is_refused(office: Office, task: Task, clerk: Hands, table: str) -> None:
    answer = clerk.client.get(f"/tasks/{task.id}/indicators", query_string={"table": table})

    assert answer.status_code == 404


def test_nobody_else_opens_the_library_beside_a_task(office: Office, task: Task, hands_of: SitsDown) -> None:
    head = hands_of(office.bureau.head)

    assert head.open(f"/tasks/{task.id}/indicators?table=indicators").status == 403


def _marked(clerk: Hands) -> dict[str, bool]:
    """The rows of the table on the page: whether each is marked as last year's."""
    heads = clerk.page.xpath("//th[input[starts-with(@name, 'indicators[')]]")
    return {
        head.xpath("string(input/@name)").removesuffix(".id"): "上年" in head.xpath("string(small)") for head in heads
    }


def _next_year(office: Office, former: int) -> int:
    """The same project in the year after."""
    case = office.case(former)
    new = new_project(office.bureau, case.code, name=case.name, fiscal_year=FISCAL_YEAR + 1)
    with office.transactions() as session:
        return int(start_case(session, new, by=office.bureau.office, at=office.now).case_id or 0)
