"""工作日历: one person writes a year, another confirms it; what runs is re-dated as they choose, and says so."""

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from engine.commands.confirm_calendar import DraftChanged, OwnDraft, confirm_calendar
from engine.commands.draft_calendar import draft_calendar
from engine.commands.extend_deadline import extend_deadline
from engine.deadlines import Day, UnconfirmedYear
from engine.deadlines.calendar import UnsoundCalendar
from engine.deadlines.model import Deadline
from engine.deadlines.notices import NoticeUnreadable, days_of_notice
from engine.directory import Actor, NotYourOffice, Unit
from engine.moves.calendars import CalendarRefused, EditionMeanwhile, NothingDrafted, effects_of
from engine.moves.due import calendar_of
from engine.moves.permissions import NotThroughSubstitute
from engine.moves.receipts import Receipt
from engine.queries.calendar_effects import CalendarEffects, calendar_effects
from engine.queries.calendar_years import calendar_year
from engine.queries.case_card import case_card
from engine.store import Database
from engine.store.archives import row_by_id
from engine.tasks import Task
from engine.words import DayKind, Role
from tests.factories import person_in
from tests.office import Office

SOURCE = "示例：国办发明电〔2026〕9号"
NEXT = 2027
NEW_YEAR = days_of_notice("元旦：1月1日至3日放假。", NEXT)


@pytest.fixture
def office(database: Database) -> Office:
    return Office.opened(database)


def somebody(office: Office, name: str, role: Role = Role.SYSTEM_ADMIN) -> Actor:
    with office.transactions() as session:
        return person_in(session, session.get_one(Unit, office.bureau.finance_id), name, role)


@pytest.fixture
def writer(office: Office) -> Actor:
    return somebody(office, "示例起草人")


@pytest.fixture
def second(office: Office) -> Actor:
    return somebody(office, "示例确认人")


def drafted(office: Office, by: Actor, year: int, days: Sequence[Day], source: str = SOURCE) -> int:
    with office.transactions() as session:
        return int(draft_calendar(session, year, source, days, by=by, at=office.now).gave["edition"])


def effects(office: Office, by: Actor, year: int) -> CalendarEffects:
    with office.transactions() as session:
        return calendar_effects(session, by, year, office.today)


def confirmed(office: Office, by: Actor, year: int, chosen: Sequence[UUID] | None = None) -> Any:
    seen = effects(office, by, year)
    with office.transactions() as session:
        return confirm_calendar(
            session, seen.edition_id, year, seen.effects.fingerprint, chosen, by=by, at=office.now
        ).gave  # fmt: skip


def filing(office: Office) -> tuple[int, Deadline]:
    """A case whose unit files its target, and the day it has to keep, with working days of today's year before it."""
    case = office.open_case()
    office.reach(case, "target_filing.fill_target")
    (deadline,) = [day for day in office.deadlines(case) if day.name == "target_filing.fill"]
    return case, deadline


def known_days(office: Office, year: int) -> tuple[Day, ...]:
    with office.transactions() as session:
        (known,) = [each for each in calendar_of(session).years if each.year == year]
    return tuple(day for holiday in known.holidays for day in holiday.days())


def one_day_more(office: Office, deadline: Deadline) -> tuple[Day, ...]:
    """The year as it is, but the day after the deadline began is free too."""
    year = deadline.due_on.year
    with office.transactions() as session:
        calendar = calendar_of(session)
        free = next(
            on for n in range(1, 20)
            if calendar.is_working_day(on := date.fromordinal(deadline.started_on.toordinal() + n))
        )  # fmt: skip
    return (*known_days(office, year), Day(free, DayKind.HOLIDAY, "示例节"))


def read(office: Office, deadline: Deadline) -> Deadline:
    with office.transactions() as session:
        found = row_by_id(session, Deadline, deadline.id)
        assert found is not None
        return found


def test_a_draft_counts_for_nothing_until_another_person_confirms_it(
    office: Office, writer: Actor, second: Actor
) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)

    with office.transactions() as session, pytest.raises(UnconfirmedYear):
        calendar_of(session).day(date(NEXT, 1, 1))

    confirmed(office, second, NEXT)
    with office.transactions() as session:
        assert calendar_of(session).day(date(NEXT, 1, 1)).holiday == "元旦"
        assert calendar_of(session).is_working_day(date(NEXT, 1, 4))


def test_a_day_that_has_passed_is_not_put_off_by_a_holiday_confirmed_afterwards(
    office: Office, writer: Actor, second: Actor
) -> None:
    case, day = filing(office)
    drafted(office, writer, day.day.year, one_day_more(office, day))
    office.clock.move_to(office.now + (day.day - office.today) + timedelta(days=3))

    gave = confirmed(office, second, day.day.year)
    office.sweep(case)

    assert gave["redated"] == 0
    (fired,) = [each for each in office.journal(case, "deadline.fired") if each.payload["id"] == day.id.hex]
    assert fired.payload["due_on"] == day.day.isoformat()


