"""查毒: whether the scanner answers, which files it has not passed, and asking it about them."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from engine.commands.scan_attachment import scan_attachment
from engine.errors import EngineError
from engine.queries.attachments import FilesToScan, files_to_scan
from engine.submissions.scanning import Greeting
from engine.words import Scan
from web.visits import Visit, requires
from web.visits.site import site

page = Blueprint("scans", __name__)
SCANS = "/operations/scans"
SECONDS, MOST = 20, 1000
"""After so long, or so many, no further file is begun with; those left are asked about the next time."""


@dataclass(frozen=True, slots=True)
class Scanning:
    """Who answers at which address, or None; and the files nobody passed."""

    address: str | None
    greeting: Greeting | None
    files: FilesToScan


def scanning(visit: Visit) -> Scanning:
    """How it stands with the scanner; waits for it no longer than a greeting may take."""
    scanner = site().scanner
    return Scanning(
        None if scanner is None else scanner.address,
        None if scanner is None else scanner.greet(),
        files_to_scan(visit.session, visit.actor),
    )


@page.get(SCANS)
@requires("scan_attachment")
def stands(visit: Visit) -> Any:
    """The scanner and the files."""
    return render_template("scans.html", visit=visit, scanning=scanning(visit))


@page.post(SCANS)
@requires("scan_attachment")
def scan(visit: Visit) -> Any:
    """查一遍: one file after the other, each in a transaction of its own; stops with a scanner that is silent."""
    said, troubles, ends_at = Counter[Scan](), list[str](), time.monotonic() + SECONDS
    for number in files_to_scan(visit.session, visit.actor, limit=MOST).next if site().scanner else ():
        try:
            said[_asked_about(visit, number)] += 1
        except EngineError as refusal:
            troubles.append(refusal.message)
        if said[Scan.SILENT] or time.monotonic() > ends_at:
            break
    return render_template("scans.html", visit=visit, scanning=scanning(visit), said=said, troubles=troubles)


def _asked_about(visit: Visit, number: int) -> Scan:
    with visit.database.transaction(visit.jurisdiction) as session:
        return Scan(scan_attachment(session, site().files, number, by=visit.actor, at=visit.at).gave["scan"])
