"""Files that people bring to diagnosis."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import diagnosis
from data._how import Reading
from data.diagnosis import NAMES
from tests.brought._brought import (
    OWN_DATA,
    ROWS,
    Like,
    Own,
    Reader,
    Sheet,
    fault,
    looked,
    size,
    spread,
)
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

asia = model_of("diagnosis")

READERS = {"": Reader(diagnosis.load, asia)}

LIKE = {"": Like([NAMES], [*NAMES, "either"], cell=looked)}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    found = draw(st.lists(st.tuples(*[looked] * len(NAMES)), min_size=1, max_size=30))
    return "\n".join([",".join(NAMES), *map(",".join, found)]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Patients of the network itself, with tables of any probabilities between .05 and .95.

    Asked about is what is seen of one of them; in half of the files cells are blank.
    """
    n, p = round(spread(rng, 200, ROWS[1])), rng.uniform(0.05, 0.95, size=14)
    table = patients(rng, n, p)
    if rng.random() < 0.5:
        table = table.mask(rng.random(n)[:, None] < rng.uniform(0, 0.5, size=7)).astype("Int64")
        table = table.dropna(how="all")
    one = table[["visit", "smoking", "dyspnoea"]].dropna().iloc[0]
    return Sheet(table, {"seen": ",".join(f"{name}={value}" for name, value in one.items())})


def patients(rng: np.random.Generator, n: int, p: np.ndarray) -> pd.DataFrame:
    """Return patients of the network of Lauritzen and Spiegelhalter; p has the rows of its tables.

    In the order of the findings, each row for a parent that is not there first.
    """
    found: dict[str, np.ndarray] = {}

    def add(name: str, chance: np.ndarray) -> None:
        found[name] = (rng.random(n) < chance).astype(int)

    add("visit", np.full(n, p[0]))
    add("smoking", np.full(n, p[1]))
    add("tuberculosis", p[2 + found["visit"]])
    add("cancer", p[4 + found["smoking"]])
    add("bronchitis", p[6 + found["smoking"]])
    either = found["tuberculosis"] | found["cancer"]
    add("xray", p[8 + either])
    add("dyspnoea", p[10 + 2 * either + found["bronchitis"]])
    return pd.DataFrame(found)


@fault(PREDICTIVE[False])
def another_arrow(rng: np.random.Generator) -> Sheet:
    """Smoking makes tuberculosis more probable, too: .1 instead of .4, an arrow that is missing."""
    p = np.array([0.3, 0.5, 0.1, 0.2, 0.1, 0.3, 0.3, 0.6, 0.05, 0.9, 0.1, 0.8, 0.7, 0.9])
    table = patients(rng, size(rng), p)
    smokers = table["smoking"] == 1
    again = patients(rng, len(table), np.where(np.arange(14) // 2 == 1, 0.4, p))
    return Sheet(again.where(smokers, table).assign(smoking=table["smoking"]), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """A row a patient; one X-ray in four was not made."""
    p = {"visit": 0.01, "smoking": 0.5, "tuberculosis": 0.01, "cancer": 0.05, "bronchitis": 0.4}
    table = pd.DataFrame({name: (rng.random(n) < one).astype(int) for name, one in p.items()})
    either = table["tuberculosis"] | table["cancer"]
    xray = (rng.random(n) < np.where(either, 0.9, 0.05)).astype(float)
    short = rng.random(n) < np.where(either | table["bronchitis"], 0.8, 0.1)
    blank = np.where(rng.random(n) < 0.25, np.nan, xray)
    return table.assign(xray=blank, dyspnoea=short.astype(int))


OWN = Own(
    (OWN_DATA / "clinic.csv").read_text(encoding="utf-8"),
    {
        "reading": Reading(event="pos", columns=(("dyspnoea", "breathless"),)),
        "seen": "dyspnoea=yes,smoking=yes",
        "disease": "cancer",
    },
    "",
)
