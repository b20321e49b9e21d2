"""What others read out of the journal stays as promised: events and fields are added, never changed or taken away."""

from typing import Any

import pytest

from engine.audit.events import EVENTS
from tests.contract.event_book import described, promised

BOOK = promised()
REMEDY = "Readers of the journal and of webhooks rely on it: keep it and add an event or an optional field instead."
UNKNOWN = "is not in tests/contract/events.json yet; add it with `python -m tests.contract.event_book`"


@pytest.mark.parametrize("name", BOOK)
def test_an_event_once_promised_still_exists_in_its_version(name: str) -> None:
    assert name in EVENTS, f"The event {name} is gone. {REMEDY}"
    assert EVENTS[name].version == BOOK[name]["version"], f"The version of {name} changed. {REMEDY}"


@pytest.mark.parametrize("name", BOOK)
def test_a_field_once_promised_is_still_there_and_of_its_kind(name: str) -> None:
    fields = described(EVENTS[name])["fields"]

    for field, kept in BOOK[name]["fields"].items():
        now = fields.get(field, "gone")
        assert now == kept, f"{field} of {name} was {kept} and is {now}. {REMEDY}"


@pytest.mark.parametrize("name", EVENTS)
def test_what_is_new_is_written_down(name: str) -> None:
    assert name in BOOK, f"The event {name} {UNKNOWN}"
    for field in described(EVENTS[name])["fields"]:
        assert field in BOOK[name]["fields"], f"{field} of {name} {UNKNOWN}"


@pytest.mark.parametrize("name", BOOK)
def test_a_payload_of_an_earlier_release_is_read_without_loss(name: str) -> None:
    sample: dict[str, Any] = BOOK[name]["sample"]

    event = EVENTS[name].read(sample, BOOK[name]["version"])

    assert event.payload() == sample


@pytest.mark.parametrize("name", EVENTS)
def test_a_sample_comes_back_from_its_payload_as_it_was(name: str) -> None:
    sample = EVENTS[name].sample()

    assert EVENTS[name].read(sample.payload(), sample.version) == sample


def test_a_fact_that_has_its_default_is_not_written() -> None:
    assert set(EVENTS["submission.returned"].sample().payload()) == {
        "task", "step", "version", "submission", "opinion", "opinion_digest",
    }  # fmt: skip


def test_every_event_has_a_title_of_its_own() -> None:
    titles = [kind.title for kind in EVENTS.values()]

    assert sorted(set(titles)) == sorted(titles)
