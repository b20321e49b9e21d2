"""No read there is tells anybody but finance of a letter that is not out: each is asked with all it wants to know."""

import inspect
import pkgutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

import engine.queries
from engine.commands.sign_letter import sign_letter
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.errors import EngineError
from engine.queries.doubts import InQuestion
from engine.queries.monitoring_board import MonitoringFilters
from engine.store import Database
from engine.submissions import Submission
from engine.tasks import Task
from tests.office import FISCAL_YEAR, Office

NUMBER = "示例密函〔2022〕99号"
Read = Callable[..., Any]


def wanted_by(read: Read) -> list[str]:
    """What a read cannot be asked without."""
    return [each.name for each in inspect.signature(read).parameters.values() if each.default is each.empty]


@dataclass(frozen=True)
class Pool:
    """A case whose letter waits for its signature for the second time, and what reads are asked with about it."""

    office: Office
    case: int
    drafts: tuple[Any, ...]
    told: Mapping[str, Collection[Any]]

    def asked(self, read: Read, actor: Actor) -> Iterator[str]:
        """All this read tells the actor, asked with everything it wants; a refusal tells nothing."""
        names = [name for name in wanted_by(read) if name not in ("session", "actor", "by")]
        who = next(name for name in ("actor", "by") if name in inspect.signature(read).parameters)
        for values in product(*(self.told[name] for name in names)):
            given = dict(zip(names, values, strict=True))
            with self.office.transactions() as session:
                try:
                    yield repr(read(session, **{who: actor}, **given))
                except EngineError:
                    continue

    def tells_of_it(self, read: Read, actor: Actor) -> bool:
        """Whether the number or a draft stands in any answer."""
        signs = (NUMBER, *(str(draft) for draft in self.drafts), *(draft.hex for draft in self.drafts))
        return any(sign in answer for answer in self.asked(read, actor) for sign in signs)


@pytest.fixture(scope="module")
def pool(shared_database: Database) -> Pool:
    office = Office.opened(shared_database)
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter", selected=True)
    office.do(case, "issue_feedback_letter", "for_signature", doc_number=NUMBER)
    (task,) = office.tasks(case)
    with office.transactions() as session:
        sign_letter(session, task.id, signed=False, reason="示例：写得不清", by=office.bureau.leader, at=office.now)
    office.do(case, "revise_letter", "for_signature", doc_number=NUMBER)
    drafts = tuple(paper.id for paper in office.versions(case, "F10"))
    with office.transactions() as session:
        papers = tuple(session.scalars(select(Submission.id).where(Submission.case_id == case)))
        tasks = tuple(session.scalars(select(Task.id).where(Task.case_id == case)))
        days = tuple(session.scalars(select(Deadline.id).where(Deadline.case_id == case)).all()[:3])
    numbers = (case, 1, 2)
    return Pool(office, case, drafts, {
        "case_id": (case,), "case_ids": ([case],), "submission_id": papers, "before_id": drafts, "after_id": drafts,
        "task_id": tasks, "task_ids": (list(tasks),), "letter_id": (1, 2), "deadline_id": days, "copy_id": (1,),
        "notice_id": (1,),
        "content": ({},), "mine": ({},), "process": ("feedback",), "on": (office.today,), "today": (office.today,),
        "at": (office.now,), "fiscal_year": (FISCAL_YEAR,), "budget_year": (FISCAL_YEAR + 2,), "year": (FISCAL_YEAR,),
        "filters": (MonitoringFilters(FISCAL_YEAR, in_stage=False),), "stage": ("feedback",),
        "purpose": ("spot_review", "key_evaluation"), "codes": ((),), "key": ("grade",), "page": ("tasks",),
        "form": ("F10",), "most": (5,), "step": ("feedback.sign_letter", "target_filing.approve_budget"),
        "papers": ([InQuestion(case, form, {}, paper) for form in ("F02", "F10") for paper in drafts],),
        **dict.fromkeys(
            ("agency_id", "attachment_id", "file_id", "indicator_id", "launch_id", "number", "person_id", "sample_id",
             "rectification_id", "sampling_id", "unit_id"),
            numbers,
        ),
    })  # fmt: skip


def reads_for_somebody() -> dict[str, Read]:
    """Every read that is asked by somebody with what can be named; those with things at hand are told by these."""
    found: dict[str, Read] = {}
    for module in pkgutil.iter_modules(engine.queries.__path__):
        path = f"engine.queries.{module.name}"
        for name, read in inspect.getmembers(import_module(path), inspect.isfunction):
            wanted = inspect.signature(read).parameters
            for_somebody = "session" in wanted and not {"actor", "by"}.isdisjoint(wanted)
            if not name.startswith("_") and read.__module__ == path and for_somebody:
                found[name] = read
    return found


READS = reads_for_somebody()
WITH_THINGS_AT_HAND = {
    "cases_on_version": "a version that `version_card` gave",
    "bodies_of_step": "a card that `task_card` gave",
    "foretell_launch": "a launch that is being tried",
    "former_launch": "a launch that is being tried, for `launch_line`",
    "form_context": "a case and a task at hand, for `task_card`",
    "foretold": "a receipt of a command that is being tried",
    "papers_of": "a case at hand, for `case_card`",
}
"""Reads that want more than can be named, and through which of the others they are asked."""


def others(pool: Pool) -> dict[str, Actor]:
    """Everybody the case is shown to who is not finance."""
    bureau = pool.office.bureau
    return {"clerk": bureau.clerk, "head": bureau.head, "department": bureau.department, "agency": bureau.agency}


def test_every_read_is_asked_or_says_through_which_it_is(pool: Pool) -> None:
    known = {*pool.told, "session", "actor", "by"}

    unasked = {
        name
        for name, read in READS.items()
        if not {each.name for each in inspect.signature(read).parameters.values() if each.default is each.empty}
        <= known
    }

    assert unasked == set(WITH_THINGS_AT_HAND)


@pytest.mark.parametrize("name", sorted(READS.keys() - WITH_THINGS_AT_HAND.keys()))
def test_no_read_tells_a_unit_a_department_or_an_agency_of_it(pool: Pool, name: str) -> None:
    told = {who: pool.tells_of_it(READS[name], actor) for who, actor in others(pool).items()}

    assert told == dict.fromkeys(told, False)


def test_finance_is_told_of_it_by_the_same_walk(pool: Pool) -> None:
    names = ("case_card", "paper_read", "versions_of", "compare")

    told = {name: pool.tells_of_it(READS[name], pool.office.bureau.second_officer) for name in names}

    assert told == dict.fromkeys(names, True)


def test_the_unit_reads_it_by_the_same_walk_once_it_is_out(database: Database) -> None:
    office = Office.opened(database)
    case = office.open_case()
    office.reach(case, "feedback.issue_feedback_letter", selected=True)
    office.do(case, "issue_feedback_letter", "for_signature", doc_number=NUMBER)
    office.do(case, "sign_letter")
    (draft,) = (paper.id for paper in office.versions(case, "F10"))
    out = Pool(office, case, (draft,), {"case_id": (case,), "submission_id": (draft,), "letter_id": (1,)})

    told = {
        name: out.tells_of_it(READS[name], office.bureau.head) for name in ("case_card", "paper_read", "letter_card")
    }

    assert told == dict.fromkeys(told, True)
