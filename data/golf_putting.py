"""Putts by their distance: how many there were from each, and how many went in."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pandera.pandas as pa

from data._beside import Beside, beside
from data._counts import counts_of, happened, not_zero, whole
from data._how import AS_IT_IS, Reading, said_of
from data._meant import meant
from data._table import DataError, cell_problems, missing_columns, read_table, refuse

PATH = Path(__file__).with_suffix(".csv")
NAMES = ("distance_ft", "distance_m", "tries", "successes")
METRE = 1 / 0.3048  # feet
NEAREST, FARTHEST = 0.2, 1000.0  # feet: nearer, the ball lies in the hole
FEWEST, MOST = 4, 300  # distances


@dataclass(frozen=True)
class Putts:
    """`counts` has a row a distance, the nearest first: `distance_ft`, `tries`, `successes`.

    `rows` are those of the file (index: line), and `beside` says what each of them belongs to.
    """

    counts: pd.DataFrame
    rows: pd.DataFrame
    beside: Beside


def load(path: Path = PATH) -> pd.DataFrame:
    """Return one row a distance: `distance_ft`, `tries` and `successes`, the nearest first.

    Raises
    ------
    DataError
        The file cannot be used. All its problems are named, at most 20 of a kind.
    """
    return read(path).counts


def read(path: Path = PATH, reading: Reading = AS_IT_IS) -> Putts:
    """Return what `load` does, the rows of the file, and what they belong to.

    Raises
    ------
    DataError
        As `load` does.
    """
    table, problems = read_table(path, reading, names=NAMES)
    unit = "distance_m" if "distance_m" in table and "distance_ft" not in table else "distance_ft"
    both = (unit, "successes")
    problems += missing_columns(
        table, (*both, "tries"), ("distance_m", "tries", "successes"), also=both
    )
    rows = pd.DataFrame(index=table.index)
    rows["distance_ft"], wrong = _distances(path, table, unit, reading)
    problems += wrong
    counted = _counts if "tries" in table else _single
    rows[["tries", "successes"]], wrong = counted(path, table, reading)
    refuse(path, problems + wrong)
    counts = rows.groupby("distance_ft", as_index=False).sum()
    _refuse_few(path, counts)
    if len(counts) < len(rows):
        said_of(path).notes.append(
            f"Rows of one distance are added up: {len(rows):,} rows, {len(counts):,} distances."
        )
    rest = table.drop(columns=[name for name in NAMES if name in table])
    return Putts(counts, rows, beside(rest))


def _distances(
    path: Path, table: pd.DataFrame, unit: str, reading: Reading
) -> tuple[pd.Series, list[str]]:
    """Return the distances in feet, and what is wrong with any."""
    found = meant(table, [unit], reading, separator=said_of(path).separator)
    said_of(path).notes += found.notes
    scale = METRE if unit == "distance_m" else 1.0
    if unit == "distance_m":
        said_of(path).notes.append("Distances are in metres; one is 3.2808 feet.")
    near, far = NEAREST / scale, FARTHEST / scale
    within = pa.Check(
        lambda cell: pd.to_numeric(cell, errors="coerce").between(near, far),
        error=f"a distance from {near:.3g} to {far:,.4g} (nearer, the ball is in the hole)",
    )
    schema = pa.DataFrameSchema({unit: pa.Column(str, within)})
    wrong = found.problems or cell_problems(found.table, schema)
    cells = found.table.get(unit, pd.Series("", table.index))
    return scale * pd.to_numeric(cells, errors="coerce"), wrong


def _counts(path: Path, table: pd.DataFrame, reading: Reading) -> tuple[pd.DataFrame, list[str]]:
    """Read a row a distance."""
    names = ["tries", "successes"]
    table, problems, sums = counts_of(path, table, names, reading)
    schema = {"tries": pa.Column(str, [*whole(), not_zero()]), "successes": pa.Column(str, whole())}
    problems = problems or cell_problems(table, pa.DataFrameSchema(schema))
    found = table.reindex(columns=names).apply(pd.to_numeric, errors="coerce")
    if not problems:
        more = found[found["successes"] > found["tries"]]
        problems = [
            f"line {at}, column 'successes': {row.successes:,} is more than the {row.tries:,} tries"
            for at, row in more.head(20).iterrows()
        ]
    return found, problems and problems + sums


def _single(path: Path, table: pd.DataFrame, reading: Reading) -> tuple[pd.DataFrame, list[str]]:
    """Read a row a putt."""
    if "successes" not in table:
        return pd.DataFrame(np.nan, table.index, ["tries", "successes"]), []
    made, problems = happened(table["successes"], reading.event)
    if problems:
        problems.append("of several putts a row, say how many there were: column 'tries', --tries")
    return pd.DataFrame({"tries": 1, "successes": made}), problems


def _refuse_few(path: Path, counts: pd.DataFrame) -> None:
    """Refuse what no curve can be told from."""
    n, made, tries = len(counts), counts["successes"].sum(), counts["tries"].sum()
    if n < FEWEST:
        raise DataError(f"{path}: {n} distances; to tell two curves apart it takes {FEWEST}")
    if n > MOST:
        raise DataError(
            f"{path}: {n:,} distances, at most {MOST} are told apart; round them, to whole feet"
        )
    if made in {0, tries}:
        which = "made" if made else "missed"
        raise DataError(
            f"{path}: all {tries:,} putts were {which}, and no curve can be told from that; add "
            f"distances at which some are {'missed' if made else 'made'}"
        )
