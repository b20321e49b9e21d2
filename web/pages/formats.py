"""How figures, days and words are written on every page (ux 3.6)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from flask import Flask, g

from engine.clock import SHANGHAI
from engine.deadlines.calendar import WorkingCalendar
from engine.deadlines.wording import PAUSED, Countdown, closing_words, countdown, day_words
from engine.errors import EngineError
from engine.moves.due import calendar_of
from engine.reviews.remarks import TEMPLATES
from engine.scoring import rounded
from engine.submissions.forms import form_of
from engine.submissions.forms.scored import method_told
from engine.words import (
    ROW_STATUSES,
    CaseKind,
    CaseState,
    DayKind,
    DeadlineState,
    LetterState,
    OutcomeWord,
    RemarkState,
    Role,
    RowStatus,
    SubmissionState,
    said_process,
    stage_number,
)
from engine.words.deadlines import said_deadline
from web.forms import anchor, row_of, signpost
from web.pages.browsers import browser_words
from web.visits.site import site


def written_day(told: str | date | None) -> str:
    """2022年10月12日, as a letter writes a day; `—` for none."""
    if not told:
        return "—"
    on = told if isinstance(told, date) else date.fromisoformat(told)
    return f"{on.year}年{on.month}月{on.day}日"


def serve(app: Flask) -> None:
    """Give templates the filters and functions."""
    app.jinja_env.filters.update(
        wan=wan,
        sum_wan=sum_wan,
        signed=signed,
        score=score,
        day=day_in_a_list,
        moment=moment,
        day_alone=day_alone,
        iso=iso,
        clock=clock,
        written_moment=written_moment,
        length_of_time=length_of_time,
    )
    app.jinja_env.globals.update(
        countdown_of=countdown_of,
        kept_words=kept_words,
        paused=PAUSED,
        kind_label=CaseKind.said,
        state_label=CaseState.said,
        submission_label=SubmissionState.said,
        letter_label=LetterState.said,
        day_label=DeadlineState.said,
        outcome_label=OutcomeWord.said,
        remark_label=RemarkState.said,
        status_label=RowStatus.said,
        row_statuses=ROW_STATUSES,
        day_kind_label=DayKind.said,
        offices=Role,
        role_label=Role.said,
        stage_label=said_process,
        stage_number=stage_number,
        deadline_label=said_deadline,
        paper_title=lambda code: form_of(code).title,
        remark_templates=TEMPLATES,
        method_title=method_title,
        anchor=anchor,
        row_of=row_of,
        signpost=signpost,
        browser_words=browser_words,
        time_left=time_left,
    )


def method_title(id: str | None) -> str:
    """How a score came about, in words; empty where there is none."""
    return "" if id is None else method_told(id).title


def wan(amount: Decimal | None) -> str:
    """万元 as entered, with thousands commas; 1033.496 is `1,033.496`, nothing is `—`."""
    if amount is None:
        return "—"
    plain = f"{amount.normalize():,f}"
    whole, _, decimals = plain.partition(".")
    return f"{whole}.{decimals}" if decimals else whole


def sum_wan(amount: Decimal | None) -> str:
    """A sum or a mean to two decimals, half up, with thousands commas."""
    return "—" if amount is None else f"{rounded(Decimal(amount)):,.2f}"


def signed(points: Decimal | None) -> str:
    """A difference with its sign, two decimals; a minus is written −."""
    if points is None:
        return "—"
    told = f"{rounded(points):+.2f}"
    return told.replace("-", "−").replace("+", "＋")


def score(points: Decimal | None) -> str:
    """Two decimals."""
    return "—" if points is None else f"{points:.2f}"


def day_in_a_list(on: date | None, today: date | None = None) -> str:
    """`10月12日（周三）`, with the year where it is not today's."""
    return "—" if on is None else day_words(on, shown_in=today.year if today else None)


def iso(on: date | None) -> str:
    """2022-10-12, for sorting."""
    return "" if on is None else on.isoformat()


def moment(at: datetime | None, today: date | None = None) -> str:
    """`10月12日 09:05`, China time; with the year where it is not today's."""
    if at is None:
        return "—"
    local = at.astimezone(SHANGHAI)
    year = "" if today is None or today.year == local.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def length_of_time(taken: timedelta) -> str:
    """`12 分钟`, `5 小时`, `3 天`: how long something took, in its largest whole unit."""
    minutes = int(taken.total_seconds()) // 60
    hours, days = minutes // 60, taken.days
    return f"{days} 天" if days else f"{hours} 小时" if hours else f"{minutes} 分钟"


def day_alone(at: datetime, today: date) -> str:
    """`10月11日`, China time; with the year where it is not today's."""
    return moment(at, today).partition(" ")[0]


def written_moment(at: datetime) -> str:
    """`2022年10月12日 09:05`, China time, as paper says it."""
    local = at.astimezone(SHANGHAI)
    return f"{written_day(local.date())} {local:%H:%M}"


def clock(at: datetime) -> str:
    """`10:42:07`, China time."""
    return f"{at.astimezone(SHANGHAI):%H:%M:%S}"


def time_left(seconds: int) -> str:
    """`40 秒` or `3 分钟`, as nobody wants to know it more exactly.

    >>> time_left(40), time_left(95)
    ('40 秒', '2 分钟')
    """
    return f"{seconds} 秒" if seconds < 90 else f"{-(-seconds // 60)} 分钟"


def countdown_of(due: date | None, today: date) -> Countdown | None:
    """How a day stands today by the bureau's calendar; None without a day, or where its year is not known yet."""
    if due is None:
        return None
    try:
        return countdown(today, due, _calendar())
    except EngineError:
        return None


def kept_words(due: date, done_on: date) -> str:
    """`✓ 按期办结`, `✓ 逾期 2 日办结`, in working days where their year is known."""
    try:
        return closing_words(due, done_on, _calendar())
    except EngineError:
        return "✓ 按期办结" if done_on <= due else "✓ 逾期办结"


def _calendar() -> WorkingCalendar:
    """The bureau's, as it is for whoever looks."""
    visit = g.get("visit")
    known: WorkingCalendar = site().database.parts["calendar"] if visit is None else calendar_of(visit.session)
    return known
