"""演示: three fiscal years of 花溪 up to one day, so that every stage of the year has somebody in it.

2021 is the real one: the published departments and projects. 2022 and 2023 are examples that reuse the projects and
amounts of 2021; a few example projects of 2021 stand where the real ones have long passed. Whatever is late, held up or
sent back is on an example unit: around the departments, which are real, everything goes as it should.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import SteppingClock, shanghai
from engine.directory import Person, Unit
from engine.rehearsal import demo_versions
from engine.rehearsal.days import FAR_AWAY
from engine.rehearsal.elsewhere import Elsewhere
from engine.rehearsal.inputs import Department, ProjectLine
from engine.rehearsal.people import Town, appoint
from engine.rehearsal.plan import dice, motions
from engine.rehearsal.rehearse import prepared
from engine.rehearsal.subjects import (
    EXAMPLE_AGENCY,
    EXAMPLE_DEPARTMENT,
    EXAMPLE_UNITS,
    Money,
    Subject,
    facts_of_project,
    subjects_of,
)
from engine.rehearsal.year import Year
from engine.stages import Library
from engine.store import Database
from engine.tasks import Task
from engine.words import STAGES, CaseKind, CaseState, OtherDiagram, Role, Stage, TaskState

JURISDICTION = "huaxi"
TODAY = date(2022, 10, 12)
REAL_YEAR, YEARS = 2021, (2021, 2022, 2023)
SEED = 1

ACCOUNTS = {
    "danwei": "单位经办人",
    "jixiao": "财政绩效股",
    "jigou": "第三方机构",
    "zhengce": "政策负责人",
    "yunwei": "运维",
}
"""The five accounts of the demo and what they are."""
STORIES = {
    "danwei": "一件今天截止的绩效目标，改好两处后重新报送",
    "jixiao": "审核队列里看改动、写审核表，再看驾驶舱",
    "jigou": "一份评价报告初稿，定稿前检查找出两处",
    "zhengce": "决策表逐行写明依据，没有的写本区未规定",
    "yunwei": "一个异常，推进一个工作日，迁移试运行",
}
"""What each of the five finds to do, in one line; one story ends where the next begins."""
COMPANIONS = {
    "fuzeren": "单位负责人",
    "zhuguan": "主管部门",
    "yewu": "财政业务股",
    "jixiao2": "财政绩效股（第二人）",
    "juzhang": "局领导",
}
"""Whom the five need to carry a thing through: who hands in, who looks first, who signs, the second pair of eyes."""

OTHER_AGENCY = "示例评价机构"
"""Draws up the evaluations of the late filers but the first, which is the one project at its draft of `jigou`."""
JUST_BELOW = Decimal("89.60")
"""What the draft of `jigou` comes to: a hair below 优."""
LATE_FILERS = 5
LATE = {
    "self_evaluation.fill_self_evaluation": date(2022, 8, 1),
    "spot_review.score_spot_review": FAR_AWAY,
    "key_evaluation.draft_evaluation": FAR_AWAY,
}
NEVER_FILED = {"self_evaluation.confirm_self_evaluation": FAR_AWAY}
HELD: dict[tuple[int, str], dict[str, date]] = {
    (2021, "P014"): {"feedback.issue_feedback_letter": FAR_AWAY},
    (2021, "P015"): {"feedback.review_objection": FAR_AWAY, "feedback.issue_feedback_letter": date(2022, 10, 11)},
    (2022, "P001"): {"monitoring.revise_monitoring": FAR_AWAY},
    (2022, "P002"): {"monitoring.decide_key_monitoring_required": FAR_AWAY},
    (2022, "P003"): {"monitoring.check_monitoring": FAR_AWAY},
    (2023, "P005"): {
        "target_filing.check_target": date(2022, 9, 28),
        "target_filing.review_target": date(2022, 9, 30),
        "target_filing.revise_target": FAR_AWAY,
    },
    (2023, "P007"): {"ex_ante_assessment.decide_ex_ante_required": FAR_AWAY},
    (2023, "P016"): {
        "target_filing.check_target": date(2022, 9, 28),
        "target_filing.review_target": date(2022, 9, 30),
        "target_filing.revise_target": FAR_AWAY,
    },
    (2023, "P019"): {"target_filing.confirm_target": date(2022, 9, 30), "target_filing.check_target": FAR_AWAY},
    (2023, "P027"): {
        "ex_ante_assessment.decide_entry_review_required": date(2022, 9, 8),
        "target_filing.fill_target": FAR_AWAY,
    },
}
"""Fiscal year and code → the steps nobody touches before a day.

