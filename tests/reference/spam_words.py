"""Exact: each rate is Beta(alpha + with, beta + without), all independent, so that log rates and
log(1 - rates) have digamma means and trigamma variances, and sums of them add these up."""

import re

import numpy as np
from scipy.special import digamma, polygamma

from data.spam_words import load

ALPHA, BETA = 0.5, 5.5
MESSAGE = "Urgent! My client died and he left his money to your name: reply or call"


def compute() -> dict[str, tuple[float, ...]]:
    """Return rates, log ratios and the message's log-odds: mean, sd, and no Monte Carlo error."""
    words = load()
    found: dict[str, tuple[float, ...]] = {}
    said = set(re.findall("[a-z]+", MESSAGE.lower()))
    total = {label: int(words[f"{label}_total"][0]) for label in ("spam", "ham")}
    mean, variance = np.log(total["spam"] / total["ham"]), 0.0
    for _, row in words.iterrows():
        word, shape = row["word"], {}
        for label in total:
            a, b = ALPHA + row[f"{label}_with"], BETA + total[label] - row[f"{label}_with"]
            shape[label] = a, b
            rate, n = a / (a + b), a + b
            found[f"rate[{word}, {label}]"] = (rate, np.sqrt(rate * (1 - rate) / (n + 1)), 0, 0)
        log_ratio = _log_ratio(shape["spam"], shape["ham"])
        found[f"log_rate_ratio[{word}]"] = (log_ratio[0], np.sqrt(log_ratio[1]), 0, 0)
        # Of a word that the message lacks, the rates of its absence: the shapes exchanged.
        evidence = log_ratio if word in said else _log_ratio(*(s[::-1] for s in shape.values()))
        mean, variance = mean + evidence[0], variance + evidence[1]
    return found | {"log_odds": (mean, np.sqrt(variance), 0, 0)}


def _log_ratio(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return mean and variance of log(X / Y) for independent Beta variables X and Y."""
    mean = variance = 0.0
    for sign, (a, b) in ((1, one), (-1, other)):
        mean += sign * (digamma(a) - digamma(a + b))
        variance += polygamma(1, a) - polygamma(1, a + b)
    return float(mean), float(variance)
