"""Reading what was handed in: nothing is silently bent, and every refusal says where, what and how."""

import json
import re
import time
from decimal import Decimal

import pytest
from marshmallow import fields

from engine.errors import InvalidInput
from engine.submissions.forms import FORMS, FormTooLarge, MalformedForm, UnknownForm, check, form_of, load, parse
from engine.submissions.forms.layout import layout
from engine.submissions.forms.paths import look_up
from engine.submissions.forms.sheets import FormSchema
from tests.factories_forms import context_for, valid_content

F02 = FORMS["F02"]


def complaints(code: str, **changes: object) -> dict[str, str]:
    """The sentence for each field that cannot be read."""
    with pytest.raises(MalformedForm) as refusal:
        FORMS[code].load(valid_content(code, **changes))
    fields: dict[str, str] = refusal.value.facts["fields"]
    return fields


@pytest.mark.parametrize(
    ("code", "path", "typed", "kept"),
    [
        ("F05", "suggested_disposals", ["adjust_target", "列入备选", "暂停"], ["adjust", "candidate", "suspend"]),
        ("F11", "items[q1].kind", "by_stage", "scheduled"),
        ("F11", "items[q1].origin", "整体评价", "whole_department"),
        ("F11", "items[q1].follow_up", "停拨", "stop_payment"),
        ("F12", "evaluation_kind", "运行监控（停止执行，未评价）", "monitoring"),
        ("F12", "effects[a1].effect", "control", "strict"),
        ("F12", "effects[a1].effect", "控制安排", "strict"),
        ("F12", "effects[a1].effect", "proportional_cut", "quota_cut"),
        ("F12", "effects[a1].effect", "扣减预算", "deduct"),
        ("F14", "items[k1].kind", "部门决算绩效专章", "accounts_section"),
    ],
)
def test_words_of_older_papers_and_official_forms_are_read_as_the_words_used_now(
    code: str, path: str, typed: object, kept: object
) -> None:
    stored = load(FORMS[code], valid_content(code, **{path: typed}))

    assert look_up(stored, path) == kept


def test_amounts_are_kept_digit_for_digit() -> None:
    content = valid_content("F02", **{"funds.annual.total_wan": "98.866760", "funds.annual.other_wan": "0.00001"})

    stored = load(F02, content)

    assert stored["funds"]["annual"]["total_wan"] == "98.866760"
    assert stored["funds"]["annual"]["other_wan"] == "0.00001"


def test_a_tiny_amount_is_never_written_with_an_exponent() -> None:
    stored = load(F02, valid_content("F02", **{"funds.annual.other_wan": "0.00000001"}))

    assert stored["funds"]["annual"]["other_wan"] == "0.00000001"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("1,033.496", "1033.496"), (" 12 ", "12"), ("１２．５", "12.5"), (12, "12"), ("-0", "0"), ("+3", "3")],
)
def test_harmless_ways_of_writing_a_figure_are_read(typed: object, kept: str) -> None:
    stored = load(F02, valid_content("F02", **{"funds.annual.total_wan": typed}))

    assert stored["funds"]["annual"]["total_wan"] == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (98.86676, "浮点数"),
        (float("nan"), "浮点数"),
        (float("inf"), "浮点数"),
        ("NaN", "读不出数值"),
        ("Infinity", "读不出数值"),
        ("1e999", "不用科学计数法"),
        ("1E3", "读不出数值"),
        ("一百", "读不出数值"),
        ("1,03.4", "读不出数值"),
        ("12..5", "读不出数值"),
        (True, "应是数字"),
        (["1"], "应是数字"),
        ("9" * 13, "整数部分超过 12 位"),
        (10**12, "整数部分超过 12 位"),
        pytest.param(10**5000, "整数部分超过 12 位", id="an endless integer"),
        ("0.123456789", "小数超过 8 位"),
        ("-1", "不能小于 0"),
        ("9" * 500, "读不出数值"),
    ],
)
def test_a_figure_that_cannot_be_trusted_is_refused(typed: object, said: str) -> None:
    sentence = complaints("F02", **{"funds.annual.total_wan": typed})["funds.annual.total_wan"]

    assert sentence.startswith("“项目资金”“年度资金总额”“总额”")
    assert said in sentence


