"""Where a rehearsal leaves its results: four files that appear together at the end, or not at all."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import InvalidInput
from engine.files import Folder, NotWritable, new_set
from engine.rehearsal.rehearse import Outcome
from engine.rehearsal.written import as_markdown, as_page

RESULTS, HISTORIES, SUMMARY, PAGE = "results.json", "cases.jsonl", "summary.md", "summary.html"


class OutRefused(InvalidInput):
    """The results cannot be left there."""

    code = "rehearsal.out_refused"


@contextmanager
def workshop(out: Path, *, force: bool = False) -> Iterator[Folder]:
    """Where results are prepared that are in `out` when the block ends well. Refuses, before it begins, an `out` that
    could not be written to, and one with results in it unless `force` says that they may be replaced."""
    try:
        with new_set(out, (RESULTS, HISTORIES, SUMMARY, PAGE), force=force) as folder:
            yield folder
    except NotWritable as refusal:
        raise OutRefused(refusal.message, out=str(out), **refusal.facts) from refusal


def leave(outcome: Outcome, folder: Folder) -> None:
    """Prepare the files."""
    folder.write(RESULTS, json.dumps(outcome.result, ensure_ascii=False, indent=2) + "\n")
    folder.write(HISTORIES, "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in outcome.histories))
    folder.write(SUMMARY, as_markdown(outcome.result))
    folder.write(PAGE, as_page(outcome.result))
