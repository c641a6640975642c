"""Files that people bring to mendel shares."""

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import mendel_shares
from tests.brought._brought import ALIKE, ROWS, Like, Own, Reader, Sheet, csv, fault, size, spread
from tests.contract import model_of
from tests.faults.names import HOSTILE

shares = model_of("mendel_shares")

READERS = {"": Reader(mendel_shares.load, shares)}

LIKE = {
    "": Like(
        [["kind", "count"], ["kind"], ["kind", "plant"]],
        ["kind", "count", "n", "number", "plant"],
        first=["A", "B", "C", "D"],
    )
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    many = [draw(st.integers(0, 10**8)) for _ in range(draw(st.integers(2, 8)))]
    return "\n".join(["kind,count", *(f"kind {i},{n}" for i, n in enumerate(many))]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Counts, or rows, of two to eight kinds that have the expected shares, or others near them."""
    kinds = [f"kind {chr(97 + i)}" for i in range(int(rng.integers(2, 9)))]
    parts = rng.integers(1, 10, size=len(kinds))
    near = parts * np.exp(rng.choice([0, 0.2]) * rng.normal(size=len(kinds)))
    share = near / near.sum()
    expected = ",".join(f"{kind}={part}" for kind, part in zip(kinds, parts, strict=True))
    if rng.random() < 0.5:
        n = round(spread(rng, *ROWS))
        rows = {"kind": rng.choice(kinds, size=n, p=share), "site": rng.integers(12, size=n)}
        return Sheet(pd.DataFrame(rows), {"expected": expected, "ordered": True})
    counts = rng.multinomial(round(spread(rng, 20, 1e6)), share)
    return Sheet(pd.DataFrame({"kind": kinds, "count": counts}), {"expected": expected})


@fault("Warn of counts that are nearer")
def mended(rng: np.random.Generator) -> Sheet:
    """Counts are the expected ones, rounded."""
    n, parts = size(rng), np.array([9, 3, 3, 1])
    table = {"kind": list("abcd"), "count": np.round(n * parts / parts.sum()).astype(int)}
    return Sheet(pd.DataFrame(table), {"expected": "9:3:3:1"})


@fault(ALIKE)
def pods(rng: np.random.Generator) -> Sheet:
    """Rows of a pod have shares of their own: Dirichlet, with 2 for each of three kinds."""
    pods = size(rng) // 10
    share = rng.dirichlet([2.0, 2.0, 2.0], size=pods)
    kind = np.concatenate([rng.choice(list("abc"), size=10, p=one) for one in share])
    return Sheet(pd.DataFrame({"kind": kind, "pod_id": np.repeat(np.arange(pods), 10)}), {})


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """One row for each observation of a kind."""
    return pd.DataFrame({"kind": rng.choice(["a", "b", "c", "d"], n, p=[0.5, 0.2, 0.2, 0.1])})


def odd_kinds() -> str:
    """Ninety rows in their order, of five kinds with names that are odd, and nine a day."""
    names = [one for one in HOSTILE if one.isprintable() and len(one) <= 200][:5]
    drawn = np.random.default_rng(9).integers(len(names), size=90)
    cells = [names[k].replace('"', '""') for k in drawn]
    return csv("kind,day", [[f'"{cell}"', i // 9] for i, cell in enumerate(cells)])


OWN = Own(odd_kinds(), {"ordered": True}, "")
