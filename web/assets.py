"""What a page loads besides itself: our own files, and the few that were installed from npm, each named here.

Every address carries a mark of the file's content, so that a browser may keep it for good.
"""

import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request, url_for

HERE = Path(__file__).parent
INSTALLED = HERE / "front" / "node_modules"
LIBRARY = {
    "tabler.css": INSTALLED / "@tabler/core/dist/css/tabler.min.css",
    "htmx.js": INSTALLED / "htmx.org/dist/htmx.min.js",
    "bpmn.js": INSTALLED / "bpmn-js/dist/bpmn-navigated-viewer.production.min.js",
    "bpmn.css": INSTALLED / "bpmn-js/dist/assets/bpmn-js.css",
    "diagram.css": INSTALLED / "bpmn-js/dist/assets/diagram-js.css",
}


OURS = {file.name: file for file in sorted((HERE / "static").iterdir())}


def serve(app: Flask) -> None:
    """Give templates `asset(name)`, and answer for what it names."""
    app.add_url_rule("/lib/<name>", "lib", _file)
    app.jinja_env.globals["asset"] = asset


def asset(name: str) -> str:
    """The address of a file of ours, or of a library's under its short name."""
    return url_for("lib", name=name, v=_mark(_named(name)))


def content_of(name: str) -> bytes:
    """What a file of ours, or of a library's under its short name, holds."""
    found = _named(name)
    return _content(found) if found is not None and found.is_file() else b""


def _file(name: str) -> Any:
    found = _named(name)
    if found is None or not found.is_file():
        abort(404)
    answer = Response(_content(found), mimetype=mimetypes.guess_type(found.name)[0])
    answer.set_etag(_mark(found))
    return answer.make_conditional(request)


_file.permission = "open"  # type: ignore[attr-defined]


def _named(name: str) -> Path | None:
    return LIBRARY.get(name) or OURS.get(name)


@cache
def _content(file: Path) -> bytes:
    """Whole in memory: they are few, and what is streamed would have to be compressed piece by piece."""
    return file.read_bytes()


@cache
def _mark(file: Path | None) -> str:
    return hashlib.sha256(_content(file)).hexdigest()[:12] if file is not None and file.is_file() else "none"
