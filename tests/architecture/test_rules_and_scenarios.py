"""Every scenario names the catalogued rule it shows; which rules have no scenario yet is told, not judged."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from gherkin.parser import Parser
from gherkin.token_scanner import TokenScanner

from engine.words import STAGES

FEATURES = Path(__file__).resolve().parents[2] / "features"
FOLDERS = {*STAGES, "budget_adjustment", "policy_expiry", "deadlines", "fiscal_year"}
"""The stages, the days of all of them, and what concerns a whole year."""
FILES = sorted(FEATURES.rglob("*.feature"))


AREAS = {"CH": "从化", "HX": "花溪", "HC": "海沧", "GZ": "广州", "JH": "江汉"}
SILENT = "没有规定"
"""What a scenario is called that shows how far a rule does not reach: it is about the other areas."""


@dataclass(frozen=True)
class Told:
    """One scenario, the rules it is tagged with, its feature's included, and all the words of its steps."""

    file: str
    line: int
    name: str
    rules: frozenset[str]
    words: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.name}"


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    """Rule id → what it says."""
    lines = (FEATURES / "rules.txt").read_text("utf-8").splitlines()
    rows = [line.split(maxsplit=3) for line in lines if not line.startswith("#")]
    return {rule: words for rule, _, _, words in rows}


@pytest.fixture(scope="module")
def told() -> list[Told]:
    return [scenario for file in FILES for scenario in scenarios_of(file)]


def test_the_catalogue_has_the_135_rules_of_five_jurisdictions(catalogue: dict[str, str]) -> None:
    assert Counter(rule[:2] for rule in catalogue) == {"CH": 35, "HX": 26, "HC": 26, "GZ": 26, "JH": 22}


def test_every_tag_is_a_rule_of_the_catalogue(told: list[Told], catalogue: dict[str, str]) -> None:
    strangers = {str(scenario): scenario.rules - catalogue.keys() for scenario in told}

    assert {where: tags for where, tags in strangers.items() if tags} == {}


def test_every_scenario_shows_a_rule(told: list[Told]) -> None:
    assert [str(scenario) for scenario in told if not scenario.rules] == []


def test_a_scenario_about_an_area_shows_rules_of_that_area(told: list[Told]) -> None:
    """A rule of another area may be shown beside it only where the scenario says that it is not laid down there."""
    named = {str(each): {area for area in AREAS.values() if area in each.words} for each in told}
    elsewhere = {
        str(each): strangers
        for each in told
        if SILENT not in each.name and named[str(each)]
        if (strangers := {rule for rule in each.rules if AREAS[rule[:2]] not in named[str(each)]})
    }

    assert elsewhere == {}


def test_no_feature_has_two_scenarios_of_one_name(told: list[Told]) -> None:
    """Of two, pytest-bdd would run only the last."""
    names = Counter((scenario.file, scenario.name) for scenario in told)

    assert [name for name, number in names.items() if number > 1] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}.{file.stem}")
def test_a_feature_is_chinese_names_its_source_and_lies_with_its_stage(file: Path) -> None:
    feature = _feature(file)

    assert feature["language"] == "zh-CN"
    assert "依据：" in feature["description"]
    assert file.parent.name in FOLDERS


def test_every_stage_has_a_feature() -> None:
    assert {file.parent.name for file in FILES} == FOLDERS


def test_which_rules_have_a_scenario(told: list[Told], catalogue: dict[str, str]) -> None:
    """Information (`pytest -rP`): how many scenarios show each rule, and the rules nobody shows yet."""
    number = Counter(rule for scenario in told for rule in scenario.rules)
    untold = [f"{rule} {words}" for rule, words in catalogue.items() if rule not in number]

    print(f"{len(told)} 个场景说到 {len(number)} 条规则，共 {len(catalogue)} 条。")
    print("已有场景：" + "、".join(f"{rule}×{number[rule]}" for rule in catalogue if rule in number))
    print("还没有场景：", *untold, sep="\n  ")
    assert number


def _feature(file: Path) -> dict[str, Any]:
    document: Mapping[str, Any] = Parser().parse(TokenScanner(file.read_text("utf-8")))
    feature: dict[str, Any] = document["feature"]
    return feature


def scenarios_of(file: Path) -> Iterator[Told]:
    """The scenarios of a feature, as a parser of the language reads them."""
    feature = _feature(file)
    where = file.relative_to(FEATURES).as_posix()
    groups = [(_tags(feature), feature["children"])]
    groups += [(_tags(feature) | _tags(c["rule"]), c["rule"]["children"]) for c in feature["children"] if "rule" in c]
    for tags, children in groups:
        before = "".join(_words(child["background"]) for child in children if "background" in child)
        for child in children:
            if "scenario" in child:
                scenario = child["scenario"]
                rules, words = tags | _tags(scenario), before + _words(scenario)
                yield Told(where, scenario["location"]["line"], scenario["name"], rules, words)


def _words(part: dict[str, Any]) -> str:
    cells = (
        cell["value"] for examples in part.get("examples", ()) for row in examples["tableBody"] for cell in row["cells"]
    )
    return " ".join([*(step["text"] for step in part["steps"]), *cells])


def _tags(part: dict[str, Any]) -> frozenset[str]:
    return frozenset(tag["name"].lstrip("@") for tag in part["tags"])
