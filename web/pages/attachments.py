"""附件: the files of a task's case, adding one, and handing one out."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, BinaryIO
from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request

from engine.commands.attach import attach
from engine.errors import EngineError, InvalidInput
from engine.packed import CHUNK, MB
from engine.queries.attachments import AttachmentLine, attachment_file, attachments
from engine.queries.task_card import TaskCard, task_card
from engine.submissions.attachments import KINDS, LIMITS, TAKEN
from web.pages.posted import text_of
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.visits.site import site
from web.visits.sizes import takes

page = Blueprint("attachments", __name__)
MOST_BYTES = LIMITS.size_bytes + MB
"""A file and the form around it."""
USUAL_SLOTS = ("佐证材料", "调查问卷", "合同或验收单", "会议纪要", "评价报告")


class NoFileChosen(InvalidInput):
    """The form came without a file."""

    code = "attachment.none_chosen"


@page.get("/tasks/<uuid:task_id>/attachments")
@requires("see_tasks")
def of_task(visit: Visit, task_id: UUID) -> Any:
    """The files so far, and the form to add one."""
    return _page(visit, task_card(visit.session, visit.actor, task_id, at=visit.at))


@page.post("/tasks/<uuid:task_id>/attachments")
@takes(MOST_BYTES)
@requires("attach")
def add(visit: Visit, task_id: UUID) -> Any:
    """上传: one file with the name of the paper it is; a refused one leaves nothing behind."""
    card = task_card(visit.session, visit.actor, task_id, at=visit.at)
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise NoFileChosen("没有选择文件，没有上传。请选择一个文件再按“上传”。")
        sent.stream.seek(0)  # the transaction may be tried again
        with visit.session.begin_nested():
            attach(
                visit.session, site().files, task_id, text_of("slot"), sent.filename, sent.stream, by=visit.actor,
                at=visit.at,
            )  # fmt: skip
    except EngineError as refusal:
        return _page(visit, card, refusal=refusal)
    return redirect(f"/tasks/{task_id}/attachments?added=1", 303)


@page.get("/attachments/<int:attachment_id>")
@requires("see_cases")
def hand_out(visit: Visit, attachment_id: int) -> Any:
    """下载, never shown inside a page; a file whose bytes have changed on the disk is not handed out."""
    found = attachment_file(visit.session, visit.actor, attachment_id)
    opened = ExitStack()
    file = opened.enter_context(site().files.open(found.sha256))
    answer = Response(_read(opened, file), mimetype=found.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    return answer


def files_of(visit: Visit, case_id: int) -> tuple[AttachmentLine, ...]:
    """The files of a case, the latest first, at most a hundred."""
    return attachments(visit.session, visit.actor, case_id).lines


def _page(visit: Visit, card: TaskCard, *, refusal: EngineError | None = None) -> Any:
    files = files_of(visit, card.case_id)
    return render_template(
        "attachments.html", visit=visit, card=card, files=files, refusal=refusal, slot=text_of("slot"),
        slots=dict.fromkeys([*USUAL_SLOTS, *(line.slot for line in files)]), taken=TAKEN, suffixes=",".join(KINDS),
        most_mb=LIMITS.size_bytes // MB, added=request.args.get("added") == "1",
    ), status_of(refusal) if refusal is not None else 200  # fmt: skip


def _read(opened: ExitStack, file: BinaryIO) -> Iterator[bytes]:
    with opened:
        while chunk := file.read(CHUNK):
            yield chunk
