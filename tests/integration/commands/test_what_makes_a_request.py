"""A key stands for one request: with any one argument changed it is another, and the key is refused."""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from inspect import signature
from typing import Any
from uuid import UUID

import pytest

from engine import commands
from engine.commands import name_substitute, request_extension
from engine.commands.add_message_group import NewGroup
from engine.commands.record_publication import Publication
from engine.commands.start_case import Line
from engine.commands.wish_for_mail import Wishes
from engine.deadlines import Day
from engine.directory import Actor
from engine.moves.engagement import Engagement
from engine.moves.executing import Reported
from engine.moves.leaving import Heir
from engine.moves.outcome import Outcome
from engine.moves.rectifying import Done, Found
from engine.moves.repeating import Asked
from engine.moves.sittings import Sitting
from engine.notifications.robots import SealedRobot
from engine.tasks import TakeoverRequest
from engine.words import CaseKind, DayKind, NoticeKind, Robot, Role
from tests.factories import new_project
from tests.integration.desk import deadline, latest, project_at
from tests.office import Office

KEYED = [name for name in commands.__all__ if "key" in signature(getattr(commands, name)).parameters]
APART = {
    "session", "database", "transactions", "jurisdiction", "progress", "by", "at", "key", "expected", "version", "most",
}  # fmt: skip
"""What the request is not made of: where, when and by whom it is asked, what the asker saw, how far to go at once."""

Arguments = Mapping[str, Sequence[Any]]
"""Argument → values, no two of which mean the same."""


