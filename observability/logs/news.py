"""Looks, every two seconds, whether an operator has changed a logger's level."""

from django.db import connection

from observability.logs import levels

EVERY = 2.0


def look() -> None:
    levels.expire()
    with connection.cursor() as cursor:
        cursor.execute("SELECT logger, level, seconds FROM console_log_levels()")
        levels.follow(cursor.fetchall())
