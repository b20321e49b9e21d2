"""features/fiscal_year, what goes out with the budget and the accounts: until when, and what becomes of it."""

from datetime import date, timedelta

from pytest_bdd import given, parsers, scenarios, then, when

from engine.clock import start_of_day
from engine.commands.record_deliberation_of_year import record_deliberation_of_year
from engine.commands.record_publication import Publication, record_publication
from engine.commands.remind_publications import remind_publications
from engine.directory import Actor
from engine.moves.lookahead import NearPublication, targets_near
from engine.moves.publishing import approved_on
from engine.moves.sittings import Sitting
from engine.notifications import tell
from engine.notifications.telling import told_since
from engine.queries.notices import notices_of
from engine.queries.publication_duties import DutyLine, publication_duties
from engine.words import DELIBERATIONS, DisclosureState, DocumentKind
from tests.office import FISCAL_YEAR
from tests.steps.conftest import OFFICE, TRIES
from tests.steps.story import Story
from tests.steps.words import OFFICES

scenarios("../../features/fiscal_year/with_the_budget.feature")

ADDRESS = "https://www.example.gov.cn/示例"
DOCUMENT = "“(?P<document>[^“”]+)”"


@given(parsers.parse("案卷已进入{stage}"))
def the_case_is_in(story: Story, stage: str) -> None:
    story.reach(stage)


@when(
    parsers.re(
        f"{OFFICE}{TRIES}登记{DOCUMENT}(?P<day>今日|批复前一日)已公开(?P<unsaid>，没有网址)?(?:，依据是“(?P<ground>.+)”)?"
    )
)
def tells_it_is_public(
    story: Story, office: str, attempt: str | None, document: str, day: str, unsaid: str | None, ground: str | None
) -> None:
    published_on = {"今日": story.office.today, "批复前一日": _approved(story) - timedelta(days=1)}[day]
    address = None if unsaid else ADDRESS
    _record(story, office, attempt, Publication(_kind(document), published_on, address, ground=ground))


@when(parsers.re(f"{OFFICE}{TRIES}登记{DOCUMENT}不公开，理由是“(?P<reason>[^“”]*)”"))
def tells_it_stays_in(story: Story, office: str, attempt: str | None, document: str, reason: str) -> None:
    _record(story, office, attempt, Publication(_kind(document), withheld=reason))


@when(parsers.re(f"{OFFICE}登记本年全部{DOCUMENT}已“(?P<body>[^“”]+)”"))
def all_of_the_year_were_considered(story: Story, office: str, document: str, body: str) -> None:
    place, step = story.office, next(step for step in DELIBERATIONS if step.label == body)
    with place.transactions() as session:
        record_deliberation_of_year(
            session, FISCAL_YEAR, _kind(document), Sitting(step, place.today), by=_somebody(story, office), at=place.now
        )


@when(parsers.parse("到了批复后第{days:d}日"))
def the_day_comes(story: Story, days: int) -> None:
    place, on = story.office, _approved(story) + timedelta(days=days)
    place.clock.move_to(start_of_day(on) + timedelta(hours=2))
    remind_publications(place.transactions, place.bureau.jurisdiction, at=place.now)
    with place.transactions() as session:
        tell(session, told_since(session, place.bureau.jurisdiction, start_of_day(on)))


@then("单位没有收到公开的提醒")
def nothing_was_heard(story: Story) -> None:
    assert _heard(story) == []


@then(parsers.parse("单位收到公开的提醒“{words}”"))
def was_heard(story: Story, words: str) -> None:
    assert words in _heard(story)[-1]


@then(parsers.re(f"待公开的有{DOCUMENT}，(?P<start>批复后|今日起)第(?P<days>\\d+)日以前公开"))
def is_open_until(story: Story, document: str, start: str, days: str) -> None:
    counted_from = {"批复后": _approved(story), "今日起": story.office.today}[start]
    line = _open(story)[_kind(document)]
    assert (line.state, line.due_on) == (DisclosureState.WAITING, counted_from + timedelta(days=int(days)))


@then(parsers.parse("待公开的没有“{document}”"))
def is_not_open(story: Story, document: str) -> None:
    assert _kind(document) not in _open(story)


@then("没有待公开的")
def nothing_is_open(story: Story) -> None:
    assert _open(story) == {}


@then(parsers.parse("“{document}”由单位登记"))
def is_the_units(story: Story, document: str) -> None:
    assert _open(story, by=story.office.bureau.clerk)[_kind(document)].mine


@then(parsers.parse("“{document}”尚缺“{body}”"))
def lacks(story: Story, document: str, body: str) -> None:
    line = _open(story)[_kind(document)]
    missing = [step.body.label for step in line.gate if step.held_on is None]
    assert (line.state, missing) == (DisclosureState.MISSING, [body])


@then(parsers.parse("“{document}”待认定是否公开"))
def somebody_has_to_decide(story: Story, document: str) -> None:
    line = _open(story)[_kind(document)]
    assert (line.state, line.source, line.due_on) == (DisclosureState.TO_DECIDE, None, None)


@then(parsers.parse("批复后第{days:d}日还不提醒公开"))
def is_not_near(story: Story, days: int) -> None:
    assert _near(story, days) == []


@then(parsers.parse("批复后第{days:d}日提醒公开"))
def is_near(story: Story, days: int) -> None:
    assert [each.case_id for each in _near(story, days)] == [story.case_id]


@then(parsers.parse("批复后第{days:d}日没有逾期"))
def is_not_late(story: Story, days: int) -> None:
    assert [line.late_days for line in _open(story, on=_approved(story) + timedelta(days=days)).values()] == [0]


@then(parsers.parse("批复后第{days:d}日逾期{late:d}日，仍提醒公开"))
def is_late(story: Story, days: int, late: int) -> None:
    on = _approved(story) + timedelta(days=days)
    assert [line.late_days for line in _open(story, on=on).values()] == [late]
    assert [on - each.due_on for each in _near(story, days)] == [timedelta(days=late)]


def _record(story: Story, office: str, attempt: str | None, told: Publication) -> None:
    place = story.office
    with story.trying(attempt), place.transactions() as session:
        record_publication(session, story.case_id, told, by=_somebody(story, office), at=place.now)


def _somebody(story: Story, office: str) -> Actor:
    return next(actor for actor in story.office.bureau.everybody() if OFFICES[office] in actor.roles)


def _open(story: Story, by: Actor | None = None, on: date | None = None) -> dict[DocumentKind, DutyLine]:
    """What is still open, as 财政绩效股 sees it or somebody else, today or on another day."""
    place = story.office
    with place.transactions() as session:
        found = publication_duties(session, by or place.bureau.office, FISCAL_YEAR, on=on or place.today)
    return {line.kind: line for line in found.lines}


def _heard(story: Story) -> list[str]:
    """What the unit's clerk was told of publications, the latest last."""
    place = story.office
    with place.transactions() as session:
        found = notices_of(session, place.bureau.clerk).lines
    return [line.words for line in reversed(found) if "公开" in line.words]


def _near(story: Story, days: int) -> list[NearPublication]:
    """What is called near so many days after the target was approved."""
    on = _approved(story) + timedelta(days=days)
    with story.office.transactions() as session:
        return list(targets_near(session, story.office.bureau.jurisdiction, on))


def _approved(story: Story) -> date:
    with story.office.transactions() as session:
        return approved_on(session, [story.case_id])[story.case_id]


def _kind(document: str) -> DocumentKind:
    return next(kind for kind in DocumentKind if kind.label == document)
