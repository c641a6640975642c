"""Random numbers that a page's script can draw again, to the last bit."""

from typing import Any

import numpy as np

#: What a picture has: single numbers, and the arrays that are drawn.
type State = dict[str, Any]

SEED = 2026
MODULUS, FACTOR = 2**31 - 1, 48271  # products are below 2**53: exact in JavaScript's numbers, too
FIRST = 10  # numbers that are left out: those that follow a small seed are small


def uniforms(n: int, seed: int = SEED) -> np.ndarray:
    """Return n numbers between 0 and 1 of the multiplicative congruential generator.

    Source: Park, Miller and Stockmeyer (1993), Communications of the ACM 36(7), 105-110.
    """
    found, state = [], seed
    for _ in range(FIRST + n):
        state = state * FACTOR % MODULUS
        found.append(state / MODULUS)
    return np.array(found[FIRST:])
