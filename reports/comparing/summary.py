"""A comparison for tools, as JSON: the numbers of each model."""

from typing import Any

from reports.comparing import words
from workflow.comparing import models


def summary(found: models.SideBySide) -> dict[str, Any]:
    """Return the rows that were compared, and what is said of each model."""
    return {"models": [_of(found, model) for model in found.models], "rows": found.rows}


def _of(found: models.SideBySide, model: models.Model) -> dict[str, Any]:
    gap = found.gaps.get(model.name)
    return {
        "name": model.name,
        "elpd": model.elpd.total if model.known else None,
        "mcse": model.elpd.mcse if model.known else None,
        "method": model.elpd.method,
        "jacobian": model.added,
        "difference": gap.value if gap else None,
        "se": gap.se if gap else None,
        "verdict": words.verdict(found, model),
        "weight": found.weights.get(model.name),
        "worst_k": float(model.k.max()),
        "rows_above": len(model.above),
        "decision": model.fit.decision,
    }
