"""A jurisdiction's own target form and scoring: data of its pack, pinned with the case, no Python."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from engine.policies import Policies, Policy, UnsoundTables
from engine.scoring import method_set_for
from engine.submissions.forms import FORMS, check, prefill, settle
from engine.submissions.forms.measured import share_earned
from engine.submissions.forms.monitoring_figures import achievement_rate
from tests.factories_forms import context_for, form_context, valid_content
from tests.papers import ROOT, Paper, answered, paper, policies
from tests.unit.rehearsal.desks import desk_of, filled, subject_of
from tests.unit.submissions.test_real_papers import SPENT
from web.checking import check_root

SPLIT = """
[[form_templates]]
id = "example.20_40_40"
title = "示例区目标表"
object_kinds = ["project"]
from_year = 2020
indicator_total = "80"
execution_weight = "20"
source = "示例"
status = "stated"
level1 = [
  { name = "产出指标", level2 = [
    { name = "数量指标", covers = "产出" },
    { name = "质量指标", covers = "产出" },
    { name = "时效指标", covers = "产出" },
  ] },
  { name = "满意度指标", level2 = [{ name = "服务对象满意度指标", covers = "服务对象满意度" }] },
]
[[form_templates.weighting]]
weights = { "产出指标" = "40", "满意度指标" = "40" }
source = "示例"
status = "stated"
"""
LIST = """
[[form_templates]]
id = "example.list"
title = "示例区目标清单（不分级、不设分值）"
object_kinds = ["project"]
from_year = 2020
indicator_total = "100"
execution_weight = "0"
weighed = false
source = "示例"
status = "stated"
"""
STEPS = """
[[scoring]]
method_set = "mof2020.step_satisfaction@1"
from_fiscal_year = 2021
source = "示例"
status = "stated"
"""


def laid_down(text: str, place: str = "jianghan") -> Policy:
    """The jurisdiction's policy with this written at the end of its pack.toml."""
    files = policies().of(place).to_files()
    files[f"policies/{place}/pack.toml"] += text.encode()
    return Policies.from_files(files).of(place)


def under(filed: Paper, policy: Policy) -> Paper:
    """The paper of a case of that policy."""
    own = {"form_templates": policy.pack.form_templates, "scoring": policy.pack.scoring}
    return Paper(filed.code, filed.content, replace(filed.context, decide=policy.decide, **own))


def test_a_split_that_is_laid_down_is_asked_for_and_not_about() -> None:
    target = under(paper("hubei_20_40_40_target"), laid_down(SPLIT))

    assert [f.field for f in target.findings if f.stops] == []
    reached = {row["id"]: {"actual_value": row["target_value"]} for row in target.content["indicators"]}
    assert answered(target, reached, funds=SPENT).one_total() == "100.00"
    assert answered(target, reached, funds=SPENT).content["funds"]["weight"] == "20"


def test_another_split_than_the_one_laid_down_stops() -> None:
    target = under(paper("hubei_20_40_40_target"), laid_down(SPLIT))
    target.content["indicators"][0]["weight"] = "10"

    (finding,) = [f for f in target.findings if f.stops and f.field == "indicators"]
    assert (finding.severity, finding.status) == ("error", "stated")
    assert finding.message == "权重合计是 70，应为 80（预算执行率另计 20）。请在产出指标中补 10。"


def test_a_form_handed_out_names_no_national_template_beside_the_own_one() -> None:
    context = under(paper("hubei_20_40_40_target"), laid_down(SPLIT)).context

    assert "template" not in prefill(FORMS["F02"], context)
    assert prefill(FORMS["F02"], replace(context, form_templates=()))["template"] == "project.2015"


def test_a_list_without_levels_and_weights_asks_for_neither() -> None:
    target = under(paper("target_without_weights", jurisdiction="jianghan"), laid_down(LIST))
    for row in target.content["indicators"]:
        del row["level1"], row["level2"]

    assert [f.message for f in target.findings if f.stops] == []


def test_the_scoring_that_is_laid_down_counts_from_its_year_on() -> None:
    own = laid_down(STEPS).pack.scoring
    row = {"level1": "满意度指标", "level2": "服务对象满意度指标", "direction": "≥", "target_value": "90", "unit": "%"}

    assert share_earned(row, Decimal(85), method_set_for("jianghan", 2021, own)) == Decimal("0.8")
    assert method_set_for("jianghan", 2020, own).id == "mof2020.proportional@1"


