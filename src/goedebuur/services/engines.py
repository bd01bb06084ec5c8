"""The engine that an assessment runs on: DuckDB in this process, or Spark where one machine is outgrown.

Both get the same expressions on the same files; what they hold on to for more than one figure is let go at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from goedebuur.core.base.errors import GoedeBuurError, declare

if TYPE_CHECKING:
    from goedebuur.services.record import Record
    from goedebuur.store.observations import Observations

NO_ENGINE: Final = declare("query-engine", "The engine that was asked for is not known, or cannot answer this.")

LOOPBACK_OPTIONS: Final = {"spark.sql.shuffle.partitions": "4"}
"""On one machine Spark's two hundred partitions are two hundred tiny tasks for each figure."""
_numbers = count()

Source = Callable[[str, datetime, datetime], Any | None]
"""Called as source(quantity, start, end): the observations as an Ibis table, None where there are none."""
Hold = Callable[[str, Any], Any]
"""Called as hold(name, expression): a table of that name with what the expression gives, computed once."""
Drop = Callable[[str], None]


@dataclass
class Engine:
    """Where tables come from and expressions are computed."""

    source: Source
    hold: Hold
    drop: Drop
    _held: list[str] = field(default_factory=list)

    def keep(self, table: Any) -> Any:
        """Return a table computed once and held for further expressions, until :meth:`release`."""
        name = f"held_{next(_numbers)}"
        kept = self.hold(name, table)
        self._held.append(name)
        return kept

    def run(self, expression: Any) -> pl.DataFrame:
        """Return what an expression gives."""
        frame = expression.to_polars()
        if not isinstance(frame, pl.DataFrame):
            raise TypeError(f"a table was computed to {type(frame).__name__}")
        return frame

    def release(self) -> None:
        """Let go of what is held, the last first."""
        while self._held:
            self.drop(self._held.pop())


@contextmanager
def engine(record: Record, backend: str, as_of: int | None = None) -> Iterator[Engine]:
    """Give the engine of that name over the observations of a record.

    Parameters
    ----------
    backend
        `duckdb`; `spark` for a cluster on loopback that ends with the block; or the address of a cluster that sees
        the record's files, `spark://host:7077`.
    as_of
        Tree size; None for what holds now.

    Raises
    ------
    GoedeBuurError
        `query-engine` for a name that is not known, and for Spark with an earlier tree size; `spark-missing`.
    """
    observations = record.observations

    def source(quantity: str, start: datetime, end: datetime) -> Any | None:
        if not observations.files("history", quantity, start, end):
            return None
        return observations.table(quantity, start, end, as_of)

    with ExitStack() as stack:
        if backend == "duckdb":
            connection = observations.connection
            found = Engine(
                source,
                hold=lambda name, expression: connection.create_table(name, expression, temp=True),
                drop=lambda name: connection.raw_sql(f'DROP TABLE "{name}"'),
            )
        elif backend.startswith("spark"):
            if as_of is not None:
                raise GoedeBuurError(
                    NO_ENGINE,
                    "Spark reads what holds now; an earlier state of the record is read by DuckDB.",
                    value=str(as_of),
                    hint="Leave the backend out, or leave the tree size out.",
                )
            found = stack.enter_context(_spark(observations, backend))
        else:
            raise GoedeBuurError(
                NO_ENGINE, "There is no engine of this name.", value=backend, hint="Known are: duckdb, spark."
            )
        stack.callback(found.release)
        yield found


@contextmanager
def spark_session(backend: str) -> Iterator[Any]:
    """Give a Spark session, on a cluster on loopback that ends with the block or at an address.

    Parameters
    ----------
    backend
        As :func:`engine` takes it.

    Raises
    ------
    GoedeBuurError
        `spark-missing`, `spark-start`.
    """
    from goedebuur.store import spark

    with ExitStack() as stack:
        local = "://" not in backend
        address = stack.enter_context(spark.local_cluster()) if local else backend
        session = spark.session(address, options=LOOPBACK_OPTIONS if local else None)
        stack.callback(session.stop)
        yield session


@contextmanager
def _spark(observations: Observations, backend: str) -> Iterator[Engine]:
    import ibis

    from goedebuur.store import spark

    with spark_session(backend) as session:

        def source(quantity: str, start: datetime, end: datetime) -> Any | None:
            files = observations.files("current", quantity, start, end)
            if not files:
                return None
            low, high = (ibis.literal(moment, type="timestamp('UTC')") for moment in (start, end))
            t = spark.table(session, files, f"observations_{quantity}")
            return t.filter((t.start >= low) & (t.start < high))

        def hold(name: str, expression: Any) -> Any:
            session.sql(ibis.to_sql(expression, dialect="pyspark")).persist().createOrReplaceTempView(name)
            return ibis.pyspark.connect(session).table(name)

        def drop(name: str) -> None:
            session.table(name).unpersist()
            session.catalog.dropTempView(name)

        yield Engine(source, hold, drop)
