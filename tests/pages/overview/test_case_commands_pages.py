"""What changes the course of a case, from its page: tried first, then done, and said afterwards."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine import process
from engine.commands.fire_guarded import fire_guarded
from engine.commands.start_case import Line
from engine.directory import Unit
from engine.moves.incidents import CaseStuck
from engine.process import ProcessIncident
from engine.words import CaseState, UnitKind
from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.hands import Hands
from tests.pages.overview.conftest import FILLING
from web.pages.case_commands import ORDERS


def last_event(office: Office, case_id: int) -> str:
    return office.journal(case_id)[-1].type


def test_a_case_is_suspended_with_a_reason_and_its_page_says_so(office: Office, officer: Hands, case_id: int) -> None:
    officer.open(f"/cases/{case_id}").follow(f"/cases/{case_id}/suspension")
    assert "填报绩效目标" in officer.text()

    officer.type("reason", "示例：等待上级文件")
    officer.press("确认暂停案卷")

    assert (officer.path, officer.status) == (f"/cases/{case_id}", 200)
    assert "案卷已暂停" in officer.text()
    assert office.case(case_id).state == CaseState.SUSPENDED


def test_without_a_reason_nothing_is_done_and_the_page_says_what_is_missing(
    office: Office, officer: Hands, case_id: int
) -> None:
    officer.open(f"/cases/{case_id}/suspension").press("确认暂停案卷")

    assert officer.status == 422
    assert "写明原因" in officer.said()
    assert office.case(case_id).state == CaseState.ACTIVE


def test_a_suspended_case_is_resumed_and_offers_nothing_else_that_needs_it_moving(
    office: Office, officer: Hands, case_id: int
) -> None:
    officer.open(f"/cases/{case_id}/suspension").type("reason", "示例：暂停")
    officer.press("确认暂停案卷")
    links = set(officer.page.xpath("//details[contains(@class, 'jx-offers')]//a/@href"))

    officer.follow(f"/cases/{case_id}/resumption").type("reason", "示例：文件已到")
    officer.press("确认恢复案卷")

    assert links == {f"/cases/{case_id}/resumption", f"/cases/{case_id}/cancellation"}
    assert office.case(case_id).state == CaseState.ACTIVE


def test_before_a_case_is_cancelled_the_work_that_is_taken_back_is_named(
    office: Office, officer: Hands, case_id: int
) -> None:
    officer.open(f"/cases/{case_id}/cancellation")
    before = officer.text()
    officer.type("reason", "示例：项目撤销")
    officer.press("确认取消案卷")

    assert "收回" in before
    assert "填报绩效目标" in before
    assert office.case(case_id).state == CaseState.CANCELLED
    assert office.tasks(case_id) == []


def test_a_budget_is_adjusted_after_what_follows_was_shown(office: Office, hands_of: SitsDown) -> None:
    case_id = office.open_case()
    office.reach(case_id, "monitoring")
    division = hands_of(office.bureau.division)

    division.open(f"/cases/{case_id}/adjustment")
    division.type("amount_wan", "150.5")
    division.type("kind", "cut")
    division.type("reason", "示例：压减一般性支出")
    division.press("试办")
    tried = division.text()
    nothing_yet = office.journal(case_id, "budget.adjusted")
    division.press("确认预算调整")

    assert "180 → 150.5 万元（−29.5）" in tried
    assert "预算单位经办人" in tried
    assert nothing_yet == []
    assert "预算调整已登记" in division.text()
    assert len(office.journal(case_id, "budget.adjusted")) == 1


def test_of_several_sums_each_is_typed_and_what_they_do_not_make_is_said(office: Office, hands_of: SitsDown) -> None:
    case_id = office.open_case(lines=(Line("财政拨款", Decimal(60)), Line("经开区拨款", Decimal(120))))
    office.reach(case_id, "monitoring")
    division = hands_of(office.bureau.division).open(f"/cases/{case_id}/adjustment")
    division.type("amount_wan", "30")
    division.type("kind", "cut")
    division.type("reason", "示例：压减")
    usual = [division.value(f"line_{number}") for number in (1, 2)]

    division.press("试办")
    refused, status = division.said(), division.status
    division.type("line_1", "10")
    division.type("line_2", "20")
    division.press("试办")

    assert usual == [["60"], ["120"]]
    assert (status, "合计180万元，与金额30万元不一致" in refused) == (422, True)
    assert "120 → 20 万元" in division.text()
    division.press("确认预算调整")
    (told,) = office.journal(case_id, "budget.adjusted")
    assert told.payload["lines"] == ["财政拨款60→10", "经开区拨款120→20"]


def test_a_clerk_corrects_what_the_unit_asks_for_from_the_page_of_the_case(office: Office, hands_of: SitsDown) -> None:
    case_id = office.open_case(lines=(Line("财政拨款", Decimal(60)), Line("经开区拨款", Decimal(120))))
    office.reach(case_id, "target_filing.fill_target", ex_ante_verdict="exempt", entry_review_verdict="no")
    clerk = hands_of(office.bureau.clerk).open(f"/cases/{case_id}").follow(f"/cases/{case_id}/request")
    clerk.type("amount_wan", "150")
    clerk.type("line_1", "30")
    clerk.type("reason", "示例：设备费重复计算")
    clerk.press("试办")
    tried = clerk.text()
    clerk.press("确认更正申报金额")

    assert "180 → 150 万元（−30）" in tried
    assert "60 → 30 万元" in tried
    assert "申报金额已更正" in clerk.text()
    assert office.case(case_id).amount_wan == 150


def test_once_a_review_let_it_pass_the_unit_is_told_who_can_change_the_amount(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = office.open_case()
    office.reach(case_id, "target_filing.review_target", ex_ante_verdict="exempt", entry_review_verdict="no")
    clerk = hands_of(office.bureau.clerk)
    offered = clerk.open(f"/cases/{case_id}").page.xpath("//a/@href")

    clerk.open(f"/cases/{case_id}/request")
    clerk.type("amount_wan", "150")
    clerk.type("reason", "示例：金额写错")
    clerk.press("试办")

    assert f"/cases/{case_id}/request" not in offered
    assert "“审核绩效目标”已经办理" in clerk.said()
    assert office.case(case_id).amount_wan == 180


@pytest.mark.parametrize("typed", ["约一百万", "1_000", "12,34", "1e2", "NaN", "一" * 60])
def test_an_amount_that_cannot_be_read_stays_on_the_page_with_a_sentence(
    office: Office, hands_of: SitsDown, typed: str
) -> None:
    case_id = office.open_case()
    office.reach(case_id, "monitoring")
    division = hands_of(office.bureau.division).open(f"/cases/{case_id}/adjustment")

    division.type("amount_wan", typed)
    division.press("试办")

    assert division.status == 422
    assert "读不出金额" in division.said()
    assert division.value("amount_wan") == [typed]
    assert division.button("确认预算调整") is None


def test_what_was_changed_after_the_trial_is_tried_once_more_instead_of_done(
    office: Office, hands_of: SitsDown
) -> None:
    case_id = office.open_case()
    office.reach(case_id, "monitoring")
    division = hands_of(office.bureau.division).open(f"/cases/{case_id}/adjustment")
    division.type("amount_wan", "150")
    division.type("kind", "cut")
    division.type("reason", "示例：压减")
    division.press("试办")

    division.type("amount_wan", "15")
    division.press("确认预算调整")

    assert "内容与试办时不同" in division.text()
    assert "180 → 15 万元" in division.text()
    assert office.journal(case_id, "budget.adjusted") == []


def test_pressing_twice_does_it_once(office: Office, officer: Hands, case_id: int) -> None:
    officer.open(f"/cases/{case_id}/suspension").type("reason", "示例：暂停")
    form = next(each for each in officer.page.iter("form") if each.get("action") == f"/cases/{case_id}/suspension")
    sent = {each.get("name"): each.get("value", "") for each in form.iter("input")}
    sent |= {"reason": "示例：暂停", "do": "confirm"}

    answers = [officer.client.post(f"/cases/{case_id}/suspension", data=sent).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert len(office.journal(case_id, "case.suspended")) == 1


def test_an_agency_is_replaced_beside_the_steps(office: Office, officer: Hands, case_id: int) -> None:
    with office.transactions() as session:
        session.add(Unit(jurisdiction="huaxi", name="示例机构乙", kind=UnitKind.AGENCY, department_id=None))

    officer.open(f"/cases/{case_id}/agency")
    before = officer.text()
    officer.choose("agency", "示例机构乙")
    officer.type("lead_evaluator", "示例主评人")
    officer.type("declared_independent", ["yes"])
    officer.press("试办").press("确认委派机构")

    assert "现在的机构示例机构" in before
    assert "机构已委派" in officer.text()
    assert last_event(office, case_id) == "agency.assigned"


def test_an_agency_that_advised_the_unit_is_put_on_record_and_then_not_engaged(
    office: Office, officer: Hands, case_id: int
) -> None:
    officer.open(f"/cases/{case_id}").follow(f"/cases/{case_id}/adviser")
    officer.choose("agency", "示例机构")
    officer.type("reason", "示例：代编绩效自评材料")
    officer.press("试办").press("确认登记咨询机构")
    done = officer.text()

    officer.open(f"/cases/{case_id}/agency")
    before = officer.text()
    officer.choose("agency", "示例机构")
    officer.type("lead_evaluator", "示例主评人")
    officer.type("declared_independent", ["yes"])
    officer.press("试办")

    assert "咨询机构已登记" in done
    assert "本年度为该单位提供咨询示例机构" in before
    assert officer.status == 403
    assert "本年度为被评价单位提供过咨询，应当回避" in officer.said()


def test_an_agency_that_declared_nothing_is_not_engaged(office: Office, officer: Hands, case_id: int) -> None:
    officer.open(f"/cases/{case_id}/agency")
    officer.choose("agency", "示例机构")
    officer.type("lead_evaluator", "示例主评人")
    officer.press("试办")

    assert officer.status == 403
    assert "回避声明" in officer.said()


def test_a_deadline_is_moved_with_the_old_and_the_new_day_side_by_side(
    office: Office, officer: Hands, case_id: int
) -> None:
    (kept, *_) = office.deadlines(case_id, "target_filing.fill")
    later = kept.due_on + timedelta(days=9)

    officer.open(f"/cases/{case_id}?tab=deadlines").follow(f"/deadlines/{kept.id}/extension")
    officer.type("until", later.isoformat())
    officer.type("reason", "示例：单位系统故障")
    officer.press("试办")
    tried = officer.text()
    officer.press("确认延长期限")

    assert f"{kept.due_on.month}月{kept.due_on.day}日" in tried
    assert f"→ {later.month}月{later.day}日" in tried
    assert "期限已延长" in officer.text()
    assert office.deadlines(case_id, "target_filing.fill")[0].due_on == later


def test_a_day_before_the_present_one_is_refused(office: Office, officer: Hands, case_id: int) -> None:
    (kept, *_) = office.deadlines(case_id, "target_filing.fill")

    officer.open(f"/deadlines/{kept.id}/extension")
    officer.type("until", kept.due_on.isoformat())
    officer.type("reason", "示例")
    officer.press("试办")

    assert officer.status == 422
    assert "应晚于" in officer.said()


def test_all_deadlines_of_a_kind_are_moved_together_and_counted(office: Office, officer: Hands, case_id: int) -> None:
    office.reach(office.open_case(code="示例-第二"), FILLING)
    (kept, *_) = office.deadlines(case_id, "target_filing.fill")
    later = kept.due_on + timedelta(days=9)

    officer.open("/cases").follow("/deadlines/extensions")
    officer.type("kind", "2021.target_filing.fill")
    officer.type("until", later.isoformat())
    officer.type("reason", "示例：全区统一延期")
    officer.press("试办")
    tried = officer.text()
    officer.press("确认统一延期")

    assert "移动2 项" in tried
    assert "已移动 2 项" in officer.text()
    assert office.deadlines(case_id, "target_filing.fill")[0].due_on == later


def test_a_kind_that_is_late_is_listed_apart_and_moved_too(office: Office, officer: Hands, case_id: int) -> None:
    (kept, *_) = office.deadlines(case_id, "target_filing.fill")
    office.let_pass(case_id, "target_filing.fill")
    later = office.today + timedelta(days=9)

    officer.open("/deadlines/extensions")
    listed = officer.text()
    officer.type("kind", "2021.target_filing.fill")
    officer.type("until", later.isoformat())
    officer.type("reason", "示例：全区统一延期")
    officer.press("试办")
    tried = officer.text()
    officer.press("确认统一延期")

    assert f"绩效目标申报·填报（已逾期 1 项，最早 {kept.due_on}）" in listed
    assert "移动1 项；另有 0 项" in tried
    assert f"{kept.due_on.month}月{kept.due_on.day}日" in tried
    assert office.deadlines(case_id, "target_filing.fill")[0].due_on == later


def test_a_failed_automatic_step_is_told_on_the_case_and_tried_again_from_there(
    office: Office, officer: Hands, case_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept, *_) = office.deadlines(case_id, "target_filing.fill")
    office.clock.move_to(kept.due_at + timedelta(seconds=1))
    with monkeypatch.context() as broken:
        broken.setattr(process, "fire", _out_of_order)
        with pytest.raises(CaseStuck):
            fire_guarded(office.database, "huaxi", kept.id, at=office.now)
    told = officer.open(f"/cases/{case_id}").text()

    officer.press(to=re.search(r"/cases/\d+/incidents/\d+/retry", _forms(officer))[0])

    assert "异常" in told
    assert "异常已处理" in officer.text()
    assert officer.page.xpath("//form[contains(@action, '/incidents/')]") == []
    assert len(office.journal(case_id, "incident.resolved")) == 1


def test_an_incident_of_another_case_is_not_found_there(officer: Hands, office: Office, case_id: int) -> None:
    other = office.open_case(code="示例-别的")
    officer.open(f"/cases/{case_id}/suspension")

    answer = officer.client.post(
        f"/cases/{other}/incidents/1/retry", data={"_word": officer.value("_word")[0]}, follow_redirects=True
    )

    assert answer.status_code == 404


def test_a_unit_is_offered_none_of_it(office: Office, hands_of: SitsDown, case_id: int) -> None:
    clerk = hands_of(office.bureau.clerk).open(f"/cases/{case_id}")

    assert not re.search("变更案卷", clerk.text())
    assert clerk.open(f"/cases/{case_id}/cancellation").status == 403


def _out_of_order(*_: Any) -> Any:
    raise ProcessIncident("流程图出错", process_id="target_filing", element_id="fill_target")


def _forms(hands: Hands) -> str:
    return " ".join(each.get("action", "") for each in hands.page.iter("form"))


def test_facts_are_corrected_after_what_the_tables_make_of_them_was_shown(
    office: Office, officer: Hands, case_id: int
) -> None:
    officer.open(f"/cases/{case_id}/facts")
    usual = [officer.value(name) for name in ("project_nature", "marks")]
    officer.type("marks", "公益性强、影响面大")
    officer.type("spending_frequency", "one_off")
    officer.type("reason", "示例：立项批复")

    officer.press("试办")
    tried, nothing_yet = officer.text(), office.journal(case_id, "facts.corrected")
    officer.press("确认更正资料")

    assert usual == [["continuing"], [""]]
    assert "支出频次 经常性→一次性" in tried
    assert "选取标记 没有登记→公益性强、影响面大" in tried
    assert nothing_yet == []
    assert "资料已更正" in officer.text()
    assert office.case(case_id).facts["marks"] == ["public_good", "wide_impact"]


def test_a_mark_nobody_knows_is_named_with_those_there_are(office: Office, officer: Hands, case_id: int) -> None:
    officer.open(f"/cases/{case_id}/facts").type("marks", "公益性強")
    officer.type("reason", "示例")

    officer.press("试办")

    assert "没有“公益性強”这个选取标记" in officer.said()
    assert "公益性强" in officer.said()


NASTY = ("\x00", "=HYPERLINK(1)", "<script>alert(1)</script>", "9" * 5000, "NaN", "-1e999999", "\U0001f600\u202e", "２")


@pytest.mark.parametrize("do", ["try", "confirm"])
def test_nothing_typed_breaks_a_page_or_is_run_by_it(office: Office, officer: Hands, case_id: int, do: str) -> None:
    (kept, *_) = office.deadlines(case_id, "target_filing.fill")
    pages = [f"/cases/{case_id}/{noun}" for noun in ORDERS] + [
        "/cases/new", "/deadlines/extensions", f"/deadlines/{kept.id}/extension",
    ]  # fmt: skip
    forms = {path: [name for name in officer.open(path).names() if officer.has(name)] for path in pages}
    word, answers = officer.value("_word")[0], {}

    for path, names in forms.items():
        for typed in NASTY:
            sent = dict.fromkeys(names, typed) | {"_word": word, "do": do, "key": typed, "expected": typed}
            answer = officer.client.post(path, data=sent)
            answers[path, typed] = (answer.status_code < 500, "<script>alert" in answer.text)

    assert {each for each, told in answers.items() if told != (True, False)} == set()
