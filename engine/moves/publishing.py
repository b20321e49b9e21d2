"""What is to go out beside the result of a case: its target with the budget, its self-evaluation with the accounts.

Nobody opens these duties: an approved target is one until it is on record as made public or withheld (CH-04, CH-19,
HX-12, HX-13, HC-22, GZ-19, JH-17). What stands before publication is the table `publication_gate`, how long there is
for it the table `publication_period`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Text, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.errors import WrongState
from engine.moves.amounts import target_form
from engine.moves.facts import decide_for
from engine.moves.gate import gate_of
from engine.policies import Decision, Policy
from engine.results.model import Deliberation, Disclosure
from engine.results.publication import day_to_publish, steps_missing, way_of
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.submissions import Submission
from engine.words import CaseKind, DocumentKind, PublicationStep

SELF_EVALUATION = "F06"
"""自评表 of a project: with it the self-evaluation report of the project is there."""

BESIDE_THE_RESULT = (
    DocumentKind.TARGET_DEPARTMENT,
    DocumentKind.TARGET_PROJECT,
    DocumentKind.SELF_EVALUATION_REPORT,
)

_cases, _items, _sittings = table_of(Case).c, table_of(Disclosure).c, table_of(Deliberation).c
Passed = Mapping[tuple[str, str, int | None], date]
"""Kind of document, body and case (None: all of the kind in the year) → the last day that body passed it."""


class DeliberationMissing(WrongState):
    """Publication is lawful only after deliberation; `steps` are those not passed."""

    code = "disclosure.deliberation_missing"


@dataclass(frozen=True, slots=True)
class Duty:
    """One document of a case: `gate` is what the table puts before it, `passed` what of that is on record.

    `since` is the day the target was approved, None for a document that is not counted from that. `due_on` is 应公开日,
    `remind_on` the day from which it is called near; None where no table lays it down or the day is not known yet.
    """

    kind: DocumentKind
    gate: Decision
    passed: Mapping[str, date]
    since: date | None
    due_on: date | None
    remind_on: date | None
    period_source: str | None

    @property
    def steps(self) -> Sequence[str]:
        """The steps of the gate; none where the table is silent."""
        return self.gate.outputs.get("steps") or ()

    @property
    def publishes(self) -> bool:
        """Whether the table leads to publication."""
        return PublicationStep.PUBLISH in self.steps

    @property
    def of_unit(self) -> bool:
        """Whether the unit makes it public itself, with its own budget; the rest 财政绩效股 does or decides."""
        return self.publishes and PublicationStep.WITH_BUDGET in self.steps

    @property
    def missing(self) -> tuple[str, ...]:
        """Steps before publication that are not on record yet."""
        return steps_missing(self.steps, self.passed)


def target_kind(object_kind: str) -> DocumentKind:
    """As what the target of this kind of object is published; that of a policy as that of a project."""
    whole = object_kind == CaseKind.WHOLE_DEPARTMENT
    return DocumentKind.TARGET_DEPARTMENT if whole else DocumentKind.TARGET_PROJECT


def documents(kinds: Iterable[DocumentKind]) -> Any:
    """The `kind` of every document of a case that may be to be published, to be joined to `cases`.

    Every approved target is one, a self-evaluation report only where `kinds` has it.
    """
    whole = _cases.object_kind == CaseKind.WHOLE_DEPARTMENT
    target = case((whole, DocumentKind.TARGET_DEPARTMENT.value), else_=DocumentKind.TARGET_PROJECT.value)
    found = [select(target.label("kind")).where(_has("target"))]
    if DocumentKind.SELF_EVALUATION_REPORT in kinds:
        kind = literal(DocumentKind.SELF_EVALUATION_REPORT.value, Text)
        found.append(select(kind).where(_cases.object_kind == CaseKind.PROJECT, _has(SELF_EVALUATION)))
    return union_all(*(each.correlate(table_of(Case)) for each in found)).lateral("documents")


def last_told(of: Any) -> Any:
    """What was last put on record of a document of `documents`, to be joined to `cases` and that."""
    return (
        select(_items.published_on, _items.address, _items.withheld_reason)
        .where(_items.case_id == _cases.id, _items.document_kind == of.c.kind)
        .order_by(_items.id.desc())
        .limit(1)
        .lateral("last")
    )


def any_told(of: Any) -> ColumnElement[bool]:
    """Whether it is on record of a document of `documents` that it is public or is not made public."""
    return select(_items.id).where(_items.case_id == _cases.id, _items.document_kind == of.c.kind).exists()


def published_in(policy: Policy, on: date) -> dict[DocumentKind, Sequence[str]]:
    """Kind of document → the steps of its gate, for those beside the result the tables lead to publication."""
    asked = {kind: policy.decide("publication_gate", {"document_kind": kind}, on=on) for kind in BESIDE_THE_RESULT}
    told = {kind: answer.outputs.get("steps") or () for kind, answer in asked.items()}
    return {kind: steps for kind, steps in told.items() if PublicationStep.PUBLISH in steps}


def _has(form: str) -> ColumnElement[bool]:
    return func.jsonb_exists(_cases.forms, form)


def kinds_of(of: Case) -> tuple[DocumentKind, ...]:
    """What of this case may be to be published beside its result."""
    target = (target_kind(of.object_kind),) if of.forms.target is not None else ()
    evaluated = of.object_kind == CaseKind.PROJECT and of.forms.of(SELF_EVALUATION) is not None
    return (*target, DocumentKind.SELF_EVALUATION_REPORT) if evaluated else target


def duty_of(of: Case, policy: Policy, kind: DocumentKind, passed: Passed, since: date | None, on: date) -> Duty:
    """One document of a case as it stands on that day; `since` is the day its target was approved."""
    gate = gate_of(of, policy, kind, on)
    steps = gate.outputs.get("steps") or ()
    days = [(step, passed.get((kind, step, each))) for step in steps for each in (None, of.id)]
    by_step = {step: max(day for name, day in days if name == step and day) for step, told in days if told}
    way = way_of(steps)
    if way is None:
        return Duty(kind, gate, by_step, since, None, None, None)
    period = decide_for(of, policy, "publication_period", {"way": way}, on)
    start = since if way is PublicationStep.WITH_BUDGET else by_step.get(PublicationStep.CONGRESS)
    due_on = day_to_publish(start, period.outputs)
    ahead = None if due_on is None else due_on - timedelta(days=int(period.outputs.get("remind_before") or 0))
    return Duty(kind, gate, by_step, since, due_on, ahead, None if period.undefined else period.source)


def approved_on(session: Session, ids: Iterable[int]) -> dict[int, date]:
    """The day on which the target of each of these cases was first approved; an adjustment later moves no day."""
    paper: Any = all_of(Submission)
    forms = {target_form(kind) for kind in CaseKind}
    rows = session.execute(
        select(paper.case_id, func.min(paper.frozen_at))
        .where(paper.case_id.in_(list(ids)), paper.form.in_(forms), paper.frozen_at.is_not(None))
        .group_by(paper.case_id)
    )
    return {row[0]: day_of(row[1]) for row in rows}


def passed_in(session: Session, jurisdiction: str, fiscal_year: int, ids: Iterable[int]) -> Passed:
    """What was passed for all documents of a kind in that year, and for each of these cases."""
    rows = session.execute(
        select(_sittings.document_kind, _sittings.body, _sittings.case_id, func.max(_sittings.held_on))
        .where(
            _sittings.jurisdiction == jurisdiction, _sittings.fiscal_year == fiscal_year, _sittings.passed.is_(True),
            or_(_sittings.case_id.is_(None), _sittings.case_id.in_(list(ids))),
        )
        .group_by(_sittings.document_kind, _sittings.body, _sittings.case_id)
    )  # fmt: skip
    return {(row[0], row[1], row[2]): row[3] for row in rows}
