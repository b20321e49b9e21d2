"""年度结果: the evaluations of a year as the statistics want them, objects by case and money by line (CH-15, HX-16)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case, FundLine
from engine.directory import Actor, Unit
from engine.queries.scope import WHOLE_TENANT
from engine.queries.year_counts import EVERYTHING, Share, of_share
from engine.rectifications import Letter
from engine.results.statistics import Money, YearStatistics, year_statistics
from engine.scores import Score, final_scores
from engine.submissions import Submission
from engine.words import CaseKind, Role, RowStatus, ScoreKind, SubmissionState

EVALUATED = frozenset({ScoreKind.THIRD_PARTY, ScoreKind.DEPARTMENT})
MAY_SEE = WHOLE_TENANT | {Role.OBSERVER}
UNGRADED = "未定级"
NOT_LAID_DOWN = RowStatus.UNDEFINED.label


@dataclass(frozen=True, slots=True)
class UnitResult:
    """The whole-department result of one unit; `case_id` is the case it was reached in."""

    case_id: int
    unit: str
    score: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class LineResult:
    """One fund line of an evaluated project, with the project's score and grade; `no` is the number of the case."""

    no: int
    name: str
    funds_wan: Decimal
    self_score: Decimal
    third_party_score: Decimal
    grade: str


@dataclass(frozen=True, slots=True)
class YearRows:
    """The figures of a year and the rows they are made of: departments by unit, projects by fund line."""

    units: tuple[UnitResult, ...]
    lines: tuple[LineResult, ...]
    statistics: YearStatistics


def years_of(session: Session, actor: Actor) -> tuple[int, ...]:
    """The fiscal years of the jurisdiction that have evaluations, and then those that only have cases, latest first."""
    actor.must_hold(*(role for role in Role if role in MAY_SEE))
    cases = select(Case.fiscal_year).where(Case.jurisdiction == actor.jurisdiction)
    every = set(session.scalars(cases.distinct()))
    scored = set(
        session.scalars(cases.join(Score, Score.case_id == Case.id).where(Score.kind.in_(EVALUATED)).distinct())
    )
    return tuple(sorted(scored, reverse=True)) + tuple(sorted(every - scored, reverse=True))


def year_rows(session: Session, actor: Actor, fiscal_year: int, *, share: Share = EVERYTHING) -> YearRows:
    """`year_results` with its rows; of a share of the cases only, where named."""
    actor.must_hold(*(role for role in Role if role in MAY_SEE))
    return rows_of(session, actor.jurisdiction, fiscal_year, share=share)


def year_results(session: Session, actor: Actor, fiscal_year: int) -> YearStatistics:
    """The figures of a year of the actor's jurisdiction, as `results_of` has them; for finance and the congress."""
    actor.must_hold(*(role for role in Role if role in MAY_SEE))
    return results_of(session, actor.jurisdiction, fiscal_year)


def results_of(
    session: Session, jurisdiction: str, fiscal_year: int, *, grades_of_tables_only: bool = False
) -> YearStatistics:
    """Counts, grades, extremes, money and the gap between self and third-party scores of a year's evaluations.

    Only cases whose evaluation counts take part. Where the table names no grade, the one a person decided and the
    letter states counts, or, with `grades_of_tables_only`, 本区未规定.
    """
    return rows_of(session, jurisdiction, fiscal_year, grades_of_tables_only=grades_of_tables_only).statistics


def rows_of(
    session: Session,
    jurisdiction: str,
    fiscal_year: int,
    *,
    grades_of_tables_only: bool = False,
    share: Share = EVERYTHING,
) -> YearRows:
    """`results_of` with the rows it counts; of a share of the cases only, where named."""
    cases = _cases(session, jurisdiction, fiscal_year, share)
    scores = {id_: score for id_, score in final_scores(session, cases).items() if score.kind in EVALUATED}
    grades = _grades_of_tables(scores) if grades_of_tables_only else _grades(session, scores)
    money = _money(session, scores)
    units = [case for case in cases.values() if case.object_kind == CaseKind.WHOLE_DEPARTMENT and case.id in scores]
    objects = [case for case in cases.values() if case.object_kind != CaseKind.WHOLE_DEPARTMENT and case.id in scores]
    results = tuple(UnitResult(case.id, case.unit, scores[case.id].total, grades[case.id]) for case in units)
    lines = tuple(_lines(session, objects, scores, grades))
    statistics = year_statistics(
        results,
        lines,
        department_money=[money[case.id] for case in units if case.id in money],
        project_money=[money[case.id] for case in objects if case.id in money],
    )
    return YearRows(results, lines, statistics)


