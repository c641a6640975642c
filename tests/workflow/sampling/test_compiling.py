"""Compiling for nutpie: the same draws as its own compile, bit for bit, whatever the cache is like.

The models of the cases are those of `tests/cases/`, with the data that are shipped.
"""

import ctypes
import errno
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import nutpie
import pymc as pm
import pytensor.tensor as pt
import pytest
import xarray as xr
from numba.core.caching import IndexDataCacheFile
from pytensor.compile.mode import Mode
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op
from pytensor.link.numba import cache

from tests.conftest import SEED
from tests.test_layers import CASES
from workflow.sampling import compiling
from workflow.sampling.compiling import INSTALLED, KNOWN, Compiled, compile_nuts
from workflow.sampling.fit import data_of, fit_nuts, refit, sample_nuts
from workflow.sampling.kept import KeptCFunc

ROOT = Path(__file__).parents[3]
SHORT = {"draws": 50, "tune": 100, "chains": 2, "seed": SEED}


def hits(compiled: Compiled) -> list[int]:
    """Return whether `logp` and `expand` were found on disk."""
    return [one.cache_hits for one in (compiled.compiled_logp_func, compiled.compiled_expand_func)]


def assert_same_draws(one: Any, other: Any, data: dict[str, np.ndarray]) -> None:
    left, right = (refit(compiled, data, **SHORT) for compiled in (one, other))
    for group in ("posterior", "sample_stats"):
        xr.testing.assert_identical(
            left[group].to_dataset().drop_attrs(), right[group].to_dataset().drop_attrs()
        )


def test_the_versions_that_are_installed_are_known() -> None:
    assert INSTALLED == KNOWN


# nutpie's own compile takes long: of the first case always, of the others in `make validate`.
COMPARED = [
    pytest.param(case, marks=[] if case == CASES[0] else pytest.mark.validate) for case in CASES
]


@pytest.mark.parametrize("case", COMPARED)
def test_draws_are_those_of_nutpies_own_compile(case: str) -> None:
    """With the data that are shipped, with others, and with other numbers of rows."""
    models = importlib.import_module(f"tests.cases.{case}")
    model, small = models.shipped(), models.small()
    ours, own = compile_nuts(model), nutpie.compile_pymc_model(model)
    assert ours.why_slow == ""
    assert not isinstance(own, Compiled)
    data = data_of(model)
    others = [{}, {name: 1.25 * value for name, value in data.items() if value.dtype.kind == "f"}]
    if unknowns(small) == unknowns(model):
        others += [data_of(small)]
    for other in others:
        assert_same_draws(ours, own, other)


def unknowns(model: pm.Model) -> dict[str, tuple[int, ...]]:
    return {name: value.shape for name, value in model.initial_point().items()}


def lines(  # what a key might overlook, each by itself
    *,
    sd: float = 1.0,
    size: int = 3,
    kind: str = "float64",
    names: tuple[str, str] = ("first", "second"),
    swapped: bool = False,
    third: bool = False,
    column: bool = False,
    table: Any = ((1.0, 2.0), (3.0, 4.0)),
    twice: float | bool = 2.0,
    derived: Callable[[Any], Any] = pm.math.exp,
    heavy: bool = False,
) -> pm.Model:
    """Return a model of a few lines: `first * x + second`, observed."""
    with pm.Model() as model:
        shape = (size, 1) if column else size
        first = pm.Data(names[0], (1.0 + np.arange(size)).reshape(shape).astype(kind))
        second = pm.Data(names[1], (5.0 + np.arange(size)).reshape(shape).astype(kind))
        x = pm.Normal("x", 0, sd, shape=size)
        if swapped:
            first, second = second, first
        mean = first.reshape((-1,)) * x + second.reshape((-1,))
        mean = mean + (pt.as_tensor_variable(table) * x[:2]).sum()
        if third:
            mean = mean + pm.Data("third", np.array(7, dtype=kind))
        observed = pm.Data("y_data", 0.5 + np.arange(size))
        if heavy:
            pm.StudentT("y", nu=3, mu=mean, sigma=2, observed=observed)
        else:
            pm.Normal("y", mean, 2, observed=observed)
        pm.Deterministic("derived", derived(x) * twice)
    return model


SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])
VARIANTS: dict[str, dict[str, Any]] = {
    "as it is": {},
    "a constant that differs in its last bit": {"sd": np.nextafter(1.0, 2)},
    "an array that differs in one number": {"table": ((1.0, 2.0), (3.0, 5.0))},
    "an array with the same bytes, transposed": {"table": SQUARE.T},
    "an unknown more": {"size": 4},
    "a pm.Data more": {"third": True},
    "a pm.Data with one more dim": {"column": True},
    "pm.Data of whole numbers": {"kind": "int32"},
    "pm.Data in another order": {"swapped": True},
    "names of pm.Data in another order": {"names": ("second", "first")},
    "both in another order": {"names": ("second", "first"), "swapped": True},
    "a derived variable that differs in a constant": {"twice": 2.5},
    "a derived variable that is another function": {"derived": pm.math.sqr},
    "another likelihood": {"heavy": True},
}

# PyTensor sees the same graph in these; which data are which is no part of the functions.
SAME = {name for name in VARIANTS if "another order" in name}
FEW = ("as it is", "an unknown more", "pm.Data in another order", "pm.Data of whole numbers")


def called(compiled: Compiled, x: np.ndarray) -> tuple[int, np.ndarray]:
    """Return the status of both functions, and all that they write: density, gradient, draw."""
    density, gradient, draw = np.zeros(1), np.zeros(x.size), np.zeros(compiled.n_expanded)
    x_, density_, gradient_, draw_ = (
        one.ctypes.data_as(ctypes.POINTER(ctypes.c_double)) for one in (x, density, gradient, draw)
    )
    data_ = compiled.user_data.ctypes.data
    status = compiled.compiled_logp_func.ctypes(x.size, x_, gradient_, density_, data_)
    status += compiled.compiled_expand_func.ctypes(x.size, draw.size, x_, draw_, data_)
    return status, np.concatenate([density, gradient, draw])


def by_python(model: pm.Model, x: np.ndarray) -> np.ndarray:
    """Return the same without any compiler."""
    mode = Mode(linker="py", optimizer="fast_compile")
    point = {"x": x}
    return np.concatenate(
        [
            [model.compile_logp(mode=mode)(point)],
            model.compile_dlogp(mode=mode)(point),
            x,
            model.compile_fn(model["derived"], inputs=[model["x"]], mode=mode, point_fn=False)(x),
        ]
    )


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Callable[[pm.Model], tuple[str, ...]]:
    """A function that returns what a model's two functions are called on disk; none is compiled."""
    monkeypatch.setattr(KeptCFunc, "compile", lambda self: None)
    monkeypatch.setattr(KeptCFunc, "kept", True)

    def found(model: pm.Model) -> tuple[str, ...]:
        compiled = compile_nuts(model)
        assert compiled.why_slow == ""
        both = compiled.compiled_logp_func, compiled.compiled_expand_func
        return tuple(cache.CACHED_SRC_FUNCTIONS[one.__wrapped__] for one in both)

    return found


def test_no_two_models_that_differ_have_the_same_key(
    keys: Callable[[pm.Model], tuple[str, ...]],
) -> None:
    found = {name: keys(lines(**options)) for name, options in VARIANTS.items()}
    before = found["as it is"]
    same = {name for name, pair in found.items() if pair == before}
    assert same == {"as it is", *SAME}
    others = [pair for name, pair in found.items() if name not in same]
    assert len(set(others)) == len(others)
    derived = {name for name, pair in found.items() if pair[0] == before[0]} - same
    assert derived == {name for name in found if "derived" in name}


def test_no_model_gets_the_functions_of_another() -> None:
    """All of them are on disk before any is taken from there."""
    models = [lines(**VARIANTS[name]) for name in FEW]
    for model in models:
        compile_nuts(model)
    for name, model in zip(FEW, models, strict=True):
        again = compile_nuts(model)
        assert again.why_slow == ""
        assert hits(again) == [1, 1], name
        x = 0.1 + np.arange(again.n_dim) / 7
        status, found = called(again, x)
        assert status == 0
        np.testing.assert_allclose(found, by_python(model, x), rtol=1e-12, err_msg=name)


