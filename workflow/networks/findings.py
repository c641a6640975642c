"""New patients: the probability of each disease by what was seen of them, and what to do."""

from dataclasses import replace

import numpy as np
import pandas as pd

from workflow.networks.asked import Asked, cheapest
from workflow.predicting.draws import ends


def predict(asked: Asked, table: np.ndarray, findings: pd.DataFrame) -> pd.DataFrame:
    """Return for each patient P(disease) with its central 95% and error, and what to do.

    Parameters
    ----------
    asked
        The network, the disease that is decided on, and the costs.
    table
        Draws of the tables; dims draw, row.
    findings
        0, 1, or NaN for what was not seen; a column for each finding of the network.

    The columns are, for each disease, its name (the probability, the tables integrated out), and
    the same with _lower, _upper and _mcse; then decision and expected_cost. Patients of whom the
    same was seen are computed once. A disease that was seen to be there, or not, is 1 or 0.
    """
    p = asked.network.probabilities(table)
    different = findings.drop_duplicates()
    rows = [_one(asked, p, row.dropna().astype(int)) for _, row in different.iterrows()]
    if not rows:
        return pd.DataFrame(index=findings.index)
    found = pd.DataFrame(rows, pd.MultiIndex.from_frame(different.fillna(-1)))
    every = found.loc[pd.MultiIndex.from_frame(findings.fillna(-1))]
    return every.set_axis(findings.index)


def _one(asked: Asked, p: np.ndarray, row: pd.Series) -> dict[str, float | str]:
    """Return the columns of `predict` for one patient; `p` is P(state) by draw."""
    this = replace(asked, seen=row.to_dict())
    among = p * asked.network.agree(this.seen)
    given = among.sum(axis=1)
    found: dict[str, float | str] = {}
    for name in asked.diseases:
        having = (among * asked.network.has(name)).sum(axis=1)
        value = having.mean() / given.mean()
        lower, upper = ends((having / given)[None])[0]
        error = (having - value * given).std() / given.mean() / np.sqrt(len(given))
        found |= {name: value, f"{name}_lower": lower, f"{name}_upper": upper}
        found[f"{name}_mcse"] = error
    if asked.disease in this.seen:
        return found | {"decision": "it is known", "expected_cost": np.nan}
    costs = this.expected_costs(p.mean(axis=0))
    best = cheapest(costs)[0]
    return found | {"decision": best, "expected_cost": costs[best]}
