"""Cells as people really type them, taken apart."""

import pytest

from engine.submissions.forms import read_value


@pytest.mark.parametrize(
    ("cell", "kind", "parts"),
    [
        ("≥100百分比", "number", "≥、100、%"),
        ("50个", "number", "50、个"),
        ("≥95% 效果明显", "number", "≥、95、%、效果明显"),
        ("≥95%效果明显", "number", "≥、95、%、效果明显"),
        ("不低于 90 %", "number", "≥、90、%"),
        ("500人次以上", "number", "≥、500、人次"),
        ("控制在30万元以内", "number", "≤、30、万元"),
        ("≤0.30万元/人", "number", "≤、0.30、万元/人"),
        ("1,033.496万元", "number", "1033.496、万元"),
        ("＞ 5", "number", ">、5"),
        ("百分之95", "number", "95、%"),
        (">=3次/年", "number", "≥、3、次/年"),
        ("80%-90%", "range", "区间、80–90、%"),
        ("0.5至1万元", "range", "区间、0.5–1、万元"),
        ("[80%,90%]", "range", "区间、80–90、%"),
        ("2021年12月底前", "date", ""),
        ("12月底前完成", "date", ""),
        ("24小时内", "number", "≤、24、小时"),
        ("30天内", "number", "≤、30、天"),
        ("3个月内", "number", "≤、3、个月"),
        ("90%（含）以上", "number", "≥、90、%"),
        ("90%以上（含）", "number", "≥、90、%"),
        ("60分（含60分）以下", "number", "≤、60、分"),
        ("大于90%（含）", "number", "≥、90、%"),
        ("90%（不含）以上", "number", ">、90、%"),
        ("2.2‰", "number", "2.2、‰"),
        ("≥98‰", "number", "≥、98、‰"),
        ("千分之三", "text", "千分之三"),
        ("千分之2.2", "number", "2.2、‰"),
        ("2‰-3‰", "range", "区间、2–3、‰"),
        ("达成预期指标", "text", "达成预期指标"),
        ("1e999", "text", "1e999"),
        ("", "text", ""),
    ],
)
def test_a_typed_cell_is_taken_apart(cell: str, kind: str, parts: str) -> None:
    read = read_value(cell)

    assert read.kind == kind
    assert not parts or read.parts == parts


def test_a_direction_that_was_not_written_is_not_guessed() -> None:
    assert read_value("50个").direction == ""


def test_an_overlong_cell_is_left_as_text() -> None:
    assert read_value("1" * 5000).kind == "text"
