"""One table in every form that is taken: the same data and messages; and what a name may not do."""

import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from data import _duck, _stored_rows, ab_test, linear_regression, prior_sensitivity
from data._how import Reading, said_of
from data._reading import AS_READ
from data._table import DataError, read_table
from reports.publishing.provenance import Sources, checksum

VISITS = "arm,converted,user\n" + "".join(
    f"{'AB'[i % 2]},{int(i % 5 == 0)},u{i % 7}\n" for i in range(60)
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def select(csv: Path, into: str, more: str = "") -> None:
    """Run a statement on the CSV as DuckDB reads it, which guesses no types."""
    with duckdb.connect() as connection:
        rows = f"read_csv('{csv}', all_varchar=true, header=true, delim=',', nullstr='\x01')"
        connection.execute(into.format(rows=f"(select * from {rows} {more})"))


def as_tsv(csv: Path, cells: pd.DataFrame) -> Path:
    path = csv.with_suffix(".tsv")
    cells.to_csv(path, sep="\t", index=False)
    return path


def as_gzip(csv: Path, _: pd.DataFrame) -> Path:
    path = csv.with_suffix(".csv.gz")
    path.write_bytes(gzip.compress(csv.read_bytes()))
    return path


def as_zstd(csv: Path, _: pd.DataFrame) -> Path:
    path = csv.with_suffix(".csv.zst")
    with duckdb.connect() as connection:
        lines = csv.read_text(encoding="utf-8").splitlines()
        connection.execute(
            f"copy (select unnest(?)) to '{path}' "
            "(format csv, header false, quote '', escape '', compression zstd, delimiter '\x01')",
            [lines],
        )
    return path


def as_parquet(csv: Path, _: pd.DataFrame) -> Path:
    path = csv.with_suffix(".parquet")
    select(csv, f"copy {{rows}} to '{path}' (format parquet)")
    return path


def as_parts(csv: Path, cells: pd.DataFrame) -> Path:
    path = csv.with_suffix("")
    path.mkdir(exist_ok=True)
    half = len(cells) // 2
    select(csv, f"copy {{rows}} to '{path}/2.parquet' (format parquet)", f"offset {half}")
    select(csv, f"copy {{rows}} to '{path}/1.parquet' (format parquet)", f"limit {half}")
    return path


def as_query(csv: Path, _: pd.DataFrame) -> Path:
    path = csv.with_suffix(".duckdb")
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        rows = f"read_csv('{csv}', all_varchar=true, header=true, delim=',', nullstr='\x01')"
        connection.execute(f"create table visits as select * from {rows}")
    return Path(f"{path}::select * from visits")


FORMS: list[Callable[[Path, pd.DataFrame], Path]] = [
    as_tsv,
    as_gzip,
    as_zstd,
    as_parquet,
    as_parts,
    as_query,
]


def table_of(found: pd.DataFrame | None) -> pd.DataFrame:
    assert found is not None
    return found


def found(load: Callable[[Path], Any], path: Path, *, rows: bool = False) -> object:
    """Return what is read, without the numbers of lines, or why it is refused."""
    try:
        one = load(path)
    except DataError as error:
        text = str(error).replace(f"{path}: ", "")
        if rows:
            text = re.sub(r"(?m)^row (\d+)", lambda at: f"line {int(at[1]) + 1}", text)
        return text
    return {
        name: value.reset_index(drop=True).to_dict("list") if hasattr(value, "to_dict") else value
        for name, value in {"counts": one.counts, "rows": one.rows}.items()
    }


@pytest.mark.parametrize("form", FORMS)
@given(
    cells=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "b c", "Ä", "it's", 'q"', ""]),
            st.sampled_from(["0", "1", "yes", "1.0", "", "2", "NA"]),
        ),
        min_size=2,
        max_size=30,
    )
)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_a_table_in_another_form(
    form: Callable[[Path, pd.DataFrame], Path], cells: list[tuple[str, str]], tmp_path: Path
) -> None:
    """Sound or not: the same counts and rows, or the same lines of a message, rows for lines."""
    table = pd.DataFrame(cells, columns=["arm", "converted"]).assign(user="u")
    path = tmp_path / "visits.csv"
    table.to_csv(path, index=False)
    other = form(path, table)
    rows = form in {as_parquet, as_parts, as_query}
    assert found(ab_test.read, other, rows=rows) == found(ab_test.read, path)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cluster", [None, "user"])