def _cases(session: Session, jurisdiction: str, fiscal_year: int, share: Share) -> dict[int, Any]:
    rows = session.execute(
        select(Case.id, Case.name, Case.object_kind, Case.amount_wan, Unit.name.label("unit"))
        .join(Unit, Unit.id == Case.unit_id)
        .where(Case.jurisdiction == jurisdiction, Case.fiscal_year == fiscal_year, of_share(share))
        .order_by(Case.id)
    )
    return {row.id: row for row in rows}


def _grades_of_tables(scores: dict[int, Score]) -> dict[int, str]:
    return {id_: score.ruled_grade or NOT_LAID_DOWN for id_, score in scores.items()}


def _grades(session: Session, scores: dict[int, Score]) -> dict[int, str]:
    open_ones = [id_ for id_, score in scores.items() if score.grade is None]
    letters = session.execute(
        select(Letter.case_id, Letter.grade).where(Letter.case_id.in_(open_ones)).order_by(Letter.id)
    )
    stated = {row.case_id: row.grade for row in letters}
    return {id_: score.grade or stated.get(id_) or UNGRADED for id_, score in scores.items()}


def _money(session: Session, scores: dict[int, Score]) -> dict[int, Money]:
    """全年预算数 and 全年执行数 as the accepted reports have them; a report without a budget has no rate."""
    content = Submission.content
    rows = session.execute(
        select(Submission.case_id, content["amount_wan"].astext, content["executed_amount_wan"].astext).where(
            Submission.id.in_([score.submission_id for score in scores.values()])
        )
    )
    known = {case_id: (amount, spent) for case_id, amount, spent in rows if amount and spent}
    return {id_: Money(Decimal(a), Decimal(b)) for id_, (a, b) in known.items() if Decimal(a) > 0}


def _lines(
    session: Session, cases: Sequence[Any], scores: dict[int, Score], grades: dict[int, str]
) -> list[LineResult]:
    ids = [case.id for case in cases]
    self_scores = _self_scores(session, ids)
    lines: defaultdict[int, list[FundLine]] = defaultdict(list)
    for line in session.scalars(
        select(FundLine).where(FundLine.case_id.in_(ids)).order_by(FundLine.case_id, FundLine.line_no)
    ):
        lines[line.case_id].append(line)
    return [
        LineResult(
            no=case.id,
            name=line.name,
            funds_wan=line.amount_wan,
            self_score=self_score,
            third_party_score=scores[case.id].total,
            grade=grades[case.id],
        )
        for case in cases
        for line in lines[case.id]
        if (self_score := _self_score(line, self_scores.get(case.id))) is not None
    ]


def _self_score(line: FundLine, score: Score | None) -> Decimal | None:
    """The line's own self score, else that of its row in the self-evaluation, else that of the whole project."""
    if line.self_score is not None or score is None:
        return line.self_score
    by_line = score.basis.get("lines", ())
    return Decimal(by_line[line.line_no - 1]) if len(by_line) >= line.line_no else score.total


def _self_scores(session: Session, ids: Iterable[int]) -> dict[int, Score]:
    rows = session.scalars(
        select(Score)
        .join(Submission, Submission.id == Score.submission_id)
        .where(
            Score.case_id.in_(list(ids)),
            Score.kind == ScoreKind.SELF,
            Submission.state.not_in([state for state in SubmissionState if not state.counts]),
        )
        .order_by(Score.scored_at, Submission.version)
    )
    return {score.case_id: score for score in rows}
