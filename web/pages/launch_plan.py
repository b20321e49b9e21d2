"""新建部署 as it is filled in: the five steps' answers in one form, and the cases they mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import request

from engine.commands.launch_stage import LAUNCHED
from engine.moves.repeating import LONGEST_TEXT
from engine.queries.launch_copy import LaunchCopy
from engine.queries.launch_work import Addressee
from engine.words import CaseKind
from web.pages.launch_list import Listed, read_list
from web.pages.posted import day_of_field, number_of, text_of, year_of

STAGES = {stage.value: stage.label for stage in LAUNCHED}
WHOSE = {"all": "全部单位", "kinds": "按对象类型", "department": "按主管部门", "list": "名单"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What was answered so far; `whose` says which of kinds, department and names counts.

    `copied` is the launch it began as, if it was copied."""

    year: int | None
    stage: str
    whose: str = "all"
    kinds: tuple[str, ...] = ()
    department: str = ""
    names: str = ""
    due: str = "table"
    due_on: date | None = None
    due_typed: str = ""
    reason: str = ""
    copied: int | None = None

    @classmethod
    def copying(cls, copy: LaunchCopy) -> "Plan":
        """As an earlier launch was, for the objects that are there again, its own day moved by as many years."""
        line, kinds = copy.line, tuple(copy.line.scope.get("object_kinds", ()))
        listed = "case_ids" in line.scope
        return cls(
            year=copy.fiscal_year,
            stage=line.stage if line.stage in STAGES else "",
            whose="list" if listed else "kinds" if kinds else "all",
            kinds=kinds,
            names="\n".join(("案卷编号", *(each.code or "" for each in copy.found))) if listed else "",
            due="given" if copy.due_on else "table",
            due_on=copy.due_on,
            due_typed=copy.due_on.isoformat() if copy.due_on else "",
            reason=f"参照 {line.fiscal_year} 年度部署：{line.due_reason}"[:LONGEST_TEXT] if copy.due_on else "",
            copied=line.id,
        )

    @classmethod
    def told(cls) -> "Plan":
        """As the form holds it; words nobody knows are none."""
        stage, whose = request.form.get("stage", ""), request.form.get("whose", "all")
        return cls(
            year=year_of(),
            stage=stage if stage in STAGES else "",
            whose=whose if whose in WHOSE else "all",
            kinds=tuple(kind for kind in request.form.getlist("kinds") if kind in CaseKind.labels()),
            department=text_of("department", 200),
            names=text_of("names"),
            due="given" if request.form.get("due") == "given" else "table",
            due_on=day_of_field("due_on"),
            due_typed=text_of("due_on", 40),
            reason=text_of("reason"),
            copied=number_of("copied"),
        )

    @property
    def title(self) -> str:
        """`2021 年度绩效运行监控`."""
        return f"{self.year} 年度{STAGES.get(self.stage, '')}"

    @property
    def given_due(self) -> date | None:
        """The day given instead of the table's, if that was chosen."""
        return self.due_on if self.due == "given" else None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The cases a plan means, by where they are; `scope` is what the launch is told (empty: all, late comers too).

    `lines` are those of a list, if the cases were named by one.
    """

    meant: tuple[Addressee, ...]
    others: tuple[Addressee, ...]
    scope: Mapping[str, Any]
    lines: tuple[Listed, ...] = ()
    places: Counter[str] = field(default_factory=Counter)

    @property
    def moving(self) -> tuple[Addressee, ...]:
        """Those that wait and would move now."""
        return self._at("waiting")

    @property
    def ahead(self) -> tuple[Addressee, ...]:
        """Those that have not come to the stage yet; they go on by themselves when they do."""
        return self._at("ahead")

    @property
    def left_out(self) -> tuple[tuple[Addressee, str], ...]:
        """Those meant that would not move, each with why."""
        return tuple((case, WHY_NOT[case.place]) for case in self.meant if case.place in WHY_NOT)

    @property
    def unknown(self) -> tuple[Listed, ...]:
        """The lines of a list that mean no case."""
        return tuple(line for line in self.lines if line.is_unknown)

    @property
    def units(self) -> int:
        """How many units they belong to."""
        return len({case.unit_id for case in self.meant})

    def _at(self, place: str) -> tuple[Addressee, ...]:
        return tuple(case for case in self.meant if case.place == place)


WHY_NOT = {
    "unclaimed": "已经部署，在单位待签收",
    "filling": "已经部署，单位正在填报",
    "reviewing": "已经部署，正在审核",
    "passed": "已经办过这个阶段",
    "stopped": "案卷已暂停或取消",
    "failed": "上次部署时流程出错，请在部署页重试",
}
"""Place → why a case is left out."""


def chosen_by(plan: Plan, audience: Sequence[Addressee]) -> Chosen:
    """The cases of the year a plan means, and what each line of a list means."""
    meant, lines = tuple(audience), tuple[Listed, ...]()
    scope: dict[str, Any] = {}
    if plan.whose == "kinds":
        meant = tuple(case for case in audience if case.object_kind in plan.kinds)
        scope = {"object_kinds": list(plan.kinds)}
    elif plan.whose == "department":
        meant = tuple(case for case in audience if plan.department in (case.department, case.unit))
        scope = {"case_ids": [case.case_id for case in meant]}
    elif plan.whose == "list":
        lines = read_list(plan.names, audience)
        listed = {case.case_id for line in lines for case in line.cases}
        meant = tuple(case for case in audience if case.case_id in listed)
        scope = {"case_ids": [case.case_id for case in meant]}
    known = {case.case_id for case in meant}
    others = tuple(case for case in audience if case.case_id not in known)
    return Chosen(meant, others, scope, lines, Counter(case.place for case in meant))


def one_of_each(cases: Sequence[Addressee]) -> tuple[Addressee, ...]:
    """One case of every kind and version: the others go the same way."""
    return tuple({(case.object_kind, case.diagrams_id, case.policy_id): case for case in reversed(cases)}.values())
