"""Journals written by earlier releases: their chains verify today, and every entry reads as the sentence it was."""

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from engine.audit.chain import first_break
from engine.audit.events import read_entry
from engine.queries.telling import words_for

FOLDER = Path(__file__).parent / "journals"
BEFORE_VERSIONS = FOLDER / "before_versions.jsonl"
"""One entry of every name and shape there was before events had versions."""


def entries_of(file: Path) -> list[dict[str, Any]]:
    documents = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [as_row(document) for document in documents if document["kind"] == "entry"]


def as_row(document: Mapping[str, Any]) -> dict[str, Any]:
    at, stored = datetime.fromisoformat(document["at"]), bytes.fromhex(document["hash"])
    return {**document, "at": at, "hash": stored}


def test_a_journal_from_before_versions_still_verifies() -> None:
    chains = [list(chain) for _, chain in groupby(entries_of(BEFORE_VERSIONS), itemgetter("case_id"))]

    assert [len(chain) for chain in chains] == [9, 78]
    assert [first_break(chain) for chain in chains] == [None, None]


def test_a_changed_word_in_such_a_journal_is_still_found() -> None:
    chain = [entry for entry in entries_of(BEFORE_VERSIONS) if entry["case_id"] == 12]
    chain[3]["payload"] |= {"outcome": "returned"}

    assert first_break(chain) is not None


def test_every_entry_of_such_a_journal_still_reads_as_its_sentence() -> None:
    words = words_for(step=str)

    told = [read_entry(entry["type"], None, entry["payload"]).sentence(words) for entry in entries_of(BEFORE_VERSIONS)]

    assert told == json.loads(BEFORE_VERSIONS.with_suffix(".sentences.json").read_text(encoding="utf-8"))
