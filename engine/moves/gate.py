"""Whether the result of a case may be made public yet: the table's steps against what is on record."""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.moves.facts import decide_for
from engine.policies import Decision, Policy
from engine.results.model import Deliberation
from engine.results.publication import document_kind, steps_missing
from engine.scores import final_score
from engine.store.base import table_of
from engine.submissions import Submission

_papers = table_of(Submission).c


def kind_of(session: Session, case: Case) -> str | None:
    """As what the result of this case is published; None while it has none."""
    score = final_score(session, case.id)
    return document_kind(case.object_kind, score.kind.evaluation if score is not None else None)


def participants_of(session: Session, case: Case) -> tuple[str, ...]:
    """The deputies and members whom the latest evaluation report names as having taken part (HC-16)."""
    paper = case.forms.of("F09")
    if paper is None:
        return ()
    content: Any = session.scalar(select(_papers.content).where(_papers.id == paper.id))
    return tuple((content or {}).get("deputies") or ())


def gate_of(case: Case, policy: Policy, kind: str, on: date) -> Decision:
    """What the jurisdiction's table puts before publication; `undefined` where it says nothing."""
    return decide_for(case, policy, "publication_gate", {"document_kind": kind}, on)


def not_passed_yet(session: Session, case: Case, gate: Decision, kind: str) -> tuple[str, ...]:
    """Steps of the gate without a passed record, for this case or for all documents of the kind in its year."""
    return steps_missing(gate.outputs.get("steps") or (), passed_on(session, case, kind))


def passed_on(session: Session, case: Case, kind: str) -> dict[str, date]:
    """Step of a gate → the last day it was passed on, for this case or for all documents of the kind in its year."""
    found = session.execute(
        select(Deliberation.body, func.max(Deliberation.held_on))
        .where(
            Deliberation.jurisdiction == case.jurisdiction,
            Deliberation.document_kind == kind,
            Deliberation.fiscal_year == case.fiscal_year,
            Deliberation.passed.is_(True),
            or_(Deliberation.case_id == case.id, Deliberation.case_id.is_(None)),
        )
        .group_by(Deliberation.body)
    )
    return dict(found.all())
