"""One file a page: its addresses, who may open it, and what it hands to its template. No rule is decided here."""

from flask import Blueprint

from web.pages import (
    cases,
    deadlines,
    diagrams,
    directory,
    identity,
    indicator_files,
    indicators,
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
    task_export,
    task_indicators,
    tasks,
    views,
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
        indicators,
        indicator_files,
        task_indicators,
        views,
        task_export,
    )
)
