"""A database that lies on several servers, one of which takes changes: its address, in whichever form it is told.

It is used in one form, which PostgreSQL's own programs understand as well: `…/name?host=a,b&port=5432,5432`.
"""

import re
from collections.abc import Sequence

from sqlalchemy import URL, make_url

WRITABLE = "target_session_attrs"
OF_SEVERAL = {
    WRITABLE: "read-write",
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "25000",
}
"""What holds where the address says nothing else: the server that takes changes is looked for, and one that fell silent
(no power, no network, so that it does not even hang up) is given up after half a minute."""

_SEVERAL = re.compile(r"(?P<scheme>[^:/?#]+://)(?P<login>[^/?#]*@)?(?P<hosts>[^/?#@]*,[^/?#@]*)(?P<rest>[/?#].*)?")
_HOST = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<name>[^:\[\]]*))(?::(?P<port>\d*))?")


def address_of(told: str) -> URL:
    """The address as we use it; raises ValueError or SQLAlchemy's ArgumentError for what is none.

    >>> str(address_of("postgresql://jixiao_app@db1:5432,db2/jixiao?connect_timeout=3").query["host"])
    'db1,db2'
    >>> servers_of(address_of("postgresql://jixiao_app@db1:6000,db2/jixiao"))
    ['db1:6000', 'db2:5432']
    """
    found = _SEVERAL.fullmatch(told)
    if found is None:
        url = make_url(told)
        named = url.query.get("host", ())
        return url if isinstance(named, str) and "," not in named or not named else _of_several(url, named)
    url = make_url(f"{found['scheme']}{found['login'] or ''}{found['rest'] or ''}")
    return _of_several(url, found["hosts"].split(","))


def servers_of(url: URL) -> list[str]:
    """The servers of an address, for people to read."""
    hosts, ports = _list(url.query.get("host")), _list(url.query.get("port"))
    if not hosts:
        return [f"{url.host or '本机'}:{url.port or 5432}"]
    ports = (ports or [""]) * (len(hosts) if len(ports) < 2 else 1)
    return [f"{host}:{port or url.port or 5432}" for host, port in zip(hosts, ports, strict=False)]


def _of_several(url: URL, hosts: str | Sequence[str]) -> URL:
    """The address with its hosts in the one form, and with what holds for several."""
    if not isinstance(hosts, str):
        parts = [_HOST.fullmatch(host) for host in hosts]
        if not all(parts):
            raise ValueError("a host that is none")
        names = ",".join(part["six"] or part["name"] for part in parts if part)
        ports = ",".join(part["port"] or "5432" for part in parts if part)
        url = url.update_query_dict({"host": names, "port": ports})
    return url.set(query=OF_SEVERAL | dict(url.query))


def _list(told: str | tuple[str, ...] | None) -> list[str]:
    return told.split(",") if isinstance(told, str) else list(told or ())
