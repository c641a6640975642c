"""How far searches are from the best one, where that is known: `python -m tests.regret [NAME...]`.

Every policy of `workflow/functions/searching.py` searches all 1,030 mixes of concrete, and two
functions whose least value is published, of which as many settings could be tried: `SEEDS` times
each, from other five settings that are the same for all policies; it sees the result of a setting
once it has tried it. Written are the regrets (how far the best so far is from the best), with the
command and the versions, to `data/next_experiment_regret.json`, which the page of the shipped mixes
shows; of some names, these alone are made again. With one process all take about twenty minutes.
"""

import json
import sys

import numpy as np
import pandas as pd
from scipy.stats import qmc

from data.next_experiment import PATH, POOL, REGRET
from reports.publishing.provenance import versions
from workflow.functions.searching import FIRST, POLICIES, Policy, search

SEEDS, TRIALS, SETTINGS = 30, 25, 1024
COMMAND = "OPENBLAS_NUM_THREADS=1 python -m tests.regret"
BRANIN, HARTMANN = 0.397887, -3.32237  # their least values, as published
LEAST_BRANIN = np.array([[-np.pi, 12.275], [np.pi, 2.275], [9.42478, 2.475]])
LEAST_HARTMANN = np.array([[0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573]])
HEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
STEEP = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
CENTRES = np.array(
    [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ]
)


def branin(x: np.ndarray) -> np.ndarray:
    """Return Branin's function of two settings, least at three places."""
    one, two = x.T
    inner = two - 5.1 / (4 * np.pi**2) * one**2 + 5 / np.pi * one - 6
    return np.asarray(inner**2 + 10 * (1 - 1 / (8 * np.pi)) * np.cos(one) + 10)


def hartmann(x: np.ndarray) -> np.ndarray:
    """Return Hartmann's function of six settings between 0 and 1."""
    apart = (STEEP * (x[:, None] - CENTRES) ** 2).sum(axis=2)
    return np.asarray(-np.exp(-apart) @ HEIGHTS)


def mixes() -> tuple[np.ndarray, np.ndarray]:
    """Return the settings of all mixes, and their strengths."""
    whole = pd.concat([pd.read_csv(path) for path in (PATH, POOL)])
    return whole.iloc[:, :-1].to_numpy(dtype=float), whole.iloc[:, -1].to_numpy(dtype=float)


def settings(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Return settings, the best among them, and results of which more is better."""
    if name == "mixes":
        return mixes()
    of, least, low, high = {
        "Branin": (branin, LEAST_BRANIN, [-5, 0], [10, 15]),
        "Hartmann": (hartmann, LEAST_HARTMANN, [0] * 6, [1] * 6),
    }[name]
    spread = qmc.scale(qmc.Sobol(len(low), rng=SEEDS).random(SETTINGS), low, high)
    x = np.concatenate([spread, least])
    return x, -of(x)


def regrets(policy: Policy, seed: int, trials: int = TRIALS, name: str = "mixes") -> list[float]:
    """Return the regret after the first settings and after each trial that follows."""
    x, y = settings(name)
    best = search(policy, x, y, trials, seed=seed)
    return [round(float(y.max() - one), 4) for one in best[FIRST - 1 :]]


if __name__ == "__main__":
    made = json.loads(REGRET.read_text(encoding="utf-8"))
    for name in sys.argv[1:] or ("mixes", "Branin", "Hartmann"):
        made["regret"][name] = {
            kind: [regrets(policy, seed, name=name) for seed in range(SEEDS)]
            for kind, policy in POLICIES.items()
        }
        made |= {"command": COMMAND, "versions": versions(), "first": FIRST}
        REGRET.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
