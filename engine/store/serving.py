"""Which tenant a connection serves: told to the server once, kept where no statement of the application reaches.

A connection names its tenant together with a key only this process knows; from then on the function `tenant()` of the
database answers that name and no other in its transactions. Before a connection serves somebody else, everything a
statement may have left behind on it is thrown away.
"""

from datetime import datetime
from secrets import token_bytes
from typing import Any

import psycopg
from sqlalchemy import Integer, LargeBinary
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base

LOOKOUT = "*"
"""What the clock's connections serve: no tenant; the functions that look across tenants answer to it alone."""

_SERVE = "SELECT public.serve_tenant(%s::text, %s::bytea)"
_SERVED, _KEY = "tenant served", "key to the tenant served"


class Serving(Base):
    """The tenant each process of the server serves; read and written by functions of the database alone.

    `key` is the hash of what has to be shown to change it; `since` is when the process began, for numbers come again.
    """

    __tablename__ = "servings"
    __table_args__ = ({"prefixes": ["UNLOGGED"]},)

    process: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    serves: Mapped[str]


def serve(connection: Connection, driver: psycopg.Connection[Any], tenant: str) -> bool:
    """Let the connection serve the tenant; True when it served another before and has forgotten everything else."""
    about: dict[Any, Any] = connection.info
    if about.get(_SERVED) == tenant:
        return False
    changes = about.pop(_SERVED, None) is not None
    if changes:
        driver.execute("DISCARD ALL")
    driver.execute(_SERVE, (tenant, about.setdefault(_KEY, token_bytes(32))))
    about[_SERVED] = tenant
    return changes
