"""经过: what happened to a case, for people to read."""

from dataclasses import replace
from io import BytesIO

from sqlalchemy import select

from engine.commands.attach import attach
from engine.commands.claim import claim
from engine.commands.complete_task import complete_task
from engine.commands.issue_feedback import issue_feedback
from engine.commands.suspend import suspend
from engine.commands.transfer import transfer
from engine.directory import Unit
from engine.moves.outcome import Outcome
from engine.queries.case_timeline import Happening, case_timeline
from engine.store import Database
from engine.submissions.file_store import FileStore
from engine.tasks import Task
from engine.words import Role
from tests.factories import START, Bureau, case_of, person_in
from tests.factories_forms import valid_content
from tests.journeys import Journey, begin, evaluated


def told(journey: Journey, **part: int) -> list[Happening]:
    with journey.database.transaction("huaxi") as session:
        return case_timeline(session, journey.bureau.office, journey.case_id, **part)


def test_a_case_is_told_from_start_to_letter_in_sentences(database: Database, bureau: Bureau) -> None:
    journey = evaluated(begin(database, bureau))
    journey.do("appraise_agency")
    with database.transaction("huaxi") as session:
        task = journey.task("issue_feedback_letter")
        issue_feedback(session, task.id, valid_content("F10"), by=bureau.office, at=journey.next_minute())

    sentences = [happening.sentence for happening in told(journey)]

    assert sentences[0] == "建立项目案卷，编码示例-2021-001，资金180万元"
    for expected in (
        "移动到“重点评价与部门整体评价”，经第二人同意：示例：从这一步开始",
        "列入年度评价计划，财政牵头",
        "委托示例机构办理“重点评价”，主评人孙主评",
        "第三方评价得分87.75，等级良",
        "评价报告第2稿验收通过，得分87.75，等级良",
        "按规则判定 是否须整改：是",
        "发出反馈意见函示例财绩〔2022〕1号：得分87.75，等级良，整改事项2项",
        "整改立项2项，期限2022-12-12",
    ):
        assert expected in sentences


def test_a_line_says_who_did_it_and_for_whom(database: Database, bureau: Bureau) -> None:
    journey = evaluated(begin(database, bureau))
    substitute = replace(bureau.second_officer, acting_for=bureau.office.person_id)

    journey.do("appraise_agency", by=substitute)

    (line,) = [line for line in told(journey) if line.sentence == "填报“考核机构质量”"]
    assert (line.by, line.acting_for, line.automatic) == ("周绩效", "王绩效", False)


def test_the_opinion_given_with_a_step_stands_beside_it(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    journey.do("decide_ex_ante_required", reason="示例：延续项目，不评估", ex_ante_verdict="exempt")

    (line,) = [line for line in told(journey) if line.opinion]

    assert line.opinion == "示例：延续项目，不评估"
    assert line.sentence == "办结“本区未规定，请认定是否评估”：不须评估"


def test_a_long_story_is_read_in_parts(database: Database, bureau: Bureau) -> None:
    journey = evaluated(begin(database, bureau))
    whole = told(journey)

    first = told(journey, limit=5)
    rest = told(journey, after=first[-1].seq)

    assert [*first, *rest] == whole


def test_the_reason_of_a_return_stands_beside_the_return_and_nowhere_else(session, bureau, tmp_path) -> None:
    case = case_of(session, bureau)
    task = session.scalars(select(Task).where(Task.case_id == case.id)).one()
    claim(session, task.id, by=bureau.office, at=START)
    transfer(session, task.id, bureau.second_officer.person_id, reason="示例：休假", by=bureau.office, at=START)
    store, file = FileStore(tmp_path), BytesIO(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    attach(session, store, task.id, "佐证材料", "验收单.pdf", file, by=bureau.second_officer, at=START)
    outcome = Outcome("decided", answers={"ex_ante_verdict": "exempt"}, reason="示例：延续项目，不评估")
    complete_task(session, task.id, outcome, by=bureau.second_officer, at=START)

    lines = case_timeline(session, bureau.office, case.id)

    of_the_task = ["task.claimed", "task.transferred", "attachment.added", "task.completed"]
    assert [line.type for line in lines if line.type in of_the_task] == of_the_task
    assert [line.type for line in lines if line.opinion] == ["task.completed"]


def test_a_person_called_system_is_a_person(session, bureau) -> None:
    finance = session.get_one(Unit, bureau.finance_id)
    namesake = person_in(session, finance, "系统", Role.PERFORMANCE_OFFICE)
    case = case_of(session, bureau)
    suspend(session, case.id, reason="示例：核对", by=namesake, at=START)

    (line,) = [line for line in case_timeline(session, bureau.office, case.id) if line.type == "case.suspended"]

    assert (line.by, line.automatic) == ("系统", False)


def test_a_task_the_flow_took_back_is_called_by_its_step(database: Database, bureau: Bureau) -> None:
    journey = begin(database, bureau)
    journey.stand_at("monitoring")

    (line,) = [line for line in told(journey) if line.type == "task.closed"]

    assert line.sentence == "收回“本区未规定，请认定是否评估”"
