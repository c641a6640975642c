"""How far searches of the mixes of concrete are from the best one: `python -m tests.regret`.

Every policy of `workflow/functions/searching.py` searches all 1,030 mixes, `SEEDS` times, each time
from other five mixes that are the same for all policies; it sees the strength of a mix once it has
tried it. Written are the regrets (the greatest strength less the best so far), with the command and
the versions, to `data/next_experiment_regret.json`, which the page of the shipped mixes shows. With
one process it takes about six minutes.
"""

import json

import numpy as np
import pandas as pd

from data.next_experiment import PATH, POOL, REGRET
from reports.publishing.provenance import versions
from workflow.functions.searching import FIRST, POLICIES, Policy, search

SEEDS, TRIALS = 30, 25
COMMAND = "OPENBLAS_NUM_THREADS=1 python -m tests.regret"


def mixes() -> tuple[np.ndarray, np.ndarray]:
    """Return the settings of all mixes, and their strengths."""
    whole = pd.concat([pd.read_csv(path) for path in (PATH, POOL)])
    return whole.iloc[:, :-1].to_numpy(dtype=float), whole.iloc[:, -1].to_numpy(dtype=float)


def regrets(policy: Policy, seed: int, trials: int = TRIALS) -> list[float]:
    """Return the regret after the first mixes and after each trial that follows."""
    x, y = mixes()
    best = search(policy, x, y, trials, seed=seed)
    return [round(float(y.max() - one), 4) for one in best[FIRST - 1 :]]


if __name__ == "__main__":
    found = {name: [regrets(one, seed) for seed in range(SEEDS)] for name, one in POLICIES.items()}
    made = {"command": COMMAND, "versions": versions(), "first": FIRST, "regret": found}
    REGRET.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