P005 of 2023 has until today to mend its target; P016, P019 and P027 let today pass, so that three days run out when the
clock is moved.
"""
PUNCTUAL = frozenset([(2021, "P021"), *((2023, code) for code in ("P005", "P009", "P013", "P016", "P019", "P027"))])
"""Fiscal year and code → those that keep their days, so that `danwei` is late with one thing only."""
RETURNED = {
    (2022, "P001"): frozenset({"monitoring.check_monitoring"}),
    (2023, "P005"): frozenset({"target_filing.review_target"}),
    (2023, "P016"): frozenset({"target_filing.review_target"}),
}
"""Fiscal year and code → the steps that end with a return."""
REMARKS: dict[tuple[int, str], list[dict[str, Any]]] = {
    (2023, "P005"): [
        {
            "path": "indicators[satisfaction].survey_method",
            "template": 4,
            "text": "示例：没有写调查方法，请写样本量和怎样抽取",
        },
        {
            "path": "indicators[activity].name",
            "template": 3,
            "text": "示例：资金支付不是产出，请改为学位数",
        },
    ],
}
"""Fiscal year and code → what is remarked with these returns, and where in the form."""
SLIPS: dict[tuple[int, str], dict[str, dict[str, Any]]] = {
    (2023, "P005"): {
        "activity": {
            "name": "按期拨付率",
            "direction": "=",
            "target_value": "100",
            "unit": "%",
            "calculation": "示例：按期拨付金额÷应拨付金额",
        },
        "satisfaction": {"survey_method": ""},
    },
}
"""Fiscal year and code → what is wrong in the first target, by row: what the remarks are about."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How many cases of a fiscal year stand in a stage."""

    fiscal_year: int
    stage: str
    cases: int
    open_tasks: int


def demo_year(
    database: Database,
    library: Library,
    departments: Sequence[Department],
    lines: Sequence[ProjectLine],
    others: Sequence[Elsewhere] = (),
) -> Year:
    """Everybody and everything of the three years in an empty database, before the first day.

    `library` is today's; it comes into force on its day where the database began on an earlier one.
    """
    known = [
        *subjects_of(departments, lines, REAL_YEAR, SEED),
        *late_filers(),
        *(subject for year in YEARS[1:] for subject in subjects_of((), lines, year, SEED)),
        _expiring_policy(),
    ]
    planned = [motion for year in YEARS for motion in motions(year)] + demo_versions.planned(YEARS[-1])
    policy = library.policies.of(JURISDICTION)
    year = prepared(database, policy, [_as_held(subject) for subject in known], planned, SEED, others)
    year.finance.own |= demo_versions.acts(library)
    with database.transaction(JURISDICTION) as session:
        _name_accounts(session, year.ground.town)
    return year


def demo_clock() -> SteppingClock:
    """The clock of the demo, standing on its day."""
    return SteppingClock(shanghai(TODAY.year, TODAY.month, TODAY.day))


