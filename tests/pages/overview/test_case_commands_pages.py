"""What changes the course of a case, from its page: tried first, then done, and said afterwards."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from engine import process
from engine.accounts import open_account
from engine.cases import Case
from engine.commands.fire_guarded import fire_guarded
from engine.directory import Actor, Person, Unit
from engine.moves.incidents import CaseStuck
from engine.process import ProcessIncident
from engine.stages.model import Definition
from engine.words import CaseState, Role, UnitKind
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.hands import Hands
from web.pages.case_commands import ORDERS
from web.visits.site import NAME

LONG_AFTER = timedelta(minutes=6)
FILLING = "target_filing.fill_target"


@pytest.fixture
def case_id(office: Office) -> int:
    """A case whose unit is to fill in its target."""
    case_id = office.open_case()
    office.reach(case_id, FILLING)
    return case_id


@pytest.fixture
def officer(office: Office, hands_of: SitsDown, case_id: int) -> Hands:
    """The officer of the 绩效股."""
    return hands_of(office.bureau.office)


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


def offers(officer: Hands, case_id: int, noun: str) -> bool:
    """Whether the case offers that command."""
    return bool(officer.open(f"/cases/{case_id}").page.xpath(f"//a[@href='/cases/{case_id}/{noun}']"))


def test_a_case_on_todays_versions_has_nothing_to_migrate(officer: Hands, case_id: int) -> None:
    offered = offers(officer, case_id, "migration")

    officer.open(f"/cases/{case_id}/migration")

    assert not offered

    assert "已经在用现行的流程和规则" in officer.said()
    assert officer.button("确认换用新版流程") is None


def test_a_case_on_older_versions_is_tried_and_moved_to_todays(office: Office, officer: Hands, case_id: int) -> None:
    with office.database.upkeep() as session:
        kept = session.get_one(Definition, office.case(case_id).policy_id)
        older = Definition(kind="policy", name=kept.name, hash="示例", files=kept.files, kept_at=office.now, turn=0)
        session.add(older)
        session.flush()
        session.execute(update(Case).where(Case.id == case_id).values(policy_id=older.id))

    second = office.bureau.second_officer
    officer.open(f"/cases/{case_id}/migration").type("reason", "示例：统一换用现行规则")
    tried = officer.text()
    offered = [offers(officer, case_id, noun) for noun in ("migration", "migration-undone")]
    officer.open(f"/cases/{case_id}/migration").type("reason", "示例：统一换用现行规则")
    officer.type("second_login", f"{second.name}@{second.unit_id}")
    officer.type("second_password", PASSWORD)
    officer.press("确认换用新版流程")

    assert offered == [True, False]
    assert "试运行可以换" in tried
    assert "停在填报绩效目标" in tried
    assert "已换用新版流程和规则" in officer.text()
    assert office.case(case_id).policy_id == kept.id

    officer.open(f"/cases/{case_id}").follow(f"/cases/{case_id}/migration-undone").type("reason", "示例：先不换")
    officer.press("确认撤回迁移")

    assert "已换回原来的流程和规则" in officer.text()
    assert not offers(officer, case_id, "migration-undone")
    assert offers(officer, case_id, "migration")
    assert office.case(case_id).policy_id == older.id


def test_a_step_is_moved_with_the_password_and_a_second_person(office: Office, officer: Hands, case_id: int) -> None:
    second = office.bureau.second_officer
    officer.open(f"/cases/{case_id}/correction")
    officer.type("step", "target_filing.check_target")
    officer.type("reason", "示例：误退")
    officer.press("试办")
    tried = officer.text()
    officer.type("second_login", f"{second.name}@{second.unit_id}")
    officer.type("second_password", PASSWORD)
    officer.press("确认移动步骤")

    assert "收回填报绩效目标" in tried
    assert "步骤已移动" in officer.text(), officer.said()
    assert office.open_steps(case_id) == ["target_filing.check_target"]
    assert office.journal(case_id, "case.corrected")[0].payload["agreed_by"] == second.person_id


@pytest.mark.parametrize("who", ["office", "clerk"])
def test_nobody_agrees_to_moving_a_step_who_may_not(
    office: Office, hands_of: SitsDown, officer: Hands, case_id: int, who: str
) -> None:
    agreeing: Actor = getattr(office.bureau, who)
    officer.open(f"/cases/{case_id}/correction")
    officer.type("step", "target_filing.check_target")
    officer.type("reason", "示例：误退")
    officer.press("试办")
    officer.type("second_login", f"{agreeing.name}@{agreeing.unit_id}")
    officer.type("second_password", PASSWORD)

    officer.press("确认移动步骤")

    assert officer.status == 403
    assert "同意" in officer.said()
    assert office.open_steps(case_id) == [FILLING]


def test_a_wrong_password_of_oneself_or_the_second_person_moves_nothing_and_is_counted(
    office: Office, officer: Hands, case_id: int
) -> None:
    second, watch = office.bureau.second_officer, officer.client.application.extensions[NAME].watch
    watch.move_to(watch.now() + LONG_AFTER)
    officer.open(f"/cases/{case_id}/correction")
    officer.type("step", "target_filing.check_target")
    officer.type("reason", "示例：误退")
    officer.press("试办")
    said = []
    for password in ("wrong", "wrong", PASSWORD):
        officer.type("password", password)
        officer.type("second_login", f"{second.name}@{second.unit_id}")
        officer.type("second_password", "wrong")
        officer.press("确认移动步骤")
        said.append(officer.said())

    assert ["还可再试 4 次" in said[0], "还可再试 3 次" in said[1], "还可再试 4 次" in said[2]] == [True] * 3
    assert office.open_steps(case_id) == [FILLING]


def test_an_operator_moves_a_step_without_seeing_the_case(office: Office, hands_of: SitsDown, case_id: int) -> None:
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        operator = person_in(session, unit, "冯运维", Role.OPERATOR)
        open_account(
            session, session.get_one(Person, operator.person_id), PASSWORD, by=None, at=office.now, must_change=False
        )
    hands = hands_of(operator)

    seen = hands.open(f"/cases/{case_id}").status
    hands.open(f"/cases/{case_id}/correction")

    assert seen == 403
    assert "target_filing.check_target" in hands.offers("step")


def test_a_case_is_begun_for_an_object_and_opens_its_first_steps(office: Office, officer: Hands) -> None:
    officer.open("/cases").follow("/cases/new")
    officer.type("object_kind", "project")
    officer.type("name", "示例：图书馆通风改造")
    officer.type("code", "示例-新-1")
    officer.choose("unit", "示例单位甲")
    officer.type("fiscal_year", "2022")
    officer.type("lines", "财政拨款\t1,180.00\n上级补助 20")
    for name, word in (
        ("project_nature", "continuing"), ("spending_frequency", "recurrent"), ("project_category", "other"),
    ):  # fmt: skip
        officer.type(name, word)
    officer.press("试办")
    tried = officer.text()
    officer.press("确认新建案卷")

    assert "2 笔，1,200 万元" in tried
    assert officer.heading() == "示例：图书馆通风改造"
    assert "案卷已建立" in officer.text()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("lines", "财政拨款", "读不出名称和金额"),
        ("lines", "万元", "读不出名称和金额"),
        ("lines", "财政拨款 1_000", "读不出名称和金额"),
        ("lines", "财政拨款 12,34", "读不出名称和金额"),
        ("fiscal_year", "明年", "四位数的年份"),
        ("name", "", "名称和编码都要填写"),
        ("policy_ends_on", "年底", "政策到期日应写成"),
    ],
)
def test_an_object_that_is_not_described_well_begins_no_case(
    office: Office, officer: Hands, field: str, typed: str, said: str
) -> None:
    officer.open("/cases/new")
    officer.type("object_kind", "project")
    officer.type("name", "示例：图书馆通风改造")
    officer.type("code", "示例-新-2")
    officer.choose("unit", "示例单位甲")
    officer.type("lines", "财政拨款 180")
    officer.type(field, typed)
    officer.press("试办")

    assert officer.status == 422
    assert said in officer.said()
    assert officer.value(field) == [typed]
    with office.transactions() as session:
        assert session.scalars(select(Case.code).where(Case.code == "示例-新-2")).all() == []


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
