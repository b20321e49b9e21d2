"""The pages as one WSGI application."""

from flask import Flask
from flask_compress import Compress
from jinja2 import StrictUndefined

from web import assets
from web.pages import PAGES, formats, shell
from web.visits import forgery, headers, refusals, sizes
from web.visits.site import NAME, Site

MOST_BYTES = 4_000_000
"""A form of 300 rows has about 1 MB; files have a door of their own."""
MOST_FIELDS = 30_000


def application(site: Site) -> Flask:
    """All pages over one site. Everything a request needs comes from the site; nothing is kept between requests."""
    app = Flask("web", static_folder=None)
    app.extensions[NAME] = site
    app.config.update(MAX_CONTENT_LENGTH=MOST_BYTES, MAX_FORM_MEMORY_SIZE=MOST_BYTES, MAX_FORM_PARTS=MOST_FIELDS)
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_STREAMS=False)
    Compress(app)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for part in (refusals, sizes, forgery, headers):
        part.guard(app)
    assets.serve(app)
    formats.serve(app)
    shell.serve(app)
    for page in PAGES:
        app.register_blueprint(page)
    return app