def standings(session: Session, jurisdiction: str) -> list[Standing]:
    """Where the cases stand: by fiscal year in the order of the stages, the finished ones last."""
    open_tasks = select(Task.case_id, func.count().label("tasks")).where(Task.state == TaskState.OPEN)
    counted = open_tasks.group_by(Task.case_id).subquery()
    rows = session.execute(
        select(Case.fiscal_year, Case.stage, Case.process, Case.state, func.count(), func.sum(counted.c.tasks))
        .outerjoin(counted, counted.c.case_id == Case.id)
        .where(Case.jurisdiction == jurisdiction)
        .group_by(Case.fiscal_year, Case.stage, Case.process, Case.state)
    )
    found: dict[tuple[int, str], list[int]] = {}
    for fiscal_year, stage, process, state, cases, tasks in rows:
        where = state if state is CaseState.CLOSED else stage or process
        counts = found.setdefault((fiscal_year, where), [0, 0])
        counts[0], counts[1] = counts[0] + cases, counts[1] + int(tasks or 0)
    order: list[str] = [*STAGES, OtherDiagram.CASE, Stage.POLICY_EXPIRY, CaseState.CLOSED]
    return [
        Standing(fiscal_year, stage, *found[fiscal_year, stage])
        for fiscal_year, stage in sorted(found, key=lambda key: (key[0], order.index(key[1])))
    ]


def _as_held(subject: Subject) -> Subject:
    key = (subject.fiscal_year, subject.code)
    held, returned = {**subject.held, **HELD.get(key, {})}, RETURNED.get(key, frozenset())
    return replace(
        subject,
        held=held,
        returned=returned,
        remarks=REMARKS.get(key, ()),
        slips=SLIPS.get(key, {}),
        exemplary=subject.is_whole_department or key in PUNCTUAL,
    )


def late_filers() -> list[Subject]:
    """示例 projects of 2021 that filed their self-evaluation in August, and one that has not to this day."""
    late = [_example(f"E{number:03d}", f"示例：便民服务项目{number}", LATE) for number in range(1, LATE_FILERS + 1)]
    late[1:] = [replace(each, agency=OTHER_AGENCY) for each in late[1:]]
    late[0] = replace(late[0], third_party_score=JUST_BELOW, published_grade="良")
    return [*late, _example("E099", "示例：社区宣传项目", NEVER_FILED)]


def _example(code: str, name: str, held: dict[str, date]) -> Subject:
    chance = dice(SEED, "example", code)
    score = Decimal(chance.randrange(80_00, 96_00)) / 100
    amount = Decimal(chance.randrange(60_00, 300_00)) / 100
    return Subject(
        kind=CaseKind.PROJECT,
        code=code,
        name=name,
        unit=EXAMPLE_UNITS[1],
        department=EXAMPLE_DEPARTMENT,
        agency=EXAMPLE_AGENCY,
        fiscal_year=REAL_YEAR,
        lines=[Money(name, amount, score + 2)],
        third_party_score=score,
        published_grade="优" if score >= 90 else "良",
        facts=facts_of_project(chance),
        held=held,
    )


def _expiring_policy() -> Subject:
    """示例: a policy that ends with 2022 and has to be evaluated before it may go on."""
    policy = _example("Y001", "示例：企业稳岗扶持政策", {})
    facts: dict[str, Any] = {"policy_ends_on": date(REAL_YEAR + 1, 12, 31).isoformat(), "project_nature": "expiring"}
    return replace(policy, kind=CaseKind.POLICY, fiscal_year=REAL_YEAR + 1, facts=facts)


def _name_accounts(session: Session, town: Town) -> None:
    """Give the accounts to example people of the right offices."""
    finance, unit = town.finance_id, town.units[EXAMPLE_UNITS[0]]
    department = session.get_one(Unit, unit).department_id or unit
    holders = {
        "danwei": town.who(unit, Role.UNIT_CLERK),
        "fuzeren": town.who(unit, Role.UNIT_HEAD),
        "zhuguan": town.who(department, Role.DEPARTMENT),
        "yewu": town.division,
        "jixiao2": town.who(finance, Role.PERFORMANCE_OFFICE, but_not=[town.office.person_id]),
        "juzhang": town.who(finance, Role.BUREAU_LEADER),
        "jixiao": town.office,
        "jigou": town.who(town.agencies[EXAMPLE_AGENCY], Role.AGENCY),
        "zhengce": appoint(session, town, finance, "示例政策负责人", Role.POLICY_OWNER),
        "yunwei": appoint(session, town, finance, "示例运维", Role.OPERATOR),
    }
    for login, actor in holders.items():
        session.get_one(Person, actor.person_id).login = login