def test_data_are_found_by_name_in_whatever_order_they_are() -> None:
    x = np.array([0.1, 0.2, 0.3])
    for options in ({}, {"names": ("second", "first")}, {"swapped": True}, {"third": True}):
        model = lines(**options)
        data = {name: 2 * value + 1 for name, value in data_of(model).items()}
        _, found = called(compile_nuts(model).with_data(**data), x)
        model.set_data("first", data["first"])
        model.set_data("second", data["second"])
        model.set_data("y_data", data["y_data"])
        if "third" in data:
            model.set_data("third", data["third"])
        np.testing.assert_allclose(found, by_python(model, x), rtol=1e-12)


def test_status_codes_are_those_of_nutpie() -> None:
    """Also where a gradient is no number: all of it is written first."""
    model = lines()
    for one in (compile_nuts(model), nutpie.compile_pymc_model(model)):
        for x, code in (([0.1, np.inf, 0.2], 3), ([1e200, 0.0, 0.0], 4), ([0.1, 0.2, 0.3], 0)):
            status, _ = called(one, np.array(x))
            assert status == code


class Doubled(Op):
    """An operation of somebody's own, which PyTensor cannot keep compiled."""

    __props__ = ()

    def make_node(self, x: Any) -> Apply:  # type: ignore[override]
        x = pt.as_tensor_variable(x)
        return Apply(self, [x], [x.type()])

    def perform(self, node: Apply, inputs: Any, outputs: Any) -> None:
        outputs[0][0] = np.asarray(2 * inputs[0])

    def pullback(self, inputs: Any, outputs: Any, gradients: Any) -> list:
        return [2 * gradients[0]]


def tiny(transform: Callable[[Any], Any] = lambda x: x) -> pm.Model:
    """Return a model that compiles as fast as any can."""
    with pm.Model() as model:
        x = pm.Normal("x", 0, 1)
        pm.Normal("y", transform(x), 1, observed=pm.Data("y_data", 1.5))
    return model


def draws(compiled: Any) -> list[float]:
    return refit(compiled, {}, **SHORT)["posterior"]["x"].to_numpy().ravel().tolist()


@pytest.fixture(scope="module")
def right() -> list[float]:
    """The draws of the tiny model by nutpie's own compile."""
    return draws(nutpie.compile_pymc_model(tiny()))


@pytest.mark.filterwarnings("ignore:Numba will use object mode")
def test_what_pytensor_cannot_keep_is_compiled_by_nutpie() -> None:
    model = tiny(Doubled())
    compiled = compile_nuts(model)
    assert compiled.why_slow == "PyTensor does not keep all functions of this model compiled"
    assert draws(compiled) == draws(compile_nuts(tiny(lambda x: 2 * x)))


def test_a_large_array_that_is_no_data_is_compiled_anew_each_time() -> None:
    large, found = np.linspace(0, 1e-3, 200_000), []
    for _ in range(2):
        compiled = compile_nuts(tiny(lambda x: pm.math.exp(x * large).mean()))
        assert compiled.why_slow == compiling.LARGE
        assert hits(compiled)[0] == 0
        found.append(draws(compiled))
    assert found[0] == found[1]