def test_a_year_holds_only_where_it_was_confirmed(office: Office, writer: Actor, second: Actor) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)
    confirmed(office, second, NEXT)

    with office.database.transaction("conghua") as session, pytest.raises(UnconfirmedYear):
        calendar_of(session).day(date(NEXT, 1, 1))


def test_whoever_wrote_the_draft_does_not_confirm_it(office: Office, writer: Actor) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)

    with pytest.raises(OwnDraft, match="由另一人确认"):
        confirmed(office, writer, NEXT)


def test_the_performance_office_may_confirm_but_not_write(office: Office, writer: Actor) -> None:
    with pytest.raises(NotYourOffice):
        drafted(office, office.bureau.office, NEXT, NEW_YEAR)
    drafted(office, writer, NEXT, NEW_YEAR)

    assert confirmed(office, office.bureau.office, NEXT)["redated"] == 0


def test_nobody_confirms_as_a_substitute(office: Office, writer: Actor, second: Actor) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)

    with pytest.raises(NotThroughSubstitute):
        confirmed(office, replace(second, acting_for=office.bureau.head.person_id), NEXT)


def test_a_day_more_moves_what_runs_with_its_task_and_the_case_tells(
    office: Office, writer: Actor, second: Actor
) -> None:
    case, before = filing(office)
    year = before.due_on.year
    drafted(office, writer, year, one_day_more(office, before))
    seen = effects(office, second, year)

    gave = confirmed(office, second, year)

    after = read(office, before)
    (line,) = [each for each in seen.lines if each.deadline_id == before.id]
    assert (line.before, line.after) == (before.due_on, after.due_on)
    assert after.due_on > before.due_on
    assert gave["redated"] == len(seen.lines) == seen.effects.later
    with office.transactions() as session:
        assert session.get_one(Task, before.task_id).due_on == after.due_on
    told = [entry.payload for entry in office.journal(case, "deadline.redated")]
    assert before.id.hex in {each["id"] for each in told}
    with office.transactions() as session:
        (day,) = [day for day in case_card(session, office.bureau.office, case).days if day.deadline_id == before.id]
    assert [(move.before, move.after) for move in day.moves] == [(before.due_on, after.due_on)]
    assert SOURCE in day.moves[0].reason


def test_what_is_not_chosen_keeps_its_day_and_says_so(office: Office, writer: Actor, second: Actor) -> None:
    case, before = filing(office)
    year = before.due_on.year
    drafted(office, writer, year, one_day_more(office, before))

    gave = confirmed(office, second, year, chosen=[])

    assert read(office, before).due_on == before.due_on
    assert (gave["redated"], gave["kept"] > 0) == (0, True)
    assert before.id.hex in {entry.payload["id"] for entry in office.journal(case, "deadline.day_kept")}
    with office.transactions() as session:
        (day,) = [day for day in case_card(session, office.bureau.office, case).days if day.deadline_id == before.id]
    assert "经确认不改" in day.moves[0].reason


def test_a_day_somebody_gave_is_not_moved_by_a_calendar(office: Office, writer: Actor, second: Actor) -> None:
    _, before = filing(office)
    given = date.fromordinal(before.due_on.toordinal() + 5)
    with office.transactions() as session:
        extend_deadline(session, before.id, given, reason="示例", by=office.bureau.office, at=office.now)
    drafted(office, writer, given.year, one_day_more(office, before))

    seen = effects(office, second, given.year)

    assert before.id not in {line.deadline_id for line in seen.lines}
    assert seen.effects.given > 0


def test_a_draft_that_was_written_again_has_to_be_looked_at_again(office: Office, writer: Actor, second: Actor) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)
    seen = effects(office, second, NEXT)
    drafted(office, writer, NEXT, NEW_YEAR[:2])

    with office.transactions() as session, pytest.raises(DraftChanged, match="重新核对"):
        confirm_calendar(
            session, seen.edition_id, NEXT, seen.effects.fingerprint, None, by=second, at=office.now
        )  # fmt: skip


def test_what_would_move_has_to_be_what_was_looked_at(office: Office, writer: Actor, second: Actor) -> None:
    _, before = filing(office)
    edition = drafted(office, writer, before.due_on.year, one_day_more(office, before))

    with office.transactions() as session, pytest.raises(DraftChanged):
        confirm_calendar(session, edition, before.due_on.year, "seen elsewhere", None, by=second, at=office.now)


def test_a_confirmed_year_can_be_written_anew(office: Office, writer: Actor, second: Actor) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)
    confirmed(office, second, NEXT)
    drafted(office, second, NEXT, NEW_YEAR[:1])
    confirmed(office, writer, NEXT)

    with office.transactions() as session:
        found = calendar_year(session, writer, NEXT)
    assert found.kept is not None
    assert (found.kept.drafted_by, found.kept.confirmed_by) == ("示例确认人", "示例起草人")
    assert len(found.special) == 1
    assert found.draft is None


