"""The pages over a site of a test, with the addresses laid out once: that takes longer than most tests of a page."""

from copy import copy

from flask import Flask

from web.app import application
from web.visits.site import NAME, Site

_laid_out: list[Flask] = []


def pages_over(site: Site) -> Flask:
    """As `application` makes them; the pages of a demo have addresses of their own and are laid out anew."""
    if site.demo is not None:
        return application(site)
    if not _laid_out:
        _laid_out.append(application(site))
    app = copy(_laid_out[0])
    app.extensions = _laid_out[0].extensions | {NAME: site}
    return app