@pytest.mark.parametrize("package", ["nutpie", "pytensor", "numba"])
def test_a_version_that_is_not_known(
    package: str, right: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    others = {one for one in INSTALLED if not one.startswith(package)}
    monkeypatch.setattr(compiling, "INSTALLED", others | {f"{package} 99.1"})
    monkeypatch.setattr(compiling, "_kept", None)
    compiled = compile_nuts(tiny())
    assert compiled.why_slow == f"{package} 99.1 is not a version known here"
    assert draws(compiled) == right


def tell() -> None:
    """Print what a process of its own finds."""
    compiled = compile_nuts(tiny())
    found = {"draws": draws(compiled), "hits": hits(compiled), "why": compiled.why_slow}
    print(json.dumps(found))


TELL = "from tests.workflow.sampling.test_compiling import tell; tell()"


def started(folder: Path) -> subprocess.Popen[str]:
    """Start `tell` in a process of its own, with its compile cache in `folder`."""
    return subprocess.Popen(
        [sys.executable, "-c", TELL],
        cwd=ROOT,
        env=os.environ | {"PYTENSOR_FLAGS": f"base_compiledir={folder}"},
        stdout=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    said, _ = process.communicate()
    assert process.returncode == 0
    found: dict[str, Any] = json.loads(said)
    return found


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, right: list[float]) -> Path:
    """A compile cache that two processes filled, which began at the same time with none."""
    folder = tmp_path_factory.mktemp("compiled")
    for found in map(told, [started(folder), started(folder)]):
        assert found["draws"] == right
        assert found["why"] == ""
    return folder


def test_another_process_finds_what_is_compiled(filled: Path, right: list[float]) -> None:
    before = {path: path.read_bytes() for path in (filled / "numba").iterdir()}
    assert told(started(filled)) == {"draws": right, "hits": [1, 1], "why": ""}
    assert {path: path.read_bytes() for path in (filled / "numba").iterdir()} == before


@pytest.fixture
def copied(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of that cache, in use here."""
    folder = Path(shutil.copytree(filled / "numba", tmp_path / "numba"))
    monkeypatch.setattr(cache, "NUMBA_CACHE_PATH", folder)
    return folder


def ours(folder: Path) -> list[Path]:
    found = sorted(folder.glob("*casebook*"))
    assert len(found) == 4
    return found


@pytest.mark.parametrize("damage", ["truncated", "garbage", "a flipped bit"])
def test_a_damaged_cache(damage: str, copied: Path, right: list[float]) -> None:
    code = next(path for path in ours(copied) if "logp" in path.name and path.suffix == ".nbc")
    content = bytearray(code.read_bytes())
    at = content.index(b"\x7fELF") + 0x200  # in the midst of machine code
    if damage == "truncated":
        del content[at:]
    elif damage == "garbage":
        content[:] = np.random.default_rng(1).bytes(len(content))
    else:
        content[at] ^= 1
    code.write_bytes(content)
    compiled = compile_nuts(tiny())
    assert f"{code.name} was damaged" in compiled.why_slow
    assert draws(compiled) == right
    again = compile_nuts(tiny())
    assert (hits(again), again.why_slow) == ([0, 1], "")


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system refuse to write compiled code."""

    def refuse(self: object, path: str) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS), path)

    monkeypatch.setattr(IndexDataCacheFile, "_open_for_write", refuse)


@pytest.mark.usefixtures("closed")
def test_a_cache_that_can_only_be_read(copied: Path, right: list[float]) -> None:
    """What is in it is used; what is not cannot be kept, and no path of the machine is told."""
    assert hits(compile_nuts(tiny())) == [1, 1]
    for path in ours(copied):
        path.unlink()
    before = sorted(copied.iterdir())
    compiled = compile_nuts(tiny())
    assert compiled.why_slow.endswith("cannot be used: Read-only file system")
    assert draws(compiled) == right
    assert sorted(copied.iterdir()) == before


def test_damage_to_what_pytensor_keeps_there(copied: Path, right: list[float]) -> None:
    for path in copied.iterdir():
        path.write_bytes(b"garbage")
    for path in ours(copied):
        path.unlink()
    compiled = compile_nuts(tiny())
    assert compiled.why_slow.endswith("cannot be used: UnpicklingError")
    assert draws(compiled) == right


def test_a_folder_in_the_place_of_a_file(copied: Path, right: list[float]) -> None:
    for path in ours(copied):
        path.unlink()
        path.mkdir()
    compiled = compile_nuts(tiny())
    assert compiled.why_slow.endswith("cannot be used: Is a directory")
    assert draws(compiled) == right


def test_why_goes_with_the_draws(right: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "compiling" not in fit_nuts(tiny(), **SHORT).attrs
    monkeypatch.setattr(compiling, "INSTALLED", {"nutpie 99.1"})
    compiled = compile_nuts(tiny())
    other = compiled.with_data(y_data=2.5)
    for one in (compiled, other):
        tree = sample_nuts(one, {}, **SHORT, retries=0)
        assert tree.attrs["compiling"] == "nutpie 99.1 is not a version known here"
