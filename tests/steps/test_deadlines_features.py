"""features/deadlines: days that pass, are put off, stand still or cannot be counted yet, and who hears of them."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pytest_bdd import given, parsers, scenarios, then, when
from sqlalchemy import select

from engine.clock import SteppingClock, start_of_day
from engine.commands.answer_extension import answer_extension
from engine.commands.confirm_calendar import confirm_calendar
from engine.commands.draft_calendar import draft_calendar
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import DeadlineNotPending, extend_deadline
from engine.commands.fire_due import fire_due
from engine.commands.remind import remind
from engine.commands.request_extension import request_extension
from engine.deadlines import WorkingCalendar, shifted
from engine.deadlines.model import Deadline, ExtensionRequest
from engine.deadlines.notices import days_of_notice
from engine.directory import Actor, Unit
from engine.moves.due import calendar_of
from engine.notifications import Notice
from engine.queries.calendar_effects import calendar_effects
from engine.store.archives import all_of
from engine.tasks import Task
from engine.words import NoticeKind, Role, said_deadline
from tests.factories import person_in
from tests.steps.conftest import DAY, OFFICE, TRIES
from tests.steps.story import Story
from tests.steps.words import OFFICES
from web.worker.carrying import carrier_for

scenarios("../../features/deadlines")

NAME = "期限“(?P<name>[^“”]+)”"
STEP = "“(?P<step>[^“”]+)”"
WHY = "以“(?P<reason>[^“”]*)”为由"
A_DAY = re.compile("(\\d{4})年(\\d+)月(\\d+)日")
AROUND = re.compile("前(\\d+)个工作日|(当天)|后(\\d+)个工作日")
OF_THE_MORNING = timedelta(hours=9)
KINDS = {kind.label: kind for kind in NoticeKind}


@pytest.fixture
def year_keepers(story: Story) -> dict[str, Actor]:
    """Two system administrators, as a year of holidays needs them."""
    with story.office.transactions() as session:
        finance = session.get_one(Unit, story.office.bureau.finance_id)
        return {who: person_in(session, finance, f"示例{who}", Role.SYSTEM_ADMIN) for who in ("起草人", "另一人")}


# ── the day it is ────────────────────────────────────────────────────────────────────────────────────────────────────


@given(parsers.parse("预算年度是{year:d}年"))
def the_budget_year(story: Story, year: int) -> None:
    story.facts["fiscal_year"] = year


@given(parsers.re(f"一开始是{DAY}"))
def it_begins_on(story: Story, year: str, month: str, day: str) -> None:
    story.office.clock = SteppingClock(morning(date(int(year), int(month), int(day))))


@when(parsers.re(f"时钟走到{DAY}"))
def the_clock_runs_until(story: Story, year: str, month: str, day: str) -> None:
    run_until(story, date(int(year), int(month), int(day)))


@when(parsers.re(f"停机到{DAY}"))
def nothing_runs_until(story: Story, year: str, month: str, day: str) -> None:
    sweep(story, date(int(year), int(month), int(day)))


@when(parsers.re(f"时钟走到{NAME}截止日后的第(?P<days>\\d+)个工作日"))
def the_clock_runs_some_days_further(story: Story, name: str, days: str) -> None:
    run_until(story, shifted(the_day(story, name).day, int(days), calendar_in_force(story)))


@when(parsers.re(f"{NAME}届满"))
def the_day_passes(story: Story, name: str) -> None:
    story.office.let_pass(story.case_id, the_day(story, name).name)


@when(parsers.re(f"{STEP}的预算编制截止已过"))
def the_gate_closes(story: Story, step: str) -> None:
    assert step in [name for _, name in story.waiting()]
    story.office.let_pass(story.case_id, "target_filing.budget_gate")


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────


@when(parsers.re(f"{OFFICE}{TRIES}催办{STEP}"))
def reminds(story: Story, office: str, attempt: str | None, step: str) -> None:
    with story.trying(attempt), story.office.transactions() as session:
        remind(session, task_called(story, step).id, "示例：请抓紧办理", by=somebody(story, office), at=now(story))


@when(parsers.re(f"{OFFICE}{TRIES}{WHY}申请把{STEP}延到{DAY}"))
def asks_for_a_later_day(
    story: Story, office: str, attempt: str | None, reason: str, step: str, year: str, month: str, day: str
) -> None:
    wanted, row = date(int(year), int(month), int(day)), day_shown_by(story, step)
    with story.trying(attempt), story.office.transactions() as session:
        request_extension(session, row.id, wanted, reason=reason, by=somebody(story, office), at=now(story))


@when(parsers.re(f"{OFFICE}{TRIES}{WHY}(?:准予延期到{DAY}|不予延期)"))
def answers(
    story: Story, office: str, attempt: str | None, reason: str, year: str | None, month: str | None, day: str | None
) -> None:
    until = date(int(year), int(month), int(day)) if year and month and day else None
    with story.office.transactions() as session:
        newest = select(ExtensionRequest.id).order_by(ExtensionRequest.id.desc()).limit(1)
        asked = session.scalars(newest).one()
    with story.trying(attempt), story.office.transactions() as session:
        answer_extension(session, asked, until, reason=reason, by=somebody(story, office), at=now(story))


@when(parsers.re(f"{OFFICE}{TRIES}{WHY}把{STEP}延到{DAY}"))
def puts_off(
    story: Story, office: str, attempt: str | None, reason: str, step: str, year: str, month: str, day: str
) -> None:
    row = day_shown_by(story, step)
    with story.trying(attempt):
        put_off(story, row, date(int(year), int(month), int(day)), reason, somebody(story, office))


@when(parsers.re(f"{OFFICE}{WHY}把{STEP}再延(?P<days>\\d+)天"))
def puts_off_by(story: Story, office: str, reason: str, step: str, days: str) -> None:
    row = day_shown_by(story, step)
    put_off(story, row, row.day + timedelta(days=int(days)), reason, somebody(story, office))


@when(parsers.re(f"{OFFICE}{WHY}把{NAME}定到{DAY}"))
def gives_a_day(story: Story, office: str, reason: str, name: str, year: str, month: str, day: str) -> None:
    until = date(int(year), int(month), int(day))
    put_off(story, the_day(story, name), until, reason, somebody(story, office))


@when(parsers.re(f"{OFFICE}{WHY}把(?P<budget>\\d+)年度的{NAME}统一延到{DAY}"))
def puts_off_together(
    story: Story, office: str, reason: str, budget: str, name: str, year: str, month: str, day: str
) -> None:
    until, kind = date(int(year), int(month), int(day)), the_day(story, name).name
    with story.office.transactions() as session:
        extend_all(session, int(budget), kind, until, reason=reason, by=somebody(story, office), at=now(story))


@when(parsers.re("起草(?P<year>\\d{4})年放假安排“(?P<notice>[^“”]+)”"))
def drafts(story: Story, year_keepers: dict[str, Actor], year: str, notice: str) -> None:
    days, by = days_of_notice(notice, int(year)), year_keepers["起草人"]
    with story.office.transactions() as session:
        draft_calendar(session, int(year), "示例：放假安排的通知", days, by=by, at=now(story))


@when(parsers.re(f"(?P<who>起草人|另一人){TRIES}确认(?P<year>\\d{{4}})年放假安排"))
def confirms(story: Story, year_keepers: dict[str, Actor], who: str, attempt: str | None, year: str) -> None:
    by = year_keepers[who]
    with story.trying(attempt), story.office.transactions() as session:
        seen = calendar_effects(session, by, int(year), story.office.today)
        confirm_calendar(
            session, seen.edition_id, int(year), seen.effects.fingerprint, None, by=by, at=now(story)
        )  # fmt: skip


# ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────────


@then(parsers.re(f"{STEP}的截止日是{DAY}"))
def the_step_is_due(story: Story, step: str, year: str, month: str, day: str) -> None:
    due_on = date(int(year), int(month), int(day))
    assert (task_called(story, step).due_on, day_shown_by(story, step).due_on) == (due_on, due_on)


@then(parsers.re(f"{NAME}的截止日是{DAY}"))
def it_falls_on(story: Story, name: str, year: str, month: str, day: str) -> None:
    assert the_day(story, name).due_on == date(int(year), int(month), int(day))


@then(parsers.re(f"{NAME}还没有定日，(?P<days>\\d+)个工作日，待(?P<year>\\d{{4}})年放假安排确认"))
def it_waits(story: Story, name: str, days: str, year: str) -> None:
    row = the_day(story, name)
    assert (row.due_on, row.working_days, row.awaits_year) == (None, int(days), int(year))


@then(parsers.re(f"没有{NAME}在计时"))
def none_runs(story: Story, name: str) -> None:
    assert name not in [said_deadline(row.name) for row in story.office.deadlines(story.case_id)]


@then(parsers.re(f"{DAY}(?P<none>不)?是工作日"))
def it_is_worked(story: Story, year: str, month: str, day: str, none: str | None) -> None:
    calendar = calendar_in_force(story)
    assert calendar.is_working_day(date(int(year), int(month), int(day))) is (none is None)


@then(parsers.re(f"{NAME}依次在(?P<days>[\\d年月日、]+)催办"))
def it_reminded_on(story: Story, name: str, days: str) -> None:
    assert reminded(story, name) == [date(*map(int, found)) for found in A_DAY.findall(days)]


@then(parsers.re(f"{NAME}在截止日(?P<days>前.+)各催办一次"))
def it_reminded_around_its_day(story: Story, name: str, days: str) -> None:
    due_on, calendar = the_day(story, name).day, calendar_in_force(story)
    assert reminded(story, name) == [shifted(due_on, offset, calendar) for offset in offsets(days)]


@then(parsers.re(f"{NAME}共催办(?P<times>\\d+)次"))
def it_reminded_so_often(story: Story, name: str, times: str) -> None:
    assert len(reminded(story, name)) == int(times)


@then(parsers.re(f"{OFFICE}收到“(?P<kind>[^“”]+)”通知，写明(?P<words>“.+”)"))
def is_told(story: Story, office: str, kind: str, words: str) -> None:
    named, told = re.findall("“([^“”]+)”", words), list(notices(story, office, kind))
    assert any(all(word in words for word in named) for words in told), told


@then(parsers.re(f"{OFFICE}没有收到“(?P<kind>[^“”]+)”通知"))
def is_not_told(story: Story, office: str, kind: str) -> None:
    assert list(notices(story, office, kind)) == []


@then(parsers.re(f"{OFFICE}延不了{NAME}，因为“(?P<why>[^“”]+)”"))
def cannot_be_put_off(story: Story, office: str, name: str, why: str) -> None:
    row = the_day(story, name)
    with pytest.raises(DeadlineNotPending, match=why):
        put_off(story, row, row.day + timedelta(days=30), "示例", somebody(story, office))


def run_until(story: Story, last: date) -> None:
    """The clock looks every morning."""
    day = story.office.today
    while day < last:
        day += timedelta(days=1)
        sweep(story, day)


def sweep(story: Story, on: date) -> None:
    assert story.case_id
    story.office.clock.move_to(morning(on))
    fire_due(story.office.transactions, at=now(story))


def morning(on: date) -> datetime:
    return start_of_day(on) + OF_THE_MORNING


def now(story: Story) -> datetime:
    return story.office.now


def calendar_in_force(story: Story) -> WorkingCalendar:
    with story.office.transactions() as session:
        return calendar_of(session)


def somebody(story: Story, office: str) -> Actor:
    return next(actor for actor in story.office.bureau.everybody() if OFFICES[office] in actor.roles)


def task_called(story: Story, step: str) -> Task:
    with story.office.transactions() as session:
        return story.office.task_named(session, story.case_id, step)


def the_day(story: Story, name: str) -> Deadline:
    """The newest deadline of that name, whatever became of it."""
    row = all_of(Deadline)
    with story.office.transactions() as session:
        rows = session.scalars(select(row).where(row.case_id == story.case_id).order_by(row.started_on, row.due_at))
        return [each for each in rows if said_deadline(each.name) == name][-1]


def day_shown_by(story: Story, step: str) -> Deadline:
    """The deadline the day of an open step comes from."""
    task = task_called(story, step)
    with story.office.transactions() as session:
        rows = select(Deadline).where(Deadline.task_id == task.id).order_by(Deadline.due_at.nulls_first())
        return session.scalars(rows).first() or pytest.fail(f"“{step}”没有期限")


def put_off(story: Story, row: Deadline, until: date, reason: str, by: Actor) -> None:
    with story.office.transactions() as session:
        extend_deadline(session, row.id, until, reason=reason, by=by, at=now(story))


def reminded(story: Story, name: str) -> list[date]:
    """Its reminder days that were told."""
    told: list[Any] = story.office.journal(story.case_id, "deadline.reminded")
    return [date.fromisoformat(each.payload["on"]) for each in told if said_deadline(each.payload["deadline"]) == name]


def offsets(said: str) -> list[int]:
    """`前7个工作日、当天、后1个工作日` as working days from the day."""
    return [-int(before or 0) or int(after or 0) for before, _, after in AROUND.findall(said)]


def notices(story: Story, office: str, kind: str) -> Iterator[str]:
    """What the person in that office was told of that kind."""
    carrier_for(story.office.database).carry_what_waits()
    with story.office.transactions() as session:
        mine = Notice.person_id == somebody(story, office).person_id, Notice.kind == KINDS[kind]
        yield from session.scalars(select(Notice.words).where(*mine).order_by(Notice.id))
