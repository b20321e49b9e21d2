"""汇总整改报告: the unit finds what it said of each problem, and nothing to fill in that others say."""

from tests.office import Office
from tests.pages.conftest import SitsDown
from tests.pages.year import Year

SUMMARY = "rectification.compile_rectification_report"
OF_FINANCE = ("verified_by", "verified_on", "verification_opinion", "budget_opinion", "follow_up")


def test_each_row_is_filled_in_with_the_units_own_report_on_it(office: Office, hands_of: SitsDown) -> None:
    year = Year(office, hands_of, office.open_case())

    work, hands = year.reach(SUMMARY)

    assert work.content is not None
    row = work.content["items"][0]
    for name in ("responsible_person", "measures", "done", "completed_on", "submitted_by"):
        assert hands.value(f"items[{row['id']}].{name}") == [row[name]]
    assert hands.value(f"items[{row['id']}].completed") == ["是"]
    assert hands.value(f"items[{row['id']}].evidence[f1].name") == ["示例：整改佐证材料"]


def test_what_finance_says_of_it_is_read_and_cannot_be_written(office: Office, hands_of: SitsDown) -> None:
    year = Year(office, hands_of, office.open_case())
    work, hands = year.reach(SUMMARY)
    assert work.content is not None
    verified_by = f"items[{work.content['items'][0]['id']}].verified_by"

    offered = [name for name in hands.names() if name.rpartition(".")[2] in OF_FINANCE]
    said = hands.text()
    sent = {"_word": hands.value("_word")[0], "save": "1", "overview": "示例：概况", verified_by: "示例：代填"}
    hands.client.post(f"/tasks/{work.task.id}/draft", data=sent)
    hands.open(f"/tasks/{work.task.id}")

    assert offered == []
    assert "由财政部门在“核验整改”中办理，见经过" in said
    assert hands.value("overview") == ["示例：概况"]
    assert "示例：代填" not in hands.text()
