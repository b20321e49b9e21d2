"""代理备案: every substitution, and revoking one at once; for the 安全管理员."""

from typing import Any

from flask import Blueprint, redirect, render_template, request

from engine.commands.revoke_substitute import revoke_substitute
from engine.errors import EngineError
from engine.queries.substitutions import SubstitutionFilters, all_substitutions, overlaps
from web.pages.asked import address, asked_text
from web.pages.days_strip import strip_of
from web.pages.dropping import Drop, drops_of
from web.pages.posted import text_of
from web.pages.refused import done_or_back
from web.visits import Visit, requires
from web.visits.refusals import status_of

page = Blueprint("substitution_register", __name__)
HERE = "/directory/substitution-register"


@page.get(HERE)
@requires("see_all_substitutions")
def everybodys(visit: Visit) -> Any:
    """Fifty of them, the latest said first."""
    return _page(visit)


@page.post("/directory/substitution-register/<int:substitution_id>/revocation")
@requires("see_all_substitutions")
def revoke(visit: Visit, substitution_id: int) -> Any:
    """现在撤销."""

    def done() -> Any:
        reason = text_of("reason").strip() or None
        revoke_substitute(visit.session, substitution_id, reason=reason, by=visit.actor, at=visit.at)
        return redirect(f"{HERE}?said=revoked", 303)

    return done_or_back(visit, done, lambda refusal: _page(visit, refusal))


def _page(visit: Visit, refusal: EngineError | None = None) -> Any:
    filters = SubstitutionFilters(asked_text(), request.args.get("running") == "1")
    after = request.args.get("after") or None
    found = all_substitutions(visit.session, visit.actor, on=visit.today, filters=filters, after=after)
    together = overlaps(visit.session, visit.actor, on=visit.today)
    return render_template(
        "substitution_register.html", visit=visit, lines=found.lines, overlaps=together,
        strip=strip_of(found.lines, together, visit.today), filters=filters, after=after,
        filtered=filters != SubstitutionFilters(), said=request.args.get("said", ""),
        first_url=_address(filters), next_url=_address(filters, found.next) if found.next else None,
        drops=[] if found.lines or after else _drops(visit, filters),
        refusal=refusal, reason=text_of("reason"),
    ), 200 if refusal is None else status_of(refusal)  # fmt: skip


def _drops(visit: Visit, filters: SubstitutionFilters) -> list[Drop]:
    """The filters an empty register could do without."""
    return drops_of(
        lambda other: all_substitutions(visit.session, visit.actor, on=visit.today, filters=other), filters,
        SubstitutionFilters(), {"text": f"委托人或代理人：{filters.text}", "running": "只看没有到期的"}, _address,
    )  # fmt: skip


def _address(filters: SubstitutionFilters, after: str | None = None) -> str:
    return address(HERE, q=filters.text, running="1" if filters.running else None, after=after)
