"""The `web` process: pages and API."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tika.settings")
application = get_wsgi_application()

# They need the applications loaded.
from tenancy.boot import refuse_bypassing_role  # noqa: E402
from tika.connections import refuse_too_few_connections  # noqa: E402
from tika.route_guard import refuse_unguarded_routes  # noqa: E402

refuse_unguarded_routes()
refuse_bypassing_role()
refuse_too_few_connections()
