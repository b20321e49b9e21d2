"""What this installation is told from outside: one frozen record, read from the environment at start."""

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Without DATABASE_URL the embedded database in `var/pg` is used.

    `database_url` is the application's login, `database_owner_url` the owner's: only migrations, seeding and what reads
    a whole database need it. `clamd` is where a virus scanner answers: the path of its socket, or `host:port`. In the
    file `anchors` every day's anchor of the journal is kept a second time. `smtp` is the URL of the mail server, which
    sends as `mail_from`; `pages` is the address under which people reach the pages, for the links in mails.
    `robot_hosts` are servers of 企业微信, 钉钉 and 飞书 within the house.
    """

    database_url: str | None
    database_owner_url: str | None
    bpmn: Path
    files: Path
    clamd: str | None = None
    anchors: Path = PROJECT / "var" / "anchors.jsonl"
    smtp: str | None = None
    mail_from: str | None = None
    pages: str | None = None
    robot_hosts: str | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read DATABASE_URL, DATABASE_OWNER_URL and the JIXIAO_ settings; one that is empty is not set."""
        return cls(
            database_url=os.environ.get("DATABASE_URL") or None,
            database_owner_url=os.environ.get("DATABASE_OWNER_URL") or None,
            bpmn=Path(os.environ.get("JIXIAO_BPMN") or PROJECT / "bpmn"),
            files=Path(os.environ.get("JIXIAO_FILES") or PROJECT / "var" / "files"),
            clamd=os.environ.get("JIXIAO_CLAMD") or None,
            anchors=Path(os.environ.get("JIXIAO_ANCHORS") or PROJECT / "var" / "anchors.jsonl"),
            smtp=os.environ.get("JIXIAO_SMTP") or None,
            mail_from=os.environ.get("JIXIAO_MAIL_FROM") or None,
            pages=os.environ.get("JIXIAO_URL") or None,
            robot_hosts=os.environ.get("JIXIAO_ROBOT_HOSTS") or None,
        )