def test_a_cell_with_sign_number_and_unit_is_refused_with_the_pieces_to_type() -> None:
    sentence = complaints("F02", **{"indicators[y1].target_value": "≥100百分比"})["indicators[0].target_value"]

    assert sentence == "“绩效指标”第 1 行“指标值”写的是“≥100百分比”，读不出数值。请分开填：≥、100、%。"


@pytest.mark.parametrize(
    ("path", "value", "where", "said"),
    [
        ("project_name", 7, "project_name", "应是文字，收到的是整数"),
        ("project_name", "长" * 201, "project_name", "有 201 个字，最多 200 个字"),
        ("project_name", "甲\x00乙", "project_name", "控制字符"),
        ("project_name", "甲\ud800", "project_name", "控制字符"),
        ("fiscal_year", "二〇二一", "fiscal_year", "应是整数"),
        ("fiscal_year", 1999, "fiscal_year", "应在 2000 至 2100 之间"),
        ("fiscal_year", True, "fiscal_year", "应是整数"),
        ("start_on", "2021-02-30", "start_on", "不是有效日期"),
        ("start_on", "2021/2/3", "start_on", "2022-10-12"),
        ("start_on", 20210203, "start_on", "不是有效日期"),
        ("project_nature", "旧的", "project_nature", "请从“新增、延续”中选择"),
        ("project_nature", ["new"], "project_nature", "不在可选范围内"),
        ("indicators", {"y1": {}}, "indicators", "应是一张列表"),
        ("indicators", [7], "indicators[0]", "应是一组字段"),
        ("indicators", [{}] * 301, "indicators", "有 301 项，最多 300 项"),
        ("funds", "180", "funds", "应是一组字段"),
        ("explanations", ["x"], "explanations", "对照"),
        ("explanations", {"a": 1}, "explanations", "对照"),
        ("explanations", {"a": "长" * 1001}, "explanations", "过长"),
        ("indicators[y1].cumulative", "也许", "indicators[0].cumulative", "应填“是”或“否”"),
        ("indicators[y1].weight", "101", "indicators[0].weight", "不能大于 100"),
        ("indicators[y1].weight", "15.123", "indicators[0].weight", "小数超过 2 位"),
    ],
)
def test_every_wrong_cell_is_refused_in_its_own_words(path: str, value: object, where: str, said: str) -> None:
    assert said in complaints("F02", **{path: value})[where]


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(MalformedForm) as refusal:
        F02.load(valid_content("F02") | {"批准人": "张三"})

    assert refusal.value.facts["fields"]["批准人"] == "“批准人”不是本表的字段。请删去，或核对是否用错了表格版本。"


def test_an_unknown_field_in_a_row_is_refused_with_the_number_of_the_row() -> None:
    sentence = complaints("F02", **{"indicators[y3].colour": "red"})["indicators[2].colour"]

    assert sentence.startswith("“绩效指标”第 3 行“colour”不是本表的字段")


def test_names_that_are_not_of_the_form_are_told_in_the_order_they_came() -> None:
    with pytest.raises(MalformedForm) as refusal:
        F02.load({"备注": "无", "批准人": "张三", "经办": "李四", "空着": " "})

    assert list(refusal.value.facts["fields"]) == ["备注", "批准人", "经办"]


def test_a_list_of_words_says_which_of_them_cannot_be_read() -> None:
    sentence = complaints("F01", methods=["comparison", None, "掷骰子"])["methods[1]"]

    assert sentence.startswith("“评估方法”第 2 行收到的是“掷骰子”，不在可选范围内")


def test_the_first_three_complaints_are_in_the_message_and_the_rest_are_counted() -> None:
    changes = {f"indicators[y{number}].weight": "很重" for number in range(1, 6)}

    with pytest.raises(MalformedForm) as refusal:
        F02.load(valid_content("F02", **changes))

    assert "有 5 处读不出来，没有保存" in refusal.value.message
    assert "其余 2 处见各字段" in refusal.value.message


