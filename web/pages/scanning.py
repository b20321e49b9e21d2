"""What a telephone reads off the screen instead of somebody typing it there."""

import segno
from flask import Flask
from markupsafe import Markup

MARGIN = 4
"""Dots left white around (ISO/IEC 18004)."""


def serve(app: Flask) -> None:
    """Give templates the filter."""
    app.jinja_env.filters["qr_code"] = qr_code


def qr_code(told: str) -> Markup:
    """The text as a QR code, drawn with lines the page's own policy lets in."""
    code = segno.make_qr(told, error="m")
    drawn = code.svg_inline(border=MARGIN, omitsize=True, dark="#000", light="#fff", svgclass=None, lineclass=None)
    return Markup(drawn)  # noqa: S704 - nothing of the text itself stands in it
