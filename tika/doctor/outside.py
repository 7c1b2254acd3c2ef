"""Who is spoken to: a mail server, and who fetches the metrics."""

import time
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import get_connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.stages import Stage
from observability.metrics import configuration

SERVER = "EMAIL_URL=smtp+tls://user:password@mail.example.com:587"
PATIENCE = 2.5
RECENT = 300.0


@check(
    "config.mail",
    Stage.MVP,
    gettext_lazy("Mail leaves, and its server answers"),
    gettext_lazy("EMAIL_URL: the server is greeted and signed in to; nothing is sent."),
    limit=6.0,
)
def mail() -> Finding:
    if not settings.MAIL_LEAVES:
        says = _("Mails are printed beside the log, and reach nobody")
        return warn(says, SERVER, _("Invitations and forgotten passwords have to be handed over by hand."))
    where = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"
    began = time.monotonic()
    server = get_connection(timeout=PATIENCE)
    try:
        server.open()
        server.close()
    except (SMTPException, OSError) as error:
        says = _("%(where)s does not take mail: %(reason)s") % {"where": where, "reason": type(error).__name__}
        return fail(says, SERVER, _("Look whether the name, the port and the password are right."))
    says = _("%(where)s answered in %(ms)d ms") % {"where": where, "ms": (time.monotonic() - began) * 1000}
    return ok(says)


@check(
    "metrics.on",
    Stage.TEAM,
    gettext_lazy("Processes count what they do, for Prometheus"),
    gettext_lazy("TIKA_METRICS, and when the pages of counts in TIKA_METRICS_DIR were last written."),
)
def metrics() -> Finding:
    if not configuration.enabled():
        return fail(_("TIKA_METRICS is off"), "TIKA_METRICS=on")
    folder = configuration.folder_path()
    pages = list(folder.iterdir()) if folder.is_dir() else []
    fresh = [page for page in pages if time.time() - page.stat().st_mtime < RECENT]
    says = _("%(fresh)d of %(all)d pages of counts were written in the last 5 minutes") % {
        "fresh": len(fresh),
        "all": len(pages),
    }
    if not fresh:
        return warn(says, "curl http://127.0.0.1:9100/metrics", _("Fetch them once, and see whether anything comes."))
    return ok(says)
