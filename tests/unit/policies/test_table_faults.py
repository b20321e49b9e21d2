"""What the check of tables finds: overlaps, contradictions, dead rows, gaps, and rows nobody vouches for."""

import pytest

from engine.policies import DECISIONS, check_table_file
from tests.unit.policies.tables import NOTES, dmn


def found(decision, content):
    return [
        (finding.severity, finding.element, finding.message) for finding in check_table_file(f"{decision}.dmn", content)
    ]


def quota(*rows, **options):
    return found("quota_cut", dmn("quota_cut", [((cell,), (rate, "")) for cell, rate in rows], **options))


def test_bands_that_touch_do_not_overlap():
    assert quota((">= 90", "0"), ("[70..90)", "0.01"), ("< 70", "0.05")) == []


def test_two_bands_that_share_only_their_border_overlap_and_the_border_is_named():
    (finding,) = quota((">= 70", "0"), ("<= 70", "0.05"))

    assert finding == ("error", "row_2", "第“row_1”行与第“row_2”行矛盾：部门整体得分＝70时两行都符合")


@pytest.mark.parametrize(("border", "said"), [("70.00", "70"), ("100", "100"), ("69.99", "69.99")])
def test_the_example_of_a_contradiction_is_written_as_people_write_numbers(border, said):
    (finding,) = quota((f">= {border}", "0"), (f"<= {border}", "0.05"))

    assert f"部门整体得分＝{said}时" in finding[2]


def test_a_contradiction_of_some_days_only_names_such_a_day():
    until_june, from_july = NOTES | {"施行": "", "废止": "2021-06-30"}, NOTES | {"施行": "2021-07-01", "废止": ""}
    always = dmn("quota_cut", [(("< 70",), ("0.05", ""))], notes=until_june | {"废止": ""}).decode()
    later = dmn("quota_cut", [(("[60..70)",), ("0.10", ""))], notes=from_july).decode()
    row = later[later.index("<rule") : later.index("</decisionTable>")].replace("row_1", "row_2")

    (finding,) = found("quota_cut", always.replace("</decisionTable>", row + "</decisionTable>").encode())

    assert "部门整体得分＝60、日期＝" in finding[2]


def test_two_rows_that_say_the_same_twice_are_a_repetition():
    (finding,) = quota((">= 70", "0"), ("[80..90]", "0"))

    assert "重叠" in finding[2]


def test_rows_in_force_at_different_times_do_not_overlap():
    early, late = NOTES | {"施行": "", "废止": "2021-06-30"}, NOTES | {"施行": "2021-07-01", "废止": ""}
    old = dmn("quota_cut", [(("< 70",), ("0.05", ""))], notes=early).decode()
    new = dmn("quota_cut", [(("< 60",), ("0.10", ""))], notes=late).decode()
    row = new[new.index("<rule") : new.index("</decisionTable>")].replace("row_1", "row_2")

    assert found("quota_cut", old.replace("</decisionTable>", row + "</decisionTable>").encode()) == []


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        (("< time_progress", "-"), (">= time_progress", "-"), False),
        (("< time_progress", "-"), ("<= time_progress", "-"), True),
        (("< time_progress", "-"), ("> 0.9", "< 0.9"), False),
        (("< time_progress", "-"), ("> 0.9", "<= 0.95"), True),
        (("[0.25..time_progress)", "< 0.25"), ("-", "-"), None),
    ],
)
def test_comparisons_between_inputs_are_understood(first, second, overlap):
    faults = found("supplement_allowed", dmn("supplement_allowed", [(first, ("true", "")), (second, ("false", ""))]))

    assert any("都符合" in message for _, _, message in faults) is bool(overlap)
    assert any("永远不会符合" in message for _, _, message in faults) is (overlap is None)


@pytest.mark.parametrize("cell", ["> 100", "[70..70)", "< 0", "]80..80]", "[90..80]"])
def test_a_row_no_input_can_reach_is_found(cell):
    (finding,) = quota((cell, "0"))

    assert "永远不会符合" in finding[2]


