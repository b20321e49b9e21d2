"""Projects out of fund lines on the real 花溪 2021 tables, agencies side by side, and what an agency is paid."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal as D
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from engine.scoring import (
    DisagreeingLines,
    ImpossibleNumber,
    UnknownMethod,
    agency_payment,
    agency_statistics,
    combine_lines,
    full_marks,
    rounded,
)

DATA = Path(__file__).resolve().parents[3] / "data"


@dataclass(frozen=True)
class Line:
    no: int
    name: str
    funds_wan: D
    self_score: D
    third_party_score: D
    grade: str


@dataclass(frozen=True)
class Result:
    agency: str
    score: D


def rows_of(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


@pytest.fixture
def huaxi_lines() -> list[Line]:
    return [
        Line(
            int(row["no"]),
            row["name"],
            D(row["funds_wan_yuan"]),
            D(row["self_score"]),
            D(row["third_party_score"]),
            row["grade"],
        )
        for row in rows_of("huaxi_2021_projects.csv")
    ]


def test_projects_count_by_number_and_money_by_line(huaxi_lines: list[Line]) -> None:
    combined = combine_lines(huaxi_lines)

    assert len(combined.projects) == 29
    assert combined.fund_lines == 35
    assert combined.funds_wan == D("9298.22276")
    kindergarten = next(project for project in combined.projects if project.no == 5)
    assert (kindergarten.lines, kindergarten.funds_wan) == (2, D("1033.496"))
    assert kindergarten.self_score == D("99.575")
    assert kindergarten.third_party_score == D("91.13")


@pytest.mark.parametrize(
    ("method", "gap"), [("mean_of_lines@1", "5.65"), ("first_line@1", "5.69"), ("funds_weighted@1", "5.64")]
)
def test_the_gap_of_5_65_is_the_mean_over_projects_of_the_mean_of_their_lines(
    huaxi_lines: list[Line], method: str, gap: str
) -> None:
    combined = combine_lines(huaxi_lines, method)

    assert rounded(combined.mean_self_minus_third_party) == D(gap)
    assert combined.method == method


def test_eleven_of_29_projects_gave_themselves_100(huaxi_lines: list[Line]) -> None:
    finding = full_marks({project.name: project.self_score for project in combine_lines(huaxi_lines).projects})

    assert finding is not None
    assert finding.message.startswith("29 个项目中有 11 个自评 100 分")


def test_lines_of_one_project_must_agree(huaxi_lines: list[Line]) -> None:
    second = next(i for i, line in enumerate(huaxi_lines) if line.no == 5) + 1
    huaxi_lines[second] = replace(huaxi_lines[second], third_party_score=D("91.14"))

    with pytest.raises(DisagreeingLines, match="序号 5 的各资金行第三方得分或等级不一致：91.13 优 与 91.14 优"):
        combine_lines(huaxi_lines)


def test_impossible_lines_and_unknown_methods_are_refused(huaxi_lines: list[Line]) -> None:
    with pytest.raises(ImpossibleNumber, match="自评得分 101 超过 100"):
        combine_lines([replace(huaxi_lines[0], self_score=D(101))])
    with pytest.raises(ImpossibleNumber, match="不能是负数"):
        combine_lines([replace(huaxi_lines[0], funds_wan=D(-1))])
    with pytest.raises(InvalidInput, match="没有任何项目资金行"):
        combine_lines([])
    with pytest.raises(UnknownMethod, match="没有名为“best@1”"):
        combine_lines(huaxi_lines, "best@1")


def test_a_project_without_money_is_weighted_plainly(huaxi_lines: list[Line]) -> None:
    lines = [replace(huaxi_lines[0], funds_wan=D(0)), replace(huaxi_lines[0], funds_wan=D(0), self_score=D(90))]

    assert combine_lines(lines, "funds_weighted@1").projects[0].self_score == D(95)


def test_the_five_agencies_means_run_from_82_94_to_90_59() -> None:
    results = [Result(row["agency"], D(row["score"])) for row in rows_of("huaxi_2021_departments.csv")]

    statistics = agency_statistics(results)

    assert [agency.count for agency in statistics] == [3, 17, 18, 14, 15]
    means = [rounded(agency.mean) for agency in statistics]
    assert (min(means), max(means)) == (D("82.94"), D("90.59"))
    assert sum(agency.above_mean * agency.count for agency in statistics).copy_abs() < D("1e-20")


def test_agency_statistics_refuse_nothing_and_the_impossible() -> None:
    with pytest.raises(InvalidInput, match="没有任何评价结果"):
        agency_statistics([])
    with pytest.raises(ImpossibleNumber, match="超过 100"):
        agency_statistics([Result("甲", D("100.5"))])


@pytest.mark.parametrize(
    ("score", "payable"),
    [
        ("94", "9.80"),
        ("90", "9.80"),
        ("89.99", "9.30"),
        ("80", "9.30"),
        ("79.99", "7.80"),
        ("60", "7.80"),
        ("0", "6.80"),
    ],
)
def test_an_agency_is_paid_by_quality_less_its_penalty(score: str, payable: str) -> None:
    payment = agency_payment(D(10), D(score), penalty_wan=D("0.2"), final_instalment_wan=D(3))

    assert payment.payable_wan == D(payable)


def test_a_payment_explains_itself_and_is_never_negative() -> None:
    assert agency_payment(D(10), D(85)).formula == "考核 85 分：合同额 10×95.00%－违约金 0＝9.50"
    assert agency_payment(D(1), D(95), penalty_wan=D(5)).payable_wan == D(0)
    with pytest.raises(ImpossibleNumber, match="尾款不能大于合同额"):
        agency_payment(D(1), D(95), final_instalment_wan=D(2))
