"""A wave that is sampled too rarely looks like a slower one."""

import numpy as np

from workflow.play.randoms import State

SECONDS, FASTEST = 2.0, 12.0
TIMES = np.linspace(0, SECONDS, 601)
FREQUENCIES = np.linspace(0, FASTEST, 241)


def apparent(frequency: float | np.ndarray, rate: float) -> float | np.ndarray:
    """Return the lowest frequency whose wave goes through the samples: at most half the rate."""
    return np.abs(frequency - rate * np.round(frequency / rate))


def state(*, frequency: float, rate: float) -> State:
    """Return a wave of so many hertz, sampled at so many, and the slowest through its samples."""
    seen = float(apparent(frequency, rate))
    sampled = np.arange(int(SECONDS * rate) + 1) / rate
    values = np.cos(2 * np.pi * frequency * sampled)
    return {
        "time": TIMES,
        "wave": np.cos(2 * np.pi * frequency * TIMES),
        "alias": np.cos(2 * np.pi * seen * TIMES),
        "sampled": sampled,
        "samples": values,
        "frequencies": FREQUENCIES,
        "apparent_along": np.asarray(apparent(FREQUENCIES, rate)),
        "frequency": frequency,
        "apparent": seen,
        "half": rate / 2,
        "difference": float(np.abs(np.cos(2 * np.pi * seen * sampled) - values).max()),
    }
