"""Reading a regression's posterior: directions, joint contrasts, explained variance, predictions.

Coefficients: `beta` for a step of each term (see `steps`), `slope`, `intercept` in own units.
"""

import itertools
from collections.abc import Collection

import numpy as np
import pandas as pd
import xarray as xr

from workflow.quantities import SAMPLE, Scalar, expectations, label
from workflow.sampling.members import OF_ROW

AMBIGUOUS = 8  # terms that Monte Carlo error may leave on either side; the nearest are kept
UNKNOWN = "no direction is known"


def switches(terms: pd.DataFrame) -> pd.Series:
    """Say of each column whether it has 0 and 1 alone: a yes or no, or a level."""
    return terms.isin((0, 1)).all()


def steps(terms: pd.DataFrame) -> pd.Series:
    """Return the step of each column in its own unit: one sd, or from 0 to 1 (see `switches`).

    An sd of a yes or no means nothing to anybody. The models scale by the same rule
    (`models/_regression.py`).
    """
    return terms.std().where(~switches(terms), 1.0)


def standardised(terms: pd.DataFrame, like: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the columns less their means, in steps; with centres and steps of `like`, if given."""
    of = terms if like is None else like
    found: pd.DataFrame = (terms - of.mean()) / steps(of)
    return found


def rises(coefficient: xr.DataArray) -> dict[str, Scalar]:
    """Return P(coefficient > 0) for every element, as prob_positive[term]."""
    return expectations("prob_positive", coefficient > 0)


def directions(
    coefficient: xr.DataArray,
    sure: float,
    *,
    errors: float = 2,
    but: Collection[str] = (),
    words: tuple[str, str, str] = ("up:", "down:", UNKNOWN),
) -> tuple[str, ...]:
    """Return which terms have a known direction, such as "up: bmi; down: age", in these `words`.

    A direction is known if its probability is at least `sure`. Behind the decision stand those
    that so many Monte Carlo `errors` would lead to. Of the terms of `but` none is called known.
    """
    every = {label(name): p for name, p in rises(coefficient).items()}
    found = {term: p for term, p in every.items() if term not in but}
    possible = {term: _signs(p, sure, errors) for term, p in found.items()}
    open_ = [term for term, several in possible.items() if len(several) > 1]
    nearest = sorted(open_, key=lambda term: _distance(found[term], sure))
    for term in nearest[AMBIGUOUS:]:
        possible[term] = possible[term][:1]
    several = itertools.product(*possible.values())
    every_way = (dict(zip(possible, one, strict=True)) for one in several)
    return tuple(dict.fromkeys(_in_words(one, words) for one in every_way))


def known_directions(
    posterior: xr.Dataset, sure: float, errors: float = 2, but: Collection[str] = ()
) -> tuple[str, ...]:
    """Return the directions of `beta`: see `directions`."""
    return directions(posterior["beta"], sure, errors=errors, but=but)


def signs(coefficient: xr.DataArray, sure: float) -> dict[str, int]:
    """Return the known direction of every term: 1 up, −1 down, 0 not known with `sure`."""
    return {label(name): _signs(p, sure, 0)[0] for name, p in rises(coefficient).items()}


def _signs(p: Scalar, sure: float, errors: float) -> list[int]:
    """Return the sign that is known (0: none), and behind it those within Monte Carlo error."""
    room = errors * p.mcse
    tested = (p.value, p.value - room, p.value + room)
    return list(dict.fromkeys(int(x >= sure) - int(x <= 1 - sure) for x in tested))


def _distance(p: Scalar, sure: float) -> float:
    return min(abs(p.value - sure), abs(p.value - 1 + sure)) / p.mcse


def _in_words(signs: dict[str, int], words: tuple[str, str, str]) -> str:
    up = ", ".join(term for term, sign in signs.items() if sign > 0)
    down = ", ".join(term for term, sign in signs.items() if sign < 0)
    parts = [f"{word} {terms}" for word, terms in zip(words, (up, down), strict=False) if terms]
    return "; ".join(parts) or words[2]


def contrasts(beta: xr.DataArray, *, least: float = 0.7, most: int = 3) -> xr.DataArray:
    """Return sums and differences of two coefficients that are known better than each alone.

    For pairs whose posterior correlation is at least `least` in size and whose contrast has a
    smaller sd than either, the strongest first: the sum where the correlation is negative, the
    difference where it is positive. Dims: chain, draw, term; chain, draw, contrast (perhaps none).
    """
    names = [str(name) for name in beta["term"].to_numpy()]
    draws = beta.transpose(*SAMPLE, "term").to_numpy()
    flat = draws.reshape(-1, len(names))
    r = np.atleast_2d(np.corrcoef(flat, rowvar=False))
    pairs = [(i, j) for i, j in itertools.combinations(range(len(names)), 2)]
    sd = flat.std(axis=0)
    # sd of the contrast^2 = sd_i^2 + sd_j^2 - 2 |r| sd_i sd_j: below both only if |r| is large
    # enough for the ratio of the two.
    better = [
        (i, j)
        for i, j in pairs
        if abs(r[i, j]) >= max(least, max(sd[i], sd[j]) / (2 * min(sd[i], sd[j])))
    ]
    strong = sorted(better, key=lambda pair: -abs(r[pair]))
    sign = {pair: -np.sign(r[pair]) for pair in strong[:most]}
    labels = [f"{names[i]} {'+' if s > 0 else '−'} {names[j]}" for (i, j), s in sign.items()]
    shape = (*draws.shape[:2], len(labels))
    values = [draws[..., i] + s * draws[..., j] for (i, j), s in sign.items()]
    stacked = np.stack(values, axis=-1) if values else np.empty(shape)
    return xr.DataArray(stacked, dims=(*SAMPLE, "contrast"), coords={"contrast": labels})


def linear_predictor(posterior: xr.Dataset, terms: pd.DataFrame) -> xr.DataArray:
    """Return intercept + slopes for new rows, draw by draw; dims: chain, draw, row.

    `terms` has the columns that the model was fitted with, in their own units. Where the rows have
    groups, each has the offset of its own (`offsets`).
    """
    x = xr.DataArray(
        terms.to_numpy(dtype=float),
        dims=("row", "term"),
        coords={"row": list(terms.index), "term": posterior["term"].to_numpy()},
    )
    found = posterior["intercept"] + xr.dot(posterior["slope"], x, dim="term")
    return found + offsets(posterior, terms.index) if "offset" in posterior else found


def offsets(posterior: xr.Dataset, rows: pd.Index) -> xr.DataArray:
    """Return what the group of each row adds to the linear predictor; dims: chain, draw, row.

    `rows` are rows of the fit, whose groups the posterior knows (`workflow.sampling.members`). Rows
    that are made up, such as the average one, have no group: then none of them may be of the fit,
    and they are rows of a group in the middle.
    """
    codes = posterior[OF_ROW].to_series().reindex(rows)
    if codes.notna().all():
        of = xr.DataArray(codes.to_numpy(dtype=int), dims="row", coords={"row": list(rows)})
        return posterior["offset"].isel(group=of).drop_vars("group")
    if codes.notna().any():
        raise KeyError(f"{codes.isna().sum()} of {len(codes)} rows are none of the fit")
    return xr.zeros_like(posterior["intercept"])


def explained(posterior: xr.Dataset, terms: pd.DataFrame, noise: xr.DataArray) -> xr.DataArray:
    """Return R^2 draw by draw: the predictions' share of the variance of predictions plus noise.

    `noise` is the sd of the noise. Where rows have groups, their offsets are among the predictions.
    Source: Gelman et al. (2019), R-squared for Bayesian regression models.
    """
    x = terms.to_numpy(dtype=float)
    slope = posterior["slope"].transpose(*SAMPLE, "term").to_numpy()
    if "offset" in posterior:
        of = posterior[OF_ROW].to_series().loc[terms.index].to_numpy()
        x = np.column_stack([x, of[:, None] == np.arange(posterior.sizes["group"])])
        offset = posterior["offset"].transpose(*SAMPLE, "group").to_numpy()
        slope = np.concatenate([slope, offset], axis=-1)
    cov = np.atleast_2d(np.cov(x, rowvar=False))
    variance = np.einsum("cdk,kl,cdl->cd", slope, cov, slope)
    predicted = noise.transpose(*SAMPLE).copy(data=variance)
    return predicted / (predicted + noise**2)


def telling_rows(terms: pd.DataFrame, strongest: str | None) -> pd.DataFrame:
    """Return rows that show where predictions are sure and where not; the index says what they are.

    The average of all terms; where there are more rows than coefficients, the row of the file
    nearest to it and the one farthest from it (in the metric of the columns' covariance); and the
    average with the `strongest` term 5 sds up, where that can be moved alone (else None).
    """
    x = terms.to_numpy(dtype=float)
    centred = x - x.mean(axis=0)
    whitened = centred @ np.linalg.pinv(np.linalg.qr(centred, mode="r"))
    distance = np.linalg.norm(whitened, axis=1)
    near, far = int(distance.argmin()), int(distance.argmax())
    rows = {"the average of all terms": terms.mean()}
    if len(terms) > terms.shape[1] + 1:
        rows[f"the most ordinary row (line {terms.index[near]})"] = terms.iloc[near]
        rows[f"the most unusual row (line {terms.index[far]})"] = terms.iloc[far]
    if strongest is not None:
        beyond = terms.mean()
        beyond[strongest] += 5 * terms[strongest].std()
        rows[f"the average with {strongest} 5 sds higher"] = beyond
    return pd.DataFrame(rows).T