def test_a_first_row_that_takes_everything_leaves_the_others_dead():
    faults = quota(("-", "0"), ("< 70", "0.05"), hit_policy="FIRST")

    assert [(element, "前面各行" in message) for _, element, message in faults] == [("row_2", True)]


def test_rows_that_take_everything_together_leave_the_next_one_dead():
    faults = quota(("< 70", "0.05"), (">= 70", "0"), ("[60..80]", "0.02"), hit_policy="FIRST")

    assert [element for _, element, _ in faults] == ["row_3"]


def test_a_gap_is_lawful_unless_the_table_claims_to_be_complete():
    assert quota((">= 80", "0")) == []

    (finding,) = quota((">= 80", "0"), ("< 79", "0.05"), complete=True)

    assert finding[0] == "warning"
    assert "部门整体得分＝79时没有一行符合" in finding[2]


def test_a_gap_between_words_is_found():
    rows = [(("-", '"project","policy"'), ('"优"',))]

    (finding,) = found("grade", dmn("grade", rows, complete=True))

    assert "对象类型＝whole_department" in finding[2]


def test_lists_of_marks_overlap_when_one_object_can_carry_both():
    rows = [(("-", "-", '"livelihood"'), ("true", "1")), (("-", "-", '"major_impact"'), ("true", "1"))]

    (finding,) = found("spot_review_pool", dmn("spot_review_pool", rows))

    assert "livelihood＋major_impact" in finding[2]
    assert found("spot_review_pool", dmn("spot_review_pool", rows, hit_policy="COLLECT")) == []


def test_two_rows_for_the_unknown_contradict_one_another():
    (finding,) = quota(("null", "0"), ("null", "0.05"))

    assert "部门整体得分＝未知时两行都符合" in finding[2]


@pytest.mark.parametrize(("count", "said"), [(10, []), (11, ["决策表太宽，核对不完是否重叠或遗漏"])])
def test_rows_that_name_more_than_ten_words_of_a_list_are_too_many_to_check(count, said):
    marks = ",".join(f'"{mark}"' for mark in list(DECISIONS["spot_review_pool"].inputs["marks"].words)[:count])

    faults = found("spot_review_pool", dmn("spot_review_pool", [(("-", "-", marks), ("true", "1"))]))

    assert [message for _, _, message in faults] == said


def test_a_complete_table_that_collects_must_give_every_output_that_one_row_gives():
    rows = [(("-", "-", "-"), ('"green"', "", "")), (("-", "-", "< 0.6"), ("", '"red"', ""))]

    faults = found("monitoring_light", dmn("monitoring_light", rows, hit_policy="COLLECT", complete=True))

    assert [(severity, message) for severity, _, message in faults] == [
        ("warning", "声明完整的表有遗漏：目标完成进度＝0.6时没有一行给出“目标进度灯”"),
        ("warning", "声明完整的表有遗漏：目标完成进度＝0时没有一行给出“处置建议”"),
    ]


def test_collected_rows_may_meet_but_not_contradict_one_another():
    rows = [((">= 0", "-", "-"), ('"green"', "", "")), (("< 1", "-", "-"), ('"red"', "", ""))]

    (finding,) = found("monitoring_light", dmn("monitoring_light", rows, hit_policy="COLLECT"))

    assert "矛盾" in finding[2]


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ({"状态": "stated 原文"}, "没有依据"),
        ({"依据": "HX-14"}, "没有状态"),
        ({"依据": "HX-14", "状态": "certain"}, "状态不认识"),
        ({"依据": "", "状态": "stated"}, "没有依据"),
        ({"依据": "HX-14", "状态": "stated", "施行": "2021年7月"}, "不是日期"),
        ({"依据": "HX-14", "状态": "stated", "备注": "x"}, "不认识"),
    ],
)
def test_a_row_nobody_vouches_for_is_an_error(notes, said):
    assert any(severity == "error" and said in message for severity, _, message in quota(("< 70", "0"), notes=notes))


