"""What lies before a rehearsal person: the task, whose it is, what was said of this case before, and some chance."""

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from engine.cases import Case, CasePaper
from engine.clock import day_of
from engine.directory import Actor
from engine.moves.papers_before import context_of
from engine.policies import Policy
from engine.process import Element, StepKind
from engine.rehearsal.people import Town
from engine.rehearsal.plan import dice
from engine.rehearsal.subjects import Subject
from engine.stages import library_of
from engine.submissions.forms import FormContext
from engine.tasks import Task
from engine.words import Role


@dataclass
class Memory:
    """What the people of one case remember: answers given, sittings held, how often each step came up."""

    said: dict[str, Any] = field(default_factory=dict)
    sittings: dict[str, date] = field(default_factory=dict)
    times: dict[tuple[str, str, str | None], int] = field(default_factory=dict)
    reports_returned: int = 0

    def comes_up(self, process: str, element: str, item: str | None) -> int:
        """Note that a step lies on a desk; gives the how manyth time it does."""
        times = self.times[process, element, item] = self.times.get((process, element, item), 0) + 1
        return times


@dataclass(frozen=True, slots=True)
class Desk:
    """One task in the hands of one person; `times` tells how often this step has come up in this case."""

    session: Session
    seed: int
    town: Town
    case: Case
    subject: Subject
    memory: Memory
    task: Task
    element: Element
    by: Actor
    at: datetime
    times: int

    @property
    def today(self) -> date:
        """The day in China."""
        return day_of(self.at)

    @property
    def policy(self) -> Policy:
        """The tables of the case."""
        return library_of(self.session).policy_version(self.session, self.case.policy_id)

    def chance(self, *what: object) -> Random:
        """Chance for something about this case, the same in every run with the same seed."""
        return dice(self.seed, self.subject.fiscal_year, self.subject.code, *what)

    def chance_here(self, what: str) -> Random:
        """Chance for something about this step at this time it comes up."""
        return self.chance(self.task.process, self.task.element, self.task.item, self.times, what)

    @property
    def form(self) -> str | None:
        """The code of the form this step fills for this kind of object."""
        return self.element.step.form_for(self.case.object_kind)

    @property
    def judges(self) -> str | None:
        """The code of the form this step looks at for this kind of object."""
        return self.element.step.judges_for(self.case.object_kind)

    def latest(self, code: str) -> CasePaper | None:
        """The latest version of a form of this case, of this item where it has its own."""
        return self.case.forms.before(code, self.task.item)

    def context(self, code: str) -> FormContext:
        """What a form filled in here is checked against."""
        return context_of(self.session, self.case, self.policy, code, self.task.item, self.task.process, self.at)


def somebody_for(town: Town, task: Task, case: Case, element: Element) -> Actor:
    """Somebody of the office a task lies with who did not file what is to be judged."""
    barred: list[int] = []
    if element.step.kind in (StepKind.REVIEW, StepKind.DECIDE):
        code = element.step.judges_for(case.object_kind)
        barred = [person for paper in case.forms.latest.values() if paper.form == code for person in paper.by]
    return town.who(task.unit_id, Role(task.role), but_not=barred)
