"""The lasso: the mode under Laplace priors, for many problems at once."""

import numpy as np

SWEEPS, CLOSE = 5000, 1e-9  # over the coefficients, at most; change of the last, at most


def lasso(
    gram: np.ndarray, moment: np.ndarray, penalty: float, start: np.ndarray | None = None
) -> np.ndarray:
    """Return the minimum of b' gram b / 2 - moment' b + penalty |b|_1; dims: (problem, ) term.

    By coordinate descent, from `start` or 0. `gram` has the dims (problem, ) term, other. For y ~
    Normal(x b, tau) and b ~ Laplace(0, width) it is the mode where gram is x'x, moment x'y and the
    penalty tau^2 / width.

    Source: Friedman, Hastie and Tibshirani (2010), Regularization paths for generalized linear
    models via coordinate descent, section 2.
    """
    b = np.zeros_like(moment) if start is None else np.broadcast_to(start, moment.shape).copy()
    size = np.einsum("...kk->...k", gram)
    for _ in range(SWEEPS):
        before = b.copy()
        for k in range(b.shape[-1]):
            rest = moment[..., k] - (gram[..., k, :] * b).sum(-1) + size[..., k] * b[..., k]
            soft = np.sign(rest) * np.clip(np.abs(rest) - penalty, 0, None)
            b[..., k] = soft / np.where(size[..., k] > 0, size[..., k], 1)
        if np.abs(b - before).max() <= CLOSE * max(1.0, float(np.abs(b).max())):
            break
    return b
