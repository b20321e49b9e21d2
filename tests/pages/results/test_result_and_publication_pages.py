"""结果应用清单 and 公开事项: by which rule what is done, what stands before publication, many results at once."""

from collections.abc import Iterator

import pytest

from engine.results.model import Deliberation
from engine.store import Database
from engine.words import CaseKind
from tests.integration.desk import sound
from tests.office import Office
from tests.pages.conftest import SitsDown


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    """从化区: its table puts congress before publication."""
    office = Office.opened(database, "conghua")
    yield office
    sound(office)


def test_the_list_of_a_budget_year_goes_with_its_objects_and_leads_to_the_steps(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    division = hands_of(office.bureau.division)
    empty = division.open("/result-applications/2023").text()
    office.reach(case, "result_use.decide_result_use")
    (task,) = office.tasks(case)

    current = division.open("/result-applications").heading()
    proposed = division.open("/result-applications/2023")
    leads = proposed.page.xpath(f"//table//a[@href='/tasks/{task.id}']")
    words = proposed.text()
    office.do(case, "decide_result_use")
    consulted = division.open("/result-applications/2023?state=consulted").text()

    assert "没有定稿的评价结果，清单要在评价定稿后生成。" in empty
    assert current == f"结果应用清单 {office.today.year + 1} 年预算"
    assert division.open("/result-applications/987654321").status == 404
    assert leads
    assert "建议" in words
    assert "待反馈" in consulted
    assert "适用" in consulted
    assert "当前条件下没有对象；去掉“状态：" in division.open("/result-applications/2023?state=final").text()
    assert hands_of(office.bureau.clerk).open("/result-applications/2023").status == 403


def test_a_cut_shows_its_working_the_milder_rule_and_its_exception(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.decide_result_use")
    office.do(
        case, "decide_result_use", effect="proportional_cut",
        changes={"effects[a1].exception_reason": "示例：压减专项", "effects[a1].approved_by": "示例局长"},
    )  # fmt: skip

    seen = hands_of(office.bureau.office).open("/result-applications/2023").text()

    assert "120.00 × 5 % = 6.00；120.00 − 6.00 = 114.00" in seen
    assert "例外：示例：压减专项" in seen
    assert "批准：示例局长" in seen


def test_each_proposal_tells_what_became_of_it_and_what_is_still_open(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.decide_result_use", score="69.99")
    (task,) = office.tasks(case)
    form = hands_of(office.bureau.division).open(f"/tasks/{task.id}").text()
    office.do(case, "decide_result_use", effect="quota_cut")
    office.do(case, "confirm_result_use")

    seen = hands_of(office.bureau.office).open("/result-applications/2023?state=partly").text()

    assert "2023年预算（下年编制）：按比例扣减公用经费定额 5.00%" in form
    assert "规则表建议：按比例扣减公用经费定额，执行" in seen
    assert "规则表建议：优先保障，待审定" in seen
    assert "“优先保障”还没有审定" in seen
    assert "有建议未审定" in seen


def test_a_proposal_that_is_waived_is_not_said_to_give_way_to_a_stricter_one(
    office: Office, hands_of: SitsDown
) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.decide_result_use", score="69.99")
    office.do(
        case, "decide_result_use",
        changes={
            "effects[a1].applied": True, "effects[a2].applied": False,
            "effects[a2].exception_reason": "示例：已整改", "effects[a2].approved_by": "示例局长",
        },
    )  # fmt: skip

    seen = hands_of(office.bureau.office).open("/result-applications/2023").text()

    assert "这条建议例外不执行。" in seen
    assert "同一预算已执行更严的一条。" not in seen
    assert "规则表建议：按比例扣减公用经费定额，例外不执行：示例：已整改（批准：示例局长）" in seen


def test_an_objection_and_the_ruling_on_it_are_heard_once_and_told_to_both(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case(CaseKind.WHOLE_DEPARTMENT)
    office.reach(case, "result_use.confirm_result_use")
    (asked,) = office.tasks(case)
    unit = hands_of(office.bureau.head).open(f"/tasks/{asked.id}").text()
    office.do(case, "confirm_result_use", use_objection="raised", reason="示例：核减过多")
    (ruled,) = office.tasks(case)
    leader = hands_of(office.bureau.leader).open(f"/tasks/{ruled.id}").text()
    disputed = hands_of(office.bureau.office).open("/result-applications/2023").text()
    office.do(case, "review_use_objection", use_objection_result="maintained", reason="示例：数据属实")
    final = hands_of(office.bureau.office).open("/result-applications/2023?state=final").text()

    assert "对结果应用有无异议" in unit
    assert "示例：核减过多" in leader
    assert "提出异议：示例：核减过多" in disputed
    assert "维持：示例：数据属实" in final
    assert "没有期限" in leader


def test_what_stands_before_publication_is_told_with_what_is_missing(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "result_use.record_congress_deliberation")

    clerk = hands_of(office.bureau.clerk).open("/disclosures?year=2021")
    missing = clerk.text()
    office.finish(case)
    published = hands_of(office.bureau.office).open("/disclosures?year=2021&state=published").text()

    assert "○ 人大（常委会）审议：还没有登记" in missing
    assert "尚缺程序" in missing
    assert clerk.button("登记所选") is None
    assert "✓ 及时" in published
    assert "✓ 完整" in published
    assert "已公开" in published


def test_one_sitting_is_put_on_record_for_many_results_and_for_the_year(office: Office, hands_of: SitsDown) -> None:
    first, second, third = (office.open_case(code=f"示例-2021-00{number}") for number in (1, 2, 3))
    for case in (first, second):
        office.reach(case, "result_use.record_congress_deliberation")
    office.reach(third, "result_use.decide_result_use")
    finance = hands_of(office.bureau.office).open("/disclosures/deliberations/new?year=2021")
    nothing_yet = finance.text()
    finance.type("kind", "key_evaluation_report")
    finance.type("body", "congress")
    finance.press("列出案卷")
    frozen = finance.text()

    finance.type("word", "passed")
    finance.type("held_on", "2999-01-01")
    finance.press("登记所选")
    too_early = finance.status, finance.said(), finance.value("held_on")
    finance.type("held_on", office.today.isoformat())
    finance.type("whole", "1")
    finance.press("登记所选")
    done = finance.text()

    assert "先选事项和程序" in nothing_yet
    assert "已按当前条件冻结 2 件" in frozen
    assert "还没有走到登记审议这一步" in frozen
    assert too_early == (422, "审议日期2999-01-01还没有到，没有登记。请在会后登记。", ["2999-01-01"])
    assert "成功 3" in done
    assert "失败 0" in done
    assert [office.open_steps(case) for case in (first, second)] == [["result_use.publish_result"]] * 2
    assert [row.body.value for row in office.rows(Deliberation, first)] == ["government", "congress"]
    assert "2021 年度此类事项全部" in finance.open("/disclosures?year=2021").text()


def test_a_batch_sent_twice_or_without_anything_chosen_does_nothing_more(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "result_use.record_congress_deliberation")
    path = "/disclosures/deliberations/new?year=2021&kind=key_evaluation_report&body=congress"
    finance = hands_of(office.bureau.office).open(path)
    form = next(form for form in finance.page.forms if "deliberations?" in form.action)
    told = dict(form.form_values()) | {"held_on": office.today.isoformat(), "word": "passed"}

    chosen_none = finance.client.post(form.action, data={k: v for k, v in told.items() if k != "item"})
    once = finance.client.post(form.action, data=told)
    twice = finance.client.post(form.action, data=told)

    assert chosen_none.status_code == 422
    assert "没有选择案卷，没有登记" in chosen_none.text
    assert "成功 1" in " ".join(once.text.split())
    assert twice.status_code == 200
    assert [row.body.value for row in office.rows(Deliberation, case)] == ["government", "congress"]


@pytest.mark.parametrize("address", ["/disclosures/deliberations", "/disclosures/deliberations?kind=x&body=y&year=0"])
def test_a_batch_nobody_asked_for_is_refused_in_a_sentence(office: Office, hands_of: SitsDown, address: str) -> None:
    finance = hands_of(office.bureau.office).open("/disclosures?year=2021")
    word = finance.page.xpath("string(//input[@name='_word']/@value)")

    answer = finance.client.post(address, data={"_word": word, "item": ["x", "1.2", "9" * 30, ""], "whole": "1"})

    assert answer.status_code == 422
    assert "没有选择事项和程序，没有登记" in answer.text
