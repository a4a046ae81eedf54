"""What happened -> one JSON line in the log, and numbers for /metrics.

Beside the flow: every stage may report here, none depends on it. A line holds an event's name,
numbers, words from closed lists and the id of a request, never that of a conversation or a contact; a
metric's labels come from closed lists. Customer text has no way in: `log` takes no free text, and
exceptions are logged by type and place only, because their messages may quote what a customer wrote.
Try: `curl -s http://127.0.0.1:8000/metrics`
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from .flow import Assessment, Event, Score
from .risk.policy import QUEUES

LOGGER: Final = "evenkeel"
LOGGERS: Final = (LOGGER, "service", "uvicorn")
"""Whose lines go to standard error: this service's, and what its server has to say."""
_STAGE_BUCKETS_S: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
_REQUEST_BUCKETS_S: Final = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

LogValue = str | int | float | bool | None


def log(event: str, *, level: int = logging.INFO, **values: LogValue) -> None:
    """Write one line: the event's name, numbers, words from closed lists, the id of a request."""
    logging.getLogger(LOGGER).log(level, event, extra={"values": values})


def log_failure(event: str, failure: BaseException, **values: LogValue) -> None:
    """Log an exception by its type and place; its message stays out, as it may quote a customer."""
    log(event, level=logging.ERROR, error=type(failure).__name__, where=_place(failure.__traceback__), **values)


def configure_logging(level: str = "info") -> None:
    """Send this service's and the server's log lines to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel("WARNING" if name == "uvicorn" else level.upper())


class JsonFormatter(logging.Formatter):
    """One JSON object per line; an attached exception shrinks to its type and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        line: dict[str, object] = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "event": record.getMessage() if record.name == LOGGER else "server.message",
        }
        if record.name != LOGGER and record.exc_info is None:
            line["message"] = record.getMessage()
        line.update(getattr(record, "values", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line.update(error=type(record.exc_info[1]).__name__, where=_place(record.exc_info[2]))
        return json.dumps(line, ensure_ascii=False)


def _place(trace: TracebackType | None) -> str:
    """Name the innermost place: `store/store.py:120`."""
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    return "/".join(Path(trace.tb_frame.f_code.co_filename).parts[-2:]) + f":{trace.tb_lineno}"


def _counter(name: str, text: str, *labels: str) -> Callable[[CollectorRegistry], Counter]:
    return lambda registry: Counter(f"evenkeel_{name}", text, labels, registry=registry)


@dataclass(slots=True)
class Metrics:
    """The service's numbers; each application owns one, with a registry of its own."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    request_seconds: Histogram = field(init=False)
    stage_seconds: Histogram = field(init=False)
    turns: Counter = field(init=False)
    alerts: Counter = field(init=False)
    alerts_raised: Counter = field(init=False)
    alerts_climbed: Counter = field(init=False)
    alerts_held: Gauge = field(init=False)
    refused: Counter = field(init=False)
    webhook_attempts: Counter = field(init=False)
    streams: Gauge = field(init=False)
    queue_depth: Gauge = field(init=False)
    build: Gauge = field(init=False)

    def __post_init__(self) -> None:
        """Register every metric."""
        own = self.registry
        self.requests = _counter("http_requests", "HTTP requests answered.", "method", "route", "status")(own)
        self.request_seconds = Histogram(
            "evenkeel_http_request_seconds",
            "Seconds from request to the start of its answer.",
            ("method", "route"),
            buckets=_REQUEST_BUCKETS_S,
            registry=own,
        )
        self.stage_seconds = Histogram(
            "evenkeel_stage_seconds",
            "Seconds in stages 1-4 with the wait for the model (score), 5-6 (advance), and storing (record).",
            ("stage",),
            buckets=_STAGE_BUCKETS_S,
            registry=own,
        )
        self.turns = _counter("turns_scored", "Customer turns scored.", "language", "status")(own)
        self.alerts = _counter("recommendations", "Recommendations made, by action.", "action")(own)
        self.alerts_raised = _counter("alerts_raised", "Alerts put before a queue.", "queue")(own)
        self.alerts_climbed = _counter("alerts_climbed", "Alerts that nobody accepted in time, by new queue.", "queue")(
            own
        )
        self.alerts_held = Gauge("evenkeel_alerts_held", "Alerts over their budget.", ("queue",), registry=own)
        self.refused = _counter("turns_refused", "Turns refused because the queue was full.")(own)
        self.webhook_attempts = _counter("webhook_attempts", "Attempts to send a webhook.", "result")(own)
        self.streams = Gauge("evenkeel_event_streams", "Open event streams.", registry=own)
        self.queue_depth = Gauge("evenkeel_queue_depth", "Turns that wait for the model.", registry=own)
        self.build = Gauge(
            "evenkeel_build", "Always 1; the labels name what runs.", ("version", "model", "policy"), registry=own
        )

    def saw_score(self, score: Score | None) -> None:
        """Count a score by language and status; agents' turns have none."""
        if score is not None:
            self.turns.labels(score.language, score.status).inc()

    def saw_assessment(self, assessment: Assessment) -> None:
        """Count a newly stored answer."""
        self.saw_score(assessment.score)
        self.alerts.labels(assessment.recommendation.action).inc()

    def saw_events(self, events: Iterable[Event]) -> None:
        """Count what newly committed events tell of alerts."""
        for event in events:
            if event.type == "alert.raised":
                self.alerts_raised.labels(event.data["queue"]).inc()
            elif event.data.get("change") == "climbed":
                self.alerts_climbed.labels(event.data["queue"]).inc()

    def saw_held(self, held: Mapping[str, int]) -> None:
        """Note how many alerts each queue holds."""
        for queue in QUEUES:
            self.alerts_held.labels(queue).set(held.get(queue, 0))

    @contextmanager
    def time_stage(self, stage: str) -> Iterator[None]:
        """Time a block as a stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.stage_seconds.labels(stage).observe(time.perf_counter() - started)

    def render(self) -> bytes:
        """Return the numbers in Prometheus' text format."""
        return generate_latest(self.registry)
