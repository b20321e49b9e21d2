"""Working days, due dates, reminders, and what follows when time is up.

A policy says how many working days (or which date); `plan_deadline` turns that into a `Plan`: due date, reminders,
consequence and a note for every day from the start to the end, all from the confirmed `WorkingCalendar`. What would
have to be counted in a year whose holidays nobody has confirmed stays open until then. `wording` tells people how a
deadline stands. All of it is pure; the `deadlines` table (model.py) holds what was planned and what became of it.
"""

from engine.deadlines.calendar import CalendarYear, Day, UnconfirmedYear, UnsoundCalendar, WorkingCalendar
from engine.deadlines.plan import (
    Plan,
    Reminder,
    UnsoundPlan,
    plan_before_end,
    plan_counted,
    plan_deadline,
    plan_fixed,
    replanned,
)
from engine.deadlines.rules import DayNote, before, due_on, explain, shifted, working_days_between
from engine.deadlines.wording import Countdown, Urgency, closing_words, countdown, day_words, why_that_day

__all__ = [
    "CalendarYear",
    "Countdown",
    "Day",
    "DayNote",
    "Plan",
    "Reminder",
    "UnconfirmedYear",
    "UnsoundCalendar",
    "UnsoundPlan",
    "Urgency",
    "WorkingCalendar",
    "before",
    "closing_words",
    "countdown",
    "day_words",
    "due_on",
    "explain",
    "plan_before_end",
    "plan_counted",
    "plan_deadline",
    "plan_fixed",
    "replanned",
    "shifted",
    "why_that_day",
    "working_days_between",
]
