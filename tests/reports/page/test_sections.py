"""Blocks of every argument say what their numbers say."""

import pandas as pd

from reports.page import sections
from workflow.sensitivity.power import PowerScaling


def test_power_scaling_is_counted() -> None:
    table = pd.DataFrame(
        {"prior": [0.1, 0.1, 0.01], "likelihood": [0.2, 0.01, 0.2], "diagnosis": ["", "", ""]}
    )
    (said,) = sections.noticed(PowerScaling(table, ""))
    assert "in 2 of the 3 quantities of this table, and in 1 of them" in str(said)
    (quiet,) = sections.noticed(PowerScaling(table.assign(prior=0.0), ""))
    assert str(quiet).endswith("in 0 of the 3 quantities of this table.")
    assert sections.noticed(PowerScaling(None, "flat")) == []
