"""更正资料: what is known of the object of a case, as fields to type into, and what was typed as facts."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from engine.commands.correct_facts import correct_facts
from engine.moves.object_facts import CORRECTABLE
from engine.moves.receipts import Receipt
from engine.queries.case_in_hand import CaseInHand, case_in_hand
from engine.words import CaseKind, Mark, ObjectFact, ProjectCategory, ProjectNature, SpendingFrequency
from web.pages.steps.asked import Control, Field, Given, Unreadable
from web.pages.trying import REASON
from web.visits import Visit

_OPTIONS: Mapping[str, Mapping[str, str]] = {
    ObjectFact.PROJECT_NATURE: ProjectNature.labels(),
    ObjectFact.SPENDING_FREQUENCY: SpendingFrequency.labels(),
    ObjectFact.PROJECT_CATEGORY: ProjectCategory.labels(),
}


def facts_fields(visit: Visit, case: CaseInHand) -> Sequence[Field]:
    """Each fact of such an object as it is on record, and the reason."""
    return (*(_field(fact, case.facts.get(fact)) for fact in _facts_of(case)), REASON)


def carry_out(session: Session, case_id: int, given: Given, **how: Any) -> Receipt:
    """更正资料 with what differs from the record."""
    case = case_in_hand(session, how["by"], case_id)
    told = {fact.value: _typed(fact, given) for fact in _facts_of(case)}
    other = {name: value for name, value in told.items() if _shown(name, value) != _shown(name, case.facts.get(name))}
    return correct_facts(session, case_id, other or told, reason=given.text("reason"), **how)


def _facts_of(case: CaseInHand) -> Sequence[ObjectFact]:
    return [fact for fact, kinds in CORRECTABLE.items() if CaseKind(case.object_kind) in kinds]


def _field(fact: ObjectFact, value: Any) -> Field:
    usual = _shown(fact, value)
    if fact in _OPTIONS:
        return Field(fact, fact.label, Control.ONE_OF, _OPTIONS[fact], hint="不知道的不选", usual=usual)
    if fact is ObjectFact.MARKS:
        known = "、".join(mark.label for mark in Mark)
        return Field(fact, fact.label, Control.LONG, hint=f"几个用顿号分开，没有的不填；可以写：{known}", usual=usual)
    return Field(fact, fact.label, Control.LINE, hint="没有登记过的填万元数，例如 120.5", usual=usual)


def _shown(name: str, value: Any) -> str:
    """A fact as it stands in its field."""
    if name == ObjectFact.MARKS:
        return "、".join(sorted(Mark.said(word) for word in value or ()))
    return "" if value is None else str(value)


def _typed(fact: ObjectFact, given: Given) -> Any:
    told = given.text(fact)
    if fact is not ObjectFact.MARKS:
        return told or None
    words = {mark.label: mark.value for mark in Mark}
    labels = [label.strip() for label in told.replace("，", "、").replace("\n", "、").split("、") if label.strip()]
    unknown = [label for label in labels if label not in words]
    if unknown:
        known = "、".join(words)
        raise Unreadable(f"没有“{unknown[0][:40]}”这个选取标记，没有办理。请只写这几种：{known}。", field=fact.value)
    return [words[label] for label in labels] or None
