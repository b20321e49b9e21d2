"""完整性校验: the journal of the jurisdiction recomputed, and taken away to be checked elsewhere."""

from tempfile import SpooledTemporaryFile
from typing import Any

from flask import Blueprint, render_template, send_file

from engine.accounts import note_check, note_export
from engine.audit.export import export_lines
from engine.audit.verify import Verification, verify
from engine.cases import Case
from engine.queries.access_records import last_check
from web.visits import Visit, requires

page = Blueprint("journal_checks", __name__)
MOST_BREAKS = 50
IN_MEMORY = 8_000_000


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
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the answer closes it when it has been sent
    entries = 0
    for line in export_lines(visit.session, visit.jurisdiction, at=visit.at):
        file.write(line.encode() + b"\n")
        entries += line.startswith('{"kind":"entry"')
    file.seek(0)
    note_export(visit.session, visit.arrival.sign_in, entries=entries, at=visit.arrival.now)
    name = f"jixiao-journal-{visit.jurisdiction}-{visit.today.isoformat()}.jsonl"
    return send_file(file, mimetype="application/jsonl", as_attachment=True, download_name=name)


def _page(visit: Visit, found: Verification | None = None) -> Any:
    breaks = found.breaks[:MOST_BREAKS] if found else ()
    cases = {each.case_id: visit.session.get(Case, each.case_id) for each in breaks if each.case_id}
    names = {number: case.name for number, case in cases.items() if case is not None}
    return render_template(
        "journal_check.html", visit=visit, found=found, breaks=breaks, names=names,
        last=last_check(visit.session, visit.actor),
    )  # fmt: skip
