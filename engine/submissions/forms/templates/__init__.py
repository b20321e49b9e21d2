"""What the forms hold that is data: indicator trees, score sheets, clause lists. Each entry names source and status.

`status`: stated 原文 · inferred 由数据推定 · default 默认值待签核. Numbers that a jurisdiction decides are not here
but in its decision tables.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def template(name: str) -> dict[str, Any]:
    """One template file as read; shared, so nobody changes it."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