def test_the_bands_that_are_laid_down_are_those_of_the_check_and_of_the_score() -> None:
    own = STEPS.replace("step_satisfaction", "bands_80_50")
    filed = under(paper("band_80_explained"), laid_down(own, "huaxi"))
    filed.content.pop("explanations")

    assert filed.stops == []
    assert filed.one_total() == "98.00"


def test_monitoring_counts_a_band_by_its_lower_end_and_full_only_what_was_reached() -> None:
    context = form_context(scoring=laid_down(STEPS.replace("step_satisfaction", "bands_80_50"), "huaxi").pack.scoring)
    half = [{"id": "a", "direction": "qualitative", "weight": Decimal(50), "period_band": "partly"}]
    full = [{"id": "b", "direction": "qualitative", "weight": Decimal(50), "period_band": "achieved"}]

    assert achievement_rate({"indicators": half}, context) == Decimal("0.5")
    assert achievement_rate({"indicators": half + full}, context) == Decimal("0.75")


def test_a_method_set_nobody_knows_is_found_before_anybody_is_scored(tmp_path: Path) -> None:
    root = shutil.copytree(ROOT / "bpmn", tmp_path / "bpmn")
    pack = root / "policies" / "jianghan" / "pack.toml"
    pack.write_text(pack.read_text("utf-8") + STEPS.replace("step_satisfaction@1", "by_eye@1"), "utf-8")

    (finding,) = [found for found in check_root(root) if found.severity == "error"]

    assert (finding.file, finding.element) == ("policies/jianghan/pack.toml", "scoring")
    assert "没有名为“mof2020.by_eye@1”的计分方法组" in finding.message


def test_what_is_laid_down_is_pinned_with_the_policy() -> None:
    policy = laid_down(SPLIT)

    again = Policies.from_files(policy.to_files()).of("jianghan")
    assert again.pack.form_templates == policy.pack.form_templates
    assert policy.hash != policies().of("jianghan").hash


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('execution_weight = "20"', 'execution_weight = "10"', "指标与执行率的分值合计应为100"),
        ('"满意度指标" = "40" }', '"满意度指标" = "30" }', "各一级指标的分值合计应等于"),
        ('"满意度指标" = "40" }', '"效益指标" = "40" }', "名称应在 level1 中"),
        ('object_kinds = ["project"]', 'object_kinds = ["projects"]', "应为 project"),
        ('indicator_total = "80"', "indicator_total = 80.0", "应为带引号的数字"),
        ('status = "stated"\nlevel1', 'status = "certain"\nlevel1', "应为 stated"),
        ("from_year = 2020", "years = 2020", "不认识的项目"),
    ],
)
def test_a_template_with_a_fault_is_refused_by_field(before: str, after: str, said: str) -> None:
    assert before in SPLIT

    with pytest.raises(UnsoundTables, match=said):
        laid_down(SPLIT.replace(before, after, 1))


@pytest.mark.parametrize("text", [SPLIT, LIST])
def test_a_rehearsal_fills_in_the_forms_of_the_place(text: str) -> None:
    own, desk = {"form_templates": laid_down(text).pack.form_templates}, desk_of(subject_of(), "jianghan")

    target = filled("F02", desk, **own)
    answer = filled("F06", desk, target=target.content, target_version=1, **own)

    assert [finding.message for finding in (*target.findings, *answer.findings) if finding.stops] == []
    assert Decimal(answer.content["total_score"]) == desk.subject.self_score


# ── 事前评估 ─────────────────────────────────────────────────────────────────────────────────────────────────────────

ASSESSED = """
[[ex_ante_dimensions]]
object_kinds = ["project"]
source = "示例"
status = "stated"
dimensions = [
  { id = "necessity", name = "示例必要性", weight = "60" },
  { id = "economy", name = "示例经济性", weight = "40" },
]

[ex_ante_suggestion]
support_from = "90"
conditional_from = "70"
necessity_percent_at_least = "50"
source = "示例"
status = "stated"
"""


