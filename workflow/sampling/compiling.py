"""Compiling a model for nutpie in less than a second, once it was compiled before on this machine.

The draws are the same, bit for bit, as those of nutpie's own compile. With versions that are not
known here, or a cache that cannot be used, nutpie compiles by itself, and the compiled model says
why.
"""

import dataclasses
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import nutpie
import nutpie.compile_pymc as of_nutpie
import pymc as pm
import pytensor
from pymc.initial_point import make_initial_point_fn

from workflow.sampling.members import members
from workflow.sampling.shared import once

KNOWN = {"nutpie 0.16.11", "pytensor 3.3.7", "numba 0.68.0"}  # whose private parts are used
INSTALLED = {f"{one.__name__} {one.__version__}" for one in (nutpie, pytensor, numba)}
LARGE = "an array of more than 1 MB is part of the model and not pm.Data"


@dataclasses.dataclass(frozen=True)
class Compiled(of_nutpie.CompiledPyMCModel):  # type: ignore[misc]
    """A model compiled for nutpie; `why_slow` says why that takes long every time, "" if not.

    `members` are coordinates that its draws get: to which group each row belongs.
    """

    why_slow: str = ""
    members: dict[str, Any] = dataclasses.field(default_factory=dict)


def compile_nuts(model: pm.Model) -> Compiled:
    """Compile `model` for nutpie. Every `pm.Data` in it can be replaced without compiling again.

    Where compiles are shared (`workflow.sampling.shared`), once for all models of its structure.
    """
    return dataclasses.replace(once(model, _compiled), members=members(model))


def _compiled(model: pm.Model) -> Compiled:
    if unknown := INSTALLED - KNOWN:
        return _by_nutpie(model, f"{', '.join(sorted(unknown))} is not a version known here")
    from workflow.sampling.callbacks import NotKeptError  # which imports what others may not have
    from workflow.sampling.kept import DamagedError

    try:
        return _kept(model)
    except NotKeptError as error:
        return _by_nutpie(model, str(error))
    except DamagedError as error:
        why = str(error)
    except Exception as error:  # whatever a cache raises that is damaged, or that we may not write
        why = (isinstance(error, OSError) and error.strerror) or type(error).__name__
    with pytensor.config.change_flags(numba__cache=False):  # a fault of the model comes up again
        return _by_nutpie(model, f"PyTensor's cache of compiled code cannot be used: {why}")


def _by_nutpie(model: pm.Model, why: str) -> Compiled:
    found = nutpie.compile_pymc_model(model)
    fields = {one.name: getattr(found, one.name) for one in dataclasses.fields(found)}
    return Compiled(**fields, why_slow=why)


def _kept(model: pm.Model) -> Compiled:
    """Compile as nutpie does (`_compile_pymc_model_numba`), but for the two C functions."""
    from workflow.sampling.callbacks import EXPAND, LOGP, c_function, reading

    n, size, logp, expand, initial, shape_info, transformed = of_nutpie._make_functions(
        model,
        mode="NUMBA",
        compute_grad=True,
        join_expanded=True,
        pymc_initial_point_fn=_start(model),
    )
    shared = dict.fromkeys([*logp.get_shared(), *expand.get_shared()])
    keys = {variable: f"data_{i}" for i, variable in enumerate(shared)}
    data = {key: np.array(one.get_value(), order="C", copy=True) for one, key in keys.items()}
    for values in data.values():
        values.flags.writeable = False
    record = of_nutpie.make_user_data(keys, data)
    logp_c, expand_c = (
        c_function(text, function, n, size, reading(function, keys, data, record.dtype), INSTALLED)
        for text, function in ((LOGP, logp), (EXPAND, expand))
    )
    dims, coords = of_nutpie._prepare_dims_and_coords(model, shape_info, transformed)
    return Compiled(
        _n_dim=n,
        dims=dims,
        _coords=coords,
        _shapes={name: tuple(shape) for name, _, shape in zip(*shape_info, strict=True)},
        compiled_logp_func=logp_c,
        compiled_expand_func=expand_c,
        initial_point_func=initial,
        shared_data=data,
        shared_var_keys=keys,
        user_data=record,
        n_expanded=size,
        shape_info=shape_info,
        logp_func=logp,
        expand_func=expand,
        reparameterized_names=transformed,
        why_slow="" if logp_c.kept and expand_c.kept else LARGE,
    )


def _start(model: pm.Model) -> Callable[..., dict[str, np.ndarray]]:
    """Return nutpie's points to begin from: jittered around the support point of the prior."""
    found = make_initial_point_fn(
        model=model,
        overrides=None,
        default_strategy="support_point",
        jitter_rvs=set(model.free_RVs),
        return_transformed=True,
    )
    start: Callable[..., dict[str, np.ndarray]] = of_nutpie._wrap_with_lock(found)
    return start
