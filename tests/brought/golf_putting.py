"""Files that people bring to golf putting."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st
from scipy.special import erf
from scipy.stats import norm

from data import golf_putting
from data._how import Reading
from tests.brought._brought import ALIKE, Like, Own, Reader, Sheet, csv, fault, size, spread
from tests.contract import model_of
from tests.gates.watched import PREDICTIVE

READERS = {"": Reader(golf_putting.load, model_of("golf_putting"))}

LIKE = {
    "": Like(
        [["distance_ft", "tries", "successes"], ["distance_m", "successes"]],
        ["distance_ft", "distance_m", "tries", "successes", "made"],
    )
}


def chance(feet: np.ndarray, angle: float | np.ndarray) -> np.ndarray:
    """Return the chance of a putt whose direction is off by so many degrees, as an sd."""
    found: np.ndarray = erf(np.degrees(np.arcsin(2.57 / 24 / feet)) / angle / np.sqrt(2))
    return found


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    feet = draw(st.lists(st.floats(0.2, 1000), min_size=4, max_size=9))
    rows = []
    for x in feet:
        tries = draw(st.integers(1, 10**9))
        rows.append(f"{x!r},{tries},{draw(st.integers(0, tries))}")
    return "\n".join(["distance_ft,tries,successes", *rows]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Putts by the geometry, of any angle, from five distances to thirty; or a row a putt."""
    distance = np.unique(np.round(np.geomspace(1, spread(rng, 8, 60), rng.integers(5, 30)), 1))
    angle = 2 * rng.gamma(2, 1 / 2)
    if rng.random() < 0.3:
        feet = np.repeat(distance, 40)
        made = rng.binomial(1, chance(feet, angle))
        player = rng.integers(6, size=len(feet))
        table = pd.DataFrame({"player": player, "distance_ft": feet, "successes": made})
        alike = made.min() == made.max()
    else:
        tries = np.round(10 ** rng.uniform(1, 3, size=len(distance))).astype(int)
        made = rng.binomial(tries, chance(distance, angle))
        table = pd.DataFrame({"distance_ft": distance, "tries": tries, "successes": made})
        alike = made.sum() in {0, tries.sum()}
    return sound(rng) if alike else Sheet(table, {})  # all made, or none, is refused


@fault(PREDICTIVE[False])
def too_long(rng: np.random.Generator) -> Sheet:
    """The length of a putt is off by a tenth, and not only its direction."""
    feet, tries = np.arange(2.0, 21.0), 10 * size(rng)
    sd = 0.1 * (feet + 1)
    length = norm.cdf(2 / sd) - norm.cdf(-1 / sd)
    made = rng.binomial(tries, chance(feet, 1.3) * length)
    return Sheet(pd.DataFrame({"distance_ft": feet, "tries": tries, "successes": made}), {})


@fault(ALIKE)
def players(rng: np.random.Generator) -> Sheet:
    """Each player has an angle of his own, between .7 and 4 degrees."""
    feet, angle = np.tile(np.arange(2.0, 21.0), 12), np.repeat(np.geomspace(0.7, 4, 12), 19)
    table = {"player": np.repeat(np.arange(12), 19), "distance_ft": feet, "tries": 40}
    return Sheet(pd.DataFrame({**table, "successes": rng.binomial(40, chance(feet, angle))}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each putt, from 2 to 60 feet."""
    feet = rng.integers(2, 61, size=n)
    made = rng.random(n) < chance(feet, 1.5)
    return pd.DataFrame({"player": feet % 7, "distance_ft": feet, "successes": made.astype(int)})


OWN = Own(
    csv(
        "Loch,<b>m</b>,rein",
        [[i % 18, 1 + i % 9, "ja" if i % (1 + i % 9) == 0 else "-"] for i in range(180)],
    ),
    {"reading": Reading(event="ja", columns=(("distance_m", "<b>m</b>"), ("successes", "rein")))},
    "",
)
