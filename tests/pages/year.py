"""A case led through its year by the pages: every human step by its person, what finance sets going by its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.audit.events import WAITING
from engine.cases import Case
from engine.directory import Actor
from engine.process import StepKind
from engine.tasks import Task
from engine.words import CaseState
from tests.office import REASONS, Desk, Office
from tests.pages.filling import fill_in
from tests.pages.setting_going import set_going
from tests.pages.typist import Typist

MOST_STEPS = 200
BACK = ("returned", "revise")
UP = "for_signature"
"""送签: how a letter ends its step where `way` says so."""
CLAIMED = "task.claimed"
WAY = {"sampled": True, "publication": "government_congress"}
"""The longest way: drawn, planned, published by government and congress."""
AGENCY, LEAD = "示例机构", "孙主评"


@dataclass(frozen=True, slots=True)
class Work:
    """One task as its person would do it: what the office wrote for it, read before anybody opens the page."""

    task: Task
    step: str
    command: str | None
    word: str
    outcomes: tuple[str, ...]
    judges: bool
    content: Mapping[str, Any] | None
    answers: Mapping[str, Any]
    reason: str | None
    by: Actor
    day: str


@dataclass
class Year:
    """`returns` lets everybody who can send something back do so the first time; `way` says what is special.

    What lies in a pool is taken out of it first; nobody has to, and with `claims_once` everybody does so only once.
    """

    office: Office
    hands_of: Callable[[Actor], Typist]
    case_id: int
    returns: bool = False
    claims_once: bool = False
    way: dict[str, Any] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    sent_back: list[str] = field(default_factory=list)
    commands: set[str] = field(default_factory=set)
    claimers: set[int] = field(default_factory=set)

    def live(self) -> Case:
        """Until the case is closed."""
        for _ in range(MOST_STEPS):
            case = self.office.case(self.case_id)
            if case.state != CaseState.ACTIVE:
                return case
            tasks = self.office.tasks(self.case_id)
            if tasks:
                self.do(tasks[0])
            elif not set_going(self.office, self.hands_of, self.case_id, self.way):
                self.office.let_pass(self.case_id)
        raise AssertionError(f"案卷 {self.case_id} 停在 {self.office.open_steps(self.case_id)}")

    def do(self, task: Task, word: str | None = None) -> Typist:
        """One task, from the list to the receipt."""
        work = self.prepared(task, word)
        hands = self.before(task, work)
        (fill_and_hand_in if work.content is not None else decide)(hands, work)
        assert hands.path == f"/tasks/{task.id}/receipt", f"{work.step}（{work.word}）：{hands.said() or hands.text()}"
        assert hands.heading() == "已办理"
        self.done.append(f"{task.process}.{task.element}")
        self.commands |= {work.command} if work.command else set()
        return hands

    def before(self, task: Task, work: Work) -> Typist:
        """The task open before its person, taken out of the pool."""
        hands = self.hands_of(work.by).open("/tasks").follow(f"/tasks/{task.id}")
        has_claimed = self.claims_once and work.by.person_id in self.claimers
        if not has_claimed and hands.button(to=f"/tasks/{task.id}/claim") is not None:
            self.claimers.add(work.by.person_id)
            hands.press(to=f"/tasks/{task.id}/claim")
        return hands

    def reach(self, place: str) -> tuple[Work, Typist]:
        """Commands until that `stage.step`; then its person has it before them, with what they have in mind."""
        self.office.reach(self.case_id, place, **self.way)
        (task,) = self.office.tasks(self.case_id)
        work = self.prepared(task)
        return work, self.before(task, work)

    def prepared(self, task: Task, word: str | None = None) -> Work:
        """What the person has in mind when they open the task."""
        office = self.office
        with office.transactions() as session:
            desk = Desk(session, office.bureau, office.task_named(session, self.case_id, task.element, task.item),
                        office.now, wishes=self.way)  # fmt: skip
            step = desk.element.step
            desk.word = word or self._word(task, step.outcomes)
            desk.reason = REASONS.get(desk.word)
            judges = step.kind in (StepKind.REVIEW, StepKind.CONFIRM)
            return Work(desk.task, desk.element.name, step.command, desk.word, step.outcomes, judges, desk.paper(),
                        desk.answers(), desk.reason, desk.by, office.today.isoformat())  # fmt: skip

    def _word(self, task: Task, outcomes: tuple[str, ...]) -> str:
        word = first_back(task, outcomes, self.sent_back) if self.returns else outcomes[0]
        goes_up = word not in BACK and UP in outcomes and self.way.get(UP)
        return UP if goes_up else word


def first_back(task: Task, outcomes: tuple[str, ...], sent_back: list[str]) -> str:
    """Back, where it can go back and has not yet, which `sent_back` then remembers; else the normal outcome."""
    place = f"{task.process}.{task.element}"
    backwards = next((word for word in outcomes if word in BACK), None)
    if backwards is None or place in sent_back:
        return outcomes[0]
    sent_back.append(place)
    return backwards


def by_commands(office: Office, case_id: int) -> Case:
    """The same year without pages: sent back once by each who judges, all else as is normal on WAY."""
    sent_back: list[str] = []
    for _ in range(MOST_STEPS):
        case = office.case(case_id)
        if case.state != CaseState.ACTIVE:
            return case
        for task in office.tasks(case_id)[:1]:
            word = first_back(task, office.element(task).step.outcomes, sent_back)
            office.do(case_id, task.element, word, item=task.item, **WAY)
            break
        else:
            office.go_on(case_id, **WAY)
    raise AssertionError(f"案卷 {case_id} 停在 {office.open_steps(case_id)}")


def kinds(office: Office, case_id: int) -> list[str]:
    """What happened, in order; who took a task out of the pool is left out."""
    return [entry.type for entry in office.journal(case_id) if entry.type not in (CLAIMED, *WAITING)]


def fill_and_hand_in(hands: Typist, work: Work) -> None:
    """Fill the form, look at 报送前核对, confirm."""
    fill_in(hands, work.content or {})
    assert hands.heading() == "报送前核对", f"{work.step}：{hands.said()} {problems(hands)}"
    answer(hands, work)
    if work.word == UP:
        hands.press(name="word", value=UP)
        return
    confirm = next(each for each in hands.page.iter("button") if each.text_content().startswith("确认"))
    hands.press(confirm.text_content().strip())


def decide(hands: Typist, work: Work) -> None:
    """Answer what is asked, say why, press the button of the outcome."""
    answer(hands, work)
    if work.word in BACK and hands.has("remark.0.text"):
        hands.type("remark.0.template", "7")
        hands.type("remark.0.text", "示例：请写具体")
    if work.reason is not None:
        hands.type("reason", work.reason)
    hands.press(name="word", value=work.word)


def answer(hands: Typist, work: Work) -> None:
    """The questions of the diagram and the fields of the step's own command."""
    for variable, said in work.answers.items():
        if hands.has(f"answer.{variable}"):
            hands.type(f"answer.{variable}", said if isinstance(said, list) else str(said))
    if work.command == "assign_agency":
        hands.choose("agency", AGENCY)
        hands.type("lead_evaluator", LEAD)
        hands.type("declared_independent", "yes")
    if work.command == "record_deliberation":
        hands.type("held_on", work.day)


def problems(hands: Typist) -> list[str]:
    """What 自动审核 says on the page."""
    return [" ".join(each.text_content().split()) for each in hands.page.xpath("//*[@id='summary']//li")]
