"""What an event says to whom: the kind of notice, its words, and the people or the office it is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from engine.audit.events import Event, cases, directory, filings, money, papers, publication, rectifications, tasks
from engine.audit.events import deadlines as days
from engine.audit.events.words import because, of_item
from engine.clock import day_of
from engine.deadlines.wording import day_words
from engine.submissions.forms import FORMS
from engine.tasks import Task
from engine.words import Disposal, DocumentKind, NoticeKind, Role, Stage, said_deadline

Office = tuple[int, Role]
"""A unit and an office in it."""


@dataclass(frozen=True, slots=True)
class To:
    """Whom it is for: these `people`; where none of them works here any more, or none is named, this `office`.

    Of the offices in `besides` everybody is told as well.
    """

    people: tuple[int, ...] = ()
    office: Office | None = None
    besides: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A notice before it is known who gets it."""

    kind: NoticeKind
    words: str
    to: To
    task: UUID | None = None


class Scene(Protocol):
    """What a message takes from around its event."""

    shown_in: int
    returned: bool

    def task(self, id_: UUID | None) -> Task | None:
        """The task of that id."""

    def step(self, task: Task) -> str:
        """The name of its step."""

    def step_named(self, step: str) -> str:
        """The name of a step by process.element."""

    def of_day(self, id_: UUID | None) -> "OfDay":
        """Whose day a deadline is."""

    def person(self, number: int) -> str:
        """The name of a person."""

    def sees_to(self, item: str, role: Role) -> Office | None:
        """Whose office of that kind sees to a problem of the case."""

    def above(self, unit_id: int) -> tuple[Office, ...]:
        """Who hears of what is late in a unit: its head, its department, the 绩效股."""


@dataclass(frozen=True, slots=True)
class OfDay:
    """The work a deadline is about: a task, or a problem of a unit."""

    to: To = field(default_factory=To)
    unit_id: int | None = None
    step: str = ""
    task: UUID | None = None


_Tell = Callable[[Any, Any, Scene], Message | None]


def message_of(event: Event, by: int | None, scene: Scene, at: Any) -> Message | None:
    """What is said of an event that happened at `at`; None where nobody is told of it.

    Nobody hears of what they did themselves, but of work that comes of it.
    """
    tells = TELLING.get(event.name)
    told = None if tells is None else tells(event, at, scene)
    if told is None or by is None or told.kind in (NoticeKind.NEW_TASK, NoticeKind.RETURNED):
        return told
    people = tuple(person for person in told.to.people if person != by)
    nobody_left = told.to.people and not people and not told.to.besides
    return None if nobody_left else replace(told, to=replace(told.to, people=people))


def _opened(event: tasks.TaskOpened, at: Any, scene: Scene) -> Message:
    office, task = (event.unit, Role(event.role)), scene.task(event.task)
    held = (task.holder_id,) if task is not None and task.holder_id is not None else ()
    what = f"“{scene.step_named(event.step)}”{of_item(event.item)}"
    back = scene.returned and event.role in (Role.UNIT_CLERK, Role.UNIT_HEAD)
    kind = NoticeKind.RETURNED if back else NoticeKind.NEW_TASK
    words = f"{what}{'退回修改' if back else '等您办理'}{_by(event.due_on, scene)}"
    return Message(kind, words, To(held, office), event.task)


def _transferred(event: tasks.TaskTransferred, at: Any, scene: Scene) -> Message | None:
    task = scene.task(event.task)
    if task is None:
        return None
    words = f"“{scene.step(task)}”转给您办理{_by(task.due_on, scene)}"
    return Message(NoticeKind.NEW_TASK, words, To((event.to,), (task.unit_id, task.role)), task.id)


def _given_back(event: tasks.TaskGivenBack, at: Any, scene: Scene) -> Message | None:
    task = scene.task(event.task)
    if task is None:
        return None
    words = f"“{scene.step(task)}”原办理人已离岗，等待签收{_by(task.due_on, scene)}"
    return Message(NoticeKind.NEW_TASK, words, To((), (task.unit_id, task.role)), task.id)


