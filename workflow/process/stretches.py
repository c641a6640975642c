"""The pieces in stretches of their order: is the process now what it was?"""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workflow.checking import exact
from workflow.process.capability import Capability
from workflow.process.conjugate import Known, Summary, summary_of
from workflow.process.limits import Limits

MOST, FEWEST = 5, 5  # stretches, and pieces in each


@dataclass(frozen=True)
class Stretch:
    """Some pieces in a row: their places, mean and sd, and what they alone say, exactly."""

    label: str
    seen: Summary
    cpk: exact.Known
    outside: float


def stretches(values: ArrayLike, limits: Limits, prior: Known) -> list[Stretch]:
    """Return up to five stretches of about equal length, of five pieces at least; none of fewer."""
    x = np.asarray(values, dtype=float)
    many = min(MOST, len(x) // FEWEST)
    ends = np.linspace(0, len(x), many + 1).round().astype(int) if many > 1 else np.array([0])
    found = []
    for start, end in itertools.pairwise(ends):
        seen = summary_of(x[start:end])
        known = prior.after(seen)
        cpk = Capability(limits, known).known_cpk()
        label = f"{start + 1:,} to {end:,}"
        found.append(Stretch(label, seen, cpk, limits.next_outside(known)))
    return found
