"""Every model is the density that its case wrote by hand, under several priors, and so its slope.

The density is that of the C function that the sampler calls. The hand's is of the parameters, the
sampler's of their logarithms or log-odds where they are bounded. The ways back, and what they add
to the density, are written here once.
"""

import ctypes
import inspect
from collections.abc import Iterator

import numpy as np
import pymc as pm
import pytest
from scipy.special import expit, log_expit, log_softmax, softmax

from tests.contract import TESTED, compiled, declared, fitted
from workflow.sampling.fit import CompiledPyMCModel, data_of

Point = dict[str, np.ndarray]
POINTS = 5
# End of a name, the way back, and the logarithm of its derivative.
WAYS_BACK = {
    "_log__": (np.exp, lambda u: u),
    "_logodds__": (expit, lambda u: log_expit(u) + log_expit(-u)),
    # Shares that add up to 1: the last coordinate is minus the sum of the others.
    "_simplex__": (lambda u: softmax([*u, -u.sum()]), lambda u: _simplex(u)),
}
# Five-point stencil: the error is h^4 / 30 times the fifth derivative, and rounding's about 1e-16
# times the density / h: both below 1e-8 of the slope where that is not small. A case whose density
# has kinks, or a second derivative that jumps, names a smaller `STEP`.
STEP = 1e-3
STENCIL = {-2: 1 / 12, -1: -2 / 3, 1: 2 / 3, 2: -1 / 12}


def _simplex(u: np.ndarray) -> float:
    """Return the logarithm of the determinant: log K plus the sum of the logarithms of the shares.

    Of the shares but the last; d share_i / d u_j = share_i (1[i = j] - share_j + share_K).
    """
    return float(np.log(u.size + 1) + log_softmax([*u, -u.sum()]).sum())


def by_hand(case: str, point: Point, knobs: dict[str, float]) -> float:
    """Return the hand's log density at a point of the sampler's scale."""
    parameters, jacobian = {}, 0.0
    for name, value in point.items():
        end = next((end for end in WAYS_BACK if name.endswith(end)), "")
        assert end or not name.endswith("__"), f"the way back of {name} is to be added here"
        back, log_slope = WAYS_BACK.get(end, (np.asarray, np.zeros_like))
        parameters[name.removesuffix(end)] = back(value)
        jacobian += float(np.sum(log_slope(value)))
    return float(declared(case).log_density(**parameters, **knobs)) + jacobian


def points(model: pm.Model) -> Iterator[Point]:
    """Yield points around that from which the sampler would begin."""
    rng = np.random.default_rng(7)
    first = {name: np.asarray(value, float) for name, value in model.initial_point().items()}
    for _ in range(POINTS):
        yield {name: value + rng.normal(size=value.shape) for name, value in first.items()}


def slope_by_hand(case: str, point: Point, knobs: dict[str, float]) -> np.ndarray:
    """Return the slope of the hand's density by differences, in the order of the point."""
    found, length = [], getattr(declared(case), "STEP", STEP)
    for name, value in point.items():
        for at in np.ndindex(value.shape):
            step = np.zeros(value.shape)
            step[at] = length
            moved = {k: by_hand(case, point | {name: value + k * step}, knobs) for k in STENCIL}
            found.append(sum(STENCIL[k] * one for k, one in moved.items()) / length)
    return np.array(found)


def of_the_sampler(model: CompiledPyMCModel, point: Point) -> tuple[float, np.ndarray]:
    """Return log density and slope as the sampler gets them, parameters in the order of `point`."""
    x = np.concatenate([np.ravel(value) for value in point.values()])
    slope, log_p = np.empty_like(x), np.empty(1)
    arrays = (one.ctypes.data_as(ctypes.POINTER(ctypes.c_double)) for one in (x, slope, log_p))
    assert model.compiled_logp_func.ctypes(x.size, *arrays, model.user_data.ctypes.data) == 0
    return float(log_p[0]), slope


@pytest.mark.parametrize("case", TESTED)
def test_density_and_slope_are_those_written_by_hand(case: str) -> None:
    for knobs in [{}, *declared(case).PRIORS]:
        model = declared(case).shipped(**knobs)
        under = compiled(case).with_data(**data_of(model))
        for point in points(model):
            log_p, slope = of_the_sampler(under, point)
            expected = by_hand(case, point, knobs)
            assert log_p == pytest.approx(expected, rel=1e-10, abs=1e-9), knobs
            slopes = slope_by_hand(case, point, knobs)
            room = 1e-7 * np.abs(slopes).max() + 1e-7
            assert slope == pytest.approx(slopes, rel=1e-6, abs=room), knobs


@pytest.mark.parametrize("case", TESTED)
def test_every_knob_is_moved(case: str) -> None:
    module = declared(case)
    of_density = inspect.signature(module.log_density).parameters.values()
    knobs = {one.name for one in of_density if one.kind is one.KEYWORD_ONLY}
    assert knobs == {name for prior in module.PRIORS for name in prior}
    assert knobs <= {variable.name for variable in module.shipped().data_vars}


@pytest.mark.parametrize("case", TESTED)
def test_shapes_have_names(case: str) -> None:
    """What is no scalar has a named dim for each axis; what feeds an outcome has its dims."""
    for model in (declared(case).shipped(), declared(case).small()):
        dims = {name: model.named_vars_to_dims.get(name, ()) for name in model.named_vars}
        for name, variable in model.named_vars.items():
            assert len(dims[name]) == variable.ndim, name
        assert model.observed_RVs
        for outcome in model.observed_RVs:
            assert dims[outcome.name] == dims[f"{outcome.name}_data"], outcome.name
    for name, drawn in fitted(case)["posterior"].items():
        assert drawn.dims == ("chain", "draw", *dims[name])
        shape = tuple(len(declared(case).shipped().coords[dim]) for dim in dims[name])
        assert drawn.shape[2:] == shape, name
