"""导出案卷: one packed file of a case with all its reader may see, to be opened and printed without this system."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask import Blueprint, Response, render_template

from engine.accounts import note_reading
from engine.clock import SHANGHAI
from engine.errors import EngineError, WrongState
from engine.files import Writing, new_file
from engine.moves.permissions import offices_let_in
from engine.packed import CHUNK, MB, megabytes
from engine.queries.attachments import AttachmentLine, attachments
from engine.queries.case_card import CaseCard, case_card
from engine.queries.case_papers import Paper
from engine.queries.case_timeline import Happening, case_timeline
from engine.queries.cursor import MOST_LINES
from engine.queries.letter_card import letter_card
from engine.queries.letters import LetterFilters, LetterLine, letters
from engine.queries.versions import paper_read
from engine.submissions.forms import form_of
from engine.words import Scan
from web.assets import content_of
from web.csv_answers import csv_bytes
from web.forms import About, tree_of
from web.pages.formats import written_day
from web.pages.papers import remarks_of
from web.visits import Visit, requires
from web.visits.reading import is_watched
from web.visits.site import site

page = Blueprint("case_export", __name__)
MOST_BYTES = 500 * MB
"""The most attachments of one export."""
STYLES = ("tabler.css", "tokens.css", "jx.css", "forms.css", "results.css", "print.css")
_NOT_IN_NAMES = re.compile(r'[#%\\/:*?"<>|\x00-\x1f]')
_LINK_OF_THE_SITE = re.compile(r'<a href="/[^"]*">(.*?)</a>', re.DOTALL)
_HEADER = ("序号", "时间", "谁", "代谁", "事项", "内容", "意见")


class TooMuchToExport(WrongState):
    """The attachments of the case are too large for one file."""

    code = "case_export.too_large"


@dataclass(frozen=True, slots=True)
class _Pack:
    """The packed file under way: pages and pieces go in under names of their own, all of one time."""

    archive: ZipFile
    visit: Visit
    card: CaseCard

    @property
    def at(self) -> datetime:
        return self.visit.at.astimezone(SHANGHAI)

    def part(self, name: str) -> ZipInfo:
        at = self.at
        part = ZipInfo(name, date_time=(at.year, at.month, at.day, at.hour, at.minute, at.second))
        part.compress_type = ZIP_DEFLATED
        return part

    def put(self, name: str, content: str | bytes) -> None:
        self.archive.writestr(self.part(name), content)

    def put_page(self, name: str, template: str, **told: Any) -> None:
        """A page that reads without the site: its styles beside it, links into the site left out."""
        written = render_template(
            f"exported/{template}.html", visit=self.visit, card=self.card, styles=STYLES, up="../" * name.count("/"),
            written=written_day, **told,
        )  # fmt: skip
        self.put(name, _LINK_OF_THE_SITE.sub(r"\1", written))


class _Unseekable:
    """What a packed file is written to from its beginning to its end."""

    def __init__(self, file: Writing) -> None:
        self._file = file

    def write(self, content: bytes) -> int:
        self._file.write(bytes(content))
        return len(content)

    def flush(self) -> None:
        """Everything is brought to the disk at the end."""


@page.get("/cases/<int:case_id>/export.zip")
@requires("see_cases")
def export(visit: Visit, case_id: int) -> Response:
    """The case as its reader may see it: papers, letters, what happened, attachments; that it was taken is recorded."""
    card = case_card(visit.session, visit.actor, case_id)
    files = list(_attachments(visit, case_id))
    size = sum(file.size_bytes for file in files)
    if size > MOST_BYTES:
        raise TooMuchToExport(
            f"附件共 {megabytes(round(size / MB) * MB)}，超过一次可以导出的 {megabytes(MOST_BYTES)}，没有导出。"
            "请在“文书”逐份下载附件。"
        )
    with TemporaryDirectory(prefix="jixiao-") as folder:
        place = Path(folder) / "case.zip"
        with new_file(place, private=True) as file, ZipFile(_Unseekable(file), "w") as archive:  # type: ignore[arg-type]
            _fill(_Pack(archive, visit, card), files)
        packed = place.open("rb")
    if not is_watched(visit.actor):  # what observers are shown is on record anyway
        note_reading(
            visit.session, visit.arrival.sign_in, f"/cases/{case_id}/export.zip", case=case_id, at=visit.arrival.now
        )
    answer = Response(_read(packed), mimetype="application/zip")
    name = quote(f"{_clean(card.code)} {_clean(card.name)}.zip")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.call_on_close(packed.close)
    return answer


def _fill(pack: _Pack, files: list[AttachmentLine]) -> None:
    papers = [(_name_of(number, paper), paper) for number, paper in enumerate(pack.card.papers, start=1)]
    for name, paper in papers:
        _put_paper(pack, name, paper)
    issued = [
        (f"意见函/{_clean(line.number)}-{line.id}.html", line) for line in _letters(pack.visit, pack.card.case_id)
    ]
    for name, line in issued:
        letter = letter_card(pack.visit.session, pack.visit.actor, line.id)
        pack.put_page(name, "letter", letter=letter)
    kept = [_put_file(pack, number, file) for number, file in enumerate(files, start=1)]
    happened = _happened(pack.visit, pack.card.case_id)
    pack.put("经过.csv", csv_bytes([_HEADER, *map(_line, happened)]))
    for style in STYLES:
        pack.put(f"样式/{style}", content_of(style))
    pack.put_page("案卷.html", "case", papers=papers, letters=issued, files=kept)


def _put_paper(pack: _Pack, name: str, paper: Paper) -> None:
    read = paper_read(pack.visit.session, pack.visit.actor, paper.submission_id)
    version = read.version
    tree = tree_of(form_of(version.form), read.content, About(remarks=remarks_of([version]), fixed=True))
    pack.put_page(name, "paper", version=version, tree=tree)


def _put_file(pack: _Pack, number: int, file: AttachmentLine) -> tuple[str, AttachmentLine, str | None]:
    """The file in its place; one that cannot be read is left out, and why is told."""
    name = f"附件/{number:03d} {_clean(file.slot)} {_clean(file.name)}"
    if file.scan is Scan.INFECTED:
        return name, file, f"{Scan.INFECTED.label}：{file.scan_told}"
    try:
        with site().files.open(file.sha256) as kept, pack.archive.open(pack.part(name), "w") as out:
            while piece := kept.read(CHUNK):
                out.write(piece)
    except EngineError as refusal:
        return name, file, refusal.message
    return name, file, None


def _attachments(visit: Visit, case_id: int) -> Iterator[AttachmentLine]:
    after: str | None = None
    while True:
        found = attachments(visit.session, visit.actor, case_id, limit=MOST_LINES, after=after)
        yield from found.lines
        after = found.next
        if after is None:
            return


def _letters(visit: Visit, case_id: int) -> tuple[LetterLine, ...]:
    if not visit.actor.roles & offices_let_in("see_letters"):
        return ()
    return letters(visit.session, visit.actor, filters=LetterFilters(case_id=case_id), limit=MOST_LINES).lines


def _happened(visit: Visit, case_id: int) -> Iterator[Happening]:
    after = 0
    while some := case_timeline(visit.session, visit.actor, case_id, after=after):
        yield from some
        after = some[-1].seq


def _line(one: Happening) -> tuple[object, ...]:
    at = f"{one.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
    return one.seq, at, one.by, one.acting_for, one.title, one.sentence, one.opinion


def _name_of(number: int, paper: Paper) -> str:
    of_item = f" {_clean(paper.item)}" if paper.item else ""
    return f"报送件/{number:03d} {paper.form} {_clean(paper.title)}{of_item} 第{paper.version}稿.html"


def _clean(name: str) -> str:
    """A piece of a name as every file system takes it."""
    return _NOT_IN_NAMES.sub("_", name).strip(" .")[:60]


def _read(packed: BinaryIO) -> Iterator[bytes]:
    with packed:
        while piece := packed.read(CHUNK):
            yield piece
