"""The pages as one WSGI application."""

from flask import Flask
from flask_compress import Compress
from jinja2 import BytecodeCache, StrictUndefined
from jinja2.bccache import Bucket

from web import assets
from web.pages import PAGES, demo_days, formats, scanning, shell
from web.visits import forgery, headers, refusals, sizes
from web.visits.site import NAME, Site

MOST_BYTES = 4_000_000
"""A form of 300 rows has about 1 MB; files have a door of their own."""
MOST_FIELDS = 30_000


class _Translated(BytecodeCache):
    """What templates became, kept for every application this process makes."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


_TRANSLATED = _Translated()


def application(site: Site) -> Flask:
    """All pages over one site. Everything a request needs comes from the site; nothing is kept between requests."""
    app = _pages()
    app.extensions[NAME] = site
    if site.demo is not None:
        app.register_blueprint(demo_days.page)
    return app


def translate_templates() -> None:
    """Translate all templates now instead of when somebody waits; processes forked later have them."""
    environment = _pages().jinja_env
    for name in environment.list_templates(extensions=["html"]):
        environment.get_template(name)


def _pages() -> Flask:
    app = Flask("web", static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=MOST_FIELDS)
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_STREAMS=False)
    Compress(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = _TRANSLATED
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (refusals, sizes, forgery, headers):
        part.guard(app)
    assets.serve(app)
    formats.serve(app)
    scanning.serve(app)
    shell.serve(app)
    for page in PAGES:
        app.register_blueprint(page)
    return app
