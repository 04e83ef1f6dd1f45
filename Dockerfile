# One image for web, worker, beat and the commands; compose.yaml shows how each is started.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PATH=/console/.venv/bin:$PATH
WORKDIR /console
COPY requirements.lock .
RUN python -m venv .venv && pip install --no-cache-dir --no-deps --require-hashes --requirement requirements.lock
COPY . .
RUN mkdir /data && chown nobody:nogroup /data
USER nobody
EXPOSE 8000
