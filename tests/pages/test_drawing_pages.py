"""抽样 and 评价计划 by the pages: only what they offer is typed and pressed."""

import pytest

from engine.audit import Entry
from engine.words import CaseKind
from tests.office import FISCAL_YEAR, Office
from tests.pages.conftest import SitsDown

YEAR = str(FISCAL_YEAR)


@pytest.fixture
def at_spot_review(office: Office) -> list[int]:
    """Three projects that wait for the draw."""
    cases = [office.open_case(CaseKind.PROJECT, f"示例-{number}") for number in (1, 2, 3)]
    for stage in ("monitoring", "self_evaluation"):
        for case in cases:
            office.reach(case, stage)
        office.launch(stage)
    for case in cases:
        office.reach(case, "spot_review")
    return cases


def test_two_people_draw_and_a_third_repeats_it(office: Office, hands_of: SitsDown, at_spot_review: list[int]) -> None:
    officer, watcher = hands_of(office.bureau.office), hands_of(office.bureau.division)
    officer.open("/samplings").follow(f"/samplings/new?year={YEAR}&purpose=spot_review")

    officer.type("size", "1")
    officer.type("reason", "示例：全部参加")
    officer.press("冻结名单")
    page = officer.path
    officer.type("seed", "314159")
    officer.press("封存经办种子")
    watcher.open("/samplings").follow(page)
    unseen = watcher.page.text_content()
    watcher.type("seed", "271828")
    watcher.press("封存监督种子")
    nothing_to_press = watcher.button("抽取")
    officer.open(page).press("抽取")
    result = officer.heading()
    verified = watcher.open(officer.path).follow(f"{officer.path}/verification").said(), watcher.text()
    record = watcher.open(f"{officer.path}/record").text()

    assert "314159" not in unseen
    assert nothing_to_press is None
    assert result == f"{YEAR} 年度自评复核：抽样结果 1 个"
    assert verified[0] == ""
    assert "结果一致，1/1" in verified[1]
    assert "314159（王绩效）" in record
    assert "271828（钱业务）" in record
    assert sorted(office.case(case).stage == "spot_review" for case in at_spot_review) == [False, False, True]


def test_a_layer_so_small_that_all_of_it_is_chosen_says_so(
    office: Office, hands_of: SitsDown, at_spot_review: list[int]
) -> None:
    officer, watcher = hands_of(office.bureau.office), hands_of(office.bureau.division)
    officer.open(f"/samplings/new?year={YEAR}&purpose=spot_review").type("size", str(len(at_spot_review)))
    officer.type("reason", "示例：全部参加")
    officer.press("冻结名单")
    page, frozen = officer.path, officer.text()
    officer.type("seed", "314159")
    officer.press("封存经办种子")
    watcher.open(page).type("seed", "271828")
    watcher.press("封存监督种子")
    officer.open(page).press("抽取")

    record = watcher.open(f"{officer.path}/record").text()

    assert "可抽 3 个，全部入选。" in frozen
    assert "层内只有 3 个，全部入选" in record


