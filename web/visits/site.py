"""What all doors of one installation share: the database, the clock, the keys, and how browsers come."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from engine.accounts import Keys
from engine.clock import Clock, SystemClock
from engine.errors import Unavailable
from engine.notifications.robots import RobotHosts
from engine.store import Database
from engine.submissions.file_store import FileStore
from engine.submissions.scanning import Scanner
from web.elsewhere.provider import Provider

NAME = "jixiao"


@dataclass(frozen=True, slots=True)
class Demo:
    """What a demo shows on its login page: whose place it is, the accounts (login → office), the password of all.

    `stories` tells of some of the accounts what they find to do, in the order in which one best looks at them.
    """

    jurisdiction: str
    accounts: Mapping[str, str]
    password: str
    stories: Mapping[str, str] = field(default_factory=dict)


class NoFileStore(Unavailable):
    """The installation keeps no files."""

    code = "site.no_file_store"


@dataclass(frozen=True, slots=True)
class Site:
    """`clock` dates the work, in the demo another than `watch`, which times sessions and wrong passwords.

    `secure` says that browsers come by HTTPS: cookies then go no other way. `demo` is what a demo shows besides,
    `elsewhere` the identity provider by which people may come in; `kept` is where attached files lie. `mails` says
    that there is a mail server, `pages` is the address under which people reach the pages, where it is known;
    `robots` are the hosts messages to groups go to, None where none are sent.
    """

    database: Database
    keys: Keys
    clock: Clock = SystemClock()
    watch: Clock = SystemClock()
    secure: bool = False
    demo: Demo | None = None
    elsewhere: Provider | None = None
    kept: FileStore | None = None
    mails: bool = False
    pages: str = ""
    robots: RobotHosts | None = None

    @property
    def files(self) -> FileStore:
        """Where attached files lie; refuses where the installation has no such place."""
        if self.kept is None:
            raise NoFileStore("本机没有设文件库，不能上传和下载附件。请联系运维人员设置。")
        return self.kept

    @property
    def scanner(self) -> Scanner | None:
        """Who looks through what is brought for viruses; None where nobody does."""
        return None if self.kept is None else self.kept.scanner

    @property
    def jurisdictions(self) -> dict[str, str]:
        """Those one can sign in to: identifier → Chinese name."""
        return cast("dict[str, str]", self.database.parts["library"].policies.titles())


def site() -> Site:
    """The site the request came to."""
    return cast("Site", current_app.extensions[NAME])
