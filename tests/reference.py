"""Freeze a case's reference: `python -m tests.reference CASE` writes it to tests/cases/CASE.json.

`reference()` of `tests/cases/<case>.py` computes it without PyMC: its docstring names the method,
and it returns mean, sd and their Monte Carlo errors (0 where exact) for the quantities of the
shipped data under the analysis' default prior, named as in the tree.
"""

import sys
from typing import Any

from tests.contract import declared, freeze

FIELDS = ("mean", "sd", "mcse_mean", "mcse_sd")


def reference(case: str) -> dict[str, Any]:
    """Compute the reference of a case, as it is frozen."""
    compute = declared(case).reference
    found = {
        name: dict(zip(FIELDS, map(float, numbers), strict=True))
        for name, numbers in compute().items()
    }
    method = " ".join((compute.__doc__ or "").split())
    command = f"python -m tests.reference {case}"
    return {"method": method, "command": command, "quantities": found}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        freeze(name, "reference", reference(name))