def test_what_cannot_be_drawn_keeps_what_was_typed_and_one_person_finds_one_field(
    office: Office, hands_of: SitsDown, at_spot_review: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open(f"/samplings/new?year={YEAR}&purpose=spot_review")

    hands.type("size", "9")
    hands.type("reason", "示例：全部参加")
    hands.press("冻结名单")
    too_many = hands.status, hands.said(), hands.value("size"), hands.value("reason")
    hands.type("size", "2")
    hands.press("冻结名单")
    hands.type("seed", "12")
    hands.press("封存经办种子")
    no_seed = hands.status, hands.said()
    hands.type("seed", "314159")
    hands.press("封存经办种子")

    assert too_many == (422, "备选对象共3个，不能抽9个，没有抽样。请核对抽取数量。", ["9"], ["示例：全部参加"])
    assert no_seed == (422, "种子要填六位数字，没有记入。请重新填写。")
    assert not hands.has("seed")


def test_a_draw_is_given_up_with_a_reason_and_begun_anew(
    office: Office, hands_of: SitsDown, at_spot_review: list[int]
) -> None:
    hands = hands_of(office.bureau.office).open(f"/samplings/new?year={YEAR}&purpose=spot_review")
    hands.type("size", "1")
    hands.type("reason", "示例：全部参加")
    hands.press("冻结名单")

    hands.press("作废")
    refused = hands.status, hands.said()
    hands.type("reason", "示例：数量填错")
    hands.press("作废")

    assert refused == (422, "作废要写明理由，没有作废。请补充。")
    assert hands.path == "/samplings/new"
    assert "数量填错" in hands.open("/samplings").text()


def test_a_year_without_a_draw_says_why(office: Office, hands_of: SitsDown, at_spot_review: list[int]) -> None:
    hands = hands_of(office.bureau.office).open(f"/samplings/new?year={YEAR}&purpose=spot_review")

    hands.press("本年不抽")
    refused = hands.status, hands.said()
    hands.type("skip_reason", "示例：本区不做自评复核")
    hands.press("本年不抽")

    assert refused == (422, "本年不抽要写明理由，没有办理。请补充。")
    assert hands.heading() == f"{YEAR} 年度自评复核：本年不选"
    assert {office.case(case).stage for case in at_spot_review} == {"key_evaluation"}


def test_a_plan_is_ticked_looked_over_and_made(office: Office, hands_of: SitsDown, at_spot_review: list[int]) -> None:
    office.draw(None)
    first, *rest = at_spot_review
    hands = hands_of(office.bureau.office).open("/plans").follow(f"/plans/new?year={YEAR}")

    hands.type("chosen", [str(first)])
    hands.type("department_led", [str(first)])
    hands.press("核对计划")
    without = hands.text()
    hands.press("返回修改")
    kept = hands.value("chosen"), hands.value("department_led")
    hands.type("reason", "示例：去年已评")
    hands.press("核对计划").press("确定计划")

    assert "还没有写理由" in without
    assert kept == ([str(first)], [str(first)])
    assert hands.heading() == f"{YEAR} 年度重点评价：评价计划 1 个"
    assert "部门自主" in hands.text()
    assert "/plans" in hands.page.xpath("//main//a/@href")
    assert "/plans" not in hands_of(office.bureau.division).open(hands.path).page.xpath("//main//a/@href")
    assert office.case(first).stage == "key_evaluation"
    assert "key_evaluation" not in {office.case(case).stage for case in rest}


def test_a_plan_for_nobody_needs_another_button(office: Office, hands_of: SitsDown, at_spot_review: list[int]) -> None:
    office.draw(None)
    hands = hands_of(office.bureau.office).open(f"/plans/new?year={YEAR}")

    hands.type("chosen", [])
    hands.press("核对计划")
    refused = hands.status, hands.said()
    hands.type("skip_reason", "示例：今年不评")
    hands.press("本年不评")

    assert refused[0] == 422
    assert hands.heading() == f"{YEAR} 年度重点评价：本年不选"
    with office.transactions() as session:
        assert session.query(Entry).filter(Entry.type == "sample.skipped").count() == 2


def test_who_is_always_in_and_who_is_out_is_typed_with_reasons_and_seen_to_the_record(
    office: Office, hands_of: SitsDown, at_spot_review: list[int]
) -> None:
    officer, watcher = hands_of(office.bureau.office), hands_of(office.bureau.division)
    officer.open(f"/samplings/new?year={YEAR}&purpose=spot_review")
    officer.type("size", "1")
    officer.type("reason", "示例：全部参加")
    officer.type("always", "示例-3\n")
    officer.type("never", "示例-1\t示例：正在审计")

    without = officer.press("冻结名单").said()
    typed = officer.value("never")
    officer.type("always", "示例-9 示例")
    unknown = officer.press("冻结名单").said()
    officer.type("always", "")
    officer.type(f"settled_{at_spot_review[2]}", "always")
    unsaid = officer.press("冻结名单").said()
    officer.type(f"why_{at_spot_review[2]}", "示例：连续两年复核")
    officer.press("冻结名单")
    frozen = officer.text()
    officer.type("seed", "314159")
    page = officer.press("封存经办种子").path
    watcher.open(page).type("seed", "271828")
    watcher.press("封存监督种子")
    officer.open(page).press("抽取")
    result = officer.text()
    record = watcher.open(f"{officer.path}/record").text()
    verified = watcher.open(f"{officer.path}/verification").text()

    assert "必抽第 1 行“示例-3”没有写原因" in without
    assert typed == ["示例-1\t示例：正在审计"]
    assert "必抽第 1 行的编号“示例-9”不在名单里" in unknown
    assert "“示例-3”选了必抽，没有写原因" in unsaid
    for told in (frozen, result, record):
        assert "必抽 1 个 · 回避 1 个" in told
        assert "示例：连续两年复核" in told
        assert "示例：正在审计" in told
    assert "结果一致，1/1" in verified
    assert office.case(at_spot_review[2]).stage == "spot_review"
