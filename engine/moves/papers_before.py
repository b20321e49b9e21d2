"""What the checks of a form look at besides the form: the object, the tables, and the papers that came before it."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Text, Uuid, bindparam, func, null, select, union_all
from sqlalchemy.orm import Session

from engine.cases import Case, CasePaper
from engine.clock import day_of
from engine.directory import Unit
from engine.moves.advising import adviser_names
from engine.moves.facts import QUOTA, decide_for
from engine.moves.spending import time_method
from engine.policies import Decision, Policy
from engine.results.model import ResultEffect
from engine.scores import Score
from engine.scoring.numbers import exact
from engine.store.base import table_of
from engine.store.database import part_in_force
from engine.store.wire import Order, in_one_trip
from engine.submissions import Submission
from engine.submissions.forms import FormContext
from engine.submissions.forms.context import Proposal
from engine.words import BudgetBase, EffectKind, Occasion, RowStatus

PAPERS = {
    "F02": ("target",),
    "F03": ("judged",),
    "F04": ("target",),
    "F05": ("target",),
    "F06": ("target",),
    "F07": ("target",),
    "F08": ("self_evaluation",),
    "F10": ("evaluation",),
    "F11": ("letter",),
    "F12": ("evaluation",),
    "F13": ("evaluation",),
}
"""Form → the earlier papers its checks compare it with."""

ROUNDS = {"library_review": "review_for_library", "joint_review": "review_jointly"}
"""Review round (GZ-11) → the step whose approval ends it."""

_submissions, _units, _scores = table_of(Submission), table_of(Unit), table_of(Score)
_effects = table_of(ResultEffect).c
_CONTENTS = (
    select(_submissions.c.id, _submissions.c.content, _scores.c.grade)
    .outerjoin(_scores, _scores.c.submission_id == _submissions.c.id)
    .where(_submissions.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid()))))
)
_PROPOSED = select(
    null().cast(Uuid()).label("id"),
    func.jsonb_build_object(
        "effect_id", _effects.id, "effect", _effects.effect, "budget_year", _effects.budget_year,
        "occasion", _effects.occasion,
        "source", _effects.source, "status", _effects.status, "note", _effects.note,
        "rate", _effects.rate.cast(Text()), "base_wan", _effects.base_wan.cast(Text()),
        "cut_wan", _effects.cut_wan.cast(Text()),
    ).cast(_submissions.c.content.type).label("content"),
    null().cast(Text()).label("grade"),
).where(_effects.case_id == bindparam("of_case"))  # fmt: skip
_CONTENTS_AND_PROPOSED = union_all(_CONTENTS, _PROPOSED)
"""The same with the effects proposed for the case, as rows without an id of a paper."""
_NAMES = select(_units.c.id, _units.c.name).where(_units.c.id == func.any(bindparam("ids", type_=ARRAY(BigInteger()))))


SUMS_UP = ("F11",)
"""Forms that begin, for the whole case, with what the same form said of the single items."""

OF_AGENCIES = ("F01", "F13")
"""Forms that name an agency, which must not have advised the unit."""

OF_PROPOSALS = ("F12",)
"""Forms that settle the effects proposed for the case."""


def context_of(
    session: Session,
    case: Case,
    policy: Policy,
    code: str,
    item: str | None,
    process: str,
    at: datetime,
    submitter: str = "",
) -> FormContext:
    """The context of a form of this case; the earlier papers and the units' names come in one trip."""
    forms = case.forms
    adjustment = forms.adjustment if process == "budget_adjustment" else None
    wanted = {role: _latest(case, role) for role in PAPERS.get(code, ())}
    single = _on_single_items(case, code) if item is None else {}
    ids = [found.id for found in (*wanted.values(), *single.values()) if found]
    contents, names, proposals = _read_together(session, case, ids, code in OF_PROPOSALS)
    papers = {role: contents.get(found.id) if found else None for role, found in wanted.items()}

    def decide(decision: str, inputs: Mapping[str, Any]) -> Decision:
        return decide_for(case, policy, decision, inputs, day_of(at))

    return FormContext(
        jurisdiction=case.jurisdiction,
        fiscal_year=case.fiscal_year,
        object_kind=case.object_kind,
        decide=decide,
        target=papers.get("target") or papers.get("judged"),
        target_version=forms.target.version if forms.target else None,
        self_evaluation=papers.get("self_evaluation"),
        evaluation=papers.get("evaluation"),
        letter=papers.get("letter"),
        item=item,
        own_reports={name: contents[found.id] for name, found in single.items() if found.id in contents},
        object_name=case.name,
        object_code=case.code,
        unit_name=names.get(case.unit_id, ""),
        department_name=names.get(case.department_id or case.unit_id, ""),
        amount_wan=_unpadded(adjustment.amount_wan if adjustment else case.amount_wan),
        amount_before_wan=_unpadded(case.amount_wan) if adjustment else None,
        budget_adjusted=adjustment is not None,
        project_category=case.facts.get("project_category"),
        submitter=submitter,
        today=day_of(at),
        public_expense_quota_wan=_quota_of(case),
        proposals=proposals,
        unit_advisers=frozenset(adviser_names(session, case) if code in OF_AGENCIES else ()),
        time_progress_method=time_method(case, policy, day_of(at)),
        rules_of=policy.pack.revised_on,
        form_templates=policy.pack.form_templates,
        scoring=policy.pack.scoring,
        ex_ante_dimensions=policy.pack.ex_ante_dimensions,
        ex_ante_suggestion=policy.pack.ex_ante_suggestion,
        figures=policy.pack.figures,
        rounds_done=tuple(name for name, step in ROUNDS.items() if step in forms.rounds),
    )


