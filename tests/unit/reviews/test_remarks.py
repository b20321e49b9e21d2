"""A remark is tied to a place in the form, says something, and is bounded."""

from typing import Any

import pytest

from engine.reviews.remarks import (
    LONGEST_TEXT,
    MOST_REMARKS,
    Remark,
    RemarkRefused,
    places_of,
    read_remarks,
    standing,
    stored_remarks,
)
from engine.words import RemarkState

IN_F02 = places_of("F02")


def test_remarks_are_read_and_written_the_same() -> None:
    remarks = (
        Remark("indicators[y3].weight", "与指标重要性不符", 5),
        Remark("", "请整体核对", None, RemarkState.EXPLAINED),
    )

    assert read_remarks([remark.to_json() for remark in remarks], IN_F02) == remarks


def test_a_remark_begins_as_not_yet_changed_and_a_template_has_words_of_its_own() -> None:
    (remark,) = read_remarks([{"path": "funds.annual.total_wan", "template": 1}], IN_F02)

    assert (remark.text, remark.state) == ("缺计算方法", RemarkState.UNCHANGED)


def test_no_remarks_are_none() -> None:
    assert read_remarks(None, IN_F02) == read_remarks([], IN_F02) == ()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("请改", "一条一条"),
        ({"path": "", "text": "请改"}, "一条一条"),
        (["请改"], "读不出来"),
        ([{"path": "indicators[y3].colour", "text": "请改"}], "表中没有"),
        ([{"path": "a..b", "text": "请改"}], "写法不对"),
        ([{"path": "name'; DROP TABLE reviews", "text": "请改"}], "写法不对"),
        ([{"path": "x" * 500, "text": "请改"}], "写法不对"),
        ([{"path": ["indicators"], "text": "请改"}], "写法不对"),
        ([{"path": "", "text": "   "}], "没有写内容"),
        ([{"path": "", "text": "长" * (LONGEST_TEXT + 1)}], "超过2000字"),
        ([{"path": "", "text": "请改", "template": 12}], "模板"),
        ([{"path": "", "text": "请改", "template": True}], "模板"),
        ([{"path": "", "text": "请改", "template": [1]}], "模板"),
        ([{"path": "", "text": "请改", "template": 1.0}], "模板"),
        ([{"path": 0, "text": "请改"}], "写法不对"),
        ([{"path": "", "text": {"请": "改"}}], "应是文字"),
        ([{"path": "", "text": "请改", "field": "name"}], "读不出来"),
        ([{"path": "", "text": "请改", "state": "done"}], "状态"),
        ([{"path": "", "text": "请改"}] * (MOST_REMARKS + 1), "超过200条"),
    ],
)
def test_what_is_no_remark_is_refused_in_words(given: Any, why: str) -> None:
    with pytest.raises(RemarkRefused, match=why):
        read_remarks(given, IN_F02)


def test_what_an_earlier_release_stored_keeps_its_words() -> None:
    stored = [
        "请改",
        {"field": "indicators[y3].weight", "message": "权重偏高"},
        {"path": "funds", "text": "不符", "state": "x"},
    ]

    assert stored_remarks(stored) == (
        Remark("", "请改"),
        Remark("indicators[y3].weight", "权重偏高"),
        Remark("funds", "不符"),
    )
    assert stored_remarks(None) == ()


def test_an_explanation_taken_away_answers_nothing() -> None:
    remark = Remark("annual_goal", "请写明当年要做到什么")
    content = {"annual_goal": "示例", "explanations": {"annual_goal": "示例：已与科室核实"}}

    without = standing(remark, content, [{**content, "explanations": {}}])
    anew = standing(remark, content, [{**content, "explanations": {"annual_goal": "示例：改在附件里写明"}}])

    assert (without.state, anew.state) == (RemarkState.UNCHANGED, RemarkState.EXPLAINED)
