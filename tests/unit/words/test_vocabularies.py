"""Every vocabulary: a word equals its text, has a label of its own, and is read in its older spellings."""

import json
from collections import Counter
from pathlib import Path

import pytest

from engine import words
from engine.results.linkage import OPEN_TO_A_PERSON
from engine.submissions.forms.result_application import EFFECTS
from engine.words import (
    DELIBERATIONS,
    LANES,
    STAGES,
    CaseState,
    DeadlineStep,
    EffectKind,
    Grade,
    OtherDiagram,
    OutcomeWord,
    PublicationStep,
    RectificationMode,
    Role,
    ScoreKind,
    Stage,
    Worded,
    options_of,
    said_process,
    spellings_of,
)

BPMN = Path(__file__).resolve().parents[3] / "bpmn"
VOCABULARIES = sorted(Worded.__subclasses__(), key=lambda vocabulary: vocabulary.__name__)
SAID_ALIKE = {DeadlineStep}
"""Steps of different stages may be called alike."""


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_a_word_is_its_text_everywhere(vocabulary: type[Worded]) -> None:
    for word in vocabulary:
        assert word == word.value == f"{word}" == json.loads(json.dumps(word))
        assert {word.value: "found"}[word] == "found"


@pytest.mark.parametrize("vocabulary", [each for each in VOCABULARIES if each not in SAID_ALIKE])
def test_two_words_of_a_vocabulary_are_never_said_or_spelled_alike(vocabulary: type[Worded]) -> None:
    taken = [*vocabulary, *spellings_of(vocabulary)]
    said = Counter(vocabulary.labels().values())

    assert [label for label, times in said.items() if times > 1] == []
    assert len(taken) == len(set(taken))
    assert all(label == label.strip() and not label.isascii() for label in said)


@pytest.mark.parametrize("vocabulary", VOCABULARIES)
def test_every_vocabulary_says_what_it_is_and_is_found_in_the_room(vocabulary: type[Worded]) -> None:
    assert vocabulary.__doc__
    assert getattr(words, vocabulary.__name__) is vocabulary


def test_a_word_without_a_label_cannot_be_written() -> None:
    with pytest.raises(TypeError, match="no label"):
        Worded("Nameless", {"FIRST": ("first",)})


def test_a_vocabulary_tells_its_words_in_their_order() -> None:
    assert CaseState.labels() == {
        "active": "办理中",
        "suspended": "暂停",
        "closed": "已办结",
        "cancelled": "已取消",
    }
    assert options_of((Grade.GOOD, Grade.POOR)) == (("良", "良"), ("差", "差"))
    assert all(type(word) is str for word in CaseState.labels())


def test_a_word_is_read_in_its_older_spellings_and_nothing_else_is() -> None:
    assert EffectKind("proportional_cut") is EffectKind.QUOTA_CUT
    assert EffectKind("控制安排") is EffectKind.STRICT
    assert RectificationMode("at_once") is RectificationMode.IMMEDIATE
    assert EffectKind.said("policy_ended") == EffectKind.END_POLICY.label
    assert EffectKind.said("drawn by lot") == "drawn by lot"
    with pytest.raises(ValueError, match="drawn by lot"):
        EffectKind("drawn by lot")


# ── the way through the year ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_stage_is_a_diagram_and_every_diagram_a_stage_or_a_named_other() -> None:
    drawn = {path.stem for path in (BPMN / "lifecycle").glob("*.bpmn")}

    assert drawn == {*Stage, *OtherDiagram}


def test_a_year_has_nine_stages_and_two_ways_lie_beside_it() -> None:
    assert len(STAGES) == 9
    assert [stage for stage in Stage if stage.is_beside_the_year] == [Stage.BUDGET_ADJUSTMENT, Stage.POLICY_EXPIRY]


def test_a_stage_that_is_launched_waits_for_its_message_in_the_diagrams() -> None:
    drawn = "".join(path.read_text("utf-8") for path in (BPMN / "lifecycle").glob("*.bpmn"))
    launched = {stage.launch_message for stage in Stage if stage.launch_message}

    assert launched == {"monitoring.launched", "self_evaluation.launched", "result_use.launched"}
    assert [message for message in launched if f'name="{message}"' not in drawn] == []


def test_every_diagram_is_said_in_chinese() -> None:
    assert [said_process(name) for name in ("monitoring", "case", "rectification_item", "correction")] == [
        "绩效运行监控",
        "案卷",
        "单项整改",
        "结果更正",
    ]


# ── people and what they do ──────────────────────────────────────────────────────────────────────────────────────────


def test_a_lane_is_an_office_by_its_name() -> None:
    assert LANES["局领导"] is Role.BUREAU_LEADER
    assert {lane: role.label for lane, role in LANES.items()} == {lane: lane for lane in LANES}


def test_whoever_sends_back_or_decides_says_why() -> None:
    assert {word for word in OutcomeWord if word.needs_reason} == {"returned", "revise", "decided"}


# ── results ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_form_and_the_proposals_speak_of_the_same_effects() -> None:
    assert set(EFFECTS) == set(EffectKind) - {EffectKind.UNDEFINED}
    assert set(OPEN_TO_A_PERSON) == set(EFFECTS) - {EffectKind.DEDUCT}


def test_steps_that_only_say_when_leave_no_record() -> None:
    assert set(PublicationStep) - set(DELIBERATIONS) == {"with_budget", "with_accounts", "publish"}


def test_the_score_that_counts_most_comes_first_and_asks_the_tables_about_its_evaluation() -> None:
    assert {kind: kind.evaluation for kind in ScoreKind} == {
        "third_party": "key_evaluation",
        "department": "key_evaluation",
        "spot_review": "spot_review",
        "self": "self_evaluation",
    }
    assert [*ScoreKind][0] is ScoreKind.THIRD_PARTY
