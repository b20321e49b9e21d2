"""One file a page: its addresses, who may open it, and what it hands to its template. No rule is decided here."""

from flask import Blueprint

from web.pages import (
    cases,
    deadlines,
    diagrams,
    directory,
    identity,
    launches,
    login,
    new_launch,
    password,
    person,
    plans,
    reminders,
    review_batches,
    reviews,
    samplings,
    second_factor,
    selections,
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
        directory,
        person,
        launches,
        new_launch,
        reminders,
        samplings,
        selections,
        plans,
    )
)
