"""Whatever is said no to, as a page: a sentence with what to do, the right status, never a trace."""

from typing import Any

from flask import Flask, g, render_template, request
from werkzeug.exceptions import HTTPException

from engine.errors import EngineError, InvalidInput, NotAllowed, NotFound, Unavailable, WrongState
from web.failures import refusal_behind, unforeseen

STATUS: tuple[tuple[type[EngineError], int], ...] = (
    (NotFound, 404), (NotAllowed, 403), (InvalidInput, 422), (WrongState, 409), (Unavailable, 503),
)  # fmt: skip
OF_HTTP = {
    400: "浏览器发来的内容读不出来，没有办理。请返回上一页再试。",
    404: "没有这一页。请核对网址，或从菜单打开。",
    405: "这个网址不能这样打开。请从菜单打开。",
    413: "发来的内容太大，没有收下。请把附件压缩或分开上传。",
    415: "发来的内容不是网页表单，没有办理。请从页面上办理。",
    414: "网址太长，没有打开。请从菜单打开后重新筛选。",
    431: "浏览器带来的信息太多，没有打开。请清除本站的浏览数据后再试。",
}


def guard(app: Flask) -> None:
    """Answer every refusal and every accident with a page."""
    app.register_error_handler(EngineError, _refused)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _accident)


def status_of(refusal: EngineError) -> int:
    """The HTTP status of a refusal's family."""
    return next((status for family, status in STATUS if isinstance(refusal, family)), 500)


def _refused(refusal: EngineError) -> Any:
    return _page(refusal.message, status_of(refusal))


def _of_http(answer: HTTPException) -> Any:
    if answer.code is None or answer.code < 400:
        return answer
    return _page(OF_HTTP.get(answer.code, "没有办成。请返回上一页再试，仍不行请联系系统管理员。"), answer.code)


def _accident(fault: Exception) -> Any:
    refusal = refusal_behind(fault)
    if refusal is not None:
        return _page(refusal.message, status_of(refusal))
    accident = unforeseen(fault, [request.method, request.path])
    number = accident.facts["number"]
    return _page(f"程序出了意料之外的错，没有确认办成。请把编号 {number} 告诉系统管理员，稍后再试。", 500)


def _page(sentence: str, status: int) -> Any:
    """The sentence alone on a page; inside the shell when somebody is signed in."""
    return render_template("refusal.html", sentence=sentence, status=status, visit=g.get("visit")), status
