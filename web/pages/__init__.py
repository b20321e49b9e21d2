"""One file a page: its addresses, who may open it, and what it hands to its template. No rule is decided here."""

from flask import Blueprint

from web.pages import (
    assignments,
    case_commands,
    cases,
    dashboard,
    deadlines,
    diagrams,
    directory,
    extensions,
    identity,
    login,
    monitoring,
    new_case,
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
)

PAGES: tuple[Blueprint, ...] = tuple(
    each.page
    for each in (
        login,
        identity,
        password,
        sessions,
        second_factor,
        substitutions,
        tasks,
        task,
        reviews,
        review_batches,
        cases,
        case_commands,
        new_case,
        extensions,
        dashboard,
        monitoring,
        assignments,
        diagrams,
        submissions,
        deadlines,
        directory,
        person,
    )
)
