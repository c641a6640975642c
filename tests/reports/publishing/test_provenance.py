"""What a page vouches for is what was read, not what the file is later."""

import hashlib
from pathlib import Path

from data._reading import AS_READ
from data._table import read_table
from reports.publishing.provenance import Sources


def test_a_change_after_reading_is_seen_even_if_it_came_before_the_report(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    read_table(path)
    path.write_text("a,b\n1,3\n")
    sources = Sources([path], AS_READ)
    assert sources.sums[path] == hashlib.sha256(b"a,b\n1,2\n").hexdigest()
    assert sources.changed() == [path]


def test_a_second_file_that_is_read_later_is_held_to_what_it_was(tmp_path: Path) -> None:
    path = tmp_path / "later.csv"
    path.write_text("a,b\n1,2\n")
    sources = Sources([path], AS_READ)
    path.write_text("a,b\n1,3\n")
    read_table(path)
    path.write_text("a,b\n1,2\n")
    assert sources.changed() == [path]


def test_what_stays_the_same_has_not_changed_and_what_is_gone_has(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("a,b\n1,2\n")
    read_table(path)
    sources = Sources([path], AS_READ)
    assert sources.changed() == []
    path.unlink()
    assert sources.changed() == [path]
