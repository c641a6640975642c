"""Are words independent within a class? How many a message has, and which come together.

If they are, the number of words of a message is Poisson-binomial given the rates. Where its spread
is larger, words come together, and a classifier that multiplies their rates is too sure.
"""

from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.special import xlogy

from workflow.checking.checks import Statistic, StatisticCheck, posterior_check
from workflow.words.naive_bayes import LABELS, HeldOut

DRAWS = 1000  # posterior draws, evenly spaced, that numbers of words are predicted from


@dataclass(frozen=True)
class Pair:
    """Two words in the held-out messages of a class: together, and expected if independent."""

    label: str
    words: tuple[str, str]
    together: int
    expected: float


def count_statistics() -> dict[str, Statistic]:
    """Return test statistics of word counts: mean and largest rate, words never seen, by class.

    For an outcome with the dims word, label, and the constant `messages` (label).
    """
    kinds = {
        "mean rate of the words": lambda y, n: (y / n).mean("word"),
        "largest rate of a word": lambda y, n: (y / n).max("word"),
        "words never seen": lambda y, n: (y == 0).sum("word"),
    }

    def in_class(kind: str, label: str) -> Statistic:
        return lambda y, given: kinds[kind](y.sel(label=label), given["messages"].sel(label=label))

    return {f"{kind}, {label}": in_class(kind, label) for label in LABELS for kind in kinds}


def numbers_check(rate: xr.DataArray, messages: HeldOut, *, seed: int) -> list[StatisticCheck]:
    """Compare mean and sd of the number of words of held-out messages with the prediction.

    `rate` has the dims chain, draw, word, label. A class with fewer than two messages has no row.
    """
    draws = rate.stack(sample=("chain", "draw")).transpose("sample", "label", "word").to_numpy()
    every = np.linspace(0, len(draws) - 1, min(DRAWS, len(draws))).round().astype(int)
    seen = _numbers(messages)
    kept = [i for i in range(len(LABELS)) if seen[i].sum() > 1]
    predicted = np.random.default_rng(seed).multinomial(
        seen.sum(axis=1), poisson_binomial(draws[every])
    )
    dims = ("label", "number")
    tree = xr.DataTree.from_dict(
        {
            "observed_data": xr.Dataset({"messages": (dims, seen)}),
            "posterior_predictive": xr.Dataset(
                {"messages": (("chain", "draw", *dims), predicted[None])}
            ),
        }
    )
    statistics: dict[str, Statistic] = {}
    for i in kept:
        statistics[f"words in a {LABELS[i]} message, mean"] = _mean_in(i)
        statistics[f"words in a {LABELS[i]} message, sd"] = _sd_in(i)
    return posterior_check(tree, "messages", statistics)


def poisson_binomial(rate: np.ndarray) -> np.ndarray:
    """Return the probabilities of 0, 1, ... of the events on the last axis, which are independent.

    Shape (..., events) in, (..., events + 1) out.
    """
    found = np.ones((*rate.shape[:-1], 1))
    for p in np.moveaxis(rate, -1, 0)[..., None]:
        none = np.zeros((*found.shape[:-1], 1))
        found = np.concatenate([found * (1 - p), none], -1) + np.concatenate([none, found * p], -1)
    return found / found.sum(axis=-1, keepdims=True)


def together(messages: HeldOut, words: list[str], most: int) -> list[Pair]:
    """Return the pairs of words whose dependence within a class is clearest (G statistic)."""
    found: list[tuple[float, Pair]] = []
    for label, y in zip(LABELS, (1, 0), strict=True):
        rows = messages.y == y
        there, counts = messages.present[rows].astype(float), messages.weights[rows]
        n = counts.sum()
        if n == 0:
            continue
        both = (there.T * counts) @ there
        one = np.diag(both)
        expected = np.outer(one, one) / n
        clear = _g(both, one[:, None], one[None, :], n)
        for i, j in zip(*np.triu_indices(len(words), 1), strict=True):
            pair = Pair(label, (words[i], words[j]), int(both[i, j]), float(expected[i, j]))
            found.append((float(clear[i, j]), pair))
    found.sort(key=lambda item: -item[0])
    return [pair for _, pair in found[:most]]


def evidence(having: np.ndarray, messages: np.ndarray) -> np.ndarray:
    """Return how clearly each word's rates differ between two classes (G statistic).

    `having` (word, label) of so many `messages` (label).
    """
    return _g(having[:, 0], having.sum(axis=1), messages[0], messages.sum())


def _g(both: np.ndarray, one: np.ndarray, other: np.ndarray, n: float) -> np.ndarray:
    """Return the log-likelihood ratio statistic of every 2 x 2 table against independence."""
    cells = (
        (both, one, other),
        (one - both, one, n - other),
        (other - both, n - one, other),
        (n - one - other + both, n - one, n - other),
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = [
            np.where(seen > 0, xlogy(seen, seen * n / (row * column)), 0)
            for seen, row, column in cells
        ]
    return 2 * np.sum(terms, axis=0)


def _numbers(messages: HeldOut) -> np.ndarray:
    """Return how many messages have 0, 1, ... words; dims label, number."""
    n = messages.present.sum(axis=1)
    size = messages.present.shape[1] + 1
    return np.array(
        [
            np.bincount(n[messages.y == y], messages.weights[messages.y == y], size).astype(int)
            for y in (1, 0)
        ]
    )


def _mean_in(label: int) -> Statistic:
    def mean(messages: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
        return _moments(messages.isel(label=label))[0]

    return mean


def _sd_in(label: int) -> Statistic:
    def sd(messages: xr.DataArray, given: xr.Dataset) -> xr.DataArray:
        return _moments(messages.isel(label=label))[1]

    return sd


def _moments(messages: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return mean and sd of the number of words."""
    number = xr.DataArray(np.arange(messages.sizes["number"]), dims="number")
    n = messages.sum("number")
    mean = (messages * number).sum("number") / n
    variance = (messages * (number - mean) ** 2).sum("number") / (n - 1)
    return mean, variance**0.5