def _urged(event: tasks.TaskReminded, at: Any, scene: Scene) -> Message | None:
    task = scene.task(event.task)
    if task is None:
        return None
    held = () if event.person is None else (event.person,)
    head = ((task.unit_id, Role.UNIT_HEAD),) if event.head else ()
    words = f"第{event.number}次催办“{scene.step(task)}”{_by(task.due_on, scene)}"
    return Message(NoticeKind.REMINDED, words, To(held, (task.unit_id, task.role), head), task.id)


def _reminded(event: days.DeadlineReminded, at: Any, scene: Scene) -> Message:
    day, today = scene.of_day(event.id), event.on or day_of(at)
    step = day.step or said_deadline(event.deadline)
    if today > event.due_on:
        return Message(NoticeKind.OVERDUE, _late(step, event.due_on, scene), day.to, day.task)
    kind = NoticeKind.DUE_TODAY if today == event.due_on else NoticeKind.DUE_SOON
    until = "今日截止" if today == event.due_on else f"{_day(event.due_on, scene)}截止"
    return Message(kind, f"“{step}”{until}，请按期办结", day.to, day.task)


def _passed(event: days.DeadlineFired, at: Any, scene: Scene) -> Message | None:
    day = scene.of_day(event.id)
    if day.unit_id is None:
        return None
    step = day.step or said_deadline(event.deadline)
    return Message(NoticeKind.OVERDUE, _late(step, event.due_on, scene), day.to, day.task)


def _escalated(event: tasks.TaskEscalated, at: Any, scene: Scene) -> Message | None:
    task = scene.task(event.task)
    if task is None:
        return None
    words = f"“{scene.step(task)}”逾期未办结{_of_day(task.due_on, scene)}，提请督办"
    return Message(NoticeKind.OVERDUE, words, To(besides=scene.above(task.unit_id)), task.id)


def _problem_escalated(event: rectifications.RectificationEscalated, at: Any, scene: Scene) -> Message | None:
    office = scene.sees_to(event.item, Role(event.office))
    words = f"整改事项{event.item}到{_day(event.due_on, scene)}没有办结，提请督办"
    return None if office is None else Message(NoticeKind.OVERDUE, words, To(office=office))


def _moved(event: Any, at: Any, scene: Scene) -> Message | None:
    day, on = scene.of_day(event.id), event.due_on if isinstance(event, days.DeadlineDated) else event.after
    if day.unit_id is None:
        return None
    step = day.step or said_deadline(event.deadline)
    verb = "定为" if isinstance(event, days.DeadlineDated) else "改为"
    return Message(NoticeKind.DAY_MOVED, f"“{step}”的截止日{verb}{_day(on, scene)}", day.to, day.task)


def _declined(event: days.ExtensionDeclined, at: Any, scene: Scene) -> Message | None:
    day = scene.of_day(event.id)
    if day.unit_id is None:
        return None
    words = f"“{day.step or said_deadline(event.deadline)}”没有延期到{_day(event.wanted_on, scene)}，原来的截止日不变"
    return Message(NoticeKind.DAY_MOVED, words, day.to, day.task)


def _copied(event: filings.PaperCopied, at: Any, scene: Scene) -> Message:
    version = "" if event.paper_version is None else f"第{event.paper_version}稿"
    return Message(NoticeKind.COPIED, f"“{FORMS[event.form].title}”{version}抄送给您", To(event.to))


def _entrusted(event: directory.Substituted, at: Any, scene: Scene) -> Message:
    until = f"{_day(event.from_on, scene)}起至{_day(event.until_on, scene)}"
    words = f"{until}，{scene.person(event.substitute)}代{scene.person(event.absent)}办理"
    return Message(NoticeKind.ENTRUSTED, words, To((event.substitute, event.absent)))


def _began(event: directory.SubstitutionBegan, at: Any, scene: Scene) -> Message:
    who, whom = scene.person(event.substitute), scene.person(event.absent)
    words = f"{who}代{whom}办理从{_day(event.from_on, scene)}起生效，至{_day(event.until_on, scene)}止"
    return Message(NoticeKind.ENTRUSTED, words, To((event.substitute, event.absent)))


