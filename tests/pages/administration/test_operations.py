"""运维: what went wrong and is tried again, what is due, and running cases that move to newer diagrams."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import process
from engine.cases import Incident
from engine.clock import shanghai
from engine.commands.complete_guarded import complete_guarded
from engine.commands.migrate_case import migrate_case
from engine.jobs import end, note, take_up
from engine.moves.incidents import CaseStuck
from engine.process import ProcessIncident
from engine.words import CaseKind, Job, Role
from tests.integration.desk import prepared
from tests.office import Office
from tests.pages.administration.conftest import PASSWORD, Before, Deploy, Somebody
from tests.pages.visitor import sign_in_of

RENAMED = ('name="填报绩效目标"', 'name="填写绩效目标"')
GONE = ("fill_target", "write_target")


@pytest.fixture
def stuck(office: Office, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], int]:
    """A case whose diagram fails behind the filing of its target; `mended` afterwards is the diagram put right."""

    def fail(code: str) -> int:
        case = office.open_case(code=code)
        office.reach(case, "target_filing.fill_target")
        step = prepared(office, case, "fill_target")

        def failing(*_: object) -> None:
            raise ProcessIncident(
                "“审核意见”之后没有一条路可走。", process_id="target_filing", element_id="check_target"
            )

        with monkeypatch.context() as broken:
            broken.setattr(process, "complete", failing)
            with pytest.raises(CaseStuck):
                complete_guarded(
                    office.database, "huaxi", step.task_id, step.outcome, by=step.by, at=office.now, key=f"key {code}"
                )
        return case

    return fail


def test_an_incident_says_what_failed_where_and_why_and_is_put_right_by_trying_again(
    office: Office, before: Before, stuck: Callable[[str], int]
) -> None:
    case = stuck("示例-卡住")
    operator = before(Role.OPERATOR)

    page = operator.get("/operations/incidents").text
    number = _numbers(office)[0]
    answer = operator.post(f"/operations/incidents/{number}/retry")
    afterwards = operator.get("/operations/incidents").text

    assert "示例-卡住" in page
    assert "没有一条路可走" in page
    assert "办结后流程继续" in page
    assert answer.location == "/operations/incidents?said=resolved"
    assert office.open_steps(case) == ["target_filing.confirm_target"]
    assert "没有异常。最近一次" in afterwards
    assert "示例-卡住" in operator.get("/operations/incidents?all=1").text


def test_exactly_the_ticked_incidents_are_tried_again_and_each_has_its_result(
    office: Office, before: Before, stuck: Callable[[str], int]
) -> None:
    first, second, third = (stuck(f"示例-批{n}") for n in (1, 2, 3))
    one, two, _ = _numbers(office)
    operator = before(Role.OPERATOR)
    operator.post(f"/operations/incidents/{two}/retry")

    page = operator.post("/operations/incident-batches", {"incident": [str(one), str(two), "987654321", "x"]}).text

    assert "成功 1 · 跳过 2 · 失败 0" in page
    assert "已经处理好了" in page
    assert office.open_steps(first) == office.open_steps(second) == ["target_filing.confirm_target"]
    assert office.open_steps(third) == ["target_filing.fill_target"]


def test_what_only_the_person_can_do_again_is_not_offered_and_refused_in_words(office: Office, before: Before) -> None:
    case = office.open_case()
    with office.transactions() as session:
        fault = Incident(
            jurisdiction="huaxi", case_id=case, command="approve_submission", arguments={}, element=None,
            message="示例：说不清", raised_at=office.now,
        )  # fmt: skip
        session.add(fault)
        session.flush()
        number = fault.id
    operator = before(Role.OPERATOR)

    page = operator.get("/operations/incidents").text
    answer = operator.post(f"/operations/incidents/{number}/retry")

    assert "请经办人重新办理" in page
    assert "批量重试" not in page
    assert answer.status_code == 409
    assert "不能代为重试" in answer.text


def test_a_deadline_past_its_time_that_has_not_fired_is_told_in_words(office: Office, before: Before) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    operator = before(Role.OPERATOR)
    in_time = operator.get("/operations/deadlines").text

    office.clock.move_to(office.deadlines(case)[0].due_at + timedelta(minutes=1))
    operator = before(Role.OPERATOR)
    late = operator.get("/operations/deadlines").text
    counts = operator.get("/operations").text

    assert "到期未触发 0 个" in in_time
    assert "! 到期未触发" in late
    assert "后台进程在运行的，几秒内触发" in late
    assert "<b>1</b> 到期未触发" in counts
    assert "最早一个 9月28日（周一） 到期" in counts


def test_a_clock_that_does_not_run_is_told_with_what_to_do(before: Before) -> None:
    said = before(Role.OPERATOR).get("/operations").text

    assert "后台进程没有运行过" in said
    assert "<code>jixiao worker</code>" in said


def test_what_the_clock_did_by_itself_is_told_line_by_line(office: Office, before: Before) -> None:
    with office.transactions() as session:
        note(session, "huaxi", Job.SWEEP, "示例/1", office.now, office.now + timedelta(seconds=1), done=3)
        take_up(session, "huaxi", Job.ANCHOR, "示例/2", office.now)
        end(session, "huaxi", Job.ANCHOR, "示例/2", office.now, done=0, fault="锚点文件写不进去。")

    said = before(Role.OPERATOR).get("/operations").text

    assert "后台进程没有运行过" not in said
    assert "1.0 秒" in said
    assert "✕ 锚点文件写不进去。" in said


def test_a_policy_nobody_began_to_evaluate_is_named_with_its_day_and_who_has_to_act(
    office: Office, before: Before
) -> None:
    case = office.open_case(CaseKind.POLICY, code="示例-政策", project_nature="new")
    office.reach(case, "target_filing.fill_target")
    quiet = before(Role.OPERATOR).get("/operations").text

    office.clock.move_to(shanghai(2021, 8, 2))
    told = before(Role.OPERATOR).get("/operations").text

    assert "放假安排、到期政策和公开期限都没有要办的" in quiet
    assert "快到期、还没有启动再评估的政策 1 项" in told
    assert "12月31日（周五）到期" in told
    assert "请财政绩效股为它新建案卷并填写政策到期日" in told


def test_an_empty_bureau_has_three_empty_pages_that_say_why(before: Before) -> None:
    operator = before(Role.OPERATOR)

    assert "还没有出过异常" in operator.get("/operations/incidents").text
    assert "没有计时中的期限" in operator.get("/operations/deadlines").text
    assert "没有积压" in operator.get("/operations").text


def test_a_trial_says_which_cases_could_go_over_and_changes_nothing(
    office: Office, before: Before, somebody: Somebody, deploy: Deploy
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    started_on = office.case(case).diagrams_id
    deploy(*RENAMED)
    operator = before(Role.OPERATOR)

    overview, trial = operator.get("/processes").text, operator.get("/processes/target_filing/migrations").text

    assert "第 2 版" in overview
    assert "1 件" in overview
    assert "可迁 1 · 不可迁 0" in trial
    assert "填报绩效目标" in trial
    assert office.case(case).diagrams_id == started_on


def test_a_case_that_stands_where_the_new_diagram_has_nothing_is_named_with_the_reason(
    office: Office, before: Before, deploy: Deploy
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    deploy(*GONE)

    trial = before(Role.OPERATOR).get("/processes/target_filing/migrations").text

    assert "可迁 0 · 不可迁 1" in trial
    assert "执行迁移" not in trial


def test_cases_are_migrated_after_the_password_and_with_a_reason_and_each_has_its_result(
    office: Office, before: Before, somebody: Somebody, deploy: Deploy
) -> None:
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    started_on = office.case(case).diagrams_id
    deploy(*RENAMED)
    operator, told = before(Role.OPERATOR), {"case": str(case), "reason": "示例：流程修订"}
    here = "/processes/target_filing/migrations"

    without_reason = operator.post(here, {"case": str(case)})
    with office.transactions() as session:
        session.merge(sign_in_of(operator.app, operator)).proven_at = None
    without_password = operator.post(here, {**told, "password": "x"})
    unchanged = office.case(case).diagrams_id
    alone = operator.post(here, {**told, "password": "Ceshi-Mima-2022"})
    still_unchanged = office.case(case).diagrams_id
    second = somebody(Role.PERFORMANCE_OFFICE)
    agreed = {"second_login": f"{second.name}@{second.unit_id}", "second_password": PASSWORD}
    done = before(Role.OPERATOR).post(here, {**told, **agreed})

    assert (without_reason.status_code, without_password.status_code) == (422, 403)
    assert "示例：流程修订" in without_password.text
    assert alone.status_code == 403
    assert unchanged == still_unchanged == started_on
    assert "成功 1 · 跳过 0 · 失败 0" in done.text
    assert office.case(case).diagrams_id != started_on


def test_a_migration_is_taken_back_from_the_page_it_was_made_on_until_the_next_step_is_done(
    office: Office, before: Before, somebody: Somebody, deploy: Deploy
) -> None:
    first, second = office.open_case(), office.open_case(code="示例-2021-002")
    for case in (first, second):
        office.reach(case, "target_filing.fill_target")
    started_on = office.case(first).diagrams_id
    deploy(*RENAMED)
    operator, agrees, here = somebody(Role.OPERATOR), office.bureau.office, "/processes/target_filing/migrations"
    with office.transactions() as session:
        for case in (first, second):
            migrate_case(session, case, reason="示例：流程修订", second=agrees, by=operator, at=office.now)
    office.do(second, "fill_target")
    visitor = before(Role.OPERATOR)

    offered = visitor.get(here).text
    without_reason = visitor.post(f"{here}/withdrawal", {"case": str(first)})
    done = visitor.post(f"{here}/withdrawal", {"case": [str(first), str(second)], "reason": "示例：选错了"})

    assert "可以撤回的 1 件" in offered
    assert without_reason.status_code == 422
    assert "成功 1 · 跳过 0 · 失败 0" in done.text
    assert office.case(first).diagrams_id == started_on
    assert office.case(second).diagrams_id != started_on
    assert "撤回原因" not in visitor.get(here).text


def test_the_system_administrator_sees_the_diagrams_and_migrates_nothing(before: Before, somebody: Somebody) -> None:
    system = before(Role.SYSTEM_ADMIN)

    assert "迁移试运行" not in system.get("/processes").text
    assert system.get("/processes/target_filing/migrations").status_code == 403


def _numbers(office: Office) -> list[int]:
    with office.transactions() as session:
        return list(session.scalars(select(Incident.id).order_by(Incident.id)))
