"""What stands out in a rehearsed year: the lowest, the widest, the late, the money, and what people had to decide."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine.audit import Entry, Event, read_entry
from engine.audit.events.deadlines import DeadlineNotLaidDown
from engine.audit.events.tasks import TaskCompleted
from engine.audit.events.words import said
from engine.directory import Actor, Unit
from engine.queries.year_amounts import year_amounts
from engine.queries.year_results import YearRows
from engine.rectifications import Rectification
from engine.results.model import ResultEffect
from engine.scoring import plain, rounded
from engine.store.archives import all_of
from engine.words import RowStatus, said_answer, said_deadline, said_process

MOST = 5
"""So many are named of what is lowest, widest, latest."""


def standing_out(
    session: Session, actor: Actor, fiscal_year: int, ours: Select[int], rows: YearRows, step_name: Callable[[str], str]
) -> dict[str, Any]:
    """The JSON of what a bureau head asks after the figures; `step_name` names process.element."""
    return {
        "lowest": _lowest(rows),
        "widest_gaps": _widest(rows),
        "late_rectifications": _late(session, ours),
        "amounts": _amounts(session, actor, fiscal_year),
        "effects": _effects(session, ours),
        "decided_by_people": _decided(session, ours, step_name),
        "days_not_laid_down": _undated(session, ours),
    }


def _lowest(rows: YearRows) -> list[dict[str, str]]:
    """The objects with the lowest evaluation, departments and projects together."""
    projects = rows.statistics.projects.combination.projects if rows.statistics.projects else ()
    objects = [(each.unit, each.score, each.grade) for each in rows.units]
    objects += [(each.name, each.third_party_score, each.grade) for each in projects]
    return [
        {"name": name, "score": str(score), "grade": grade}
        for name, score, grade in sorted(objects, key=lambda each: (each[1], each[0]))[:MOST]
    ]


def _widest(rows: YearRows) -> list[dict[str, str]]:
    """The projects that think best of themselves beside what the third party found."""
    if rows.statistics.projects is None:
        return []
    gaps = [(each.self_score - each.third_party_score, each) for each in rows.statistics.projects.combination.projects]
    widest = sorted(gaps, key=lambda each: (-abs(each[0]), each[1].name))[:MOST]
    return [
        {
            "name": each.name, "self": str(rounded(each.self_score)), "third_party": str(each.third_party_score),
            "gap": str(rounded(gap)),
        }
        for gap, each in widest
    ]  # fmt: skip


def _late(session: Session, ours: Select[int]) -> dict[str, Any]:
    """Items others had to be asked to see to, by unit, the most first."""
    late = func.count().filter(Rectification.escalations > 0)
    found = session.execute(
        select(Unit.name, func.count().label("items"), late.label("late"))
        .join(Unit, Unit.id == Rectification.unit_id)
        .where(Rectification.case_id.in_(ours))
        .group_by(Unit.name)
        .order_by(late.desc(), Unit.name)
    ).all()
    return {
        "items": sum(row.late for row in found),
        "units": [{"unit": row.name, "late": row.late, "items": row.items} for row in found[:MOST] if row.late],
    }


def _amounts(session: Session, actor: Actor, fiscal_year: int) -> dict[str, Any] | None:
    """What was asked for and what was found right, in 万元; None where nothing has an amount found right."""
    found = year_amounts(session, actor, fiscal_year, most=0)
    if found.cut is None:
        return None
    return {
        "objects": found.settled,
        "less": found.less,
        "asked_wan": plain(found.asked_wan),
        "settled_wan": plain(found.settled_wan),
        "cut_wan": plain(found.cut.amount_wan),
        "rate": None if found.cut.rate is None else plain(rounded(found.cut.rate)),
    }


def _effects(session: Session, ours: Select[int]) -> list[dict[str, Any]]:
    """What the results do to budgets: how many objects each effect was proposed for, and the money cut by it."""
    found = session.execute(
        select(
            ResultEffect.effect,
            ResultEffect.budget_year,
            func.count(func.distinct(ResultEffect.case_id)).label("objects"),
            func.coalesce(func.sum(ResultEffect.cut_wan), 0).label("cut_wan"),
        )
        .where(ResultEffect.case_id.in_(ours))
        .group_by(ResultEffect.effect, ResultEffect.budget_year)
        .order_by(func.count().desc(), ResultEffect.effect, ResultEffect.budget_year)
    ).all()
    return [
        {
            "effect": row.effect.label, "budget_year": row.budget_year, "objects": row.objects,
            "cut_wan": plain(row.cut_wan),
        }
        for row in found
    ]  # fmt: skip


def _decided(session: Session, ours: Select[int], step_name: Callable[[str], str]) -> list[dict[str, Any]]:
    """How often a person had to decide what the jurisdiction has not laid down, and what was decided."""
    answers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    completed = (each for each in _events(session, ours, TaskCompleted.name) if isinstance(each, TaskCompleted))
    for done in completed:
        name = step_name(done.step)
        if RowStatus.UNDEFINED.label in name:
            stage = said_process(done.step.partition(".")[0])
            told = "，".join(said_answer(variable, said(value)) for variable, value in done.answers.items())
            answers[f"{stage}：{_asked(name)}"][told] += 1
    return [
        {"step": step, "times": told.total(), "answers": dict(sorted(told.items(), key=_most_first))}
        for step, told in sorted(answers.items(), key=lambda each: (-each[1].total(), each[0]))
    ]


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    """In the order of the counts, and the same whoever counted first."""
    return -counted[1], counted[0]


def _asked(name: str) -> str:
    """What is to be decided, of a step called 本区未规定，请认定….

    >>> _asked("本区未规定，请认定是否备案"), _asked("本区未规定公开程序，请认定")
    ('是否备案', '公开程序')
    """
    return (
        name.replace(f"{RowStatus.UNDEFINED.label}，", "")
        .removeprefix(RowStatus.UNDEFINED.label)
        .replace("请认定", "")
        .strip("，")
    )


def _undated(session: Session, ours: Select[int]) -> list[dict[str, Any]]:
    """Steps without a day, because the table of deadlines has none for them."""
    silent = (
        each for each in _events(session, ours, DeadlineNotLaidDown.name) if isinstance(each, DeadlineNotLaidDown)
    )
    found = Counter(said_deadline(each.deadline) for each in silent)
    return [{"deadline": name, "times": times} for name, times in sorted(found.items(), key=_most_first)]


def _events(session: Session, ours: Select[int], name: str) -> Iterable[Event]:
    entry = all_of(Entry)
    rows = session.execute(select(entry.version, entry.payload).where(entry.case_id.in_(ours), entry.type == name))
    return (read_entry(name, row.version, row.payload) for row in rows)