@pytest.mark.parametrize("content", [None, [], "F02", 7, 1.5, True])
def test_what_is_no_form_at_all_is_refused(content: object) -> None:
    with pytest.raises(MalformedForm, match="表单内容应是一组字段"):
        F02.load(content)


def test_field_names_that_are_no_text_are_refused() -> None:
    with pytest.raises(MalformedForm, match="字段名应是"):
        F02.load({7: "x"})


def test_empty_cells_are_dropped_so_that_not_filled_is_not_there() -> None:
    stored = load(F02, valid_content("F02", phone="  ", basis=None, feasibility=""))

    assert stored.keys().isdisjoint({"phone", "basis", "feasibility"})


def test_a_chinese_label_is_taken_for_the_choice_it_stands_for() -> None:
    stored = load(F02, valid_content("F02", project_nature="延续"))

    assert stored["project_nature"] == "continuing"


def test_rows_without_an_id_get_one_that_is_free() -> None:
    stored = load(FORMS["F04"], {"duties": [{"text": "甲"}, {"id": "r1", "text": "乙"}, {"text": "丙"}]})

    assert [row["id"] for row in stored["duties"]] == ["r2", "r1", "r3"]


def test_a_problem_without_an_id_gets_a_number_people_can_read() -> None:
    content = {"problems": [{"fact": "甲"}, {"id": "1", "fact": "乙"}, {"id": "r1", "fact": "丙"}, {"fact": "丁"}]}

    stored = load(FORMS["F09"], content)

    assert [row["id"] for row in stored["problems"]] == ["2", "1", "r1", "3"]


def test_blank_items_and_blank_rows_are_no_items() -> None:
    stored = load(
        FORMS["F04"], {"duties": [None, {"id": "d1", "text": "甲"}, " "], "tasks": [{"projects": ["", "乙"]}]}
    )

    assert stored["duties"] == [{"id": "d1", "text": "甲"}]
    assert stored["tasks"][0]["projects"] == ["乙"]


def test_every_block_and_row_can_be_found_by_its_path() -> None:
    reading = F02.read(valid_content("F02"))

    assert {"", "funds", "funds.annual", "indicators[y3]"} <= set(reading.blocks)
    found = reading.at("indicators[y3].weight")
    assert found is not None
    assert (found[0].said, found[1]["weight"]) == ("“权重”", Decimal(10))
    assert reading.at("indicators[y99].weight") is None


def test_a_block_that_is_not_there_misses_every_cell_that_must_be_filled() -> None:
    reading = F02.read({"funds": {"annual": {"total_wan": "1"}}})

    missing = [finding.field for finding in reading.unfilled if finding.field.startswith("funds")]
    assert missing == [
        *(f"funds.mid_term.{key}" for key in ("total_wan", "fiscal_wan", "carry_over_wan", "other_wan")),
        *(f"funds.annual.{key}" for key in ("fiscal_wan", "carry_over_wan", "other_wan")),
    ]


def test_a_field_the_reading_cannot_honour_is_refused_when_the_form_is_made() -> None:
    class Sheet(FormSchema):
        name = fields.String(
            validate=lambda value: None, metadata={"label": "名称", "required": "", "own_words": False}
        )

    with pytest.raises(TypeError, match="no validators"):
        layout(Sheet())


def test_reading_twice_changes_nothing() -> None:
    once = load(FORMS["F04"], {"duties": [{"text": " 甲 "}, {"text": "乙"}]})

    assert load(FORMS["F04"], once) == once


def test_two_rows_with_one_id_are_refused() -> None:
    with pytest.raises(MalformedForm) as refusal:
        FORMS["F04"].load({"duties": [{"id": "d1", "text": "甲"}, {"id": "d1", "text": "乙"}]})

    assert "与第 1 行用了同一个行号“d1”" in refusal.value.facts["fields"]["duties[1].id"]


