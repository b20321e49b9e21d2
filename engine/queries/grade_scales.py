"""The scale of a grade: for cases at hand, which scores make which grade by the tables each of them runs on."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.policies import NATIONAL, Policy
from engine.policies.table import Row
from engine.queries.scope import visible_to
from engine.stages import library_in_force, library_of
from engine.store.base import table_of
from engine.words import Grade, RowStatus

_cases = table_of(Case).c
_RANGE = re.compile(r"([\[(\]])\s*(\S+?)\s*\.\.\s*(\S+?)\s*([\])\[])")
NEAR = Decimal("0.5")
"""压线: so close to a border of the grades a score is looked at twice (× 0.5 分)."""
Scale = Mapping[str, str]
"""Grade → its band in words: 花溪区 2021：80–<90，由数据推定."""


def grade_scales(session: Session, actor: Actor, case_ids: Collection[int]) -> Mapping[int, Scale]:
    """Case → the scale of its tables for what it is; only of cases the actor may see.

    A grade no row gives is not in the scale: a person decided it.
    """
    if not case_ids:
        return {}
    asked = select(_cases.id, _cases.policy_id, _cases.object_kind, _cases.fiscal_year)
    rows = session.execute(asked.where(_cases.id.in_(list(case_ids)), visible_to(actor))).all()
    library = library_of(session)
    kinds = {(row.policy_id, str(row.object_kind), row.fiscal_year) for row in rows}
    scales = {kind: scale_in(library.policy_version(session, kind[0]), *kind[1:]) for kind in kinds}
    return {row.id: scales[row.policy_id, str(row.object_kind), row.fiscal_year] for row in rows}


def grades_given(session: Session, actor: Actor) -> tuple[str, ...]:
    """The grades the tables in force of the actor's jurisdiction can give, best first."""
    library = library_in_force(session)
    table = library.policy_version(session, library.policy_ids[actor.jurisdiction]).table("grade")
    given, known = {str(row.results["grade"]) for row in table.rows}, list(Grade.labels())
    return (*(grade for grade in known if grade in given), *sorted(given.difference(known)))


def grade_borders(session: Session, actor: Actor) -> tuple[Decimal, ...]:
    """Where one grade of the actor's jurisdiction ends and the next begins, by the tables in force."""
    library = library_in_force(session)
    return library.policy_version(session, library.policy_ids[actor.jurisdiction]).table("grade").borders("score")


def is_near(score: Decimal | None, borders: Iterable[Decimal]) -> bool:
    """压线: whether a score lies within `NEAR` of a border."""
    return score is not None and any(abs(score - border) <= NEAR for border in borders)


def scale_in(policy: Policy, object_kind: str, fiscal_year: int) -> Scale:
    """The scale of one set of tables for one kind of object, said for a year of money."""
    whose = "全国" if policy.table("grade").layer == NATIONAL else policy.title
    bands: dict[str, str] = {}
    for grade, band, row in _bands(policy, object_kind):
        bands.setdefault(grade, f"{whose} {fiscal_year}：{band}，{RowStatus(row.status).label}")
    return bands


def _bands(policy: Policy, object_kind: str) -> Iterator[tuple[str, str, Row]]:
    table = policy.table("grade")
    names = list(table.signature.inputs)
    score, kind = names.index("score"), names.index("object_kind")
    for row in table.rows:
        of_kind = row.cells[kind].matches
        if of_kind is None or of_kind(object_kind, {"object_kind": object_kind}):
            yield str(row.results["grade"]), band_told(row.cells[score].text), row


def band_told(test: str) -> str:
    """Scores of a row as short as a badge can say them.

    >>> band_told("[80..90)"), band_told("(80..90]"), band_told(">= 90"), band_told("< 60")
    ('80–<90', '>80–90', '≥90', '<60')
    """
    found = _RANGE.fullmatch(test.strip())
    if found:
        opens, low, high, closes = found.groups()
        return f"{'' if opens == '[' else '>'}{low}–{'' if closes == ']' else '<'}{high}"
    return test.replace(">=", "≥").replace("<=", "≤").replace(" ", "")
