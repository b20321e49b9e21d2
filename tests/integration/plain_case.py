"""A case of 花溪 as a person with paper and pencil would keep it: from its target to the end of monitoring.

No engine but its count of working days, no database: a table of steps, and a few rules for what closes and opens.
`test_case_life_model` holds the real case against it after every move.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from engine.deadlines import WorkingCalendar, shifted, working_days_between

GATE = "target_filing.budget_gate"
BACK = "back to the unit"
LAUNCH = "monitoring is awaited"
FREEZE = "the target comes into force"
ADJUSTED = "the adjusted target comes into force"
REFUSED = "the adjustment is refused"
OVER = "the case is over"
DONE = "monitoring is done"


@dataclass(frozen=True)
class Choice:
    """One way to end a step: the word, what is answered, and where it leads."""

    word: str
    leads: tuple[str, ...]
    answers: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Rule:
    """A step: the office, what it fills or judges, its dates (True: the date takes the step away), its ways out."""

    role: str
    choices: tuple[Choice, ...]
    fills: str | None = None
    confirms: str | None = None
    judges: str | None = None
    dates: dict[str, bool] = field(default_factory=dict, hash=False)
    withdrawn_to: str | None = None


def _way(word: str, *leads: str, **answers: Any) -> Choice:
    return Choice(word, leads, answers)


RULES: dict[str, Rule] = {
    "fill_target": Rule(
        "clerk", (_way("submitted", "confirm_target"),), fills="F02",
        dates={"target_filing.fill": False, "target_filing.budget_gate": True},
    ),
    "confirm_target": Rule(
        "head", (_way("submitted", "check_target"), _way("revise", "fill_target")), confirms="F02"
    ),
    "check_target": Rule(
        "department", (_way("approved", "review_target"), _way("returned", BACK)), judges="F02",
        dates={"target_filing.check": False}, withdrawn_to=BACK,
    ),
    "revise_target": Rule(
        "clerk", (_way("submitted", "confirm_revised_target"),), fills="F02",
        dates={"target_filing.revise": False, "target_filing.budget_gate": True},
    ),
    "refile_target": Rule(
        "clerk", (_way("submitted", "confirm_refiled_target"),), fills="F02", dates={"target_filing.refile": True}
    ),
    "confirm_revised_target": Rule(
        "head", (_way("submitted", "check_target"), _way("revise", "revise_target")), confirms="F02"
    ),
    "confirm_refiled_target": Rule(
        "head", (_way("submitted", "check_target"), _way("revise", "refile_target")), confirms="F02"
    ),
    "review_target": Rule(
        "office", (_way("approved", "approve_budget"), _way("returned", BACK)), judges="F02",
        dates={"target_filing.review": False}, withdrawn_to=BACK,
    ),
    "approve_budget": Rule(
        "division",
        (
            _way("decided", FREEZE, LAUNCH, target_result="approved"),
            _way("decided", OVER, target_result="not_arranged"),
        ),
        dates={"target_filing.approve": False},
    ),
    "decide_unapproved_target": Rule(
        "division",
        (
            _way("decided", "refile_target", target_result="pending"),
            _way("decided", OVER, target_result="not_arranged"),
        ),
        dates={"target_filing.decide_unapproved": False},
    ),
    "decide_supplement": Rule(
        "division",
        (_way("decided", "fill_adjusted_target", supplement="allowed"), _way("decided", REFUSED, supplement="refused")),
        dates={"budget_adjustment.supplement": False},
    ),
    "fill_adjusted_target": Rule(
        "clerk", (_way("submitted", "confirm_adjusted_target"),), fills="F02", dates={"budget_adjustment.fill": False}
    ),
    "confirm_adjusted_target": Rule(
        "head", (_way("submitted", "review_adjusted_target"), _way("revise", "fill_adjusted_target")), confirms="F02"
    ),
    "review_adjusted_target": Rule(
        "division", (_way("approved", ADJUSTED), _way("returned", "fill_adjusted_target")), judges="F02",
        dates={"budget_adjustment.review": False}, withdrawn_to="fill_adjusted_target",
    ),
    "fill_monitoring": Rule(
        "clerk", (_way("submitted", "confirm_monitoring"),), fills="F05", dates={"monitoring.fill": False}
    ),
    "confirm_monitoring": Rule(
        "head", (_way("submitted", "check_monitoring"), _way("revise", "fill_monitoring")), confirms="F05"
    ),
    "check_monitoring": Rule(
        "department",
        (_way("approved", "decide_key_monitoring_required"), _way("returned", "revise_monitoring")),
        judges="F05", dates={"monitoring.check": False}, withdrawn_to="revise_monitoring",
    ),
    "revise_monitoring": Rule(
        "clerk", (_way("submitted", "confirm_revised_monitoring"),), fills="F05", dates={"monitoring.revise": False}
    ),
    "confirm_revised_monitoring": Rule(
        "head", (_way("submitted", "check_monitoring"), _way("revise", "revise_monitoring")), confirms="F05"
    ),
    "decide_key_monitoring_required": Rule(
        "office",
        (_way("decided", DONE, key_monitoring="no"), _way("decided", "review_key_monitoring", key_monitoring="yes")),
        dates={"monitoring.decide_key": False},
    ),
    "review_key_monitoring": Rule(
        "office", (_way("approved", DONE), _way("returned", "revise_monitoring")), judges="F05",
        dates={"monitoring.key_review": False}, withdrawn_to="revise_monitoring",
    ),
}  # fmt: skip
TAKES_AWAY = {name: taken for rule in RULES.values() for name, taken in rule.dates.items()}
"""Whether a date that passes takes the work away."""
INSIDE_THE_UNIT = {
    "fill_target": "confirm_target",
    "revise_target": "confirm_revised_target",
    "refile_target": "confirm_refiled_target",
    "fill_monitoring": "confirm_monitoring",
    "revise_monitoring": "confirm_revised_monitoring",
    "fill_adjusted_target": "confirm_adjusted_target",
}
"""Steps whose dates run on while the paper goes to the head and back."""
REVIEW_FORMS = {"review_target": "F03", "review_adjusted_target": "F03"}
"""Where who approves fills a form in the same step."""


@dataclass
class Work:
    """An open step: who holds it, and the version and writer of its draft."""

    holder: str | None = None
    draft: tuple[int, str] | None = None


@dataclass
class PlainCase:
    """Where the case stands."""

    work: dict[str, Work] = field(default_factory=lambda: {"fill_target": Work()})
    dates: dict[tuple[str, str], date | None] = field(default_factory=dict)
    papers: dict[str, list[str]] = field(default_factory=dict)
    state: str = "active"
    amount: Decimal = Decimal(180)
    asked_amount: Decimal | None = None
    in_force: int | None = None
    refiling: bool = False
    launched: bool = False
    awaits_launch: bool = False
    fired: int = 0

    def __post_init__(self) -> None:
        self._set_dates("fill_target")

    @property
    def adjusting(self) -> bool:
        return self.asked_amount is not None

    def finish(self, step: str, choice: Choice) -> None:
        """Somebody ends a step this way."""
        rule = RULES[step]
        if rule.fills:
            self.papers.setdefault(rule.fills, []).append("filled")
        if rule.confirms:
            self.papers[rule.confirms][-1] = "submitted" if choice.word == "submitted" else "returned"
        if rule.judges:
            self.papers[rule.judges][-1] = choice.word
        if step in REVIEW_FORMS and choice.word == "approved":
            self.papers.setdefault(REVIEW_FORMS[step], []).append("submitted")
        self.refiling |= choice.answers.get("target_result") == "pending"
        kept = {name: on for (at, name), on in self.dates.items() if at == step}
        self._close(step)
        for lead in choice.leads:
            self._lead(lead)
            if lead in (INSIDE_THE_UNIT.get(step), *(each for each, head in INSIDE_THE_UNIT.items() if head == step)):
                self._drop_dates(lead)
                self.dates |= {(lead, name): on for name, on in kept.items()}

    def withdraw(self, form: str) -> str | None:
        """The unit takes its latest version back; gives the code of the refusal, if it is one."""
        if self.state != "active":
            return "case.not_active"
        step = next((step for step in self.work if RULES[step].judges == form), None)
        if self.papers[form][-1] != "submitted" or step is None:
            return "submission.closed"
        self.papers[form][-1] = "withdrawn"
        self._close(step)
        self._lead(str(RULES[step].withdrawn_to))
        return None

    def due(self, today: date) -> list[tuple[str, str]]:
        """The dates that have passed, in the order in which they take effect: on one day what takes away comes last."""
        passed = ((on, TAKES_AWAY[at[1]], at[1], at) for at, on in self.dates.items() if on and on < today)
        return [at for *_, at in sorted(passed)]

    def fire(self, at: tuple[str, str]) -> None:
        """A date takes effect: noted, or the step is taken away."""
        if at not in self.dates:
            return
        step, name = at
        self.fired += 1
        del self.dates[at]
        if TAKES_AWAY[name]:
            self._close(step)
            self._open("decide_unapproved_target")

    def launch(self) -> None:
        """Monitoring is launched for everybody."""
        self.launched = True
        self.join_launch()

    def join_launch(self) -> None:
        """A case that waits and may move goes on."""
        if self.awaits_launch and self.launched and self.state == "active":
            self.awaits_launch = False
            self._open("fill_monitoring")

    def go_on(self, since: date, today: date, calendar: WorkingCalendar) -> None:
        """A case that stood still since a day gets its working days back, but for the gate."""
        self.state = "active"
        days = working_days_between(since, today, calendar)
        for at, on in self.dates.items() if days else ():
            if on is not None and on >= since and at[1] != GATE:
                self.dates[at] = max(today, shifted(on, days, calendar))

    def adjust(self, amount: Decimal, kind: str) -> None:
        """The budget is to be another."""
        self.asked_amount = amount
        self._open("decide_supplement" if kind == "supplement" else "fill_adjusted_target")

    def cancel(self) -> None:
        """The case ends before its time."""
        self.state = "cancelled"
        self.work.clear()
        self.dates.clear()

    def _lead(self, lead: str) -> None:
        match lead:
            case "back to the unit":
                self._open("refile_target" if self.refiling else "revise_target")
            case "the target comes into force":
                self.in_force = len(self.papers["F02"])
            case "monitoring is awaited":
                self.awaits_launch = True
                self.join_launch()
            case "the adjusted target comes into force":
                assert self.asked_amount is not None
                self.in_force, self.amount, self.asked_amount = len(self.papers["F02"]), self.asked_amount, None
            case "the adjustment is refused":
                self.asked_amount = None
            case "the case is over":
                self.state = "closed"
            case "monitoring is done":
                pass
            case step:
                self._open(step)

    def _open(self, step: str) -> None:
        self.work[step] = Work()
        self._set_dates(step)

    def _set_dates(self, step: str) -> None:
        self.dates |= {(step, name): None for name in RULES[step].dates}

    def _close(self, step: str) -> None:
        del self.work[step]
        self._drop_dates(step)

    def _drop_dates(self, step: str) -> None:
        for at in [at for at in self.dates if at[0] == step]:
            del self.dates[at]


def refused_persons(step: str, everybody: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Who may not do the step and how they are refused; `everybody` maps a person to the unit."""
    role = RULES[step].role
    unit = everybody[role]
    for person, where in everybody.items():
        if person != role:
            yield person, "task.not_yours" if where != unit else "directory.wrong_office"
