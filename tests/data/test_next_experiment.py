"""What was tried and what could be: files that are read, and those refused with a reason."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data._how import Reading, said_of
from data._table import DataError
from data.next_experiment import MOST, PATH, POOL, load, ranges, read, read_pool


def written(tmp_path: Path, text: str, name: str = "tried.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_mixes_are_those_of_the_stated_seed() -> None:
    """Twenty of 1,030, drawn without replacement; the others are the pool, in their order."""
    tried, pool = pd.read_csv(PATH), pd.read_csv(POOL)
    assert (len(tried), len(pool)) == (20, 1010)
    at = np.random.default_rng(1998).choice(1030, 20, replace=False)
    whole = pool.copy()
    rows = iter(tried.itertuples(index=False, name=None))
    for place, row in sorted(zip(at, rows, strict=True)):
        whole = pd.concat([whole[:place], pd.DataFrame([row], columns=pool.columns), whole[place:]])
    assert whole["strength_mpa"].max() == 82.6
    assert whole["strength_mpa"].mean() == pytest.approx(35.8179612, abs=1e-6)
    assert whole.iloc[0].tolist() == [540, 0, 0, 162, 2.5, 1040, 676, 28, 79.99]
    assert whole.iloc[1].tolist() == [540, 0, 0, 162, 2.5, 1055, 676, 28, 61.89]
    found = load()
    assert found.settings.shape == (20, 8)
    assert not found.same
    left = read_pool(POOL, found)
    assert not left.duplicated().any()
    assert "strength_mpa" not in left


HEAD = "run,water,mode,age,strength\n"
ROWS = "".join(f"{i},{150 + 7 * i % 40},2,{i * i % 11},{30 + i * i % 7}\n" for i in range(1, 9))


def test_what_tells_nothing_is_left_out_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + ROWS)
    found = read(path)
    assert list(found.settings) == ["water", "age"]
    assert found.results.name == "strength"
    assert found.same == {"mode": 2.0}
    said = " ".join(said_of(path).notes)
    assert "left out: mode 2." in said
    assert "only numbers the rows: run." in said
    named = read(path, Reading(outcome="age"))
    assert list(named.settings) == ["water", "strength"]


def test_a_pool_has_what_was_varied_and_nothing_that_was_not(tmp_path: Path) -> None:
    found = read(written(tmp_path, HEAD + ROWS))
    text = "age,water,mode,price\n1,160,2,9\n1,160,2,8\n5,170,3,7\n9,155,2,6\n"
    path = written(tmp_path, text, "pool.csv")
    left = read_pool(path, found)
    assert left.to_dict("list") == {"water": [160.0, 155.0], "age": [1.0, 9.0]}
    assert left.index.tolist() == [2, 5]
    said = " ".join(said_of(path).notes)
    assert "1 of 4 rows differ in a setting that was never varied" in said
    assert "1 settings come again" in said
    assert "no setting: price" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x,y\n1,2\n2,3\n3,5\n", "3 rows: at least 4"),
        ("y\n1\n2\n3\n4\n", "no settings beside the result"),
        ("x,y\n1,2\n1,3\n1,5\n1,4\n", "no setting was varied"),
        ("x,y\n1,2\n2,2\n3,2\n4,2\n", "'y' is constant"),
        ("x,who,y\n1,a,2\n2,b,3\n3,a,5\n4,b,4\n", r"'who' is text[^\n]*\n.*columns of 0 and 1"),
        ("x,y\n1,0\n2,1\n3,1\n4,0\n", "0 or 1 in all rows[^\n]*casebook run logistic_regression"),
        ("x,y,who\n1,1,a\n2,2,b\n3,1,c\n4,0,a\n", r"(?s)'who' is text.*--outcome names it"),
        ("x,y\n1,2\n2,\n3,5\n4,4\n5,1\n", "line 3"),
        ("x,y\n" + "".join(f"{i},{i % 7}\n" for i in range(MOST + 1)), "301 rows: at most 300"),
    ],
)
def test_what_cannot_be_learnt_from_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(written(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("age\n1\n", "'water' is missing"),
        ("age,water\n1,\n2,160\n", "line 2"),
        ("age,water,mode\n1,160,7\n", "no setting of which anything is known"),
    ],
)
def test_a_pool_that_cannot_be_used_is_refused(tmp_path: Path, text: str, said: str) -> None:
    found = read(written(tmp_path, HEAD + ROWS))
    with pytest.raises(DataError, match=said):
        read_pool(written(tmp_path, text, "pool.csv"), found)


def test_ranges_are_read_or_refused(tmp_path: Path) -> None:
    found = read(written(tmp_path, HEAD + ROWS))
    assert ranges(["water=120:250", " age = 1:9"], found) == {"water": (120, 250), "age": (1, 9)}
    for text, said in (
        ("water", "is not a setting and its range"),
        ("water=1", "is not a setting and its range"),
        ("water=9:1", "the lower end first"),
        ("water=1:nan", "the lower end first"),
        ("mode=1:2", "is no setting that was varied: water, age"),
    ):
        with pytest.raises(ValueError, match=said):
            ranges([text], found)
    with pytest.raises(ValueError, match="given once"):
        ranges(["age=1:2", "age=2:3"], found)


def test_dates_and_what_is_written_alike_in_all_rows_are_no_settings(tmp_path: Path) -> None:
    rows = "".join(f"2024-05-{i:02d},Ann,{i * i % 11},{30 + i * i % 7}\n" for i in range(1, 9))
    path = written(tmp_path, "day,who,age,strength\n" + rows)
    assert list(read(path).settings) == ["age"]
    notes = said_of(path).notes
    assert "Left out: day, since a date is no setting that can be chosen." in notes
    assert "Left out: who, since it is 'Ann' in all rows." in notes


@pytest.mark.parametrize("heat", [158000.0, -4000.0, 158.0])
def test_a_value_far_from_all_others_is_warned_of(heat: float, tmp_path: Path) -> None:
    cells = [110.0, 150, 120, heat, 180, 170, 160]
    text = "".join(f"{x},{i * i % 7}\n" for i, x in enumerate(cells))
    path = written(tmp_path, "heat,y\n" + text)
    read(path)
    said = [text for text, _ in said_of(path).warnings]
    if heat == 158:
        assert said == []
    else:
        told = f"Line 5 has heat {heat:g}, and all others lie between 110 and 180"
        assert said == [f"{told}: a slip, or another unit?"]


def test_a_setting_that_is_called_as_a_result_is_warned_of(tmp_path: Path) -> None:
    text = "".join(f"{i},{i * i % 11},{i * i % 7}\n" for i in range(9))
    path = written(tmp_path, "heat,yield,purity\n" + text)
    read(path)
    ((said, _),) = said_of(path).warnings
    assert said.startswith("Taken for settings that one chooses: yield.")
    path = written(tmp_path, "heat,acid,purity\n" + text)
    read(path)
    assert said_of(path).warnings == []
