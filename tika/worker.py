"""The `worker` process: queued jobs (procrastinate) and the rounds of `tika.pollers`, until it is asked to stop."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection
from procrastinate import App
from procrastinate.contrib.django import app as configured_app

from observability.metrics.catalogue import ROUNDS
from observability.metrics.page import page
from observability.tracing.queue import around_job
from tika.env import database_url
from tika.pollers import POLLERS, Poller

CONCURRENT_JOBS = 2
# Less than the supervisor's patience: what can't end by then is taken up again by the next worker.
GRACE = 10.0
HEARTBEAT = 5.0
DEAD_AFTER = 20.0
KEEP_HOURS = 24 * 30
log = logging.getLogger("tika.worker")


class DatabaseLost(Exception):
    pass


async def work() -> None:
    """Ends with `DatabaseLost` when PostgreSQL went away: a listener doesn't come back by itself."""
    app: Any = configured_app
    with app.replace_connector(app.connector.get_worker_connector()):
        async with app.open_async():
            jobs = asyncio.create_task(
                app.run_worker_async(
                    name="tika",
                    concurrency=CONCURRENT_JOBS,
                    shutdown_graceful_timeout=GRACE,
                    update_heartbeat_interval=HEARTBEAT,
                    stalled_worker_timeout=DEAD_AFTER,
                    worker_middleware=[around_job],
                )
            )
            beside = [asyncio.create_task(go_round(poller)) for poller in POLLERS]
            beside += [asyncio.create_task(look_after_jobs(app)), asyncio.create_task(notice_a_lost_database())]
            try:
                done, _ = await asyncio.wait({jobs, *beside}, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                for task in (jobs, *beside):
                    task.cancel()
                await asyncio.gather(jobs, *beside, return_exceptions=True)


async def notice_a_lost_database() -> None:
    async with await psycopg.AsyncConnection.connect(database_url("worker"), autocommit=True) as watch:
        try:
            async for _ in watch.notifies():
                pass
        except psycopg.OperationalError as error:
            raise DatabaseLost from error


async def go_round(poller: Poller) -> None:
    while True:
        await asyncio.to_thread(one_round, poller)
        await asyncio.sleep(poller.every.total_seconds())


def one_round(poller: Poller) -> None:
    result = "ok"
    try:
        poller.make_round()
    except Exception:
        # The worker's outermost loop: one round that fails must not end the others.
        log.exception("the round %r failed", poller.name)
        result = "failed"
    finally:
        page.add(page.place(ROUNDS, poller.name, result))
        connection.close()


async def look_after_jobs(app: App) -> None:
    """A job whose worker was killed is given to the next one; finished jobs are forgotten after a month."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER):
            log.warning("job %s (%s) lost its worker and starts again", job.id, job.task_name)
            await app.job_manager.retry_job(job, retry_at=datetime.now(UTC))
        await app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS, include_failed=True)
        await asyncio.sleep(HEARTBEAT)