def test_an_assessment_scores_what_the_jurisdiction_has_assessed() -> None:
    pack = laid_down(ASSESSED).pack
    own = context_for("F01", ex_ante_dimensions=pack.ex_ante_dimensions)

    blank = prefill(FORMS["F01"], own)["dimensions"]
    assert [(row["name"], row["weight"]) for row in blank] == [("示例必要性", "60"), ("示例经济性", "40")]
    assert [f.message for f in check(FORMS["F01"], valid_content("F01"), own) if f.field == "dimensions"] == [
        "缺少评估维度：示例必要性、示例经济性。请补评。"
    ]


@pytest.mark.parametrize(
    ("support_from", "said"),
    [("90", ["总分 85.00，提示结论为“调整后支持”，填的是“予以支持”。请核对，或写说明。"]), ("80", [])],
)
def test_from_how_many_points_on_money_is_supported_is_said_by_the_jurisdiction(
    support_from: str, said: list[str]
) -> None:
    pack = laid_down(ASSESSED.replace("90", support_from)).pack
    context = context_for("F01", ex_ante_suggestion=pack.ex_ante_suggestion)
    content = valid_content("F01") | {"conclusion": "support"}
    for row in content["dimensions"]:
        row["score"] = "17"

    assert [f.message for f in check(FORMS["F01"], content, context) if f.field == "conclusion"] == said


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ('weight = "40"', "各维度的分值合计应为100"),
        ('id = "economy"', "同一维度写了两次"),
        ('conditional_from = "70"', "不应高于 support_from"),
    ],
)
def test_an_assessment_that_is_laid_down_wrongly_is_refused_with_its_place(spoilt: str, said: str) -> None:
    wrong = {'weight = "40"': 'weight = "30"', 'id = "economy"': 'id = "necessity"'}
    text = ASSESSED.replace(spoilt, wrong.get(spoilt, 'conditional_from = "95"'))

    with pytest.raises(UnsoundTables, match=said):
        laid_down(text)


# ── 审核、付费、执行率的分档 ──────────────────────────────────────────────────────────────────────────────────────────

FIGURES = """
[figures.target_review]
bands = [{ grade = "优", from = "75" }, { grade = "良", from = "60" }, { grade = "差", from = "0" }]
source = "示例"
status = "stated"

[figures.agency_payment]
bands = [{ grade = "优", from = "95", percent = "90" }, { grade = "差", from = "0", withhold = true }]
source = "示例"
status = "stated"

[figures.low_execution]
below = "99.5"
source = "示例"
status = "stated"

[figures.participants]
organizer = "finance"
who = "示例代表"
source = "示例"
status = "stated"
"""


@pytest.mark.parametrize("code", ["F03", "F13"])
def test_the_points_of_a_review_and_of_an_agency_are_graded_as_the_jurisdiction_says(code: str) -> None:
    own = context_for(code, figures=laid_down(FIGURES).pack.figures)

    graded = [settle(FORMS[code], valid_content(code), each)["grade"] for each in (context_for(code), own)]

    assert graded == {"F03": ["良", "优"], "F13": ["优", "差"]}[code]


def test_an_agency_is_paid_as_the_jurisdiction_says() -> None:
    bands = FIGURES.replace('"95", percent', '"50", percent')
    own = context_for("F13", figures=laid_down(bands).pack.figures)
    content = valid_content("F13") | {"payment_rate": "100"}

    (finding,) = [each for each in check(FORMS["F13"], content, own) if each.field == "payment_rate"]

    assert ("默认付费比例 90%" in finding.message, finding.stops) == (True, True)


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        (('from = "0" }]', 'from = "10" }]'), "最后一档从0起"),
        (('from = "60"', 'from = "96"'), "各档应从高到低"),
        (('grade = "良"', 'grade = "低"'), "应为优、良、中或差"),
        (('below = "99.5"', "below = 99.5"), "应为带引号的数字"),
        (('status = "stated"', 'status = "certain"'), "应为 stated"),
        (('organizer = "finance"', 'organizer = "agency"'), "应为 finance 或 department"),
    ],
)
def test_figures_that_are_laid_down_wrongly_are_refused(spoilt: tuple[str, str], said: str) -> None:
    with pytest.raises(UnsoundTables, match=said):
        laid_down(FIGURES.replace(*spoilt))
