"""One file a page: its addresses, who may open it, and what it hands to its template. No rule is decided here."""

from flask import Blueprint

from web.pages import (
    calendars,
    cases,
    deadlines,
    diagrams,
    directory,
    elsewhere,
    everybodys_sessions,
    identity,
    journal_checks,
    login,
    operations,
    password,
    person,
    policy_tables,
    processes,
    records,
    review_batches,
    reviews,
    second_factor,
    sessions,
    submissions,
    substitution_register,
    substitutions,
    task,
    tasks,
)

PAGES: tuple[Blueprint, ...] = tuple(
    each.page
    for each in (
        login,
        elsewhere,
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
        everybodys_sessions,
        substitution_register,
        calendars,
        policy_tables,
        operations,
        processes,
        journal_checks,
        records,
    )
)
