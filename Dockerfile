# The slim runtime with its model; no torch. Build: docker build -t evenkeel . ; see compose.yaml for a run with PostgreSQL and Redis.
FROM python:3.13-slim
WORKDIR /app
COPY .ci/requirements/runtime.txt .ci/requirements/runtime.txt
RUN pip install --no-cache-dir --require-hashes -r .ci/requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY service service
RUN pip install --no-cache-dir --no-deps . && pip install --no-cache-dir "psycopg[binary]>=3.2" "redis>=6" && useradd --system --create-home evenkeel
COPY models models
USER evenkeel
ENV EVENKEEL_HOST=0.0.0.0 EVENKEEL_DATA_DIR=/home/evenkeel/data EVENKEEL_MODEL_DIR=/app/models
EXPOSE 8000
HEALTHCHECK --interval=10s CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=3)"]
ENTRYPOINT ["evenkeel"]
CMD ["serve"]
