"""The `worker` process: queued jobs (procrastinate) and the rounds of `tika.pollers`, until it is asked to stop."""

import asyncio
import logging
import os
import signal
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import OperationalError, connection
from procrastinate import App
from procrastinate.contrib.django import app as configured_app
from procrastinate.exceptions import ConnectorException

from observability.metrics.catalogue import ROUNDS
from observability.metrics.page import page
from observability.tracing.queue import around_job
from tenancy.boot import refuse_bypassing_role
from tika.cli.health import ALIVE, ALIVE_EVERY, run_dir
from tika.env import database_url
from tika.pollers import POLLERS, Poller

CONCURRENT_JOBS = 2
# Less than the supervisor's patience: what can't end by then is taken up again by the next worker.
GRACE = 10.0
HEARTBEAT = 5.0
DEAD_AFTER = 20.0
KEEP_HOURS = 24 * 30
RETRY = 3.0
log = logging.getLogger("tika.worker")


class DatabaseLost(Exception):
    pass


AWAY = (DatabaseLost, ConnectorException, OperationalError, psycopg.OperationalError)


async def work_on() -> None:
    """Until it is asked to stop. A database that is away is waited for, however long: it is not the worker that is ill.

    Raises BypassingRole.
    """
    signs = asyncio.create_task(give_signs())
    try:
        while True:
            try:
                await asyncio.to_thread(refuse_bypassing_role, patience=0)
                return await work()
            except AWAY as error:
                log.warning("the database is away and waited for: %s", str(error).strip() or "its connection was lost")
            if await asked_to_stop(within=RETRY):
                return None
    finally:
        signs.cancel()


async def asked_to_stop(*, within: float) -> bool:
    """The queue listens to signals only while it runs, and process 1 of a container dies of none by itself."""
    loop, asked = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    try:
        async with asyncio.timeout(within):
            return await asked.wait()
    except TimeoutError:
        return False
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def give_signs() -> None:
    """That the loop turns, for `tika health`."""
    while "TIKA_RUN_DIR" in os.environ:
        (run_dir(os.environ) / ALIVE).touch()
        await asyncio.sleep(ALIVE_EVERY)


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
