"""What a saved network says of new patients: P(disease) by what was seen, and what to do."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from analyses._designs import DesignError
from analyses._predicted import Predictions
from data._how import Reading
from data._new_findings import read_findings
from models.diagnosis import DISEASES, PARENTS, states, tables
from workflow.networks.asked import Asked, Costs
from workflow.networks.findings import predict
from workflow.networks.network import Network
from workflow.predicting.draws import flat


def of_findings(
    posterior: xr.Dataset, design: Mapping[str, Any], path: Path, reading: Reading
) -> Predictions:
    """Predict the diseases of each patient of a file, and decide by the costs of the page."""
    network = Network.of(states(), tables())
    if list(network.rows) != design["rows"]:
        raise DesignError("its tables are those of another network; run the case again")
    new = read_findings(path, list(PARENTS), reading)
    asked = Asked(network, {}, design["disease"], DISEASES, Costs(**design["costs"]))
    good = new.loc[new["note"] == "", list(PARENTS)].astype(float)
    found = predict(asked, flat(posterior, "table"), good)
    own = new.set_axis([f"{one} (data)" if one in found else one for one in new], axis=1)
    note = own.pop("note")
    whole = pd.concat([own, found.reindex(new.index)], axis=1)
    if len(good):
        whole["decision"] = whole["decision"].fillna("")
    whole.insert(0, "line", new.index)
    costs = asked.costs
    said = (
        f" The decision is on {asked.disease}, by the costs {costs.miss:g} (not treated) and "
        f"{costs.false_alarm:g} (treated without need)."
    )
    if len(good):
        most = np.max([found[f"{one}_mcse"].max() for one in DISEASES])
        said += f" The Monte Carlo errors of the probabilities are at most {most:.2g}."
    reasons = [one for one in note if one]
    return Predictions(whole.assign(note=note), "patients", len(good), 0, reasons, said)
