"""What a rehearsed year adds up to, read back from what the commands wrote, beside what was published of it."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.verify import Verification
from engine.cases import Case
from engine.clock import day_of
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.policies import Policy
from engine.queries.year_results import rows_of
from engine.rectifications import Letter, Rectification
from engine.rehearsal.inputs import Published
from engine.rehearsal.standing_out import standing_out
from engine.rehearsal.subjects import Subject
from engine.results.disagreements import Disagreement, disagreements, figures_of, grade_disagreements, passed_over
from engine.results.figures import figures
from engine.results.model import Sample
from engine.scores import Score, final_scores
from engine.scoring import plain
from engine.stages import step_names
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import CaseState, DeadlineState, TaskState

SENT_BACK = ("returned", "revise")


def report(
    session: Session,
    policy: Policy,
    fiscal_year: int,
    seed: int,
    subjects: Sequence[Subject],
    published: Sequence[Published],
    journal: Verification,
    actor: Actor,
) -> dict[str, Any]:
    """The JSON of a rehearsal (design §5), read as somebody of finance; amounts and scores are decimal text."""
    rows = rows_of(session, policy.name, fiscal_year, grades_of_tables_only=True)
    statistics, ours = rows.statistics, _ours(policy.name, fiscal_year)
    compared = disagreements(figures_of(published, policy.title, fiscal_year), figures(statistics))
    by_object = list(_objects(session, policy, fiscal_year, subjects))
    found = [*compared.disagreements, *by_object]
    graded = [each for each in by_object if each.kind in ("grade", "undefined_grade")]
    return {
        "jurisdiction": policy.name,
        "jurisdiction_title": policy.title,
        "year": fiscal_year,
        "seed": seed,
        **statistics.as_json(),
        **_counts(session, policy.name, fiscal_year),
        "journal": {"chains": journal.chains, "entries": journal.entries, "holds": journal.holds},
        **_span(session, ours),
        **standing_out(session, actor, fiscal_year, ours, rows, _step_names(session, ours)),
        "grades_compared": len(subjects),
        "grades_equal": len(subjects) - len(graded),
        "evaluated_beyond_the_table": _beyond_the_table(session, policy.name, fiscal_year),
        "published_agreeing": list(compared.agreed),
        "published_not_computed": [*compared.not_computed, *compared.unknown],
        "disagreements": [each.as_json() for each in found],
        "remarks": [each.as_json() for each in (*compared.remarks, *passed_over(published, policy.title, fiscal_year))],
    }


def _beyond_the_table(session: Session, jurisdiction: str, fiscal_year: int) -> list[str]:
    """Objects of the evaluation plan that the table `key_evaluation_candidate` would not have chosen."""
    plans = session.scalars(
        select(Sample)
        .where(
            Sample.jurisdiction == jurisdiction,
            Sample.fiscal_year == fiscal_year,
            Sample.purpose == "key_evaluation",
        )
        .order_by(Sample.id)
    )
    return [
        member["name"]
        for plan in plans
        for member in plan.frame
        if member["weight"] == "0" and member["case"] in {choice["case"] for choice in plan.drawn}
    ]


def _counts(session: Session, jurisdiction: str, fiscal_year: int) -> dict[str, Any]:
    """What happened on the way, counted in the tables."""
    ours = _ours(jurisdiction, fiscal_year)

    def count(entity: Any, *which: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(entity).where(entity.case_id.in_(ours), *which)) or 0

    task, entry, deadline = all_of(Task), all_of(Entry), all_of(Deadline)
    done = task.state == TaskState.COMPLETED
    return {
        "human_steps": count(task, done),
        "returns": count(task, done, task.outcome.in_(SENT_BACK)),
        "withdrawals": count(entry, entry.type == "submission.withdrawn"),
        "late_steps": _late(session, ours),
        "deadlines_fired": count(deadline, deadline.state == DeadlineState.FIRED),
        "budget_adjustments": count(entry, entry.type == "budget.adjusted"),
        "letters": count(Letter),
        "rectification_items": count(Rectification),
        "cases": session.scalar(select(func.count()).select_from(ours.subquery())) or 0,
        "cases_finished": session.scalar(
            select(func.count()).select_from(ours.where(Case.state == CaseState.CLOSED).subquery())
        )
        or 0,
    }


def _ours(jurisdiction: str, fiscal_year: int) -> Select[int]:
    """The cases of the year."""
    return select(Case.id).where(Case.jurisdiction == jurisdiction, Case.fiscal_year == fiscal_year)


def _late(session: Session, ours: Any) -> int:
    task = all_of(Task)
    rows = session.execute(
        select(task.completed_at, task.due_on).where(
            task.case_id.in_(ours), task.state == TaskState.COMPLETED, task.due_on.is_not(None)
        )
    )
    return sum(day_of(row.completed_at) > row.due_on for row in rows)


def _step_names(session: Session, ours: Select[int]) -> Callable[[str], str]:
    """The names of the steps in the diagrams the cases of the year began with."""
    diagrams = session.scalars(select(Case.diagrams_id).where(Case.id.in_(ours)).limit(1)).one()
    return step_names(session, diagrams)


def _span(session: Session, ours: Any) -> dict[str, str | None]:
    entry = all_of(Entry)
    first, last = session.execute(select(func.min(entry.at), func.max(entry.at)).where(entry.case_id.in_(ours))).one()
    return {
        "first_day": day_of(first).isoformat() if first else None,
        "last_day": day_of(last).isoformat() if last else None,
    }


def _objects(session: Session, policy: Policy, fiscal_year: int, subjects: Sequence[Subject]) -> Iterable[Disagreement]:
    """Object by object: is the score the published one, and does the table give the published grade for it?"""
    scores = _scores(session, policy.name, fiscal_year)
    for subject in subjects:
        score = scores.get((subject.kind, subject.code))
        if score is None or score.total != subject.third_party_score:
            computed = "没有评价得分" if score is None else plain(score.total)
            note = "演练得出的评价得分与输入文件不同。"
            yield Disagreement(f"{subject.name}的得分", plain(subject.third_party_score), computed, note, "score")
            continue
        printed = (subject.name, score.total, subject.published_grade)
        yield from grade_disagreements([printed], _always(score.ruled_grade))


def _always(grade: str | None) -> Callable[[Decimal], str | None]:
    """The table was asked when the score was given; here its answer is only repeated."""
    return lambda score: grade


def _scores(session: Session, jurisdiction: str, fiscal_year: int) -> dict[tuple[str, str], Score]:
    """The evaluation's score by kind and code of the object."""
    rows = session.execute(
        select(Case.id, Case.object_kind, Case.code).where(
            Case.jurisdiction == jurisdiction, Case.fiscal_year == fiscal_year
        )
    ).all()
    found = final_scores(session, [row.id for row in rows])
    return {(row.object_kind, row.code): found[row.id] for row in rows if row.id in found}
