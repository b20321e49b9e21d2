"""One file a page: its addresses, who may open it, and what it hands to its template. No rule is decided here."""

from flask import Blueprint

from web.pages import (
    attachments,
    cases,
    completion,
    deadlines,
    diagrams,
    directory,
    display,
    drafts,
    extensions,
    identity,
    login,
    password,
    person,
    review_batches,
    reviews,
    second_factor,
    sessions,
    submissions,
    substitutions,
    task,
    tasks,
    transfers,
    withdrawals,
)

PAGES: tuple[Blueprint, ...] = tuple(
    each.page
    for each in (
        login,
        identity,
        password,
        sessions,
        second_factor,
        display,
        substitutions,
        tasks,
        task,
        drafts,
        completion,
        attachments,
        transfers,
        withdrawals,
        reviews,
        review_batches,
        cases,
        diagrams,
        submissions,
        deadlines,
        extensions,
        directory,
        person,
    )
)
