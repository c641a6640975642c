"""The loader of findings: patterns, blanks, other words, and every bad file refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data._how import Reading, said_of
from data._table import DataError
from data.diagnosis import NAMES, PATH, load, read

HEAD = ",".join(NAMES) + "\n"
OWN = Path(__file__).parent.parent / "own_data"


def write(folder: Path, text: str) -> Path:
    path = folder / "own.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path, reading: Reading | None = None) -> str:
    with pytest.raises(DataError) as caught:
        read(path, reading or Reading())
    return str(caught.value)


def test_shipped_data_are_what_the_codebook_says() -> None:
    """Drawn again, as data/diagnosis.md tells it."""
    rng, n = np.random.default_rng(1988), 5000
    found: dict[str, np.ndarray] = {}
    found["visit"], found["smoking"] = rng.random(n) < 0.01, rng.random(n) < 0.5
    found["tuberculosis"] = rng.random(n) < np.where(found["visit"], 0.05, 0.01)
    found["cancer"] = rng.random(n) < np.where(found["smoking"], 0.1, 0.01)
    found["bronchitis"] = rng.random(n) < np.where(found["smoking"], 0.6, 0.3)
    either = found["tuberculosis"] | found["cancer"]
    found["xray"] = rng.random(n) < np.where(either, 0.98, 0.05)
    with_it, without = (np.where(found["bronchitis"], *two) for two in ((0.9, 0.7), (0.8, 0.1)))
    found["dyspnoea"] = rng.random(n) < np.where(either, with_it, without)
    pd.testing.assert_frame_equal(pd.read_csv(PATH), pd.DataFrame(found).astype("int64"))


def test_patterns_are_counted() -> None:
    found = load()
    assert len(found) == 128
    assert found["patients"].sum() == 5000
    raw = pd.read_csv(PATH)
    assert found.loc["0101001", "patients"] == (raw == [0, 1, 0, 1, 0, 0, 1]).all(axis=1).sum() > 0
    assert found.loc["0101001", list(NAMES)].tolist() == [0, 1, 0, 1, 0, 0, 1]


def test_blanks_have_patterns_of_their_own(tmp_path: Path) -> None:
    text = HEAD + "0,1,,0,1,NA,yes\n0,1,0,0,1,0,1\n,,,,,,\nNA,,,,,,\n0,1,,0,1,n/a,TRUE\n"
    path = write(tmp_path, text)
    found = read(path)
    assert len(found) == 128 + 2**5
    assert found["patients"].sum() == 3
    assert found.loc["01-01-1", "patients"] == 2
    assert np.isnan(found.loc["01-01-1", "xray"])
    assert "Patients of whom nothing is known are left out: 1." in said_of(path).notes


def test_other_words_and_names() -> None:
    columns = (("dyspnoea", "breathless"),)
    found = read(OWN / "clinic.csv", Reading(event="pos", columns=columns))
    raw = pd.read_csv(OWN / "clinic.csv")
    kinds = raw.drop(columns="patient").isna().drop_duplicates()
    assert len(found) == (2 ** (7 - kinds.sum(axis=1))).sum()
    assert found["patients"].sum() == len(raw)
    for name in NAMES:
        there = found["patients"][found[name] == 1].sum()
        assert there == (raw[dict(columns).get(name, name)] == "pos").sum(), name


def test_what_nobody_looked_for_is_a_warning(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "0,1,0,0,1,,1\n0,1,0,1,1,,0\n")
    read(path)
    ((text, advice),) = said_of(path).warnings
    assert "Nobody in the file was looked at for xray" in text
    assert "xray" in advice


ROW = "0,1,0,0,1,0,1\n"
BAD: dict[str, tuple[str, list[str]]] = {
    "empty": ("", ["the file is empty"]),
    "no rows": (HEAD, ["no rows"]),
    "all blank": (HEAD + ",NA,,,,,\n", ["all cells of the findings are blank"]),
    "a column missing": (
        "visit,smoking,tuberculosis,cancer,bronchitis,film,dyspnoea\n" + ROW,
        ["column 'xray' is missing; found", "with empty cells", "--xray NAME"],
    ),
    "2 is no finding": (HEAD + ROW + "0,2,0,0,1,0,1\n", ["line 3, column 'smoking': '2' is not 0"]),
    "words": (HEAD + 3 * "pos,neg,neg,neg,neg,neg,neg\n", ["column 'visit'", "--event"]),
    "several at once": (
        HEAD + "0,x,0,0,1,0,1\n1,1,0,7,1,0,1\n",
        ["'x'", "line 3, column 'cancer'"],
    ),
    "ragged": (HEAD + ROW + "0,1\n", ["line 3: 2 cells, expected 7"]),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_with_their_place(case: str, tmp_path: Path) -> None:
    text, wanted = BAD[case]
    said = refused(write(tmp_path, text))
    for part in wanted:
        assert part in said


def test_an_event_has_one_other_word(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD + "pos,neg,neg,neg,neg,unsure,neg\n")
    assert "one other value is no" in refused(path, Reading(event="pos"))
    assert "no finding is ever 'ja', the --event" in refused(path, Reading(event="ja"))
