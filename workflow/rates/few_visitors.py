"""The clicks to be expected of a few visitors, exactly: over all that can happen.

For two variants. What a visitor brings is the posterior mean, and what is learned from him is in
what the next ones bring: dynamic programming, from the last visitor to the first. Source: Berry and
Fristedt (1985), Bandit problems.
"""

from collections.abc import Callable

import numpy as np

from workflow.rates.arms_in_time import Seen


def first_visitors(n: int) -> dict[str, float]:
    """Return the clicks to be expected of `n` visitors of two variants that nobody knows; exact."""
    ones = np.ones(2)
    return {
        "optimal": optimal(n, ones, ones),
        "Thompson sampling": of_thompson(n, ones, ones),
        "equal split": n / 2,
    }


def optimal(horizon: int, alpha: np.ndarray, beta: np.ndarray) -> float:
    """Return the greatest number of clicks to be expected of so many visitors, for two variants.

    By dynamic programming over all counts that can come (exact): what a visitor brings is the
    posterior mean, and what can be learned from him is in what the next ones bring.
    """
    return _expected(horizon, alpha, beta, lambda values, p: np.max(values, axis=0))


def of_thompson(horizon: int, alpha: np.ndarray, beta: np.ndarray) -> float:
    """Return the clicks to be expected under Thompson sampling, in the same way (exact)."""
    return _expected(horizon, alpha, beta, lambda values, p: p * values[0] + (1 - p) * values[1])


def _expected(
    horizon: int,
    alpha: np.ndarray,
    beta: np.ndarray,
    weigh: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> float:
    """Return the clicks to be expected if `weigh` makes one value of those of both variants.

    Its second argument is P(the first variant is best), by state.
    """
    value = np.zeros((horizon + 1,) * 4)  # clicks and others of the first, then of the second
    for n in range(horizon - 1, -1, -1):
        states = np.array(
            [
                (i, j, k, n - i - j - k)
                for i in range(n + 1)
                for j in range(n + 1 - i)
                for k in range(n + 1 - i - j)
            ]
        )
        a = np.stack([alpha[0] + states[:, 0], alpha[1] + states[:, 2]], -1)
        b = np.stack([beta[0] + states[:, 1], beta[1] + states[:, 3]], -1)
        mean = a / (a + b)
        values = []
        for arm in (0, 1):
            after = []
            for more in (0, 1):
                step = np.zeros(4, dtype=int)
                step[2 * arm + more] = 1
                after.append(value[tuple((states + step).T)])
            values.append(mean[:, arm] * (1 + after[0]) + (1 - mean[:, arm]) * after[1])
        p = Seen(a + b, a, 0.0, 0.0).best()[:, 0]
        value[tuple(states.T)] = weigh(np.stack(values), p)
    return float(value[0, 0, 0, 0])
