"""A database URL -> connections that keep what they commit, and short transactions on them.

SQLite: write-ahead log, fsync on every commit (`synchronous=FULL`: an answered turn survives a power
cut), one writer at a time that takes its lock at BEGIN, so that a transaction never fails half-way.
PostgreSQL: the driver's defaults, with a limit on waiting for locks.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from time import monotonic, sleep
from typing import Final, Self

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, InternalError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from .errors import StoreError, StoreUnavailable

_WRITE: Final = "evenkeel_write"
_DRIVER: Final = "postgresql+psycopg"


class Database:
    """Hands out transactions: `read()` sees one moment, `write()` commits or leaves no trace."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**{_WRITE: True})
        # SQLite's own waiting is a sleep with growing pauses; threads of one process queue here instead.
        self._turnstile: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()

    @classmethod
    def connect(cls, database_url: str, *, busy_timeout_s: float) -> Self:
        """Prepare an engine for the URL; raises `StoreError` when it names no database we can keep turns in."""
        try:
            url = make_url(database_url)
        except ArgumentError:
            raise StoreError("DATABASE_URL is not a database URL; expected sqlite:///path or postgresql://…") from None
        if url.get_backend_name() == "sqlite":
            return cls(_sqlite(url, busy_timeout_s))
        if url.drivername in ("postgres", "postgresql", _DRIVER):
            return cls(_postgresql(url.set(drivername=_DRIVER), busy_timeout_s))
        raise StoreError(f"DATABASE_URL names {url.drivername!r}; expected sqlite or postgresql")

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; otherwise it is PostgreSQL."""
        return self._engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session for reading."""
        with _errors_without_values(), Session(self._engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session for writing; it has committed, durably, when the block is left."""
        session = Session(self._writer, expire_on_commit=False)
        with _errors_without_values(), self._turnstile, session, session.begin():
            yield session

    @contextmanager
    def migrate(self) -> Iterator[Connection]:
        """Open one connection in a write transaction, for changes of the schema."""
        with _errors_without_values(), self._turnstile, self._writer.begin() as connection:
            yield connection

    def ping(self) -> None:
        """Take and release the right to write; raises `StoreUnavailable`."""
        with self.write() as session:
            if self.is_sqlite:
                session.execute(text("SELECT 1"))  # BEGIN IMMEDIATE came first and took the write lock
            elif session.scalar(text("SELECT current_setting('transaction_read_only')")) != "off":
                raise StoreUnavailable("the database takes no writes (it is a read-only replica or in recovery)")

    def empty_log(self) -> None:
        """Let SQLite move its log into the file and empty it; a busy reader puts that off."""
        if self.is_sqlite:
            with _errors_without_values(), self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert isinstance(raw, sqlite3.Connection)
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # outside a transaction, hence not through SQLAlchemy

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


@contextmanager
def _errors_without_values() -> Iterator[None]:
    """Driver errors may quote rows and connection strings; only their class passes on."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError, TimeoutError) as error:
        raise StoreUnavailable(f"the database did not take the request ({_cause(error)})") from None
    except DBAPIError as error:
        raise StoreError(f"the database refused a value or a statement ({_cause(error)})") from None


def _cause(error: Exception) -> str:
    return type(getattr(error, "orig", None) or error).__name__


def sqlite_path(database_url: str) -> Path | None:
    """Return the file that a database URL names; None where it names none."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        return None  # `connect` says what is wrong with it
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _postgresql(url: URL, busy_timeout_s: float) -> Engine:
    waits = f"-c lock_timeout={int(busy_timeout_s * 1000)}"
    arguments = {"connect_timeout": max(2, int(busy_timeout_s)), "options": waits, "application_name": "evenkeel"}
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=arguments)
    except ModuleNotFoundError:
        raise StoreError("PostgreSQL needs a driver: pip install 'psycopg[binary]'") from None


def _sqlite(url: URL, busy_timeout_s: float) -> Engine:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise StoreError("DATABASE_URL names no file; expected sqlite:///path (turns must survive a restart)")
    _private_file(Path(url.database))
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"), hide_parameters=True, connect_args={"timeout": busy_timeout_s}
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    with _errors_without_values():
        _use_write_ahead_log(engine, until=monotonic() + busy_timeout_s)
    return engine


def _private_file(path: Path) -> None:
    """Make the file readable by its owner alone; SQLite gives its log files the same mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"cannot write the database file {path}: {error.strerror}") from None


def _prepare(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # `_begin` says when transactions begin, not the driver
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _use_write_ahead_log(engine: Engine, *, until: float) -> None:
    """Switch the file, once and for all; when processes start together, all but one must try again."""
    raw = engine.raw_connection()
    try:
        while True:
            try:
                raw.cursor().execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # SQLite's own waiting does not cover this switch.
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                    raise StoreUnavailable("the database file cannot be switched to a write-ahead log") from None
                sleep(0.01)
    finally:
        raw.close()