def test_rows_that_are_counted(
    form: Callable[[Path, pd.DataFrame], Path],
    cluster: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Millions of rows are counts, those of all rows, and what was left out is warned of."""
    path = write(tmp_path, "visits.csv", VISITS)
    table = pd.read_csv(path, dtype="str")
    paths = [path, form(path, table)]
    whole = ab_test.read(path, cluster)
    monkeypatch.setattr(_stored_rows, "MOST_ROWS", 59)
    for one in paths:
        few = ab_test.read(one, cluster)
        assert few.rows is None
        assert few.counts.equals(whole.counts)
        assert cluster is None or table_of(few.clusters).equals(whole.clusters)
        assert (said_of(one).contents.rows, said_of(one).contents.first) == (60, ())
        assert any("60 rows are counted" in note for note in said_of(one).notes)
        told = any("'user'" in text for text, _ in said_of(one).warnings)
        assert told == (cluster is None)
        assert ab_test.read(one, cluster, ordered=True).by_row
        assert not said_of(one).times
    monkeypatch.setattr(_stored_rows, "MOST_ROWS", 60)
    assert (ab_test.read(paths[1], cluster).rows is None) == (cluster is not None)


@pytest.mark.parametrize("form", FORMS)
def test_what_is_wrong_with_rows_that_are_counted(
    form: Callable[[Path, pd.DataFrame], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "visits.csv", VISITS + "A,maybe,u1\nA,maybe,u2\n")
    other = form(path, pd.read_csv(path, dtype="str"))
    monkeypatch.setattr(_stored_rows, "MOST_ROWS", 5)
    for one in (path, other):
        said = found(ab_test.read, one)
        assert said == "row 61, column 'converted': 'maybe' is not 0 or 1, false or true, no or yes"
        with pytest.raises(DataError, match="no column 'usr'; found 'user'; did you mean 'user'"):
            ab_test.read(one, "usr")


def test_births_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, "births.csv", "Girl,day\n" + "yes,1\nno,2\n" * 40)
    whole = prior_sensitivity.read(path)
    named = write(tmp_path, "other.csv", "it,day\n" + "b,1\na,2\n" * 40)
    monkeypatch.setattr(_stored_rows, "MOST_ROWS", 5)
    few = prior_sensitivity.read(path)
    assert (few.rows, few.counts.to_dict("list")) == (None, {"girls": [40], "births": [80]})
    assert few.counts.equals(whole.counts)
    few = prior_sensitivity.read(named, reading=Reading(outcome="it", event="a"))
    assert few.counts.to_dict("list") == {"events": [40], "trials": [80]}
    assert few.rows is None


def test_a_large_file_that_is_no_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_stored_rows, "MOST_ROWS", 5)
    path = write(tmp_path, "visits.csv", VISITS + "A,1\n")
    assert found(ab_test.read, path) == "line 62: 2 cells, expected 3"
    path = write(tmp_path, "visits.csv", VISITS + 'A,"1,u\n')
    assert "line 62: not a CSV row" in str(found(ab_test.read, path))
    path.write_bytes(VISITS.encode() + b"\xff,1,u\n")
    assert "line 62: not a CSV row" in str(found(ab_test.read, path))
    path.write_bytes(gzip.compress(VISITS.encode())[:-20])
    assert "not whole, or no gzip" in str(found(ab_test.read, path))


def test_cells_are_as_in_a_csv(tmp_path: Path) -> None:
    """Whole precision, dates as ISO has them, what is missing empty, true and false."""
    path = tmp_path / "cells.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select 0.1::double as a, 1e300::double as b, 1.5::float as c, 3::utinyint as d, "
            "12.50::decimal(9, 2) as e, true as f, null::int as g, date '2024-02-29' as h, "
            "timestamp '2024-02-29 12:30:00' as i, 1.7976931348623157e308 as j, 2::hugeint as k, "
            f"1/3::double as l, 'x' as \"m\"\"'\") to '{path}' (format parquet)"
        )
    table, problems = read_table(path)
    assert not problems
    cells = ["0.1", "1e+300", "1.5", "3", "12.50", "true", "", "2024-02-29", "2024-02-29 12:30:00"]
    assert table.iloc[0].tolist()[:9] == cells
    assert float(table["j"].iloc[0]) == sys.float_info.max
    assert float(table["l"].iloc[0]) == 1 / 3
    assert table["m\"'"].tolist() == ["x"]
    assert table.index.tolist() == [1]


HOSTILE = ["*.parquet", "a?[bc].parquet", "it's.parquet", "k=v.parquet", 'q".parquet', "a;b.pq"]


@pytest.mark.parametrize("name", [*HOSTILE, "http:/x.org/a.parquet", "a::b.parquet", "s3:/b"])
def test_a_path_is_a_path(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is a pattern, an address, SQL or a query: what is called so is read, nothing else."""
    monkeypatch.chdir(tmp_path)
    whole = Path(name)
    whole.parent.mkdir(parents=True, exist_ok=True)
    plain = as_parquet(write(tmp_path, "visits.csv", VISITS), pd.DataFrame())
    other = write(tmp_path, "axb.parquet", "is none, and would be matched")
    content = plain.read_bytes()
    plain.unlink()
    with pytest.raises(DataError):
        ab_test.read(whole)
    whole.write_bytes(content)
    assert ab_test.read(whole).counts["visitors"].tolist() == [30, 30]
    assert other.exists()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from read_csv('{csv}')", "disabled by configuration"),
        ("select * from '{csv}'", "Error"),
        ("select * from read_text('{csv}')", "disabled by configuration"),
        ("select * from glob('*')", "disabled by configuration"),
        ("select * from read_parquet('http://localhost/x.parquet')", "Error"),
        ("copy visits to '{csv}.out'", "one SELECT, and nothing else; here it is COPY"),
        ("attach '{csv}.duckdb'", "here it is ATTACH"),
        ("install httpfs", "here it is LOAD"),
        ("load httpfs", "here it is LOAD"),
        ("set enable_external_access=true", "here it is SET"),
        ("drop table visits", "here it is DROP"),
        ("insert into visits values ('A', '1', 'u')", "here it is INSERT"),
        ("select 1; select 2", "here it is SELECT, SELECT"),
        ("-- nothing", "here it is empty"),
        ("select 1) as x, (select 2", "Parser Error"),
        ("select * from none", "does not exist"),
        ("select [1, 2] as a, {{'x': 1}} as b", "column 'a' has the type INTEGER[]"),
        ("select * from table", "Parser Error"),
        ("select arm, converted, user, arm as Arm from visits", "would be called 'Arm_1'"),
        ("", "here it is empty"),
    ],
)
def test_a_query_reads_its_database_alone(
    query: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    csv = write(tmp_path, "visits.csv", VISITS)
    database = Path(str(as_query(csv, pd.DataFrame())).split("::")[0])
    before = database.read_bytes(), sorted(tmp_path.iterdir())
    path = Path(f"{database}::{query.format(csv=csv)}")
    with pytest.raises(DataError) as error:
        ab_test.read(path)
    assert said in str(error.value)
    assert (database.read_bytes(), sorted(tmp_path.iterdir())) == before


def test_a_variable_of_python_is_no_table(tmp_path: Path) -> None:
    visits_here = pd.DataFrame({"arm": ["A"]})  # which DuckDB would take by its name
    database = str(as_query(write(tmp_path, "v.csv", VISITS), visits_here)).split("::")[0]
    with pytest.raises(DataError, match="does not exist"):
        read_table(Path(f"{database}::select * from visits_here"))


def test_queries_that_read(tmp_path: Path) -> None:
    path = str(as_query(write(tmp_path, "v.csv", VISITS), pd.DataFrame()))
    database = Path(path.split("::")[0])
    for query in (
        "from visits",
        "select arm, converted from visits -- all",
        "with v as (from visits) select arm, converted::int as converted from v;",
    ):
        one = Path(f"{database}::{query}")
        assert ab_test.read(one).counts["visitors"].tolist() == [30, 30]
    with pytest.raises(DataError, match="name a query of it"):
        ab_test.read(database)
    chance = Path(f"{database}::select *, random() as x from visits order by x")
    assert read_table(chance)[0].equals(read_table(chance)[0])
    with pytest.raises(DataError, match="no database of DuckDB"):
        ab_test.read(Path(f"{tmp_path}/v.csv::from visits"))
    with pytest.raises(DataError, match="there is no such file"):
        ab_test.read(tmp_path / "none.duckdb::select 1")
    database.with_name(f"{database.name}.wal").write_bytes(b"")
    with pytest.raises(DataError, match="a program is changing it"):
        ab_test.read(Path(path))


def test_files_that_are_no_parquet(tmp_path: Path) -> None:
    whole = as_parquet(write(tmp_path, "visits.csv", VISITS), pd.DataFrame())
    for content in (b"", b"PAR1", b"PAR1" + b"x" * 200, whole.read_bytes()[:-30]):
        (broken := tmp_path / "broken.parquet").write_bytes(content)
        with pytest.raises(DataError) as error:
            ab_test.read(broken)
        assert "\n" not in str(error.value)


def test_folders(tmp_path: Path) -> None:
    folder = as_parts(write(tmp_path, "visits.csv", VISITS), pd.read_csv(tmp_path / "visits.csv"))
    (folder / "_SUCCESS.parquet").write_bytes(b"none")
    (folder / "notes.txt").write_bytes(b"none")
    assert len(ab_test.read(folder).counts) == 2
    with duckdb.connect() as connection:
        for sql, said in (
            ("1 as arm, '1' as converted, 'u' as user", "3.parquet: column 'arm' has the type INT"),
            ("'A' as arm, '1' as converted", "its columns are arm, converted, and arm, converted,"),
            ("'1' as converted, 'A' as arm, 'u' as user", "its columns are converted, arm, user"),
        ):
            connection.execute(f"copy (select {sql}) to '{folder}/3.parquet' (format parquet)")
            with pytest.raises(DataError, match=said):
                ab_test.read(folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no Parquet file"):
        ab_test.read(tmp_path / "empty")


def test_rows_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is needed row by row, or has too many different rows, is refused with what to do."""
    path = as_query(write(tmp_path, "v.csv", VISITS), pd.DataFrame())
    monkeypatch.setattr(_stored_rows, "LARGEST_FILE", 60 * 3 * 10)
    assert ab_test.read(path).by_row
    monkeypatch.setattr(_stored_rows, "LARGEST_FILE", 60 * 3 * 10 - 1)
    with pytest.raises(DataError, match="take a sample of them, by 'using sample reservoir"):
        ab_test.read(path)
    sampled = Path(f"{path} using sample reservoir(40 rows) repeatable (1)")
    counts = [ab_test.read(sampled).counts for _ in range(2)]
    assert counts[0].equals(counts[1])
    assert counts[0]["visitors"].sum() == 40


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Different rows that take more than the memory that is allowed are counted on disk."""
    path = tmp_path / "v.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "copy (select if(i % 2 = 0, 'A', 'B') as arm, 0 as converted, "
            "'a name that is long enough to take memory ' || (i % 200000) as user "
            f"from range(400000) as r(i)) to '{path}' (format parquet)"
        )
    monkeypatch.setattr(_duck, "MEMORY", "30MB")
    monkeypatch.setattr(_stored_rows, "MOST_ROWS", 10)

    def read() -> _stored_rows.Stored | None:
        return _stored_rows.stored(path, Reading(), (), lambda columns: columns)

    one = read()
    assert one is not None
    assert one.times is not None
    assert len(one.times) == len(one.rows) - 1 == 200_000
    assert sum(one.times) == 400_000
    monkeypatch.setitem(_duck._SAFE, "max_temp_directory_size", "0KB")
    with pytest.raises(DataError, match="Out of Memory"):
        read()


def test_checksums(tmp_path: Path) -> None:
    """Those of what was read; of a folder by its parts, of a query by database and text."""
    csv = write(tmp_path, "visits.csv", VISITS)
    table, sums = pd.read_csv(csv), set()
    for form in FORMS:
        path = form(csv, table)
        AS_READ.clear()
        ab_test.read(path)
        sources = Sources([path], AS_READ)
        assert sources.sums[path] == checksum(path) == checksum(path, AS_READ)
        assert not sources.changed()
        sums.add(sources.sums[path])
        (file, *_) = AS_READ
        content = file.read_bytes()
        file.write_bytes(content + b" ")
        assert sources.changed() == [path]
        file.write_bytes(content)
        assert not sources.changed()
    assert len(sums) == len(FORMS)
    database = str(path).split("::")[0]
    assert checksum(Path(f"{database}::select 1")) != checksum(Path(f"{database}::select 2"))


def test_regressions_read_numbers(tmp_path: Path) -> None:
    csv = linear_regression.PATH
    path = tmp_path / "own.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"copy (from '{csv}') to '{path}' (format parquet)")
    one, other = linear_regression.load(csv), linear_regression.load(path)
    assert other.terms.reset_index(drop=True).equals(one.terms.reset_index(drop=True))
    assert other.outcome.tolist() == one.outcome.tolist()


def test_a_csv_needs_no_duckdb() -> None:
    code = (
        "import sys; from data import ab_test; ab_test.load(); import analyses._command; "
        "sys.exit('duckdb' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.validate
@pytest.mark.parametrize("ending", ["parquet", "csv", "csv.gz"])
def test_a_hundred_million_rows_take_little_memory(ending: str, tmp_path: Path) -> None:
    path, n = tmp_path / f"visits.{ending}", 100_000_000
    kind = "parquet" if ending == "parquet" else "csv"
    with duckdb.connect(config={"memory_limit": "1GB"}) as connection:
        connection.execute(
            "copy (select if(i % 2 = 0, 'control', 'new') as arm, (i % 20 < 3)::int as converted "
            f"from range({n}) as r(i)) to '{path}' (format {kind})"
        )
    code = (
        "import resource, sys; from pathlib import Path; from data import ab_test\n"
        "counts = ab_test.load(Path(sys.argv[1]))\n"
        "print(*counts['visitors'], *counts['conversions'])\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    words = [sys.executable, "-c", code, str(path)]
    ran = subprocess.run(words, capture_output=True, text=True, check=True)
    counts, kib = ran.stdout.splitlines()
    assert list(map(int, counts.split())) == [n // 2, n // 2, n // 10, n // 20]
    assert int(kib) < 2 * 2**20
