"""What is doubtful in a delivery is kept, flagged, counted in the leaf, and said to the one who delivers."""

from __future__ import annotations

from pathlib import Path

from tests.services.deliveries import NOW, A, hour, open_record, station_file

from goedebuur.core.base.flags import Flag
from goedebuur.core.ledger.leaves import Leaf
from goedebuur.services import delivery, queries

HOURS = 48
PLAIN = [str(3 + n % 7) for n in range(HOURS)]


def test_milligrams_named_micrograms_are_said_and_counted(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    first = delivery.deliver(record, station_file({"NL90001": PLAIN}), "2019_SO2.csv", now=NOW)
    assert not first.doubts
    assert not [name for name in first.counts if name.startswith("flagged")]
    wrong = station_file({"NL90001": PLAIN}).replace("µg/m³".encode("latin-1"), "mg/m³".encode("latin-1"))
    second = delivery.deliver(record, wrong, "2019_SO2.csv", now=NOW)
    assert (second.status, second.counts["changed"]) == ("corrected", HOURS)
    assert second.counts["flagged:out_of_range"] == HOURS  # 3000 and more, and EN 14212 certifies up to 1000
    assert f"{HOURS} of {HOURS} values that held are changed or withdrawn" in " ".join(second.doubts)
    assert f"{HOURS} of the changed values are a thousand times" in " ".join(second.doubts)
    assert f"{HOURS} of {HOURS} values are doubtful" in " ".join(second.doubts)
    leaf = record.ledger.leaf(second.leaves[-1])
    assert isinstance(leaf, Leaf)
    assert leaf.counts["flagged:out_of_range"] == HOURS


def test_a_fill_value_that_no_specification_names_is_kept_flagged_and_counted(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    cells = [*PLAIN[:10], "-999", *PLAIN[11:]]
    outcome = delivery.deliver(record, station_file({"NL90001": cells}), "2019_SO2.csv", now=NOW)
    assert outcome.counts["flagged:negative"] == 1  # below -8.8, EN 14212
    rows = queries.read_series(record, [A], hour(10), hour(11))
    assert rows["micro"].to_list() == [-999_000_000]
    assert rows["flags"][0] & Flag.NEGATIVE
    assert not outcome.doubts  # one of 48 is no large part


def test_a_delivery_that_changes_a_few_values_is_not_doubted(tmp_path: Path) -> None:
    record = open_record(tmp_path / "record")
    delivery.deliver(record, station_file({"NL90001": PLAIN}), "2019_SO2.csv", now=NOW)
    cells = ["8", *PLAIN[1:]]
    outcome = delivery.deliver(record, station_file({"NL90001": cells}), "2019_SO2.csv", now=NOW)
    assert (outcome.counts["changed"], outcome.doubts) == (1, ())
