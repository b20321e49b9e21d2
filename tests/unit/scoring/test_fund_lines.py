"""Projects out of fund lines on the real 花溪 2021 tables."""

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
    combine_lines,
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
    projects = combine_lines(huaxi_lines).projects

    assert (len(projects), sum(project.self_score == 100 for project in projects)) == (29, 11)


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
