"""python -m tika.live"""

import asyncio
import os

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tika.settings")
    os.environ.setdefault("TIKA_SERVICE", "tika-live")
    django.setup()
    # Needs the models.
    from observability import tracing
    from observability.beat import beat
    from observability.metrics import process
    from tenancy.boot import refuse_bypassing_role
    from tika import connections
    from tika.live.server import Server, raise_descriptor_limit

    refuse_bypassing_role()
    raise_descriptor_limit()

    async def serve() -> None:
        await Server().run()

    process.start("live", connections=connections.LIVE)
    tracing.start()
    beat.start()
    try:
        asyncio.run(serve())
    finally:
        beat.stop()
        tracing.stop()


main()
