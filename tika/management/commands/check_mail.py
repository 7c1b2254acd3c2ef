"""`manage.py check_mail`: does the mail server of EMAIL_URL let us in? Nothing is sent."""

import smtplib
from typing import Any

from django.conf import settings
from django.core.mail import get_connection
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Signs in at the mail server that EMAIL_URL names, and sends nothing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.MAIL_LEAVES:
            raise CommandError("No mail server is named: EMAIL_URL is not set, and mail is written to the log.")
        server = get_connection()
        try:
            server.open()
        except (OSError, smtplib.SMTPException) as error:
            where = f"{settings.EMAIL_HOST} port {settings.EMAIL_PORT}"
            raise CommandError(f"The mail server {where} can't be used: {error}") from error
        server.close()
        self.stdout.write(f"The mail server {settings.EMAIL_HOST} port {settings.EMAIL_PORT} lets Tika in.")