def test_a_row_drawn_in_an_editor_with_one_annotation_column_speaks_through_its_description():
    bare = dmn("quota_cut", [(("< 70",), ("0.05", ""))], notes={}).decode()
    drawn = bare.replace('"row_1">', '"row_1"><description>依据：CH-21；又见年报；状态：stated 原文</description>')

    assert found("quota_cut", drawn.encode()) == []
    assert any("没有依据" in message for _, _, message in found("quota_cut", bare.encode()))


def test_a_description_that_differs_from_the_annotations_is_an_error():
    content = dmn("quota_cut", [(("< 70",), ("0.05", ""))]).decode()
    changed = content.replace('"row_1">', '"row_1"><description>依据：CH-21；状态：default</description>')

    assert any("不一致" in message for _, _, message in found("quota_cut", changed.encode()))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('<decision id="quota_cut"', '<decision id="quota"', "没有叫“quota”的决策"),
        ("<text>whole_department_score</text>", "<text>score</text>", "输入列是“score”"),
        ("<text>whole_department_score</text>", "<text>score &gt; 1</text>", "输入列是"),
        ('name="rate"', 'name="ratio"', "结果列是“ratio、base”"),
        ('typeRef="number"><text>whole', 'typeRef="string"><text>whole', "类型是string"),
        ('label="部门整体得分"', 'label=""', "没有中文表头"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="PRIORITY"', "命中规则"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="SUM"', "命中规则"),
        ("<text>0.05</text>", "<text>5%</text>", "不能用"),
        ("<text>0.05</text>", "<text>1.5</text>", "应在0到1之间"),
        ("<text>0.05</text>", "<text>0.05 + 0.01</text>", "不能用"),
        ("<text></text>", "<text>budget</text>", "双引号"),
        ("<text></text>", '<text>"budget"</text>', "没有“budget”这个词"),
        ("<text></text>", '<text>"budget</text>', "双引号"),
        ("<text></text>", '<text>budget"</text>', "双引号"),
        ("<text></text>", '<text>"</text>', "双引号"),
        ("<text></text>", '<text>"bud"get"</text>', "双引号"),
        ("<text></text>", '<text>""budget"</text>', "双引号"),
        ("<text></text>", '<text>"budget""</text>', "双引号"),
        ("<text></text>", '<text>""</text>', "没有“”这个词"),
        ("<text>0.05</text>", "<text>-0.01</text>", "应在0到1之间"),
        ("<text>&lt; 70</text>", "<text>低于70</text>", "读不懂"),
        ("<outputEntry><text></text></outputEntry>", "", "格数与表头不一致"),
        ('<rule id="row_1">', "<rule>", "没有编号"),
    ],
)
def test_headings_cells_and_results_are_held_against_the_decision(before, after, said):
    content = dmn("quota_cut", [(("< 70",), ("0.05", ""))]).decode()
    assert before in content

    faults = check_table_file("quota_cut.dmn", content.replace(before, after, 1).encode())

    assert any(said in fault.message for fault in faults), faults
    assert all(fault.remedy and fault.line for fault in faults)


def test_a_number_below_a_range_without_an_end_is_told_the_end_there_is():
    rows = [(("-", "-", "-"), ("true", "-1"))]

    (fault,) = check_table_file("spot_review_pool.dmn", dmn("spot_review_pool", rows, hit_policy="COLLECT"))

    assert fault.message == "“抽取权重”列的结果“-1”不能用：不能小于0"


def test_a_word_the_input_does_not_have_is_an_error_of_its_row():
    faults = check_table_file("grade.dmn", dmn("grade", [(("-", '"projects"'), ('"优"',))]))

    assert any("没有“projects”这个词" in fault.message and fault.element == "row_1" for fault in faults)


def test_the_same_row_id_twice_is_an_error():
    content = dmn("quota_cut", [(("< 70",), ("0", "")), ((">= 70",), ("0.1", ""))]).replace(b"row_2", b"row_1")

    assert any("编号重复" in fault.message for fault in check_table_file("quota_cut.dmn", content))


def test_a_fault_is_found_at_its_line():
    content = dmn("quota_cut", [((">= 70",), ("0", "")), (("< = 70",), ("0.05", ""))])

    (fault,) = check_table_file("quota_cut.dmn", content)

    assert b'"row_2"' in content.splitlines()[fault.line - 1]
