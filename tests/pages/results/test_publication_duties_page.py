"""The page 随预算、决算公开: what waits, one record for many, and where it is called to mind."""

from datetime import timedelta

from engine.results.model import Disclosure
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown

PATH = f"/disclosures/duties?year={FISCAL_YEAR}"


def test_a_unit_puts_many_targets_on_record_at_once(office: Office, hands_of: SitsDown) -> None:
    cases = [office.open_case(code=f"示例-2021-00{number}") for number in (1, 2)]
    for case in cases:
        office.reach(case, "monitoring")
    clerk = hands_of(office.bureau.clerk).open(PATH)
    waiting = clerk.text()
    form = next(form for form in clerk.page.forms if form.method == "POST" and "duties" in form.action)
    told = dict(form.form_values()) | {"word": "published", "published_on": office.today.isoformat()}
    items = [f"{case}.target_project" for case in cases]

    without_address = clerk.client.post(form.action, data=told | {"item": items})
    done = clerk.client.post(form.action, data=told | {"item": items, "address": "https://www.example.gov.cn/1"})
    again = clerk.client.post(form.action, data=told | {"item": items, "address": "https://www.example.gov.cn/1"})

    assert waiting.count("待公开") >= len(cases)
    assert without_address.status_code == 422
    assert "公开要写明网址，没有登记" in without_address.text
    assert "成功 2" in " ".join(done.text.split())
    assert "成功 0" in " ".join(again.text.split())
    assert [len(office.rows(Disclosure, case)) for case in cases] == [1, 1]
    assert "没有待公开的绩效目标" in clerk.open(PATH).text()
    assert "https://www.example.gov.cn/1" in clerk.open(f"{PATH}&all=1").text()


def test_the_day_and_what_is_late_are_on_the_page(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "monitoring")
    clerk = hands_of(office.bureau.clerk).open(PATH)
    before = clerk.text()
    office.clock.move_to(office.now + timedelta(days=23))

    after = clerk.open(PATH).text()
    operations = hands_of(office.bureau.office).open("/operations").text()

    assert "逾期" not in before
    assert "逾期" in after
    assert "《预算法》第十四条" in after
    assert "随预算公开的日子临近或已过的目标 1 项" in operations


def test_the_worklist_says_how_many_wait(office: Office, hands_of: SitsDown) -> None:
    case = office.open_case()
    office.reach(case, "monitoring")

    clerk = hands_of(office.bureau.clerk).open("/tasks").text()

    assert f"{FISCAL_YEAR} 年度有 1 项绩效目标、自评报告待登记公开" in clerk