class Stopped(Exception):
    """The request is put together; nothing is done of it."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.command)
        self.asked = asked


def _arguments(command: str) -> list[str]:
    return [name for name in signature(getattr(commands, command)).parameters if name not in APART]


@pytest.fixture(scope="module")
def values(shared_database: Any, shared_bureau: Any) -> Arguments:
    """The values of every argument of every command; rows a command looks up before anything else are there."""
    office = Office(shared_database, shared_bureau)
    cases = [project_at(office, "check_target") for _ in range(2)]
    day, other_day = date(2021, 10, 8), date(2021, 10, 9)
    due = [deadline(office, case, "target_filing.check").id for case in cases]
    return {
        "absent_id": (1, 2), "substitute_id": (3, 4), "from_on": (day, other_day), "until_on": (day, other_day),
        "roles": ((), (Role.UNIT_CLERK,)), "substitution_id": _substitutions(office),
        "login": ("jia", "yi"), "person_id": (1, 2), "unit_id": (1, 2), "department_id": (None, 1, 2),
        "role": (Role.UNIT_CLERK, Role.UNIT_HEAD), "accepted": (True, False), "reason": ("示例：甲", "示例：乙"),
        "remarks": (None, [{"path": "indicators", "text": "示例"}]), "amount_wan": (Decimal(1), Decimal("1.5")),
        "lines": (None, {1: Decimal(1)}, {1: Decimal(2)}),
        "kind": ("transfer", "cut"), "case_id": cases, "task_id": [office.tasks(case)[0].id for case in cases],
        "submission_id": [latest(office, case).id for case in cases],
        "deadline_id": due, "request_id": _requests(office, due),
        "takeover_id": _takeovers(office, cases), "wanted_on": (day, other_day),
        "rectification_id": (1, 2), "process_id": ("case", "target_filing"), "element_id": ("fill", "check"),
        "second": (office.bureau.second_officer, replace(office.bureau.second_officer, person_id=-1)),
        "fiscal_year": (2021, 2022), "purpose": ("spot_review", "key_evaluation"), "size": (1, 2),
        "finance_seed": ("甲", "乙"), "witness_seed": ("甲", "乙"), "witness": ("示例见证人甲", "示例见证人乙"),
        "organizer": ("finance", "department"), "seen_hash": (None, b"1", b"2"),
        "name": ("target_filing.fill", "target_filing.check"), "until": (day, other_day),
        "stage": ("monitoring", "self_evaluation"), "scope": (None, {"unit": 1}, {"unit": 2}),
        "chosen": (None, [], [1]), "department_led": ([], [1]), "document_kind": ("final_accounts", "self_evaluation"),
        "content": ({}, {"items": []}), "answers": (None, {"vote": "yes"}), "to_person_id": (1, 2),
        "always": ({}, {1: "示例：甲"}, {2: "示例：甲"}), "never": ({}, {3: "示例：甲"}, {3: "示例：乙"}),
        "people": ([1], [1, 2]), "note": ("", "示例：请知悉"), "copy_id": (1, 2),
        "digest": (None, b"1", b"2"), "notice_id": (1, 2), "and_before": (True, False),
        "wishes": (Wishes("", ()), Wishes("a@example.com", ()), Wishes("", (), True), Wishes("", (), False, 22, 7)),
        "due_on": (None, day, other_day), "text": ("示例：甲", "示例：乙"),
        "missing": (False, True),
        "facts": ({}, {"marks": ["livelihood"]}, {"marks": ["public_good"]}, {"project_nature": None}),
        "group_id": (1, 2),
        "sampling_id": (1, 2), "sample_id": (1, 2), "launch_id": (1, 2), "side": ("handler", "supervisor"),
        "seed": ("135790", "246801"), "indicator_id": (1, 2), "cells": ({}, {"name": "示例甲"}, {"name": "示例乙"}),
        "raw": (b"1", b"2"), "file_id": (1, 2), "only_sound": (False, True), "view_id": (1, 2),
        "edition_id": (1, 2), "year": (2021, 2022), "seen": ("甲", "乙"), "source": ("甲", "乙"),
        "heirs": ((), (Heir(1, Role.UNIT_CLERK, 2),), (Heir(1, Role.UNIT_CLERK, 3),)),
        "agency_id": (1, 2), "wanted": (True, False), "granted": (True, False),
        "days": ([], [Day(day, DayKind.HOLIDAY, "示例节")]), "for_signature": (False, True), "signed": (True, False),
        "number": (None, "示例1号", "示例2号"), "letter_on": (None, day, other_day),
        "page": ("tasks", "cases"), "asked": ({}, {"q": "示例"}), "shared_with": ((), (Role.DEPARTMENT,)),
        "outcome": _changed(
            Outcome("approved"), word="returned", content={}, answers={"vote": "yes"}, reason="示例", remarks=[]
        ),
        "engagement": _changed(
            Engagement(1, "孙主评", True),
            agency_id=2, lead_evaluator="钱主评", declared_independent=False, contract_number="示例1号",
        ),
        "sitting": _changed(
            Sitting("government", date(2020, 8, 3), True, "示例意见"),
            body="executive_meeting", held_on=date(2020, 8, 4), passed=False, opinion="示例另一意见",
        ),
        "found": _changed(
            Found("audit", "funds", "示例问题", "示例要求", day),
            origin="congress", category="other", problem="示例另一问题", requirement="示例另一要求", due_on=other_day,
            amount_wan=Decimal(1),
        ),
        "reported": _changed(
            Reported(day, Decimal(1), "甲"),
            as_of=other_day, executed_wan=Decimal(2), source="乙", planned_wan=Decimal(1), lines={1: Decimal(1)},
        ),
        "done": _changed(
            Done("李经办", "示例措施", ("示例佐证",)),
            responsible_person="张负责", measures="示例另一措施", evidence=("示例另一佐证",), rules_improved=1,
            recovered_wan=Decimal(1),
        ),
        "told": _changed(
            Publication("target_project", day, "https://www.example.gov.cn/1"),
            kind="target_department", published_on=other_day, address="https://www.example.gov.cn/2",
            withheld="示例理由", ground="示例依据",
        ),
        "group": _changed(
            NewGroup("示例群", SealedRobot(Robot.WECOM, b"1", "甲"), 1, "", (NoticeKind.OVERDUE,)),
            name="示例另一群", robot=SealedRobot(Robot.WECOM, b"1", "乙"), unit_id=2, login="jia",
            kinds=(NoticeKind.NEW_TASK,),
        ),
        "new": _changed(
            new_project(office.bureau),
            object_kind=CaseKind.POLICY, code="P-2", name="示例另一项目", unit_id=-1, fiscal_year=2023,
            lines=[Line("财政拨款", Decimal(100), Decimal(90))], facts={}, agency_id=None,
        ),
    }  # fmt: skip


def _changed(whole: Any, **parts: Any) -> list[Any]:
    """The whole, and the whole with each of the parts changed."""
    assert parts.keys() == whole.__dataclass_fields__.keys()
    return [whole, *(replace(whole, **{part: value}) for part, value in parts.items())]


def _substitutions(office: Office) -> list[int]:
    absent, days = office.bureau.office, (date(2021, 10, 8), date(2021, 10, 9))
    how = {"by": absent, "at": office.now}
    with office.transactions() as session:
        substitutes = (office.bureau.second_officer, office.bureau.division)
        receipts = [name_substitute(session, absent.person_id, each.person_id, *days, **how) for each in substitutes]
        return [receipt.gave["substitution"] for receipt in receipts]


def _requests(office: Office, deadlines: Sequence[UUID]) -> list[int]:
    how: dict[str, Any] = {"reason": "示例：停电", "by": office.bureau.department, "at": office.now}
    with office.transactions() as session:
        receipts = [request_extension(session, each, date(2021, 9, 1), **how) for each in deadlines]
        return [receipt.gave["request"] for receipt in receipts]


def _takeovers(office: Office, cases: Sequence[int]) -> list[int]:
    """One request of somebody for the task of each case, which somebody else has in hand."""
    holder, person = office.bureau.department.person_id, office.bureau.second_officer.person_id
    with office.transactions() as session:
        requests = [
            TakeoverRequest(
                jurisdiction="huaxi", case_id=case, task_id=office.tasks(case)[0].id, holder_id=holder,
                asked_by=person, asked_at=office.now, reason="",
            )
            for case in cases
        ]  # fmt: skip
        session.add_all(requests)
        session.flush()
        return [request.id for request in requests]


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch, shared_office: Office, values: Arguments) -> Callable[..., Asked]:
    """Puts together the request of a command with some arguments, the others having their first value."""

    def stop(*request: Any, **more: Any) -> None:
        raise Stopped(Asked(*request, **more))

    def ask(command: str, **chosen: Any) -> Asked:
        function = getattr(commands, command)
        monkeypatch.setattr(sys.modules[function.__module__], "Asked", stop)
        given = {name: values[name][0] for name in _arguments(command)} | chosen
        given |= {"by": _who(shared_office, command), "at": shared_office.now, "key": "示例"}
        with shared_office.transactions() as session:
            where = {
                "session": session, "transactions": shared_office.transactions,
                "database": shared_office.database, "jurisdiction": "huaxi",
            }  # fmt: skip
            given |= {name: place for name, place in where.items() if name in signature(function).parameters}
            with pytest.raises(Stopped) as stopped:
                function(**given)
        return stopped.value.asked

    return ask


def _who(office: Office, command: str) -> Actor:
    admin = replace(office.bureau.office, roles=frozenset({Role.SECURITY_ADMIN}))
    others = {
        "withdraw": office.bureau.clerk, "request_extension": office.bureau.department, "name_substitute": admin,
        "request_late_filing": office.bureau.department,
    }  # fmt: skip
    return others.get(command, office.bureau.office)


@pytest.mark.parametrize(
    ("command", "argument"), [(command, name) for command in KEYED for name in _arguments(command)]
)
def test_with_any_one_argument_changed_it_is_another_request(
    asking: Callable[..., Asked], values: Arguments, command: str, argument: str
) -> None:
    requests = [asking(command, **{argument: value}) for value in values[argument]]

    assert len({request.fingerprint for request in requests}) == len(values[argument]) > 1


@pytest.mark.parametrize("command", KEYED)
def test_with_nothing_changed_it_is_the_same_request(asking: Callable[..., Asked], command: str) -> None:
    first, again = asking(command), asking(command)

    assert first.key == "示例"
    assert first.fingerprint == again.fingerprint
