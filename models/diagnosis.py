"""The network of Lauritzen and Spiegelhalter (1988): what leads to which disease, and to what."""

from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd
import pymc as pm

#: Each finding, and what its probability depends on; `either` is tuberculosis or cancer, or both.
PARENTS: dict[str, tuple[str, ...]] = {
    "visit": (),
    "smoking": (),
    "tuberculosis": ("visit",),
    "cancer": ("smoking",),
    "bronchitis": ("smoking",),
    "xray": ("either",),
    "dyspnoea": ("either", "bronchitis"),
}
DISEASES = ("tuberculosis", "cancer", "bronchitis")


def states() -> pd.DataFrame:
    """Return the 128 states a patient can be in: a column for each finding (0, 1), and `either`."""
    found = pd.DataFrame(list(product((0, 1), repeat=len(PARENTS))), columns=list(PARENTS))
    return found.assign(either=found["tuberculosis"] | found["cancer"])


def tables() -> pd.DataFrame:
    """Return which row of which table speaks of each state: dims state, finding."""
    known = states()
    given = {
        child: [
            " | ".join(filter(None, (child, ", ".join(f"{one}={state[one]}" for one in parents))))
            for state in known.to_dict("records")
        ]
        for child, parents in PARENTS.items()
    }
    return pd.DataFrame(given)


def asia(
    patients: pd.DataFrame,
    seen: Mapping[str, int] | None = None,
    *,
    alpha: float = 0.5,
    beta: float = 0.5,
) -> pm.Model:
    """Findings depend on diseases, and diseases on what came before, by tables of probabilities.

        visit        ~ Bernoulli(table[visit])
        smoking      ~ Bernoulli(table[smoking])
        tuberculosis ~ Bernoulli(table[tuberculosis, visit])
        cancer       ~ Bernoulli(table[cancer, smoking])
        bronchitis   ~ Bernoulli(table[bronchitis, smoking])
        either       = max(tuberculosis, cancer)
        xray         ~ Bernoulli(table[xray, either])
        dyspnoea     ~ Bernoulli(table[dyspnoea, either, bronchitis])
        table[row]   ~ Beta(alpha, beta)

        patients        ~ Multinomial(n, share * P)
        P[pattern]      = sum_{state in pattern} p[state]     blanks: summed over what may be there
        chance[disease] = sum_{state in seen} ill[disease, state] * p[state] / seen_at_all
        seen_at_all     = sum_{state in seen} p[state]

    p[state] is the product of the seven probabilities above for one of the 128 states of a patient.
    A cell that is blank was not looked at, for reasons that have nothing to do with what would have
    been found, beyond what was; which cells are blank (share) is no news.

    Parameters
    ----------
    patients
        A row for every pattern of findings that can be seen: the findings (0, 1, or NaN where
        nobody looked) and `patients` (count, perhaps 0). All patterns with the same blanks are
        there. Dims: pattern.
    seen
        What was seen of the patient who is asked about, by finding; `chance` has the diseases
        that are not among it.
    alpha, beta
        Prior pseudo-counts of yes and no in every row of every table, above 0: so many patients
        does the prior weigh there. The default is Jeffreys's: it leaves open what is rare, as
        diseases are, and what is nearly certain, as many findings are in an illness, and a row
        of which the file has ten patients is decided by these.

    Source: Lauritzen and Spiegelhalter (1988), Local computations with probabilities on graphical
    structures and their application to expert systems, JRSS B 50.
    """
    seen, known, used = dict(seen or {}), states(), tables()
    rows = list(dict.fromkeys(used.to_numpy().T.ravel()))
    open_ = [one for one in DISEASES if one not in seen]
    coords = {"row": rows, "disease": open_, "pattern": list(map(str, patients.index))}
    at = pd.Index(rows).get_indexer(used.to_numpy().ravel()).reshape(used.shape)
    with pm.Model(coords=coords | {"state": range(len(known))}) as model:
        pm.Data("alpha", float(alpha))
        pm.Data("beta", float(beta))
        table = pm.Beta("table", model["alpha"], model["beta"], dims="row")
        yes = known[list(PARENTS)].to_numpy() == 1
        logs = pm.math.where(yes, pm.math.log(table)[at], pm.math.log1p(-table)[at])
        p = pm.math.exp(logs.sum(axis=1))  # of each state

        shown = pm.Data("seen", _agree(pd.DataFrame([seen]), known)[0], dims="state")
        ill = known[open_].to_numpy().T.astype(float)
        pm.Deterministic("chance", ill @ (shown * p) / (shown * p).sum(), dims="disease")

        counts = patients["patients"]
        blank = patients[list(PARENTS)].isna().apply(tuple, axis=1)
        share = (counts.groupby(blank).transform("sum") / counts.sum()).to_numpy()
        n = pm.Data("n", counts.sum())
        observed = pm.Data("patients_data", counts.to_numpy(), dims="pattern")
        within = _agree(patients[list(PARENTS)], known)
        each = pm.Data("within", share[:, None] * within, dims=("pattern", "state")) @ p
        pm.Multinomial("patients", n, each / each.sum(), observed=observed, dims="pattern")
    return model


def pseudo_counts(prior_mean: float, prior_strength: float) -> dict[str, float]:
    """Return the Beta prior of this mean that weighs so many patients a row of a table."""
    return {"alpha": prior_mean * prior_strength, "beta": (1 - prior_mean) * prior_strength}


def _agree(patterns: pd.DataFrame, known: pd.DataFrame) -> np.ndarray:
    """Say (1, 0) which states agree with each pattern of findings; dims: pattern, state."""
    wanted, there = patterns.to_numpy(dtype=float), known[list(patterns)].to_numpy()
    same = np.isnan(wanted)[:, None, :] | (wanted[:, None, :] == there)
    return np.asarray(same.all(axis=2), dtype=float)
