"""What a file of a curve may look like, and what is refused, with what to do."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data._how import Reading
from data._table import DataError
from data.smooth_curve import MOST, PATH, load, read, rounded

RNG = np.random.default_rng(8)


def written(folder: Path, table: pd.DataFrame) -> Path:
    path = folder / "own.csv"
    table.to_csv(path, index=False)
    return path


def noisy(n: int, **names: str) -> pd.DataFrame:
    table = pd.DataFrame({"x": np.arange(n) / 4, "y": RNG.normal(size=n).round(3)})
    return table.rename(columns=names)


def test_the_shipped_file() -> None:
    rows = load()
    assert [*rows.columns] == ["time_ms", "acceleration_g"]
    assert (len(rows), rows["time_ms"].nunique()) == (133, 94)
    assert rows["time_ms"].iloc[[0, -1]].tolist() == [2.4, 57.6]
    assert rows["acceleration_g"].min() == -134
    assert PATH.name == "smooth_curve.csv"


def test_the_only_two_columns_are_x_and_y(tmp_path: Path) -> None:
    path = written(tmp_path, noisy(9, x="depth", y="temp"))
    assert [*load(path).columns] == ["depth", "temp"]
    assert [*read(path, Reading(outcome="depth"))[0].columns] == ["temp", "depth"]
    assert [*read(path, along="temp")[0].columns] == ["temp", "depth"]


def test_other_columns_are_what_rows_belong_to(tmp_path: Path) -> None:
    table = noisy(9).assign(device=[*"aabbccaab"])[["device", "y", "x"]]
    rows, beside = read(written(tmp_path, table.sample(frac=1, random_state=1)))
    assert [*rows.columns] == ["x", "y"]
    assert [*beside.groups] == ["device"]


@pytest.mark.parametrize(
    ("table", "options", "said"),
    [
        (noisy(9).assign(z=1, x=1), {}, "column 'x' has the same value in all 9 rows"),
        (noisy(9).assign(y=0), {}, "column 'y' has the same value in all 9 rows"),
        (noisy(9).assign(x=[*"abcdefghi"]), {}, "column 'x' is text"),
        (
            noisy(9).assign(x=[0, 1, 2, 3] * 2 + [0]),
            {},
            "4 different values: a curve needs at least 5",
        ),
        (noisy(MOST + 1), {}, "round it to multiples of 0.26"),
        (noisy(9).rename(columns={"x": "a"}).assign(z=2), {}, "name yours with --along"),
        (noisy(9), {"along": "y"}, "is the outcome itself"),
        (noisy(9).assign(y=[1.0, None] + [2.0, 3.0] * 3 + [1.0]), {}, "--drop-missing"),
        (noisy(30).assign(y=np.sin(np.arange(30) / 9)), {}, "a smooth curve of 'x' without noise"),
        (noisy(9).assign(y=1e9 + np.arange(9) * 1e-3), {}, "lost in the digits"),
    ],
)
def test_what_is_refused(tmp_path: Path, table: pd.DataFrame, options: dict, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(written(tmp_path, table), Reading(outcome="y"), **options)


def test_the_step_of_the_refusal_is_enough() -> None:
    """Rounded as it says, there are few enough places, and not far fewer."""
    x = pd.Series(np.sort(RNG.uniform(3, 8, 900)), name="x")
    said = rounded(x, 200)
    step = float(said.split("multiples of ")[1].split(":")[0])
    assert 160 < ((x / step).round() * step).nunique() <= 200
