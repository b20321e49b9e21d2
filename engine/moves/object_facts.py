"""对象资料: which facts of an object may be corrected, how they are read, and what the tables make of a correction."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, read_entry
from engine.audit.events.cases import DecisionMade
from engine.audit.events.evaluations import CaseNotDrawn, CasePlanned, CaseSampled
from engine.cases import Case
from engine.errors import InvalidInput
from engine.moves.facts import decide_for
from engine.moves.frames import PURPOSES
from engine.policies import DECISIONS, DecisionInputRefused, Policy, must_be_readable
from engine.scoring import exact
from engine.stages import library_of
from engine.store.base import table_of
from engine.store.figures import is_amount
from engine.tasks import Task
from engine.words import CaseKind, ObjectFact, RowStatus, TaskState

_MONEY_FOR = frozenset({CaseKind.PROJECT, CaseKind.POLICY})
CORRECTABLE: Mapping[ObjectFact, frozenset[CaseKind]] = MappingProxyType(
    {
        ObjectFact.PROJECT_NATURE: _MONEY_FOR,
        ObjectFact.SPENDING_FREQUENCY: _MONEY_FOR,
        ObjectFact.PROJECT_CATEGORY: _MONEY_FOR,
        ObjectFact.MARKS: frozenset(CaseKind),
        ObjectFact.PUBLIC_EXPENSE_QUOTA: frozenset({CaseKind.WHOLE_DEPARTMENT}),
    }
)
"""Fact → the kinds of objects it is known of.

The day on which a policy ends is none of them: it chose the diagram and the days, so another day is another case.
"""

_BY_FACTS = ("ex_ante_required", "entry_review_required", *(purpose.decision for purpose in PURPOSES.values()))
"""The decisions that are asked what is known of an object, before there is a paper about it."""
_CHOSEN = {purpose.decision: name for name, purpose in PURPOSES.items()}
_KEPT = (DecisionMade.name, CaseSampled.name, CasePlanned.name, CaseNotDrawn.name)
_TARGETS = ("F02", "F04")
_journal, _tasks = table_of(Entry).c, table_of(Task).c


class FactRefused(InvalidInput):
    """A fact nobody corrects, of another kind of object, or written in a way no table reads."""

    code = "facts.refused"


@dataclass(frozen=True, slots=True)
class Correction:
    """The facts that change: what was known and what is, None for nothing."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


def corrected(case: Case, told: Mapping[str, Any]) -> Correction:
    """What of the facts `told` stands otherwise in the case; refuses what cannot be known of it, and no difference."""
    after = {name: _read(case, name, value) for name, value in told.items()}
    before = {name: _plain(case.facts.get(name)) for name in after}
    changed = [name for name in after if after[name] != before[name]]
    if not changed:
        raise FactRefused("资料与登记的相同，没有办理。请核对要更正的内容。", case_id=case.id)
    return Correction({name: before[name] for name in changed}, {name: after[name] for name in changed})


def _read(case: Case, name: str, value: Any) -> Any:
    kinds = CORRECTABLE.get(ObjectFact(name)) if name in set(ObjectFact) else None
    if kinds is None:
        known = "、".join(fact.label for fact in CORRECTABLE)
        raise FactRefused(f"“{name[:40]}”不是可以更正的资料，没有办理。请只更正这几项：{known}。", fact=name[:40])
    if case.object_kind not in kinds and value is not None:
        raise FactRefused(
            f"{CaseKind.said(case.object_kind)}没有“{ObjectFact.said(name)}”这一项，没有办理。请去掉。", fact=name
        )
    if name == ObjectFact.PUBLIC_EXPENSE_QUOTA and value is not None:
        return quota_in(value)
    must_be_readable({name: value})
    return _plain(value)


def quota_in(value: Any) -> str:
    """A quota of 万元 as it is kept; refuses what is no amount."""
    amount = exact(value, ObjectFact.PUBLIC_EXPENSE_QUOTA.label) if isinstance(value, str | int | Decimal) else None
    if amount is None or isinstance(value, bool) or not is_amount(amount):
        raise FactRefused(
            "公用经费综合定额应是不小于0的万元数，最多六位小数，没有办理。请核对。",
            fact=ObjectFact.PUBLIC_EXPENSE_QUOTA.value,
        )
    return str(value)


def _plain(value: Any) -> Any:
    """A fact as JSON keeps it; an empty list is nothing, and marks have no order."""
    if isinstance(value, list | tuple):
        return sorted({str(each) for each in value}) or None
    return value


def rulings_of(session: Session, case: Case, told: Correction, on: date) -> Iterator[str]:
    """Every table that answers otherwise with the corrected facts: both answers, and whether the new one counts."""
    policy = library_of(session).policy_version(session, case.policy_id)
    asked = _asked_already(session, case)
    open_steps = set(
        session.scalars(select(Task.element).where(_tasks.case_id == case.id, _tasks.state == TaskState.OPEN))
    )
    for decision in _BY_FACTS:
        if not DECISIONS[decision].inputs.keys() & told.after.keys():
            continue
        before, after = (_answer(case, policy, decision, facts, on) for facts in (told.before, told.after))
        if before != after:
            yield f"{DECISIONS[decision].title}：{before}→{after}（{_counts(decision, asked, open_steps)}）"
    if ObjectFact.PROJECT_CATEGORY in told.after and any(case.forms.of(form) for form in _TARGETS):
        yield "已填报的绩效目标写明的项目类别要与更正后的一致，不一致的请退回重报"


def _answer(case: Case, policy: Policy, decision: str, facts: Mapping[str, Any], on: date) -> str:
    """What a table says to the case with these facts, in a word; without any mark on record there is none."""
    marks = {ObjectFact.MARKS.value: facts.get(ObjectFact.MARKS, case.facts.get(ObjectFact.MARKS)) or []}
    try:
        answer = decide_for(case, policy, decision, {**facts, **marks}, on)
    except DecisionInputRefused:
        return "读不出登记的资料"
    if answer.missing:
        return "资料不全"
    if answer.undefined:
        return RowStatus.UNDEFINED.label
    return "是" if next(iter(answer.outputs.values())) else "否"


def _asked_already(session: Session, case: Case) -> frozenset[str]:
    """The decisions this case was ruled by, those of a draw or a plan among them."""
    entries = session.scalars(select(Entry).where(_journal.case_id == case.id, _journal.type.in_(_KEPT)))
    found = set[str]()
    for entry in entries:
        event = read_entry(entry.type, entry.version, entry.payload)
        if isinstance(event, DecisionMade):
            found |= event.answers.keys()
        elif isinstance(event, CaseSampled | CasePlanned | CaseNotDrawn):
            found |= {decision for decision, name in _CHOSEN.items() if name == event.purpose}
    return frozenset(found)


def _counts(decision: str, asked: frozenset[str], open_steps: set[str]) -> str:
    if f"decide_{decision}" in open_steps:
        return "正由人认定，请按更正后的认定"
    return "已经判定过，不重新判定" if decision in asked else "以后按更正后的判定"
