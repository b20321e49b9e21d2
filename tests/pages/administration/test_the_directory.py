"""组织与人员, on the pages: units in the tree, what is missing in them, and who takes over from whom."""

from engine.accounts import open_account
from engine.commands import claim
from engine.directory import Actor, Person, Unit
from engine.tasks import Task
from engine.words import Role
from tests.factories import person_in
from tests.integration.desk import project_at, the_task
from tests.office import Office
from tests.pages.administration.conftest import PASSWORD, Before, Somebody


def _clerk(office: Office, name: str) -> Actor:
    """A clerk of the example unit who can sign in."""
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.unit_id)
        clerk: Actor = person_in(session, unit, name, Role.UNIT_CLERK)
        person = session.get_one(Person, clerk.person_id)
        open_account(session, person, PASSWORD, by=None, at=office.now, must_change=False)
        return clerk


def test_a_unit_without_clerk_or_head_is_marked_and_its_page_says_that_nobody_takes_its_tasks(
    before: Before, somebody: Somebody
) -> None:
    system, security = before(Role.SYSTEM_ADMIN), before(Role.SECURITY_ADMIN)
    unit = system.post("/directory/units", {"unit_name": "示例没有人的单位", "kind": "unit"}).location
    number = unit.partition("unit=")[2]

    tree, without = system.get("/directory").text, system.get(unit).text
    told = {"unit": number, "role": "unit_clerk"}
    security.post(f"/directory/people/{somebody(Role.OBSERVER).person_id}/appointments", told)
    with_a_clerk = system.get(unit).text

    assert "示例没有人的单位（0）</a><small>! 缺预算单位经办人、预算单位负责人</small>" in tree
    assert "本单位还没有预算单位经办人、预算单位负责人，发到这些岗位的任务没有人签收" in without
    assert "本单位还没有预算单位负责人，发到" in with_a_clerk


def test_names_in_the_tree_leave_out_the_place_most_of_them_begin_with(office: Office, before: Before) -> None:
    with office.transactions() as session:
        session.add_all(
            Unit(jurisdiction="huaxi", name=f"示例市示例区{at}局", kind="department") for at in "一二三四五六七八九十"
        )

    page = before(Role.SYSTEM_ADMIN).get("/directory").text

    assert "名称略去“示例市示例区”" in page
    assert 'title="示例市示例区三局">三局（0）</a>' in page
    assert '<option value="' in page
    assert ">示例市示例区三局</option>" in page


def test_who_is_stopped_hands_over_to_the_colleague_chosen_on_the_page(office: Office, before: Before) -> None:
    system, leaving, heir = before(Role.SYSTEM_ADMIN), _clerk(office, "示例甲"), _clerk(office, "示例乙")
    page, task = (
        f"/directory/people/{leaving.person_id}",
        the_task(office, project_at(office, "fill_target"), "fill_target"),
    )
    with office.transactions() as session:
        claim(session, task.id, by=leaving, at=office.now)

    before = system.get(page).text
    chosen = f"{office.bureau.unit_id} unit_clerk {heir.person_id}"
    wrong = system.post(f"{page}/stopping", {"heir": "unit_clerk"})
    stopped = system.post(f"{page}/stopping", {"heir": chosen})

    assert "在办 1 件" in before
    assert f'<option value="{chosen}">{heir.name}</option>' in before
    assert f'{leaving.person_id}">' not in before.partition('name="heir"')[2].partition("</select>")[0]
    assert (wrong.status_code, "接办人没有选好" in wrong.text) == (422, True)
    assert "1 件在办任务已转给同岗位的同事。" in system.get(stopped.location).text
    with office.transactions() as session:
        assert session.get_one(Task, task.id).holder_id == heir.person_id
