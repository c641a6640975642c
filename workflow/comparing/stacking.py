"""Stacking: weights under which the average of several predictions predicts unseen rows best.

Source: Yao, Vehtari, Simpson and Gelman (2018), Using stacking to average Bayesian predictive
distributions.
"""

import numpy as np
from scipy.optimize import LinearConstraint, minimize

PRECISE = 1e-12  # of the mean log score, where the search ends


def weights(pointwise: np.ndarray) -> np.ndarray:
    """Return the weights, which are 0 or more and add up to 1; dims of `pointwise`: row, model.

    They maximise the sum over the rows of log sum_k w[k] p_k(y[i] | the other rows). `pointwise`
    has the logarithms of these densities. The objective is concave. What is common to all models in
    a row does not matter, and is taken out, since densities of a row far off may all underflow.
    """
    p = np.exp(pointwise - pointwise.max(1, keepdims=True))
    models = p.shape[1]

    def score(w: np.ndarray) -> tuple[float, np.ndarray]:
        mixed = np.maximum(p @ w, np.finfo(float).tiny)
        return -float(np.log(mixed).mean()), -(p / mixed[:, None]).mean(0)

    found = minimize(
        score,
        np.full(models, 1 / models),
        jac=True,
        method="SLSQP",
        bounds=[(0, 1)] * models,
        constraints=LinearConstraint(np.ones(models), 1, 1),
        options={"ftol": PRECISE, "maxiter": 1000},
    )
    w = np.clip(found.x, 0, 1)
    return np.asarray(w / w.sum())
