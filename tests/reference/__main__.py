"""Freeze a case's reference: `python -m tests.reference CASE` writes tests/reference/CASE.json.

`tests/reference/<case>.py` computes it without PyMC: its docstring names the method, `compute()`
returns mean, sd and their Monte Carlo errors (0 where exact) for quantities of the shipped data
under the analysis' default prior, named as in the tree.
"""

import importlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
FIELDS = ("mean", "sd", "mcse_mean", "mcse_sd")


def reference(case: str) -> dict[str, object]:
    """Compute the reference of a case, as it is frozen."""
    module = importlib.import_module(f"tests.reference.{case}")
    found = {
        name: dict(zip(FIELDS, map(float, numbers), strict=True))
        for name, numbers in module.compute().items()
    }
    method = " ".join((module.__doc__ or "").split())
    command = f"python -m tests.reference {case}"
    return {"method": method, "command": command, "quantities": found}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        text = json.dumps(reference(name), indent=1, ensure_ascii=False) + "\n"
        (HERE / f"{name}.json").write_text(text, encoding="utf-8")
