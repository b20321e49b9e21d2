"""Work that takes more than a moment: portions, how far it is, 停止, a standstill, two who drive it at once."""

from datetime import timedelta

import pytest
from cryptography.fernet import Fernet

from engine.accounts import keys_from, open_account
from engine.clock import SteppingClock
from engine.commands.launch_stage import launch_stage
from engine.directory import Actor, Person
from engine.indicators.library_file import HEADER
from engine.queries.indicator_library import IndicatorFilters, indicator_library
from engine.store import Database
from engine.words import CaseKind
from tests.integration.desk import project_at
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import PASSWORD
from tests.pages.hands import Hands
from tests.pages.pages_over import pages_over
from web.pages import indicator_files, launches, review_batches
from web.visits import Site

ROWS = 5


@pytest.fixture
def office(database: Database) -> Office:
    """A bureau; what stands half done here would not count as sound."""
    return Office.opened(database)


@pytest.fixture
def site(database: Database, office: Office) -> Site:
    """The bureau's pages, with an account for everybody; the watch is moved by hand."""
    with office.transactions() as session:
        for actor in office.bureau.everybody():
            person = session.get_one(Person, actor.person_id)
            open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
    return Site(database, keys_from(Fernet.generate_key().decode()), office.clock, SteppingClock(office.now))


def at_the_desk(site: Site, actor: Actor) -> Hands:
    """Somebody before the pages; called twice for one person, they have two browsers."""
    hands = Hands(pages_over(site).test_client())
    return hands.sign_in(f"{actor.name}@{actor.unit_id}", PASSWORD, actor.jurisdiction)


# ── a launch ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def launched(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Four departments waiting for monitoring, launched so far for one of them; a portion is one case."""
    monkeypatch.setattr(launches, "AT_ONCE", 1)
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, f"示例-{number}") for number in range(4)]
    for case in cases:
        office.reach(case, "monitoring")
    office.clock.move_to(office.now + timedelta(hours=1))
    launch_stage(office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now, most=1)
    return cases


def moved(office: Office, cases: list[int]) -> int:
    return sum(bool(office.tasks(case)) for case in cases)


def test_a_launch_goes_on_portion_by_portion_and_says_how_far_it_is(
    office: Office, site: Site, launched: list[int]
) -> None:
    hands = at_the_desk(site, office.bureau.office).open("/launches/1")

    hands.press("续办部署")
    first = hands.text(), hands.page.xpath("//progress/@value"), hands.page.xpath("//form[@hx-post]/@hx-trigger")
    hands.press("续办部署")
    hands.press("续办部署")

    assert "已完成 2/4 · 约还需" in first[0]
    assert "可以离开本页：后台会接着办，完成后通知您。" in first[0]
    assert first[1] == ["2"]
    assert first[2] == ["load delay:200ms, every 2s"]
    assert hands.button("续办部署") is None
    assert hands.page.xpath("//form[@hx-post or @hx-get]") == []
    assert moved(office, launched) == 4


def test_what_is_stopped_stays_stopped_for_a_page_that_still_sends_until_somebody_goes_on(
    office: Office, site: Site, launched: list[int]
) -> None:
    hands = at_the_desk(site, office.bureau.office).open("/launches/1").press("续办部署")
    word = hands.value("_word")[-1]

    hands.press("停止")
    told = hands.text()
    hands.client.post("/launches/1/portions", data={"_word": word})
    left_alone = moved(office, launched)
    hands.press("续办部署")

    assert "已停止：完成 2/4，已完成的保留" in told
    assert left_alone == 2
    assert moved(office, launched) == 3
    assert "中断后已继续" not in hands.text()


def test_a_work_nobody_drives_any_more_says_since_when_and_that_it_went_on(
    office: Office, site: Site, launched: list[int]
) -> None:
    hands = at_the_desk(site, office.bureau.office).open("/launches/1").press("续办部署")
    site.watch.move_to(site.watch.now() + timedelta(minutes=3))

    told = hands.open("/launches/1").text()
    hands.press("续办部署")

    assert "起中断：完成 2/4，已完成的保留" in told
    assert "中断后已继续。" in hands.text()