def _quota_of(case: Case) -> Decimal | None:
    told = case.facts.get(QUOTA)
    return None if told is None else exact(told, BudgetBase.PUBLIC_EXPENSE_QUOTA.label)


def _unpadded(amount: Decimal) -> Decimal:
    """The same amount without the zeros the column pads it with: 100, not 100.000000."""
    return Decimal(f"{amount.normalize():f}")


def _latest(case: Case, role: str) -> CasePaper | None:
    """The latest version of an earlier paper, whichever of its forms the case has; of the target the one in force."""
    if role == "target":
        return case.forms.target
    whole = case.object_kind == "whole_department"
    codes = {
        "judged": ("F04",) if whole else ("F02",),
        "self_evaluation": ("F07",) if whole else ("F06",),
        "evaluation": ("F09", "F08", "F07" if whole else "F06"),
        "letter": ("F10",),
    }[role]
    return next((paper for paper in map(case.forms.of, codes) if paper is not None), None)


def _on_single_items(case: Case, code: str) -> dict[str, CasePaper]:
    """Item → the latest report on it alone, where a form sums those up: F11 on the whole letter."""
    if code not in SUMS_UP:
        return {}
    return {item: paper for (form, item), paper in case.forms.latest.items() if form == code and item is not None}


def _read_together(
    session: Session, case: Case, ids: list[UUID], proposed: bool
) -> tuple[dict[UUID, Any], dict[int, str], tuple[Proposal, ...]]:
    """The contents of versions by their ids, the names of the case's units by their numbers, and what is proposed.

    All in one trip. A version that names a grade has the one that counts since its acceptance; effects are never taken
    away, so each keeps its name.
    """
    names: dict[int, str] = part_in_force(session, "unit_names")
    unknown = {case.unit_id, case.department_id or case.unit_id} - names.keys()
    orders = []
    if proposed:
        orders.append(Order(_CONTENTS_AND_PROPOSED, {"ids": ids, "of_case": case.id}))
    elif ids:
        orders.append(Order(_CONTENTS, {"ids": ids}))
    if unknown:
        orders.append(Order(_NAMES, {"ids": sorted(unknown)}))
    answers = in_one_trip(session, *orders) if orders else []
    if unknown:
        names.update((row.id, row.name) for row in answers[-1].rows)
    rows = answers[0].rows if ids or proposed else []
    contents = {row.id: _as_settled(row.content, row.grade) for row in rows if row.id is not None}
    effects = sorted((row.content for row in rows if row.id is None), key=lambda told: told["effect_id"])
    return contents, names, tuple(_proposal(f"e{number}", told) for number, told in enumerate(effects, start=1))


def _proposal(name: str, told: Mapping[str, Any]) -> Proposal:
    amounts = {key: Decimal(told[key]) for key in ("rate", "base_wan", "cut_wan") if told[key] is not None}
    return Proposal(
        name=name,
        effect=EffectKind(told["effect"]),
        budget_year=told["budget_year"],
        occasion=Occasion(told["occasion"]) if told["occasion"] else None,
        source=told["source"],
        status=RowStatus(told["status"]),
        note=told["note"],
        effect_id=told["effect_id"],
        **amounts,
    )


def _as_settled(content: Mapping[str, Any], grade: str | None) -> Mapping[str, Any]:
    return {**content, "grade": grade} if grade is not None and "grade" in content else content
