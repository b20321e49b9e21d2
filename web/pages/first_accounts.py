"""建立账号: for people who are on the list without one, some at a time; each first password is shown once."""

from typing import Any

from flask import Blueprint, render_template, request

from engine.accounts import new_password, open_account
from engine.accounts.log import last_of
from engine.accounts.refusals import AccountExists
from engine.directory import Person
from engine.errors import EngineError, InvalidInput
from engine.queries.directory_files import without_account
from engine.words import Access
from web.pages.posted import number_in, text_of
from web.pages.refused import done_or_back
from web.visits import Visit, requires
from web.visits.refusals import status_of
from web.workbook_answers import Sheet, workbook_answer

page = Blueprint("first_accounts", __name__)
AT_ONCE = 30
"""So many passwords are made within one request; making one takes the machine a while, on purpose."""
HEADER = ("姓名", "账号", "第一次登录的密码")


class NobodyChosen(InvalidInput):
    """The form named nobody who still has no account."""

    code = "directory.nobody_chosen"


@page.get("/directory/accounts")
@requires("add_person")
def waiting(visit: Visit) -> Any:
    """Who has no account yet, the latest on the list first."""
    return _waiting(visit)


@page.post("/directory/accounts")
@requires("add_person")
def open_them(visit: Visit) -> Any:
    """Accounts for those who were chosen, the passwords on a page or in a workbook, and nowhere again."""
    return done_or_back(visit, lambda: _open(visit), lambda refusal: _waiting(visit, refusal))


def _open(visit: Visit) -> Any:
    people, _ = without_account(visit.session, visit.actor, most=AT_ONCE)
    wanted = set(request.form.getlist("person"))
    chosen = [person for person in people if str(person.id) in wanted]
    if not chosen:
        raise _nobody(visit, wanted)
    opened = [(person, _opened(visit, person)) for person in chosen]
    if text_of("as") == "workbook":
        rows = [[person.name, person.login, password] for person, password in opened]
        return workbook_answer("第一次登录的密码.xlsx", [Sheet("密码", HEADER, rows, widths={HEADER[2]: 32})])
    return render_template("first_passwords.html", visit=visit, opened=opened, header=HEADER)


def _nobody(visit: Visit, wanted: set[str]) -> EngineError:
    """Why there is nobody to open an account for: a colleague did for the one who was chosen, or nobody was."""
    for number in sorted(filter(None, (number_in(each, digits=18) for each in wanted))):
        if who := last_of(visit.session, number, Access.OPENED):
            return AccountExists(f"勾选的人已经有账号{who}，没有再建。密码没有看到或忘了，请安全管理员重置。")
    return NobodyChosen("没有勾选还没有账号的人，没有建立账号。请勾选后再办。")


def _opened(visit: Visit, person: Person) -> str:
    password = new_password()
    open_account(visit.session, person, password, by=visit.actor, at=visit.arrival.now)
    return password


def _waiting(visit: Visit, refusal: EngineError | None = None) -> Any:
    people, total = without_account(visit.session, visit.actor, most=AT_ONCE)
    return render_template(
        "without_account.html", visit=visit, people=people, total=total, at_once=AT_ONCE, refusal=refusal
    ), 200 if refusal is None else status_of(refusal)
