"""Mail to one person, from a pair of text templates."""

import smtplib
import sys
from typing import Any

import structlog
from django.conf import settings
from django.core.mail import send_mail
from django.core.mail.backends.console import EmailBackend
from django.template.loader import render_to_string

from observability import tracing

log = structlog.get_logger("tika.mail")


class Printed(EmailBackend):
    """Where no server is named: beside the log, of which every line is one object."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "stream": sys.stderr})


def send(template: str, to: str, context: dict[str, Any]) -> bool:
    """`<template>_subject.txt` and `<template>_message.txt`; False, and a line in the log, where the server refuses.

    `base_url` comes from the settings, never from the request: a forged Host header must not end in a link.
    """
    context = {"base_url": settings.BASE_URL, **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    body = render_to_string(f"{template}_message.txt", context).strip() + "\n"
    try:
        with tracing.span("send mail", kind="client", template=template):
            send_mail(subject, body, None, [to])
    except (smtplib.SMTPException, OSError) as error:
        log.error("mail_failed", template=template, error=str(error))
        return False
    return True
