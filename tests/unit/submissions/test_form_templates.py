"""Template data: everything that is not arithmetic names its source and its status."""

from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from engine.policies import DECISIONS
from engine.submissions.forms import templates
from engine.submissions.forms.disclosure_items import KINDS, STEPS
from engine.submissions.forms.result_application import EFFECTS
from engine.submissions.forms.target_quality import CATEGORIES
from engine.submissions.forms.target_review import ROUNDS
from engine.submissions.forms.templates import template
from engine.submissions.forms.trees import trees
from engine.words import Linkage

NAMES = sorted(entry.name.removesuffix(".toml") for entry in files(templates).iterdir() if entry.name.endswith(".toml"))
STATUSES = {"stated", "inferred", "default"}


def entries_without_own_rows(name: str) -> Iterator[dict[str, Any]]:
    """Every table of the file that stands for a rule: not the level lists and rows inside one."""
    whole = template(name)
    if "source" in whole:
        yield whole
        return
    for value in whole.values():
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                yield entry
                yield from entry.get("weighting", [])


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_has_a_source_and_a_status(name: str) -> None:
    entries = list(entries_without_own_rows(name))

    assert entries
    for entry in entries:
        assert entry["source"]
        assert entry["status"] in STATUSES


def test_every_weighting_of_a_tree_makes_what_the_execution_rate_leaves() -> None:
    for tree in trees().values():
        assert tree.indicator_total + tree.execution_weight == 100
        for way in tree.weightings:
            assert sum(way.weights.values()) == tree.indicator_total
            assert set(way.weights) <= set(tree.levels)


@pytest.mark.parametrize("framework", template("key_evaluation")["framework"], ids=lambda entry: entry["id"])
def test_every_evaluation_framework_is_out_of_a_hundred(framework: dict[str, Any]) -> None:
    results = [row for row in framework["rows"] if row["level1"] in framework["result_levels"]]

    assert sum(Decimal(row["weight"]) for row in framework["rows"]) == 100
    assert sum(Decimal(row["weight"]) for row in results) >= Decimal(framework["result_at_least"])


def test_review_marks_and_appraisal_items_are_out_of_a_hundred() -> None:
    assert sum(Decimal(mark["weight"]) for mark in template("target_review")["mark"]) == 100
    assert sum(Decimal(item["weight"]) for item in template("agency_appraisal")["item"]) == 100


def test_the_words_of_the_forms_are_the_words_of_the_decision_tables() -> None:
    quality, route = DECISIONS["target_quality"], DECISIONS["target_review_route"]
    covered = {kind for tree in trees().values() for low in tree.levels.values() for kind in low.values()}

    assert covered <= set(quality.inputs["covered_kinds"].words)
    assert set(CATEGORIES) == set(quality.inputs["project_category"].words)
    assert {round_ for round_, _ in ROUNDS} == set(route.outputs["rounds"].words)
    assert set(KINDS) == set(DECISIONS["publication_gate"].inputs["document_kind"].words)
    assert {step for step, _ in STEPS} | {"publish"} == set(DECISIONS["publication_gate"].outputs["steps"].words)
    assert set(Linkage) == set(DECISIONS["budget_linkage"].outputs["mode"].words)
    assert {mode for entry in EFFECTS.values() for mode in entry["modes"]} == set(Linkage)
