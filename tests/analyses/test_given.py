"""`--data`: what it takes beside a CSV, in all commands, and which queries a path cannot hold."""

import json
from pathlib import Path

import duckdb
import pytest
import typer

from analyses._given import given
from analyses._updating import _begins
from data import coin_updating, linear_regression
from data._reading import AS_READ
from reports.publishing.provenance import checksum
from tests.conftest import SEED
from tests.terminal import casebook


def database(folder: Path, sql: str, name: str = "own.duckdb") -> Path:
    """Return a database whose table `own` is what a statement selects."""
    with duckdb.connect(folder / name) as connection:
        connection.execute(f"create table own as {sql}")
    return folder / name


def test_a_query_comes_out_as_it_went_in(tmp_path: Path) -> None:
    for text in ("own.csv", "a//b", "./a.csv", tmp_path / "x::y"):
        assert given(text) == Path(text)
    for query in ("select a / b from own", "select a::int from own", "select '../x' from own"):
        assert str(given(f"x.duckdb::{query}")).split("::", 1)[1] == query
    assert str(given("x.duckdb::select 1\n as a")) == "x.duckdb::select 1  as a"
    for query in (
        "select a // b",
        "select 'x/./y'",
        "select 'x/../y'",
        "select 1 /",
        "select 1--\n",
    ):
        with pytest.raises(typer.BadParameter):
            given(f"x.duckdb::{query}")


def test_a_file_that_begins_with_another(tmp_path: Path) -> None:
    old, more = tmp_path / "old", tmp_path / "more"
    for one, other, begins in (
        (b"a\n1\n", b"a\n1\n2\n", True),
        (b"a\n1", b"a\n1\n2\n", True),
        (b"a\n1 \n\n", b"a\n1", True),
        (b"a\n1\n", b"a\n12\n", False),
        (b"a\n1\n", b"a\n", False),
        (b"a\n1\n2\n", b"a\n1\n3\n", False),
    ):
        old.write_bytes(one)
        more.write_bytes(other)
        assert _begins(more, old) == begins


def test_suggest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A regression's file, as Parquet and as a query, has the cases that the CSV has."""
    said = []
    own = database(tmp_path, f"from '{linear_regression.PATH}'")
    with duckdb.connect() as connection:
        path = tmp_path / "own.parquet"
        connection.execute(f"copy (from '{linear_regression.PATH}') to '{path}' (format parquet)")
    for one in (linear_regression.PATH, path, f"{own}::from own"):
        assert casebook(monkeypatch, "suggest", one) == 0
        said.append(capfd.readouterr().out.replace(f"'{one}'", "FILE").replace(str(one), "FILE"))
    assert said[0] == said[1] == said[2]
    assert casebook(monkeypatch, "suggest", f"{own}::drop table own") == 3
    assert "one SELECT" in capfd.readouterr().err


def test_a_page_of_parquet_goes_on_with_a_query(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The page says what was read, with checksum and command; the mean is that under Beta(2, 2)."""
    flips = coin_updating.PATH
    with duckdb.connect() as connection:
        first = tmp_path / "first.parquet"
        connection.execute(f"copy (from '{flips}' limit 60) to '{first}' (format parquet)")
    quick = ("--quick", "--quiet", "--draws", 300, "--seed", SEED, "--out", tmp_path)
    assert casebook(monkeypatch, "run", "coin_updating", *quick, "--data", first) in {0, 4}
    page = (tmp_path / "coin_updating.html").read_text(encoding="utf-8")
    assert "The file is Parquet" in page
    about = json.loads((tmp_path / "coin_updating.json").read_text(encoding="utf-8"))["provenance"]
    assert about["data_sha256"] == checksum(first)
    fit, query = tmp_path / "coin_updating.nc", "::from own offset 60"
    assert casebook(monkeypatch, "update", fit, "--data", first) == 3  # the same rows
    assert "would count twice" in capfd.readouterr().err
    more = f"{database(tmp_path, f"from '{flips}'")}{query}"
    AS_READ.clear()
    assert casebook(monkeypatch, "update", fit, "--data", more) in {0, 4}
    updated = json.loads((tmp_path / "coin_updating_updated.json").read_text(encoding="utf-8"))
    assert updated["provenance"]["data_sha256"] == checksum(Path(more))
    assert query in updated["provenance"]["command"]
    heads = coin_updating.load()
    assert updated["checkpoints"][-1]["mean"] == pytest.approx(
        (2 + heads.sum()) / (4 + len(heads)), rel=1e-12
    )
