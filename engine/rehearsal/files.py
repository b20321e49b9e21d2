"""Where a rehearsal leaves its results: three files that appear together at the end, or not at all."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.errors import InvalidInput
from engine.rehearsal.rehearse import Outcome
from engine.rehearsal.summary import summary

RESULTS, HISTORIES, SUMMARY = "results.json", "cases.jsonl", "summary.md"


class OutRefused(InvalidInput):
    """The results cannot be left there."""

    code = "rehearsal.out_refused"


@contextmanager
def workshop(out: Path) -> Iterator[Path]:
    """A folder beside `out` to prepare files in; gone afterwards. Refuses an `out` that could not be written to."""
    place = out.expanduser().absolute()
    if place.exists() and not place.is_dir():
        raise OutRefused(f"“{out}”已经存在，而且不是文件夹，没有开始。请换一个名称。", out=str(out))
    nearest = next(parent for parent in (place, *place.parents) if parent.exists())
    if not os.access(nearest, os.W_OK | os.X_OK) or not nearest.is_dir():
        raise OutRefused(f"没有权限在“{nearest}”里写文件，没有开始。请换一个文件夹。", out=str(out))
    with TemporaryDirectory(prefix=".jixiao-", dir=nearest) as folder:
        yield Path(folder)


def leave(outcome: Outcome, out: Path, prepared_in: Path) -> list[Path]:
    """Write the three files aside, then move them into `out`; what else lies there stays. Gives their places."""
    place = out.expanduser().absolute()
    contents = {
        RESULTS: json.dumps(outcome.result, ensure_ascii=False, indent=2) + "\n",
        HISTORIES: "".join(json.dumps(case, ensure_ascii=False) + "\n" for case in outcome.histories),
        SUMMARY: summary(outcome.result),
    }
    for name, content in contents.items():
        (prepared_in / name).write_text(content, encoding="utf-8", newline="\n")
    place.mkdir(parents=True, exist_ok=True)
    for name in contents:
        (prepared_in / name).replace(place / name)
    return [place / name for name in contents]
