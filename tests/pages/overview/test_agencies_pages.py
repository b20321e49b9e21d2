"""第三方: an agency's projects with their phases, finance's list of all, and appraisals nobody else's."""

import pytest

from engine.accounts import open_account
from engine.commands import complete_task
from engine.directory import Actor, Person, Unit
from engine.moves.outcome import Outcome
from engine.reviews.remarks import MOST_REMARKS
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.office import Office
from tests.pages.conftest import PASSWORD, SitsDown
from tests.pages.hands import Hands


@pytest.fixture
def drafting(office: Office, hands_of: SitsDown) -> int:
    """A project whose agency is to write its report."""
    case_id = office.open_case()
    office.reach(case_id, "key_evaluation.draft_evaluation")
    return case_id


@pytest.fixture
def other_agency(office: Office, hands_of: SitsDown) -> Hands:
    """Somebody of an agency that was given nothing."""
    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例机构乙", kind=UnitKind.AGENCY, department_id=None)
        session.add(unit)
        session.flush()
        actor: Actor = person_in(session, unit, "吴别家", Role.AGENCY)
        person = session.get_one(Person, actor.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
    return hands_of(actor)


def phases(hands: Hands) -> dict[str, str]:
    """Phase → how it stands, on the page of an engagement."""
    told = hands.page.xpath("//ol[@aria-label='评价进度']/li")
    return {each.xpath("string(text())").strip(): each.xpath("string(small)") for each in told}


def to_the_engagement(hands: Hands) -> Hands:
    """Its page, from the list."""
    return hands.follow(hands.page.xpath("//tbody/tr/th/a[starts-with(@href, '/assignments/')]/@href")[0])


def test_an_agency_begins_with_its_projects_and_finds_what_it_has_to_do(
    office: Office, hands_of: SitsDown, drafting: int
) -> None:
    (task,) = office.tasks(drafting)
    agency = hands_of(office.bureau.agency).open("/")

    begins, listed = agency.path, agency.page.xpath(f"//tbody//a[@href='/tasks/{task.id}']")
    to_the_engagement(agency)

    assert begins == "/assignments"
    assert agency.heading() != "没有找到"
    assert listed
    assert phases(agency)["初稿"] == "现在"
    assert phases(agency)["定稿"] == "未到"
    assert "定稿前检查" in agency.text()


def test_an_evaluation_that_is_behind_its_case_is_no_longer_under_way(
    office: Office, hands_of: SitsDown, drafting: int
) -> None:
    agency = hands_of(office.bureau.agency)
    before = agency.open("/appraisals").text()

    office.reach(drafting, "feedback.issue_feedback_letter")

    assert "1 项，在办 1 项" in before
    assert "1 项，在办 0 项" in agency.open("/appraisals").text()
    assert not agency.open("/assignments?running=1").page.xpath("//tbody/tr")


def test_finance_sees_how_far_it_has_come_and_goes_on_from_there(
    office: Office, hands_of: SitsDown, drafting: int
) -> None:
    office.reach(drafting, "key_evaluation.accept_evaluation")
    (task,) = [each for each in office.tasks(drafting) if each.element == "accept_evaluation"]
    officer = hands_of(office.bureau.office).open("/assignments")
    listed = officer.text()

    to_the_engagement(officer)

    assert "▶ 验收" in listed
    assert phases(officer)["验收"] == "现在"
    assert officer.page.xpath(f"//a[@href='/tasks/{task.id}']")
    assert officer.page.xpath(f"//a[@href='/cases/{drafting}/agency']")


def test_an_agency_finds_nothing_of_another_ones_projects_and_appraisals(
    office: Office, hands_of: SitsDown, drafting: int, other_agency: Hands
) -> None:
    (theirs,) = (
        hands_of(office.bureau.agency)
        .open("/assignments")
        .page.xpath("//tbody/tr/th/a[starts-with(@href, '/assignments/')]/@href")
    )

    listed = other_agency.open("/assignments").text()
    statuses = [other_agency.open(path).status for path in (theirs, f"/agencies/{office.bureau.agency_id}/appraisals")]

    assert "暂无委派" in listed
    assert statuses == [404, 404]


def test_an_appraisal_shows_how_the_pay_comes_about_to_finance_and_to_the_agency_itself(
    office: Office, hands_of: SitsDown, drafting: int
) -> None:
    office.reach(drafting, "key_evaluation.appraise_agency", score="88")
    before = hands_of(office.bureau.agency).open("/appraisals").text()
    office.reach(drafting, "feedback")

    agency = hands_of(office.bureau.agency).open("/appraisals")
    officer = hands_of(office.bureau.office).open(f"/agencies/{office.bureau.agency_id}/appraisals")

    assert "还没有质量考核" in before
    assert "88.00（1 个对象" in agency.text()
    assert "× 100.00% −" in agency.text()
    assert len(officer.page.xpath("//tbody/tr")) == 1


def test_the_unit_is_heard_place_by_place_and_both_sides_see_what_was_taken_up(
    office: Office, hands_of: SitsDown, drafting: int
) -> None:
    office.reach(drafting, "key_evaluation.comment_on_evaluation")
    (task,) = office.tasks(drafting)
    unit = hands_of(office.bureau.clerk).open(f"/tasks/{task.id}")
    places = [each for each in unit.offers("remark.0.path") if each.endswith(".score")]
    unit.type("remark.0.path", places[0])
    unit.type("remark.0.text", "示例：扣分依据的是去年的材料")
    asked = unit.text()
    unit.press(name="word", value="recorded")
    (final,) = office.tasks(drafting)

    agency = hands_of(office.bureau.agency).open(f"/tasks/{final.id}")
    form = agency.text()
    to_the_engagement(agency.open("/assignments"))
    officer = to_the_engagement(hands_of(office.bureau.office).open("/assignments"))

    assert "陈述申辩（逐条针对具体内容" in asked
    assert "请逐条答复 1 条（采纳的改该处，不采纳的在该处写说明），已答复 0/1" in form
    for hands in (agency, officer):
        heard = hands.text().partition("征求意见 1 条")[2]
        assert "示例：扣分依据的是去年的材料" in heard
        assert "未答复" in heard


def test_whatever_place_the_unit_speaks_to_the_agency_finds_room_to_answer(
    office: Office, hands_of: SitsDown, drafting: int
) -> None:
    office.reach(drafting, "key_evaluation.comment_on_evaluation")
    (task,) = office.tasks(drafting)
    places = [each for each in hands_of(office.bureau.clerk).open(f"/tasks/{task.id}").offers("remark.0.path") if each]
    remarks = [{"path": path, "text": "示例"} for path in places[:MOST_REMARKS]]
    with office.transactions() as session:
        complete_task(session, task.id, Outcome("recorded", remarks=remarks), by=office.bureau.clerk, at=office.now)
    (final,) = office.tasks(drafting)

    agency = hands_of(office.bureau.agency).open(f"/tasks/{final.id}")

    assert [path for path in places[:MOST_REMARKS] if not agency.has(f"explanations[{path}]")] == []