def test_nothing_is_confirmed_where_nothing_was_drafted(office: Office, second: Actor) -> None:
    with pytest.raises(NothingDrafted, match="没有待确认"):
        confirmed(office, second, NEXT)


@pytest.mark.parametrize(
    ("year", "source", "days", "sentence"),
    [
        (NEXT, " ", NEW_YEAR, "没有写 2027 年放假安排依据的文号"),
        (NEXT, "、", NEW_YEAR, "文号"),
        (NEXT, "示" * 201, NEW_YEAR, "文号最多"),
        (NEXT, SOURCE, (), "现在是 0 天"),
        (NEXT, SOURCE, NEW_YEAR * 50, "现在是 150 天"),
        (NEXT, SOURCE, NEW_YEAR * 2, "写了两次|起止"),
        (1900, SOURCE, NEW_YEAR, "没有 2015 年以前"),
        (2030, SOURCE, NEW_YEAR, "不在 2030 年"),
        (NEXT, SOURCE, (*NEW_YEAR, Day(date(NEXT, 1, 4), DayKind.MAKE_UP, "元旦")), "不是周末"),
        (NEXT, SOURCE, (Day(date(NEXT, 1, 1), DayKind.HOLIDAY, " "),), "没有写节日名称"),
        (NEXT, SOURCE, (Day(date(NEXT, 1, 9), DayKind.MAKE_UP, "元旦"),), "没有名为“元旦”的假日"),
    ],
)
def test_a_year_that_cannot_be_right_is_refused_in_words(
    office: Office, writer: Actor, year: int, source: str, days: Sequence[Day], sentence: str
) -> None:
    with pytest.raises((CalendarRefused, NoticeUnreadable), match=sentence) as refusal:
        drafted(office, writer, year, days, source)

    assert not isinstance(refusal.value, UnsoundCalendar)


def test_of_two_who_confirm_at_once_one_does(office: Office, writer: Actor, second: Actor) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)
    seen = effects(office, second, NEXT)

    def confirm() -> object:
        with office.transactions() as session:
            try:
                return confirm_calendar(
                    session, seen.edition_id, NEXT, seen.effects.fingerprint, None, by=second, at=office.now
                )
            except EditionMeanwhile as refusal:
                return refusal

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(confirm) for _ in range(2)]
        kinds = {type(answer.result()) for answer in answers}

    assert kinds == {Receipt, EditionMeanwhile}
    assert len([entry for entry in office.journal(0) if entry.type == "calendar.confirmed"]) == 1


def test_a_day_that_is_moved_by_hand_while_the_year_is_confirmed_is_not_overwritten(
    office: Office, writer: Actor, second: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, deadline = filing(office)
    year = deadline.due_on.year
    drafted(office, writer, year, one_day_more(office, deadline))
    moment = [lambda: by_hand(office, deadline)]

    def looked_at(*given: Any) -> Any:
        found = effects_of(*given)
        if moment:
            moment.pop()()
        return found

    seen = effects(office, second, year)
    monkeypatch.setattr(sys.modules["engine.commands.confirm_calendar"], "effects_of", looked_at)
    with office.transactions() as session, pytest.raises(DraftChanged):
        confirm_calendar(session, seen.edition_id, year, seen.effects.fingerprint, by=second, at=office.now)

    assert read(office, deadline).due_on == deadline.due_on + timedelta(days=30)


def by_hand(office: Office, deadline: Deadline) -> None:
    """A month more, given by somebody."""
    with office.transactions() as session:
        extend_deadline(
            session, deadline.id, deadline.due_on + timedelta(days=30), reason="示例", by=office.bureau.office,
            at=office.now,
        )  # fmt: skip


def test_a_draft_made_over_another_than_the_latest_is_not_kept_and_its_writer_is_told_whose_that_is(
    office: Office, writer: Actor, second: Actor
) -> None:
    latest = drafted(office, writer, NEXT, NEW_YEAR)

    with pytest.raises(EditionMeanwhile, match="示例起草人") as caught, office.transactions() as session:
        draft_calendar(session, NEXT, SOURCE, NEW_YEAR, by=second, at=office.now, expected=0)
    with office.transactions() as session:
        over = draft_calendar(session, NEXT, SOURCE, NEW_YEAR, by=second, at=office.now, expected=latest)

    assert "没有保存" in caught.value.message
    assert over.gave["edition"] > latest


def test_who_confirms_what_somebody_else_confirmed_meanwhile_is_told_who_did(
    office: Office, writer: Actor, second: Actor
) -> None:
    drafted(office, writer, NEXT, NEW_YEAR)
    third = somebody(office, "示例第三人")
    seen = effects(office, third, NEXT)
    confirmed(office, second, NEXT)

    with pytest.raises(EditionMeanwhile, match="示例确认人") as caught, office.transactions() as session:
        confirm_calendar(session, seen.edition_id, NEXT, seen.effects.fingerprint, by=third, at=office.now)

    assert "已由" in caught.value.message