@pytest.mark.parametrize("row_id", ["a b", "[0]", "甲", "x" * 41, "a.b"])
def test_a_row_id_must_be_fit_for_a_path(row_id: str) -> None:
    with pytest.raises(MalformedForm):
        FORMS["F04"].load({"duties": [{"id": row_id, "text": "甲"}]})


def test_a_table_called_items_is_not_taken_for_the_method_of_a_dict() -> None:
    assert load(FORMS["F11"], {"object_name": "示例"}) == {"object_name": "示例"}


def test_json_numbers_with_a_point_are_refused_as_floats_and_not_rounded() -> None:
    content = parse(b'{"funds": {"annual": {"total_wan": 1033.496}}}')

    with pytest.raises(MalformedForm, match="浮点数"):
        F02.load(content)


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"nonsense", b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}"],
    ids=["empty", "cut off", "words", "bytes", "deep", "endless integer"],
)
def test_text_that_is_no_sound_json_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        F02.load(parse(raw))


def test_more_than_two_megabytes_are_not_even_parsed() -> None:
    with pytest.raises(FormTooLarge, match="超过 2 MB"):
        parse(b" " * 2_000_001)


@pytest.mark.parametrize(
    "content",
    [
        {f"k{number}": "x" for number in range(100_000)},
        {"indicators": [{"id": f"i{number}"} for number in range(90_000)]},
        {"indicators": ["x"] * 300_000},
        {"annual_goal": "长" * 2_000_001},
        {"explanations": {f"k{number}": "x" for number in range(60_000)}},
        {"indicators": [[[[[[[[[[[[1]]]]]]]]]]]]},
    ],
    ids=["fields", "rows", "items", "text", "explanations", "depth"],
)
def test_a_huge_or_deep_content_is_refused_quickly(content: dict[str, object]) -> None:
    begun = time.process_time()

    with pytest.raises(InvalidInput):
        F02.load(content)

    assert time.process_time() - begun < 2


def test_the_largest_honest_form_is_read_and_checked_in_bounded_time() -> None:
    row = valid_content("F02")["indicators"][0] | {"calculation": "算" * 500, "data_source": "源" * 200}
    content = valid_content("F02", indicators=[row | {"id": f"i{number}"} for number in range(300)])
    raw = json.dumps(content, ensure_ascii=False).encode()
    begun = time.process_time()

    stored = load(F02, parse(raw))
    check(F02, stored, context_for("F02"))

    assert len(stored["indicators"]) == 300
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("code", sorted(FORMS))
def test_nothing_a_person_reads_is_english(code: str) -> None:
    wrong = {name: object_of_no_kind(name) for name in FORMS[code].schema.fields}

    with pytest.raises(MalformedForm) as refusal:
        FORMS[code].load(wrong)

    for sentence in (refusal.value.message, *refusal.value.facts["fields"].values()):
        unquoted = re.sub(r"“[^”]*”", "", sentence)
        assert not re.search(r"[A-Za-z]{3,}", unquoted), sentence


def object_of_no_kind(name: str) -> object:
    """A float is no kind of cell, and no table or block either."""
    return 1.5


def test_a_form_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownForm, match="没有编号为“F99”的表单"):
        form_of("F99")


def test_there_are_sixteen_forms_each_with_a_title_and_its_object_kinds() -> None:
    assert list(FORMS) == [f"F{number:02}" for number in range(1, 17)]
    assert all(form.title and form.object_kinds for form in FORMS.values())


def test_every_field_says_what_it_is_to_page_api_excel_and_print() -> None:
    for form in FORMS.values():
        for field in form.schema.fields.values():
            assert field.metadata["label"]
            assert field.metadata["kind"]
            assert field.required == bool(field.metadata["required"])


def test_loaded_figures_are_decimals() -> None:
    data = F02.load(valid_content("F02"))

    assert data["funds"]["annual"]["total_wan"] == Decimal(180)
    assert isinstance(data["indicators"][0]["weight"], Decimal)