def test_two_who_drive_a_launch_move_every_case_once(office: Office, site: Site, launched: list[int]) -> None:
    first, second = (at_the_desk(site, office.bureau.office).open("/launches/1") for _ in range(2))

    first.press("续办部署")
    second.press("续办部署")
    first.press("续办部署")
    second.client.post("/launches/1/portions", data={"_word": second.value("_word")[-1], "go": "1"})

    assert moved(office, launched) == 4
    assert [len(office.journal(case, "stage.launched")) for case in launched] == [1] * 4


def test_who_only_looks_drives_nothing_and_sees_it_move(office: Office, site: Site, launched: list[int]) -> None:
    at_the_desk(site, office.bureau.office).open("/launches/1").press("续办部署")

    looking = at_the_desk(site, office.bureau.office).open("/launches/1")

    assert "可以离开本页，别处正在办理；本页自动更新。" in looking.text()
    assert looking.page.xpath("//form[@hx-post]") == []
    assert looking.page.xpath("//form/@hx-get") == ["/launches/1"]


# ── a file of the library ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def brought(office: Office, site: Site, monkeypatch: pytest.MonkeyPatch) -> Hands:
    """Finance before a file of five entries; a portion is two of them."""
    monkeypatch.setattr(indicator_files, "AT_ONCE", 2)
    rows = [f"SL-{number},示例{number},产出指标,数量指标,教育,≥,个,合计," for number in range(ROWS)]
    hands = at_the_desk(site, office.bureau.office).open("/indicators/imports")
    return hands.send_file("file", "指标.csv", "\n".join([",".join(HEADER), *rows]).encode())


def written(office: Office) -> int:
    with office.transactions() as session:
        return len(indicator_library(session, office.bureau.office, filters=IndicatorFilters(text="SL-")).lines)


def test_a_long_file_is_written_in_portions_to_its_end(office: Office, brought: Hands) -> None:
    before = brought.text()

    brought.press("④ 写入 5 条")
    first = brought.text(), written(office)
    brought.press("继续写入")
    brought.press("继续写入")

    assert "写入要分几段，每段 2 条；中途停止的，已写入的保留" in before
    assert "已完成 2/5" in first[0]
    assert first[1] == 2
    assert "已写入 5 条" in brought.text()
    assert written(office) == ROWS


def test_a_file_that_was_stopped_keeps_what_is_written_and_goes_on(office: Office, brought: Hands) -> None:
    brought.press("④ 写入 5 条").press("停止")
    told = brought.text(), written(office)

    brought.press("继续写入")
    brought.press("继续写入")
    brought.client.post(f"{brought.path}/portions", data={"_word": brought.value("_word")[-1], "go": "1"})

    assert "已停止：完成 2/5" in told[0]
    assert "库中已有、内容相同 2" in told[0]
    assert told[1] == 2
    assert written(office) == ROWS


# ── many approvals ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_long_batch_goes_on_by_itself_and_tells_every_item(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_batches, "MOMENT", 0)
    cases = [project_at(office, "check_target") for _ in range(3)]
    judge = at_the_desk(site, office.bureau.department).open("/review-batches/new")

    judge.press("通过所选")
    first = judge.text()
    judge.press("停止")
    stopped = judge.text(), [office.open_steps(case) for case in cases].count(["target_filing.review_target"])
    site.watch.move_to(site.watch.now() + timedelta(minutes=6))
    without = judge.press("继续办理").status, judge.said()
    judge.type("password", PASSWORD)
    judge.press("继续办理").press("继续办理")

    assert "已完成 1/3" in first
    assert "还有 2 件没有办。" in first
    assert "已停止：完成 1/3" in stopped[0]
    assert stopped[1] == 1
    assert without == (422, "没有填写密码，没有办理。请填写密码后再试。")
    assert "成功 3 · 跳过 0 · 失败 0" in judge.text()
    assert [office.open_steps(case) for case in cases] == [["target_filing.review_target"]] * 3


def test_a_batch_is_nobody_elses(office: Office, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_batches, "MOMENT", 0)
    project_at(office, "check_target"), project_at(office, "check_target")
    judge = at_the_desk(site, office.bureau.department).open("/review-batches/new").press("通过所选")

    other = at_the_desk(site, office.bureau.office).open(judge.path)

    assert other.status == 404
    assert "不是您开始的" in other.text()
