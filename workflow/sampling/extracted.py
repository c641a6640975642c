"""The draws of nutpie as a tree, without those of the warm-up, made in one go.

nutpie's own conversion makes an array with labels of each variable and each statistic, and of the
warm-up too, which takes longer than a small model's draws. The numbers, dims and labels are its.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import nutpie
import pyarrow as pa
import xarray as xr

from workflow.quantities import SAMPLE
from workflow.sampling.datasets import labelled


def extracted(sampling: Any, results: Any) -> xr.DataTree:
    """Return what a sampler of nutpie recorded, with the groups posterior and sample_stats.

    Of statistics those that were recorded; what is one of a divergence is not.
    """
    draws, stats = results.get_arrow_trace()
    tuned = [int(np.sum(_numbers(one.column("tuning")))) for one in stats]
    model = sampling._compiled_model
    without = {*model.reparameterized_names}
    posterior = _columns(draws, tuned, lambda name, kind: name not in without)
    # Lists are of what is stored on demand, and texts of divergences.
    of_draw = _columns(
        *(stats, tuned), lambda name, kind: pa.types.is_primitive(kind) and name not in SAMPLE
    )
    length = len(next(iter(posterior.values()))[0][0])
    sample = dict(zip(SAMPLE, (np.arange(len(draws)), np.arange(length)), strict=True))
    arrays = {name: array for name, (array, _) in posterior.items()}
    dims = {name: called for name, (_, called) in posterior.items()}
    about = {
        "inference_library": "nutpie",
        "inference_library_version": nutpie.__version__,
        "inference_library_settings": json.dumps(sampling._settings.as_dict()),
    }
    recorded = labelled({name: one for name, (one, _) in of_draw.items()}, {}, {}, sample)
    groups = {
        "posterior": labelled(arrays, dims, _labels(model.coords), sample),
        "sample_stats": recorded.assign_attrs(about),
    }
    return xr.DataTree.from_dict(groups)


def _labels(coords: Any) -> dict[str, np.ndarray]:
    """Return labels as they are, whatever they are: an index of pandas has its own type of text."""
    return {name: np.asarray(one) for name, one in (coords or {}).items()}


def _columns(
    batches: Sequence[Any], tuned: Sequence[int], wanted: Callable[[str, Any], bool]
) -> dict[str, tuple[np.ndarray, list[str]]]:
    """Return columns of all chains after the warm-up, and their dims; a chain has a batch."""
    found = {}
    for name in batches[0].column_names:
        columns = [one.column(name) for one in batches]
        if not wanted(name, pa.array(columns[0]).type):
            continue
        about = columns[0].field.metadata
        dims = [one for one in about.get(b"dims", b"").decode().split(",") if one]
        shape = [int(one) for one in about.get(b"shape", b"").decode().split(",") if one]
        chains = [
            _numbers(one).reshape(len(one), *shape)[skip:]
            for one, skip in zip(columns, tuned, strict=True)
        ]
        found[name] = np.stack(chains), dims
    return found


def _numbers(column: Any) -> np.ndarray:
    """Return a column as an array; where nothing was recorded is NaN, or 0 in a whole number."""
    array = pa.array(column)
    array = array.flatten() if hasattr(array, "flatten") else array
    if not array.null_count:
        return np.asarray(array.to_numpy(zero_copy_only=False))
    kind = np.dtype(array.type.to_pandas_dtype())
    return np.asarray(array.fill_null(np.nan if kind.kind == "f" else 0).to_numpy(False))
