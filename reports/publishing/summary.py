"""The results for tools, as JSON: the same numbers as on the page, with more digits."""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

from reports.blocks.text import visible
from reports.publishing.provenance import Provenance
from workflow.checking.checks import StatisticCheck
from workflow.checking.diagnostics import Diagnosis, Status
from workflow.quantities import Quantity, Scalar
from workflow.sensitivity.sensitivity import Sweep
from workflow.variational.compare import Comparison


@dataclasses.dataclass(frozen=True)
class Results:
    """What an analysis found; `decision` is None where the diagnosis failed.

    A quick look has no `advi`, and a `sensitivity` without points. `top` has what a case tells
    under keys of its own.
    """

    diagnosis: Diagnosis
    decision: str | None
    quantities: Mapping[str, Quantity]
    scalars: Mapping[str, Scalar]
    advi: Sequence[Comparison]
    sensitivity: Sweep
    top: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def summary(
    case: str,
    title: str,
    question: str,
    answer: str,
    status: Status,
    warnings: Sequence[str],
    results: Results,
    shown: Mapping[str, Any] | None,
    subject: str,
    predictive: Mapping[str, Sequence[StatisticCheck]],
    provenance: Provenance | None = None,
) -> dict[str, Any]:
    """Return the summary as what JSON has. Numbers that are not finite become null.

    `shown` is the interval that the index draws, `subject` what the case is grouped under there.
    """
    found = {
        "case": case,
        "title": title,
        "question": question,
        "answer": answer,
        "status": status,
        "decision": results.decision,
        "subject": subject,
        "shown": shown,
        "warnings": list(warnings),
        "quantities": results.quantities,
        "scalars": results.scalars,
        "diagnostics": results.diagnosis.checks,
        "predictive": predictive,
        "advi": {one.method: dataclasses.asdict(one) for one in results.advi},
        "sensitivity": {
            "knobs": results.sensitivity.knobs,
            "points": results.sensitivity.points,
            "failed": len(results.sensitivity.failed),
            "not_judged": len(results.sensitivity.not_judged),
            "reweighted": len(results.sensitivity.reweighted),
            "k_hat": results.sensitivity.k_hat,
            "decision_flips": bool(results.sensitivity.flips),
        },
        **results.top,
        "provenance": provenance,
    }
    return {key: plain(value) for key, value in found.items()}


def plain(value: Any) -> Any:
    """Turn dataclasses, enums and numbers that JSON does not have into what it has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {visible(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, str) and not isinstance(value, Enum):
        return visible(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
