"""One file a page: its addresses, who may open it, and what it hands to its template. No rule is decided here."""

from flask import Blueprint

from web.pages import (
    cases,
    deadlines,
    deliberations,
    diagrams,
    directory,
    disclosures,
    identity,
    letters,
    login,
    password,
    person,
    rectifications,
    result_applications,
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
        diagrams,
        submissions,
        deadlines,
        letters,
        rectifications,
        result_applications,
        disclosures,
        deliberations,
        directory,
        person,
    )
)
