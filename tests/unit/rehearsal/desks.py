"""A desk with a task on it, without a database: what the papers of a rehearsal are written from."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import shanghai
from engine.directory import Actor
from engine.policies import Policies, load_policies
from engine.process import Element
from engine.rehearsal.desk import Desk, Memory
from engine.rehearsal.papers import WRITERS, explained
from engine.rehearsal.people import Town
from engine.rehearsal.subjects import Money, Subject
from engine.results import propose
from engine.submissions.forms import FORMS, FormContext, check, take_in
from engine.submissions.forms.context import Proposal
from engine.submissions.forms.form import TakenIn
from engine.tasks import Task
from engine.words import CaseKind, Occasion, Role

NO_SESSION = cast(Session, None)
TODAY = date(2022, 6, 1)
UNIT, DEPARTMENT = "示例单位甲", "示例主管部门"
CLERK = Actor(1, "示例经办人", "huaxi", 1, frozenset({Role.UNIT_CLERK}))


@cache
def policies() -> Policies:
    return load_policies(Path(__file__).resolve().parents[3] / "bpmn")


def subject_of(
    kind: CaseKind = CaseKind.PROJECT,
    *,
    self_scores: tuple[str, ...] = ("97.5",),
    third_party: str = "88.3",
    fiscal_year: int = 2021,
    amount: str = "120.5",
) -> Subject:
    """An object with these scores, its money in as many lines as it has self scores."""
    lines = [Money(f"资金{n}", Decimal(amount), Decimal(score)) for n, score in enumerate(self_scores, start=1)]
    return Subject(
        kind=kind,
        code="P001",
        name="道路改造",
        unit=UNIT,
        department=DEPARTMENT,
        agency="示例机构",
        fiscal_year=fiscal_year,
        lines=lines,
        third_party_score=Decimal(third_party),
        published_grade="良",
        facts={"project_nature": "new", "spending_frequency": "one_off", "project_category": "development"},
    )


def desk_of(subject: Subject, jurisdiction: str = "huaxi", *, element: str = "", item: str | None = None) -> Desk:
    """Somebody of the unit with a task about this object."""
    town = Town(jurisdiction, staff={(1, Role.UNIT_CLERK): [CLERK]})
    case = Case(jurisdiction=jurisdiction, fiscal_year=subject.fiscal_year, unit_id=1, object_kind=subject.kind.value)
    task = Task(process="", element=element, item=item, role=Role.UNIT_CLERK.value)
    drawn = Element(element, "", "", None, "userTask", {})
    at = shanghai(TODAY.year, TODAY.month, TODAY.day)
    return Desk(NO_SESSION, 1, town, case, subject, Memory(), task, drawn, CLERK, at, 1)


def context_of(desk: Desk, **papers: Any) -> FormContext:
    """The context of a form about the desk's object, with the jurisdiction's own tables."""
    policy, subject = policies().of(desk.case.jurisdiction), desk.subject

    def decide(decision: str, inputs: Mapping[str, Any]) -> Any:
        return policy.decide(decision, inputs, on=TODAY)

    cells: dict[str, Any] = {
        "jurisdiction": policy.name,
        "fiscal_year": subject.fiscal_year,
        "object_kind": subject.kind.value,
        "decide": decide,
        "object_name": subject.name,
        "object_code": subject.code,
        "unit_name": UNIT,
        "department_name": DEPARTMENT,
        "amount_wan": sum((line.amount_wan for line in subject.lines), Decimal(0)),
        "today": TODAY,
        "rounds_done": ("library_review", "joint_review"),
        "form_templates": policy.pack.form_templates,
        "scoring": policy.pack.scoring,
    }
    return FormContext(**(cells | papers))


def proposed(desk: Desk, report: Mapping[str, Any] | None = None, mode: str = "normal") -> tuple[Proposal, ...]:
    """What the tables propose after that report; `mode` is what a person decides where they say nothing."""
    policy, kind = policies().of(desk.case.jurisdiction), desk.subject.kind
    facts: dict[str, Any] = {"object_kind": kind, "mode": mode, "quota_cut_rate": "0"}
    if report is not None:
        facts["grade"] = report["grade"]
    if report is not None and kind is CaseKind.WHOLE_DEPARTMENT:
        facts["whole_department_score"] = report["total_score"]
    rows = propose(lambda decision, **inputs: policy.decide(decision, inputs, on=TODAY), facts)
    names = ("effect", "source", "status", "note", "rate", "base_wan", "cut_wan")
    return tuple(
        Proposal(
            name=f"e{number}",
            budget_year=desk.subject.fiscal_year + 2,
            occasion=Occasion.NEXT_BUDGET,
            **{name: row[name] for name in names},
        )
        for number, row in enumerate(rows, start=1)
    )


def filled(code: str, desk: Desk, **papers: Any) -> TakenIn:
    """The form as written there and taken in by its checks."""
    context = context_of(desk, **papers)
    content = WRITERS[code](desk, context)
    asked = [found.field for found in check(FORMS[code], content, context) if found.severity == "explain"]
    return take_in(FORMS[code], explained(content, asked), context)
