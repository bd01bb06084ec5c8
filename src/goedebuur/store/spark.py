"""The same tables on Spark, for when one machine is outgrown: a session, and a table over the same Parquet files.

What is computed is an Ibis expression from `core`; nothing here knows about averages. pyspark is an optional extra and
is imported only when a session is asked for. :func:`local_cluster` starts a master and worker processes on loopback:
for trying it out, and for the tests; a real cluster is a `spark://` address.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Final

from goedebuur.core.base.errors import GoedeBuurError, declare

SPARK_MISSING: Final = declare("spark-missing", "Spark was asked for, but pyspark or Java is not installed.")
SPARK_START: Final = declare("spark-start", "A Spark process did not start.")

LOOPBACK: Final = "127.0.0.1"
EPOCH_US: Final = "CREATE OR REPLACE TEMPORARY FUNCTION epoch_us(t TIMESTAMP) RETURNS BIGINT RETURN unix_micros(t)"
"""What averages ask of an engine, in Spark's words."""
START_LIMIT: Final = 120.0
"""Longest time that a Spark process may take to come up. [s]"""


def session(master: str, *, name: str = "goedebuur", options: dict[str, str] | None = None) -> Any:
    """Return a Spark session in UTC, with arithmetic that fails rather than overflows.

    Parameters
    ----------
    master
        Address of the cluster, e.g. `spark://host:7077`.
    name
        Under which the cluster shows this work.
    options
        Further Spark settings, e.g. `spark.executor.memory`; they go before the ones set here.

    Raises
    ------
    GoedeBuurError
        `spark-missing` without pyspark or Java.
    """
    _java()
    sql = _pyspark()
    logging.getLogger("py4j.clientserver").setLevel(logging.WARNING)  # says goodbye after the streams are closed
    settings = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.ansi.enabled": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",  # it writes over what the command line says
        **({"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK} if LOOPBACK in master else {}),
        **(options or {}),
    }
    builder = sql.SparkSession.builder.master(master).appName(name)
    for key, value in settings.items():
        builder = builder.config(key, value)
    return builder.getOrCreate()


def table(spark: Any, files: Sequence[Path], name: str = "observations") -> Any:
    """Return an Ibis table over Parquet files; every worker must see them under the same paths.

    Parameters
    ----------
    spark
        From :func:`session`.
    files
        As the observation store lists them, for one quantity or all; at least one.
    name
        Of the temporary view. A second table in the same session needs another.
    """
    if not files:
        raise ValueError("a table has at least one file")
    import ibis

    spark.sql(EPOCH_US)
    spark.read.parquet(*(str(path) for path in files)).createOrReplaceTempView(name)
    return ibis.pyspark.connect(spark).table(name)


@contextmanager
def local_cluster(workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[str]:
    """Give the address of a standalone cluster on loopback; its processes end with the block.

    Parameters
    ----------
    workers
        Worker processes.
    cores, memory
        Of each worker.

    Raises
    ------
    GoedeBuurError
        `spark-missing`, or `spark-start` with the last words of the process.
    """
    java, home = _java(), Path(_pyspark().__file__).parent.parent
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="goedebuur-spark-")))
        run = [java, "-cp", f"{home / 'jars'}{os.sep}*", "-Xmx512m", *_opened()]
        base = "org.apache.spark.deploy"
        master = [*run, f"{base}.master.Master", "--host", LOOPBACK, "--port", "0", "--webui-port", "0"]
        line = stack.enter_context(_process(master, "Starting Spark master at", work, home))
        address = "spark://" + line.split("spark://")[1].split()[0]
        worker = [*run, f"{base}.worker.Worker", "--host", LOOPBACK, "--webui-port", "0", "--work-dir", str(work)]
        for _ in range(workers):
            command = [*worker, "--cores", str(cores), "--memory", memory, address]
            stack.enter_context(_process(command, "Successfully registered with master", work, home))
        yield address


@contextmanager
def _process(command: list[str], ready: str, work: Path, home: Path) -> Iterator[str]:
    """Start a process, wait for the line that says it is ready, give that line, and end the process."""
    scala = next((home / "jars").glob("spark-core_*.jar")).name.split("_")[1].split("-")[0]
    environment = {
        **os.environ,
        "SPARK_HOME": str(home),
        "SPARK_SCALA_VERSION": scala,  # a worker does not start executors without it
        "SPARK_LOCAL_IP": LOOPBACK,
        "SPARK_LOCAL_DIRS": str(work),
    }
    process = subprocess.Popen(  # noqa: S603  our own command, no shell
        command, cwd=work, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    lines: Queue[str | None] = Queue()
    reader = threading.Thread(target=_drain, args=(process, lines), daemon=True)
    reader.start()
    try:
        yield _wait_for(ready, lines)
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(timeout=5)
        if process.stderr:
            process.stderr.close()


def _drain(process: subprocess.Popen[str], lines: Queue[str | None]) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        lines.put(line)
    lines.put(None)


def _wait_for(ready: str, lines: Queue[str | None]) -> str:
    heard: list[str] = []
    while True:
        try:
            line = lines.get(timeout=START_LIMIT)
        except Empty:
            line = None
        if line is None:
            raise GoedeBuurError(
                SPARK_START,
                "A Spark process did not start.",
                value=" ".join(heard[-3:]).strip(),
                hint="See whether Java 17 or later runs, and whether there is memory for it.",
            )
        if ready in line:
            return line
        heard.append(line)


def _opened() -> list[str]:
    """Return the modules that Spark needs Java 17 to open."""
    packages = ("java.lang", "java.lang.invoke", "java.io", "java.net", "java.nio", "java.util", "sun.nio.ch")
    return [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in packages]


def _java() -> str:
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if found is None:
        raise GoedeBuurError(SPARK_MISSING, "Spark needs Java, and there is none.", hint="Install Java 17 or later.")
    return found


def _pyspark() -> Any:
    try:
        import pyspark.sql
    except ImportError as error:
        raise GoedeBuurError(
            SPARK_MISSING, "Spark was asked for, but pyspark is not installed.", hint="pip install 'goedebuur[spark]'"
        ) from error
    return pyspark.sql
