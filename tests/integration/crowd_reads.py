"""What the process reads from which a crowd is forked, so that nobody in the crowd has to read it again."""

from sqlalchemy.orm import configure_mappers

import tests.integration.crowd_jobs  # noqa: F401
from engine.submissions.forms import FORMS, check
from tests.factories_forms import context_for, valid_content
from tests.integration.crowd import library

library()
configure_mappers()
check(FORMS["F02"], valid_content("F02"), context_for("F02"))
