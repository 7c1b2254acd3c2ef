#!/usr/bin/env python
"""Runs a management command; schema commands connect as the migrator, all others as the app."""

import os
import sys

# What a deployment starts writes its lines to stdout; what people start answers there.
PROCESSES = {"exporter", "migrate", "worker"}
SCHEMA_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "optimizemigration", "dbshell"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tika.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    os.environ.setdefault("TIKA_SERVICE", f"tika-{command if command in PROCESSES else 'manage'}")
    if command in SCHEMA_COMMANDS:
        os.environ["TIKA_DB_ROLE"] = "migrator"
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
