"""催办: the words and the receivers first, then one reminder for each task, and what became of every one."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request

from engine.commands.remind import LONGEST, OF_UNITS, THIRD, remind
from engine.directory import Actor
from engine.errors import EngineError, InvalidInput
from engine.moves.asking import preview
from engine.moves.permissions import permits
from engine.queries.office_holders import office_holders
from engine.queries.reminders import Reminded, ToRemind, reminders_of, tasks_to_remind
from engine.store import retrying
from engine.words import Role
from web.pages.asked import task_named
from web.pages.each_result import Done, Result, worst_first
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("reminders", __name__)
MOST_AT_ONCE = 50
TEXT = "请按期办结并报送；有困难请尽早与绩效股联系。"


class NothingTicked(InvalidInput):
    """No task was chosen, or none that is still there."""

    code = "reminder.nothing_ticked"


@dataclass(frozen=True, slots=True)
class Line:
    """One task before a reminder: the last one, which number it would be, and why it cannot be sent.

    `heads` are those of the unit by name, who hear of it from the third time on.
    """

    task: ToRemind
    last: Reminded | None
    number: int
    refusal: EngineError | None
    heads: tuple[str, ...]

    @property
    def to_head(self) -> bool:
        """Whether the head of the unit would be told as well, if there is one."""
        return self.number >= THIRD


@page.get("/reminders/new")
@requires("remind")
def before(visit: Visit) -> Any:
    """Who would be reminded of what, in which words."""
    return _form(visit, _tasks(request.args.getlist("task")))


@page.post("/reminders")
@requires("remind")
def send(visit: Visit) -> Any:
    """Each in a transaction of its own; what could not be sent says why."""
    ids, text, key = _tasks(request.form.getlist("task")), text_of("text"), text_of("key", 64)
    tasks = tasks_to_remind(visit.session, visit.actor, ids)
    if not tasks:
        return _form(visit, ids, NothingTicked("没有选中任务，没有催办。请勾选要催办的任务。"))
    if not text.strip() or len(text.strip()) > LONGEST:
        return _form(visit, ids, NothingTicked(f"催办内容要写，不超过{LONGEST}字，没有催办。请修改。"))
    done = [(task, _sent(visit, task.task_id, text, key)) for task in tasks]
    if len(done) == 1 and done[0][1] is None:
        return redirect(f"{back()}{'&' if '?' in back() else '?'}said=reminded", 303)
    each = worst_first(_became(task, refusal) for task, refusal in done)
    return render_template("reminded.html", visit=visit, done=each, text=text.strip(), back=back())


def can_be_reminded(actor: Actor, role: str | None) -> bool:
    """Whether a page offers to remind of an open task of that office; the command has the last word."""
    return role is not None and Role(role) in OF_UNITS and permits("remind", actor)


def back() -> str:
    """Where one came from, an address of ours; 我的待办 otherwise."""
    told = request.values.get("back", "")[:200]
    return told if told.startswith("/") and not told.startswith(("//", "/\\")) and told.isprintable() else "/tasks"


def _sent(visit: Visit, task_id: UUID, text: str, key: str) -> EngineError | None:
    try:
        retrying(
            visit.database, visit.jurisdiction,
            lambda session: remind(
                session, task_id, text, by=visit.actor, at=visit.at, key=f"{key}{task_id.hex}" if key else None
            ),
        )  # fmt: skip
    except EngineError as refusal:
        return refusal
    return None


def _became(task: ToRemind, refusal: EngineError | None) -> Done:
    """What became of one reminder, and who has it."""
    whom = f"{task.unit} · {task.code} · 收件人 {task.holder or '待签收岗位'}"
    result = Result.DONE if refusal is None else Result.SKIPPED
    return Done(f"{task.step}：{task.name}", whom, result, refusal.message if refusal else "")


def _form(visit: Visit, ids: list[UUID], refusal: EngineError | None = None) -> Any:
    tasks = tasks_to_remind(visit.session, visit.actor, ids)
    last = reminders_of(visit.session, visit.actor, ids)
    heads = office_holders(visit.session, [(task.unit_id, Role.UNIT_HEAD) for task in tasks], visit.today)
    lines = [
        _line(visit, task, last.get(task.task_id), tuple(head.name for head in heads[task.unit_id, Role.UNIT_HEAD]))
        for task in tasks
    ]
    if not lines and refusal is None:
        refusal = NothingTicked("没有选中任务，或者所选任务已经办结。请回到列表重新勾选。")
    text = text_of("text") if request.method == "POST" else TEXT
    return render_template(
        "remind.html", visit=visit, lines=lines, refusal=refusal, text=text,
        longest=LONGEST, third=THIRD, key=text_of("key", 64) or uuid4().hex, back=back(),
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _line(visit: Visit, task: ToRemind, last: Reminded | None, heads: tuple[str, ...]) -> Line:
    asked = preview(visit.session, remind, task.task_id, "预览", by=visit.actor, at=visit.at)
    return Line(task, last, (last.number if last else 0) + 1, asked.refusal, heads)


def _tasks(told: list[str]) -> list[UUID]:
    return [task_id for each in told[:MOST_AT_ONCE] if (task_id := task_named(each)) is not None]
