# One image for the web server, the worker and beat; docker-compose.yml says which it is.

FROM node:20-bookworm-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund

FROM python:3.11-slim-bookworm AS packages
RUN python -m venv /opt/venv
COPY requirements.txt /build/requirements.txt
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    --requirement /build/requirements.txt

FROM python:3.11-slim-bookworm
# The libraries that WeasyPrint draws with.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libharfbuzz-subset0=6.0.0+dfsg-3 \
        libpango-1.0-0=1.50.12+ds-1 \
        libpangoft2-1.0-0=1.50.12+ds-1 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /srv/portal portal
WORKDIR /srv/portal
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PORTAL_VAR=/srv/portal/var
COPY --from=packages /opt/venv /opt/venv
COPY --from=front-end /build/node_modules ./node_modules
COPY . .
# The key is needed to read the settings, and signs nothing here.
RUN find . -path "./locale/*" -name "*.po" -execdir pybabel compile --input-file={} --output-file=django.mo ";" \
    && SECRET_KEY=build python manage.py collectstatic --no-input --verbosity=0 \
    && install --directory --owner=portal --group=portal var/files
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--no-control-socket", "--bind=0.0.0.0:8000", \
     "--worker-class=gthread", "--workers=2", "--threads=8", "--worker-tmp-dir=/dev/shm"]
