"""What regressions share of what people bring: columns of all kinds, and files of numbers."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pymc as pm
from hypothesis import strategies as st

from data._regression import Regression
from tests.brought._brought import ROWS, Like, size, spread
from tests.faults.names import HOSTILE, regression_file

TERMS = 40
KINDS = ("normal", "skewed", "yes or no", "near another")
LIKE = {
    "": Like(
        [["x", "y"], ["x", "a b", "y"], ["x", "z", "C", "y"]],
        ["x", "y", "C", "self", "index", "0", "__class__", "a b", "Intercept"],
    )
}


def terms(rng: np.random.Generator, n: int, k: int) -> pd.DataFrame:
    """Return k columns of all kinds, none of which is constant."""
    columns: dict[str, np.ndarray] = {}
    while len(columns) < k:
        one = rng.normal(size=n)
        match rng.choice(KINDS):
            case "skewed":
                one = np.exp(one)
            case "yes or no":
                one = (one > rng.uniform(-1, 1)).astype(float)
            case "near another" if columns:
                one = list(columns.values())[-1] + rng.uniform(0.2, 1) * one
        if 1 < one.sum() < n - 1 or len(set(one)) > 2:
            columns[f"x{len(columns) + 1}"] = one
    return pd.DataFrame(columns).round(4)


def predicted(rng: np.random.Generator, x: pd.DataFrame, r2: float) -> np.ndarray:
    """Return a weighted sum of terms whose variance is r2 / (1 - r2)."""
    z = (x - x.mean()) / x.std()
    mu = (z @ rng.normal(size=z.shape[1])).to_numpy()
    return mu / mu.std() * np.sqrt(r2 / (1 - r2))


def shape(rng: np.random.Generator) -> tuple[int, int]:
    """Return rows and terms: at least five rows for each term."""
    n = round(spread(rng, *ROWS))
    return n, round(spread(rng, 1, min(TERMS, n / 5)))


def smooth(rng: np.random.Generator) -> tuple[pd.DataFrame, np.ndarray]:
    """Return two terms, and a weighted sum of them."""
    x = pd.DataFrame(rng.uniform(-2, 2, size=(size(rng), 2)), columns=["x1", "x2"])
    return x, (x @ [1.0, -0.5]).to_numpy()


def many_rows(rng: np.random.Generator, rows: int, *, event: bool = False) -> pd.DataFrame:
    """Three terms and an outcome: a number with heavy tails, or 0 and 1."""
    x = rng.normal(size=(rows, 3))
    line = x @ [1.0, -0.5, 0.02]
    y = (line > rng.logistic(size=rows)).astype(int) if event else line + rng.standard_t(5, rows)
    return pd.DataFrame(x, columns=["a", "b", "c"]).assign(y=y).round(5)


@st.composite
def numbers(draw: st.DrawFn, kind: str = "real") -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    size = 10.0 ** draw(st.integers(-99, 99))
    near = draw(st.floats(-1, 1)) * 10.0 ** draw(st.integers(-99, 99))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = near + size * rng.normal(size=(draw(st.integers(3, 12)), 3))
    outcome = {
        "real": x[:, 2],
        "two values": rng.integers(0, 2, size=len(x)),
        "ratings": np.arange(len(x)) % 3,
    }[kind]
    rows = [
        f"{a!r},{b!r},{y!r}" for a, b, y in zip(*x.T[:2].tolist(), outcome.tolist(), strict=True)
    ]
    return "\n".join(["a,b,y", *rows]).encode()


def built(build: Callable[..., pm.Model], found: Regression) -> pm.Model:
    """Return the model of what was read."""
    return build(found.terms, found.outcome)


def odd(outcome: Callable[[int], object]) -> str:
    """Return a file whose columns have odd names, one of them text."""
    return regression_file([*(HOSTILE[i] for i in (1, 12, 15, 16, 4))], outcome)