def _revoked(event: directory.SubstitutionRevoked, at: Any, scene: Scene) -> Message:
    who, whom = scene.person(event.substitute), scene.person(event.absent)
    words = f"{who}代{whom}办理已撤销{because(event.reason)}"
    return Message(NoticeKind.ENTRUSTED, words, To((event.substitute, event.absent)))


def _finished(event: cases.LaunchFinished, at: Any, scene: Scene) -> Message:
    failed = f"，{event.failed}件待重试" if event.failed else ""
    words = f"部署{event.fiscal_year}年度“{Stage(event.stage).label}”已办完，共{event.total}件{failed}"
    return Message(NoticeKind.FINISHED, words, To((event.person,), (event.unit, Role.PERFORMANCE_OFFICE)))


def _acted(event: cases.YearActFinished, at: Any, scene: Scene) -> Message:
    undone = f"，{event.undone}件没有办成" if event.undone else ""
    words = f"{event.fiscal_year}年度“{event.called}”已办完，共{event.total}件{undone}"
    return Message(NoticeKind.ACT_FINISHED, words, To((event.person,), (event.unit, Role(event.office))))


def _disposed(event: money.MonitoringDisposed, at: Any, scene: Scene) -> Message | None:
    if event.unit is None or event.disposal is None:
        return None
    cut = f"，调减为{event.payload()['reduced_wan']}万元" if event.reduced_wan is not None else ""
    concerned = ((event.unit, Role.UNIT_CLERK), *scene.above(event.unit))
    return Message(NoticeKind.DISPOSED, f"监控处置：{Disposal.said(event.disposal)}{cut}", To(besides=concerned))


def _to_publish(event: publication.PublicationReminded, at: Any, scene: Scene) -> Message:
    late = event.on > event.due_on
    what, day = DocumentKind.said(event.document_kind), _day(event.due_on, scene)
    words = f"“{what}”应于{day}公开，已逾期，请公开并登记" if late else f"“{what}”应于{day}以前公开，公开后请登记"
    kind = NoticeKind.OVERDUE if late else NoticeKind.DUE_SOON
    return Message(kind, words, To(office=(event.unit, Role.UNIT_CLERK)))


def _nothing(event: papers.SubmissionReturned, at: Any, scene: Scene) -> None:
    """Told by the task that is opened with it."""


TELLING: Mapping[str, _Tell] = {
    tasks.TaskOpened.name: _opened,
    tasks.TaskTransferred.name: _transferred,
    tasks.TaskGivenBack.name: _given_back,
    tasks.TaskReminded.name: _urged,
    tasks.TaskEscalated.name: _escalated,
    rectifications.RectificationEscalated.name: _problem_escalated,
    papers.SubmissionReturned.name: _nothing,
    days.DeadlineReminded.name: _reminded,
    days.DeadlineFired.name: _passed,
    days.DeadlineExtended.name: _moved,
    days.DeadlineGivenBack.name: _moved,
    days.DeadlineDated.name: _moved,
    days.ExtensionDeclined.name: _declined,
    filings.PaperCopied.name: _copied,
    directory.Substituted.name: _entrusted,
    directory.SubstitutionBegan.name: _began,
    directory.SubstitutionRevoked.name: _revoked,
    money.MonitoringDisposed.name: _disposed,
    publication.PublicationReminded.name: _to_publish,
    cases.LaunchFinished.name: _finished,
    cases.YearActFinished.name: _acted,
}
"""Name of an event → what it says."""


def _by(on: date | None, scene: Scene) -> str:
    return f"，{_day(on, scene)}截止" if on else ""


def _of_day(on: date | None, scene: Scene) -> str:
    return f"（{_day(on, scene)}截止）" if on else ""


def _late(step: str, due_on: date, scene: Scene) -> str:
    return f"“{step}”已逾期（{_day(due_on, scene)}截止）"


def _day(on: date, scene: Scene) -> str:
    return day_words(on, shown_in=scene.shown_in)
