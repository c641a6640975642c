"""New rows of a fit whose rows have groups: known groups have their offset, new ones any."""

import numpy as np
import pandas as pd
import xarray as xr
from scipy.special import ndtri


def with_offsets(
    posterior: xr.Dataset, terms: pd.DataFrame, groups: pd.Series, *, seed: int
) -> tuple[xr.Dataset, pd.DataFrame]:
    """Return draws and terms in which the groups of the new rows are terms like the others.

    `groups` has the label of each row's group; one that was not fitted has an offset from the
    population of groups, a draw of Normal(0, group_sd) for every draw of the others: quantiles
    spread evenly over the draws, so that its mean is 0.
    """
    known = {str(label): i for i, label in enumerate(posterior["group"].to_numpy())}
    of = groups.loc[terms.index].astype(str)
    there = [label for label in known if label in {*of}]
    sd = posterior["group_sd"].transpose("chain", "draw")
    rng, n = np.random.default_rng(seed), sd.size
    z = ndtri((rng.permutation(n) + rng.uniform(size=n)) / n).reshape(sd.shape)
    offset = posterior["offset"].transpose("chain", "draw", "group").to_numpy()
    slope = posterior["slope"].transpose("chain", "draw", "term").to_numpy()
    drawn = (sd.to_numpy() * z)[..., None]
    every = np.concatenate([slope, offset[..., [known[label] for label in there]], drawn], axis=-1)
    names = [*map(str, terms), *(f"group {label}" for label in there), "a new group"]
    columns = [*(of == label for label in there), ~of.isin(known)]
    values = np.column_stack([terms.to_numpy(dtype=float), *columns])
    plain = posterior.drop_dims("term")
    made = plain.assign(slope=(("chain", "draw", "term"), every)).assign_coords(term=names)
    return made, pd.DataFrame(values.astype(float), terms.index, names)


def of_new_group(
    posterior: xr.Dataset, terms: pd.DataFrame, centre: np.ndarray, *, seed: int
) -> tuple[xr.Dataset, pd.DataFrame, np.ndarray]:
    """Return draws, terms and centre for rows of a group that was not fitted; as given without."""
    if "offset" not in posterior:
        return posterior, terms, centre
    nobody = pd.Series("", terms.index)
    made, wide = with_offsets(posterior, terms, nobody, seed=seed)
    return made, wide, np.append(centre, np.zeros(wide.shape[1] - len(centre)))
