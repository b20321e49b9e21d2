"""Every row of every table says who says so and how firmly; every decision answers in every jurisdiction."""

import json
import re
from collections import Counter

import pytest

from engine.policies import DECISIONS, NATIONAL, STATUSES, read_policies

RULE_ID = re.compile(r"\b(CH|HX|HC|GZ|JH)-\d{2}\b")
PREFIX = {"conghua": "CH", "huaxi": "HX", "haicang": "HC", "guangzhou": "GZ", "jianghan": "JH"}


def tables_in(policies):
    every = [policies.of(name).table(decision) for name in policies.names() for decision in DECISIONS]
    return list({table.file: table for table in every}.values())


def test_the_whole_folder_is_sound_down_to_the_last_warning(bpmn):
    assert read_policies(bpmn)[1] == []


def test_all_five_jurisdictions_are_there(policies):
    assert set(policies.names()) >= set(PREFIX)


def test_a_jurisdiction_without_documents_says_in_every_row_that_it_is_an_example(policies):
    others = [table for table in tables_in(policies) if table.layer not in {NATIONAL, *PREFIX}]

    assert [
        row.id for table in others for row in table.rows if "示例" not in row.source or row.status != "default"
    ] == []


def test_every_row_names_its_source_and_status(policies):
    rows = [row for table in tables_in(policies) for row in table.rows]

    assert len(rows) > 100
    assert [row.id for row in rows if not row.source.strip() or row.status not in STATUSES] == []


def test_every_row_of_a_jurisdiction_cites_its_own_rules_or_says_that_it_is_a_default(policies):
    for table in tables_in(policies):
        if table.layer not in PREFIX:
            continue
        for row in table.rows:
            cited = {match[1] for match in RULE_ID.finditer(row.source)}
            assert cited == {PREFIX[table.layer]} or (not cited and row.status == "default"), row.id


def test_rows_with_a_status_of_default_say_so_in_words(policies):
    rows = [row for table in tables_in(policies) for row in table.rows if row.status == "default"]

    assert [row.id for row in rows if "待签核" not in row.source and "提示" not in str(row.results)] == []


def test_row_ids_are_unique_over_all_tables(policies):
    ids = Counter(row.id for table in tables_in(policies) for row in table.rows)

    assert [row for row, count in ids.items() if count > 1] == []


def test_dmn_editors_show_the_same_source_and_status(bpmn):
    for file in bpmn.rglob("*.dmn"):
        text = file.read_text(encoding="utf-8")
        assert text.count("<rule id=") == text.count("<description>依据："), file


@pytest.mark.parametrize("decision", list(DECISIONS))
def test_every_decision_can_be_asked_everywhere_and_its_outputs_can_be_written_as_json(policies, decision):
    for name in policies.names():
        answer = policies.of(name).decide(decision, {})
        assert set(answer.outputs) == set(DECISIONS[decision].outputs)
        json.dumps(answer.outputs, default=str)


def test_which_jurisdiction_has_laid_down_what(policies):
    """The map of own tables (rules.md section 6): a change here is a change of policy."""
    own = {
        name: {decision for decision in DECISIONS if policies.of(name).table(decision).layer == name} for name in PREFIX
    }

    assert own == {
        "conghua": {
            "monitoring_window",
            "monitoring_review_route",
            "key_monitoring_required",
            "self_evaluation_filing_required",
            "overachievement_flag",
            "spot_review_pool",
            "key_evaluation_candidate",
            "grade",
            "rectification_required",
            "budget_linkage",
            "effect_occasion",
            "quota_cut",
            "publication_gate",
        },
        "huaxi": {"key_evaluation_candidate", "grade", "effect_occasion", "publication_gate"},
        "haicang": {
            "target_review_route",
            "monitoring_review_route",
            "supplement_allowed",
            "self_evaluation_report_required",
            "effect_occasion",
            "key_evaluation_candidate",
            "evaluation_acceptance",
            "rectification_required",
            "rectification_lapse",
            "budget_linkage",
            "publication_gate",
        },
        "guangzhou": {
            "ex_ante_required",
            "entry_review_required",
            "target_quality",
            "target_review_route",
            "rectification_required",
            "letter_signature",
            "budget_linkage",
            "publication_gate",
        },
        "jianghan": {"ex_ante_required", "rectification_required", "budget_linkage", "publication_gate"},
    }
