"""What a page loads besides itself: our own files, and the few that were installed from npm, each named here.

Every address carries a mark of the file's content, so that a browser may keep it for good.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, abort, send_file, url_for

HERE = Path(__file__).parent
INSTALLED = HERE / "front" / "node_modules"
LIBRARY = {
    "tabler.css": INSTALLED / "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": INSTALLED / "htmx.org/dist/htmx.min.js",
    "bpmn.js": INSTALLED / "bpmn-js/dist/bpmn-navigated-viewer.production.min.js",
    "bpmn.css": INSTALLED / "bpmn-js/dist/assets/bpmn-js.css",
    "diagram.css": INSTALLED / "bpmn-js/dist/assets/diagram-js.css",
}


def serve(app: Flask) -> None:
    """Give templates `asset(name)`, and answer for what it names."""
    app.add_url_rule("/lib/<name>", "lib", _library)
    app.view_functions["static"].permission = "open"  # type: ignore[attr-defined]
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file of ours, or of the library under its short name."""
    if name in LIBRARY:
        return url_for("lib", name=name, v=_mark(LIBRARY[name]))
    return url_for("static", filename=name, v=_mark(HERE / "static" / name))


def _library(name: str) -> Any:
    if name not in LIBRARY or not LIBRARY[name].is_file():
        abort(404)
    return send_file(LIBRARY[name], conditional=True)


_library.permission = "open"  # type: ignore[attr-defined]


@cache
def _mark(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12] if file.is_file() else "none"
