"""Two at one draw, plan, letter or report: it is done once, the second reads who did it, the journal holds."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.draw_sampling import draw_sampling
from engine.commands.give_seed import give_seed
from engine.commands.open_sampling import open_sampling
from engine.commands.plan_evaluation import plan_evaluation
from engine.commands.sign_letter import sign_letter
from engine.commands.void_sampling import void_sampling
from engine.directory import Actor
from engine.rectifications import Letter
from engine.results.model import Sample, Sampling
from engine.store import Database
from engine.tasks import Task
from engine.words import CaseKind, Role
from tests.integration.at_once import Work, asked, both, names_one_of, one_refused, somebody, whole
from tests.integration.desk import two_before_a_draw
from tests.office import FISCAL_YEAR, Office

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


# ── draws and plans ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def waiting(office: Office) -> list[int]:
    """Two projects waiting to hear whether their self-evaluation is reviewed."""
    return two_before_a_draw(office)


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
