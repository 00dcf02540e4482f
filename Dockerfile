# One image for web, worker, scheduler and the one-off commands; docker-compose.yml says which runs what.
# It needs nothing writable but /data (uploads, the scheduler's notes) and /tmp.

FROM python:3.11-slim-bookworm AS build
# A package index of one's own: docker compose build --build-arg PIP_INDEX_URL=...
ARG PIP_INDEX_URL
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY . .
# Neither command touches the database. Without DATABASE_URL the settings make throw-away secrets for
# themselves under DATA_DIR, so no secret is asked for here and none reaches the image.
RUN DATA_DIR=/tmp/build /venv/bin/python manage.py messages compile \
    && DATA_DIR=/tmp/build /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -r /tmp/build \
    && /venv/bin/python -m compileall -q . \
    && chmod -R a+rX .

FROM python:3.11-slim-bookworm
# GRANIAN_*: the web server's own variables; processes times threads is how many requests run at once.
ENV PATH=/venv/bin:$PATH \
    PYTHONPATH=/app \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    EMBEDDED=false \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=4 \
    GRANIAN_RESPAWN_FAILED_WORKERS=true \
    GRANIAN_LOG_LEVEL=warning
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 700 /data \
    && install -d -o portal -g portal -m 750 /data/opendata /data/opendata/objects
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "deploy/healthcheck.py", "http://127.0.0.1:8000/health/live"]
CMD ["granian", "--interface", "wsgi", "portal.wsgi:application"]
