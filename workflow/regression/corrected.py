"""The posterior of quantile lines put right: the same place, and the width that it should have.

Asymmetric Laplace noise is a device: its posterior has the right place and the wrong width. Source:
Yang, Wang and He (2016), Posterior inference in Bayesian quantile regression with asymmetric
Laplace likelihood, International Statistical Review 84, 327-344.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.regression.regression import standardised, steps

FLOOR = 1e-12  # of the largest variance: directions in which the draws do not differ

type Numbers = np.ndarray


@dataclass(frozen=True)
class Known:
    """What the correction needs beside the draws: of the fitted terms, and of the prior.

    `centre` and `step` are those of the terms; `gram` is the sum over rows of the products of a
    constant and the standardised terms; `root` a square root of the prior covariance of the line at
    the centre and its coefficients for one step, in units of the outcome: root @ root.T.
    """

    centre: Sequence[float]
    step: Sequence[float]
    gram: Sequence[Sequence[float]]
    root: Sequence[Sequence[float]]


def known(terms: pd.DataFrame, outcome: pd.Series, root: Numbers) -> Known:
    """Return what is known of some terms; `root` is of the coefficients, in sds of the outcome."""
    x = np.column_stack([np.ones(len(terms)), standardised(terms).to_numpy(dtype=float)])
    whole = np.eye(x.shape[1])
    whole[1:, 1:] = root
    whole *= float(outcome.std())
    centre, step = terms.mean().to_numpy(dtype=float), steps(terms).to_numpy(dtype=float)
    return Known(centre.tolist(), step.tolist(), (x.T @ x).tolist(), whole.tolist())


def corrected(posterior: xr.Dataset, of: Known) -> xr.Dataset:
    """Return the posterior with lines of the same means and of the right covariance.

    In the coordinates in which the prior is standard normal it is S_p (J_pq + [p = q]) S_q between
    the lines of the quantiles p and q: S are the covariances of the draws and J_pq = (min(p, q) -
    p q) / (scale_p scale_q) X'X, what the slope of the cost scatters by from sample to sample. The
    draws are stretched to that. `beta`, for one step of a term, is then in units of the outcome.
    """
    own, back = _lines(posterior, of), np.array(of.root).T
    middle = own.mean(axis=(0, 1))
    drawn = ((own - middle) @ np.linalg.inv(back)).reshape(-1, *own.shape[2:])
    moved = drawn.reshape(len(drawn), -1) @ _move(drawn, _meat(posterior, of))
    return _told(posterior, middle + moved.reshape(own.shape) @ back, of)


def _meat(posterior: xr.Dataset, of: Known) -> Numbers:
    """Return J_pq + [p = q]; dims: quantile, coordinate, quantile, coordinate."""
    q, scale = posterior["quantile"].to_numpy(), posterior["scale"].mean(SAMPLE).to_numpy()
    root, gram = np.array(of.root), np.array(of.gram)
    share = (np.minimum.outer(q, q) - np.outer(q, q)) / np.outer(scale, scale)
    of_rows = np.einsum("pq,ij->piqj", share, root.T @ gram @ root)
    of_prior = np.einsum("pq,ij->piqj", np.eye(len(q)), np.eye(len(gram)))
    found: Numbers = of_rows + of_prior
    return found


def _move(drawn: Numbers, meat: Numbers) -> Numbers:
    """Return what gives draws (draw, quantile, coordinate) of covariances S the wanted S meat S.

    That is S^-1/2 (S^1/2 meat S^1/2)^1/2 S^1/2, S having a block for each quantile.
    """
    k, size = drawn.shape[2], drawn.shape[1] * drawn.shape[2]
    root, inverse = np.zeros((size, size)), np.zeros((size, size))
    for i, one in enumerate(np.einsum("dqi,dqj->qij", drawn, drawn) / (len(drawn) - 1)):
        at = slice(i * k, (i + 1) * k)
        root[at, at], inverse[at, at] = _power(one, 0.5), _power(one, -0.5)
    found: Numbers = inverse @ _power(root @ meat.reshape(size, size) @ root, 0.5) @ root
    return found


def _lines(posterior: xr.Dataset, of: Known) -> Numbers:
    """Return each line at the centre and its rise for one step; dims: chain, draw, quantile, 1+."""
    slope = posterior["slope"].transpose(*SAMPLE, "quantile", "term").to_numpy()
    level = posterior["intercept"].transpose(*SAMPLE, "quantile").to_numpy()
    level = level + slope @ np.array(of.centre)
    return np.concatenate([level[..., None], slope * np.array(of.step)], axis=-1)


def _told(posterior: xr.Dataset, own: Numbers, of: Known) -> xr.Dataset:
    """Put lines into the posterior; `beta` is for one step, in units of the outcome."""
    dims = (*SAMPLE, "quantile")
    slope = own[..., 1:] / np.array(of.step)
    return posterior.drop_vars(["level", "theta"], errors="ignore").assign(
        beta=((*dims, "term"), own[..., 1:]),
        slope=((*dims, "term"), slope),
        intercept=(dims, own[..., 0] - slope @ np.array(of.centre)),
    )


def _power(matrix: Numbers, power: float) -> Numbers:
    """Return a power of a covariance matrix; directions without variance have none."""
    values, basis = np.linalg.eigh((matrix + matrix.T) / 2)
    seen = values > FLOOR * max(values[-1], np.finfo(float).tiny)
    found: Numbers = (basis * np.where(seen, np.where(seen, values, 1.0) ** power, 0.0)) @ basis.T
    return found
