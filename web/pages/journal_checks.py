"""完整性校验: the journal of the jurisdiction recomputed, and taken away to be checked elsewhere."""

from collections.abc import Iterator
from gzip import GzipFile
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, render_template

from engine.accounts import note_check, note_export
from engine.audit.export import export_lines
from engine.audit.verify import Verification, verify
from engine.cases import Case
from engine.queries.access_records import last_check
from web.visits import Visit, requires

page = Blueprint("journal_checks", __name__)
MOST_BREAKS = 50
PIECE = 65_536


@page.get("/operations/audit")
@requires("verify_audit")
def last(visit: Visit) -> Any:
    """When it was checked last, with what result."""
    return _page(visit)


@page.post("/operations/audit/verification")
@requires("verify_audit")
def check(visit: Visit) -> Any:
    """校验: recompute every chain; the access log keeps who did and what came of it."""
    found = verify(visit.session, visit.jurisdiction)
    note_check(
        visit.session, visit.arrival.sign_in, entries=found.entries, chains=found.chains, breaks=len(found.breaks),
        at=visit.arrival.now,
    )  # fmt: skip
    return _page(visit, found)


@page.post("/operations/audit/export")
@requires("verify_audit")
def export(visit: Visit) -> Any:
    """导出: JSON lines for the offline script; no papers, only what hangs in the chains."""
    packed, entries = BytesIO(), 0
    with GzipFile(fileobj=packed, mode="wb") as file:
        for line in export_lines(visit.session, visit.jurisdiction, at=visit.at):
            file.write(line.encode() + b"\n")
            entries += line.startswith('{"kind":"entry"')
    note_export(visit.session, visit.arrival.sign_in, entries=entries, at=visit.arrival.now)
    name = f"jixiao-journal-{visit.jurisdiction}-{visit.today.isoformat()}.jsonl"
    return Response(
        _unpacked(packed),
        mimetype="application/jsonl",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _unpacked(packed: BytesIO) -> Iterator[bytes]:
    """What was packed, a piece at a time: a journal is ten times as large as it is kept here."""
    packed.seek(0)
    with GzipFile(fileobj=packed) as file:
        while piece := file.read(PIECE):
            yield piece


def _page(visit: Visit, found: Verification | None = None) -> Any:
    breaks = found.breaks[:MOST_BREAKS] if found else ()
    cases = {each.case_id: visit.session.get(Case, each.case_id) for each in breaks if each.case_id}
    names = {number: case.name for number, case in cases.items() if case is not None}
    return render_template(
        "journal_check.html", visit=visit, found=found, breaks=breaks, names=names,
        last=last_check(visit.session, visit.actor),
    )  # fmt: skip
