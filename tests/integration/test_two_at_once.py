"""Two people at the same thing at the same moment: it is done once, the second reads who did it, the journal holds."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.accounts import open_account
from engine.audit import Entry
from engine.audit.verify import verify
from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.appoint import appoint
from engine.commands.bring_directory_file import bring_directory_file
from engine.commands.claim import claim
from engine.commands.dismiss import dismiss
from engine.commands.draw_sampling import draw_sampling
from engine.commands.give_seed import give_seed
from engine.commands.import_directory import import_directory
from engine.commands.open_sampling import open_sampling
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.sign_letter import sign_letter
from engine.commands.stop_person import stop_person
from engine.commands.transfer import transfer
from engine.commands.void_sampling import void_sampling
from engine.directory import Actor, Appointment, Person, Unit
from engine.directory.directory_file import HEADER
from engine.errors import EngineError
from engine.moves.leaving import Heir
from engine.rectifications import Letter
from engine.results.model import Sample, Sampling
from engine.store import Database, retrying
from engine.tasks import Task
from engine.texts import minute_of, told_who
from engine.words import CaseKind, Role
from tests.factories import person_in
from tests.integration.desk import prepared, project_at, sound
from tests.office import FISCAL_YEAR, Office

Work = Callable[[], Any]
WHY = "示例：本区未定范围，全部参加"


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    whole(office)


@pytest.fixture
def signing(database: Database) -> Iterator[Office]:
    """广州市, where a bureau leader signs."""
    office = Office.opened(database, "guangzhou")
    yield office
    whole(office)


def whole(office: Office) -> None:
    """Nothing half-written, and no hole in the journal."""
    sound(office)
    with office.transactions() as session:
        assert verify(session, office.bureau.jurisdiction).holds


def both(*works: Work) -> list[EngineError | None]:
    """What came of each, begun at the same moment: None where it was done."""
    together = Barrier(len(works))

    def tried(work: Work) -> EngineError | None:
        together.wait()
        try:
            work()
        except EngineError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(works)) as people:
        return list(people.map(tried, works))


def asked(office: Office, command: Callable[..., Any], *given: Any, by: Actor, **how: Any) -> Work:
    """A command as a page does it: in a transaction of its own, again when somebody was faster at a case."""
    return lambda: retrying(
        office.database,
        office.bureau.jurisdiction,
        lambda session: command(session, *given, by=by, at=office.now, **how),
    )


def one_refused(told: list[EngineError | None]) -> EngineError:
    """The refusal of the one who was slower."""
    (refused,) = (each for each in told if each is not None)
    return refused


def names_one_of(office: Office, refused: EngineError, what: str, *people: Actor) -> bool:
    """Whether a refusal says which of these did that, and when."""
    return any(told_who(each.name, what, minute_of(office.now)) in refused.message for each in people)


def somebody(office: Office, name: str, role: Role, unit_id: int | None = None) -> Actor:
    """One more person of an office of the finance bureau, or of another unit, with an account."""
    with office.transactions() as session:
        actor: Actor = person_in(session, session.get_one(Unit, unit_id or office.bureau.finance_id), name, role)
        person = session.get_one(Person, actor.person_id)
        open_account(session, person, "石桥马灯秋雨晚风竹林石径", by=None, at=office.now)
        return actor


# ── draws and plans ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def waiting(office: Office) -> list[int]:
    """Two projects waiting to hear whether their self-evaluation is reviewed."""
    cases = [office.open_case(CaseKind.PROJECT, f"示例-{number}") for number in (1, 2)]
    for stage in ("monitoring", "self_evaluation"):
        for case in cases:
            office.reach(case, stage)
        office.launch(stage)
    for case in cases:
        office.reach(case, "spot_review")
    return cases


def frozen(office: Office) -> int:
    asked(office, open_sampling, FISCAL_YEAR, "spot_review", 1, reason=WHY, by=office.bureau.office)()
    return only(office, Sampling)


def only(office: Office, entity: Any) -> int:
    """The number of the only row there is."""
    with office.transactions() as session:
        return int(session.scalars(select(entity.id)).one())


def test_a_frame_is_frozen_by_one_of_two(office: Office, waiting: list[int]) -> None:
    people = office.bureau.office, office.bureau.second_officer

    told = both(*(asked(office, open_sampling, FISCAL_YEAR, "spot_review", 1, reason=WHY, by=by) for by in people))

    refused = one_refused(told)
    assert refused.code == "sampling.under_way"
    assert names_one_of(office, refused, "抽样冻结", *people)
    assert only(office, Sampling)


def test_a_side_is_sealed_by_one_of_two_and_one_person_never_gives_both(office: Office, waiting: list[int]) -> None:
    sampling, people = frozen(office), (office.bureau.office, office.bureau.second_officer)

    told = both(*(asked(office, give_seed, sampling, "handler", f"31415{at}", by=by) for at, by in enumerate(people)))
    refused = one_refused(told)
    handler = people[told.index(None)]
    again = both(*(asked(office, give_seed, sampling, "supervisor", "271828", by=by) for by in (handler, handler)))

    assert refused.code == "sampling.seed_sealed"
    assert names_one_of(office, refused, "抽样种子", *people)
    assert [each and each.code for each in again] == ["sampling.one_person_twice"] * 2


def test_one_person_who_gives_both_seeds_at_the_same_moment_gives_one(office: Office, waiting: list[int]) -> None:
    sampling, by = frozen(office), office.bureau.office

    told = both(
        asked(office, give_seed, sampling, "handler", "314159", by=by),
        asked(office, give_seed, sampling, "supervisor", "271828", by=by),
    )

    assert one_refused(told).code == "sampling.one_person_twice"


def test_a_sampling_is_drawn_or_given_up_but_never_both(office: Office, waiting: list[int]) -> None:
    sampling = frozen(office)
    asked(office, give_seed, sampling, "handler", "314159", by=office.bureau.office)()
    asked(office, give_seed, sampling, "supervisor", "271828", by=office.bureau.division)()
    people = office.bureau.office, office.bureau.second_officer

    def draw(by: Actor) -> Work:
        return lambda: draw_sampling(office.transactions, sampling, by=by, at=office.now)

    void = asked(office, void_sampling, sampling, reason="示例：名单有误", by=people[1])
    told = both(draw(people[0]), draw(people[1]), void)

    refused = [each for each in told if each is not None]
    with office.transactions() as session:
        drawn = session.scalar(select(func.count()).select_from(Sample))
    assert [each.code for each in refused] == ["sampling.over"] * 2
    assert all(
        names_one_of(office, each, "抽样", *people) or names_one_of(office, each, "抽样作废", *people)
        for each in refused
    )
    assert drawn == (0 if told[2] is None else 1)


def test_the_plan_of_a_year_is_settled_by_one_of_two(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT, "示例-1")
    office.reach(case, "key_evaluation")
    people = office.bureau.office, office.bureau.second_officer

    def plan(by: Actor) -> Work:
        return lambda: plan_evaluation(
            office.transactions, FISCAL_YEAR, chosen=[case], reason="示例：年度计划", by=by, at=office.now
        )

    refused = one_refused(both(*map(plan, people)))

    assert refused.code in ("sample.nobody_waits", "sample.unfinished")
    assert names_one_of(office, refused, "评价计划", *people)


# ── letters and reports ──────────────────────────────────────────────────────────────────────────────────────────────


def at_signing(office: Office, code: str = "示例-1") -> Task:
    case = office.open_case(CaseKind.PROJECT, code)
    office.reach(case, "feedback.sign_letter")
    (task,) = office.tasks(case)
    return task


def test_a_letter_is_signed_by_one_of_two_leaders(signing: Office) -> None:
    task = at_signing(signing)
    people = signing.bureau.leader, somebody(signing, "示例第二位局领导", Role.BUREAU_LEADER)

    refused = one_refused(both(*(asked(signing, sign_letter, task.id, by=by) for by in people)))

    assert refused.code == "task.not_open"
    assert len(signing.rows(Letter, task.case_id)) == 1
    assert len(signing.journal(task.case_id, "feedback.issued")) == 1


def test_a_letter_signed_and_returned_at_the_same_moment_is_one_of_the_two(signing: Office) -> None:
    task = at_signing(signing)
    other = somebody(signing, "示例第二位局领导", Role.BUREAU_LEADER)

    told = both(
        asked(signing, sign_letter, task.id, by=signing.bureau.leader),
        asked(signing, sign_letter, task.id, signed=False, reason="示例：措辞不妥", by=other),
    )

    assert one_refused(told).code == "task.not_open"
    assert len(signing.rows(Letter, task.case_id)) == (1 if told[0] is None else 0)


def test_one_number_is_given_to_one_of_two_letters(signing: Office) -> None:
    tasks = [at_signing(signing, code) for code in ("示例-1", "示例-2")]

    told = both(
        *(asked(signing, sign_letter, task.id, number="穗财绩〔2022〕8号", by=signing.bureau.leader) for task in tasks)
    )

    assert one_refused(told).code == "feedback.number_taken"
    assert sum(len(signing.rows(Letter, task.case_id)) for task in tasks) == 1


def test_a_report_is_accepted_once(office: Office) -> None:
    case = office.open_case(CaseKind.PROJECT, "示例-1")
    office.reach(case, "key_evaluation.accept_evaluation")
    (task,) = office.tasks(case)
    people = office.bureau.office, office.bureau.second_officer

    refused = one_refused(both(*(asked(office, accept_evaluation, task.id, by=by) for by in people)))

    assert refused.code == "task.not_open"
    assert len(office.journal(case, "evaluation.accepted")) == 1


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def security(office: Office) -> tuple[Actor, Actor]:
    return tuple(somebody(office, f"示例安全{which}", Role.SECURITY_ADMIN) for which in "甲乙")  # type: ignore[return-value]


@pytest.fixture
def system(office: Office) -> tuple[Actor, Actor]:
    return tuple(somebody(office, f"示例系统{which}", Role.SYSTEM_ADMIN) for which in "甲乙")  # type: ignore[return-value]


def test_an_office_given_and_taken_at_the_same_moment_stands_as_the_journal_says_last(
    office: Office, security: tuple[Actor, Actor]
) -> None:
    person = somebody(office, "示例甲", Role.OBSERVER).person_id
    seat = person, office.bureau.unit_id, Role.UNIT_CLERK

    told = both(
        asked(office, appoint, *seat, by=security[0]), asked(office, appoint, *seat, by=security[1]),
        asked(office, dismiss, *seat, by=security[0]), asked(office, dismiss, *seat, by=security[1]),
    )  # fmt: skip

    about = Entry.type.in_(("directory.appointed", "directory.dismissed"))
    with office.transactions() as session:
        stands = session.scalar(
            select(Appointment.id).where(Appointment.person_id == person, Appointment.unit_id == office.bureau.unit_id)
        )
        said = session.scalars(select(Entry.type).where(Entry.case_id == 0, about).order_by(Entry.seq)).all()
    assert len(said) == sum(each is None for each in told)
    assert (stands is not None) == (said[-1] == "directory.appointed")
    assert all(first != then for first, then in zip(said, said[1:], strict=False))


def test_two_administrators_who_dismiss_each_other_at_the_same_moment_leave_one(
    office: Office, security: tuple[Actor, Actor]
) -> None:
    one, other = security

    told = both(
        asked(office, dismiss, other.person_id, other.unit_id, Role.SECURITY_ADMIN, by=one),
        asked(office, dismiss, one.person_id, one.unit_id, Role.SECURITY_ADMIN, by=other),
    )

    refused = one_refused(told)
    assert refused.code == "directory.last_administrator"
    assert names_one_of(office, refused, "免去岗位", one, other)


def test_who_is_stopped_while_completing_a_task_has_done_it_or_has_given_it_back(
    office: Office, system: tuple[Actor, Actor]
) -> None:
    clerk = somebody(office, "示例经办乙", Role.UNIT_CLERK, office.bureau.unit_id)
    case = project_at(office, "fill_target")
    step = prepared(office, case, "fill_target")
    asked(office, claim, step.task_id, by=clerk)()

    told = both(
        lambda: retrying(office.database, "huaxi", lambda session: step.done(session, office, by=clerk)),
        asked(office, stop_person, clerk.person_id, by=system[0]),
    )

    assert told[1] is None
    given_back = len(office.journal(case, "task.given_back"))
    done = len(office.journal(case, "submission.filled"))
    with office.transactions() as session:
        task = session.get_one(Task, step.task_id)
    assert (done, task.state) == ((1, "completed") if told[0] is None else (0, "open"))
    assert given_back == (0 if task.holder_id == clerk.person_id else 1)


def clerks(office: Office) -> list[Actor]:
    """Two more clerks of the unit."""
    return [somebody(office, f"示例经办{which}", Role.UNIT_CLERK, office.bureau.unit_id) for which in "乙丙"]


def at_filling(office: Office) -> Any:
    return prepared(office, project_at(office, "fill_target"), "fill_target").task_id


def holder_of(office: Office, task: Any) -> int | None:
    with office.transactions() as session:
        return session.get_one(Task, task).holder_id


def test_two_stopped_at_the_same_moment_do_not_inherit_each_others_tasks(
    office: Office, system: tuple[Actor, Actor]
) -> None:
    one, other = clerks(office)
    tasks = [at_filling(office), at_filling(office)]
    for task, by in zip(tasks, (one, other), strict=True):
        asked(office, claim, task, by=by)()
    heirs = [[Heir(office.bureau.unit_id, Role.UNIT_CLERK, heir.person_id)] for heir in (other, one)]

    told = both(
        asked(office, stop_person, one.person_id, heirs=heirs[0], by=system[0]),
        asked(office, stop_person, other.person_id, heirs=heirs[1], by=system[1]),
    )

    left, stopped = (other, one) if told[0] is None else (one, other)
    assert one_refused(told).code == "directory.heir_refused"
    assert stopped.person_id not in [holder_of(office, task) for task in tasks]
    assert [holder_of(office, task) for task in tasks] == [left.person_id] * 2


@pytest.mark.parametrize("deed", ["claim", "transfer"])
def test_who_is_stopped_at_the_same_moment_is_left_nothing_in_hand(
    office: Office, system: tuple[Actor, Actor], deed: str
) -> None:
    leaving, colleague = clerks(office)
    tasks = [at_filling(office) for _ in range(3)]
    gives = {
        "claim": lambda task: asked(office, claim, task, by=leaving),
        "transfer": lambda task: asked(office, transfer, task, leaving.person_id, reason="示例", by=colleague),
    }

    told = both(*map(gives[deed], tasks), asked(office, stop_person, leaving.person_id, by=system[0]))

    assert told[-1] is None
    assert leaving.person_id not in [holder_of(office, task) for task in tasks]


@pytest.fixture
def lists(office: Office, system: tuple[Actor, Actor]) -> Callable[..., list[Work]]:
    """Two administrators who brought a list with the same rows, each about to register it."""

    def brought(offices: str, ends: tuple[str, str]) -> list[Work]:
        row = ("示例新学校", "预算单位", "", "陈一", "chen.yi", offices)
        lines = "\r\n".join(",".join(each) for each in (HEADER, row))
        files = []
        with office.transactions() as session:
            for by, end in zip(system, ends, strict=True):
                raw = f"{lines}{end}".encode("utf-8-sig")
                kept = bring_directory_file(session, "示例名册.csv", raw, by=by, at=office.now)
                files.append(kept.gave["file"])
        return [asked(office, import_directory, file, by=by) for file, by in zip(files, system, strict=True)]

    return brought


@pytest.mark.parametrize("offices", ["", "预算单位经办人"])
def test_one_file_brought_by_two_is_written_once_and_the_second_reads_who_did(
    office: Office, system: tuple[Actor, Actor], lists: Callable[..., list[Work]], offices: str
) -> None:
    refused = one_refused(both(*lists(offices, ("", ""))))

    assert refused.code == "import.written_before"
    assert names_one_of(office, refused, "导入单位和人员", *system)


def test_two_files_with_the_same_people_register_them_once_and_the_second_reads_who_did(
    office: Office, system: tuple[Actor, Actor], lists: Callable[..., list[Work]]
) -> None:
    refused = one_refused(both(*lists("", ("", "\r\n"))))

    assert refused.code == "directory.nothing_to_list"
    assert names_one_of(office, refused, "登记人员", *system)
