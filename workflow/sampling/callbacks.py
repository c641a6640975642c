"""The two C functions that nutpie calls, as source texts of their own whose machine code is kept.

`logp` returns log density and gradient, `expand` all variables of a draw. nutpie's own read each
`pm.Data` through generic code that numba types and optimises anew in every process, and that cannot
be kept on disk. Here the place of each is a number in a short text, and the text has a key in
PyTensor's cache of compiled code. What nutpie hands over, the status codes and what is written in
which order are nutpie's (`nutpie/compile_pymc.py`).
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numba
import numpy as np
from numba.core.sigutils import normalize_signature
from nutpie.compile_pymc import address_as_void_pointer
from pytensor.link.numba.cache import CACHED_SRC_FUNCTIONS, compile_numba_function_src

from workflow.sampling.kept import KeptCFunc

WORD = 8  # bytes

LOGP = """
def casebook_logp(dim, x_, out_, logp_, data_):
    if dim != {n}:
        return -1
    try:
        x = carray(x_, ({n},))
        {read}
        value, grad = inner(x{arguments})
        if grad.size != {n}:
            return 1
        logp_[0] = value[()]
        for i in range({n}):
            out_[i] = grad[i]
        for i in range({n}):
            if not isfinite(out_[i]):
                return 3
        if not isfinite(logp_[0]):
            return 4
    except Exception:
        return 1
    return 0
"""
EXPAND = """
def casebook_expand(dim, expanded, x_, out_, data_):
    if dim != {n} or expanded != {size}:
        return -1
    try:
        x = carray(x_, ({n},))
        {read}
        (values,) = inner(x{arguments})
        if values.size != {size}:
            return -2
        for i in range({size}):
            out_[i] = values[i]
    except Exception:
        return -2
    return 0
"""
SIGNATURES = {
    LOGP: "int64(uint64, CPointer(double), CPointer(double), CPointer(double), voidptr)",
    EXPAND: "int64(uint64, uint64, CPointer(double), CPointer(double), voidptr)",
}


class NotKeptError(Exception):
    """The machine code of this model, or with these versions, cannot be kept."""


def reading(
    function: Any, keys: Mapping[Any, str], data: Mapping[str, np.ndarray], record: np.dtype
) -> list[str]:
    """Return a line of source for each `pm.Data` of `function`: `a0 = ...`, `a1 = ...`.

    nutpie's record has an address and a shape for each, in words of 64 bits.
    """
    base, lines = record["shared"], []
    if record.itemsize != WORD * sum(2 + values.ndim for values in data.values()):
        raise NotKeptError("this is not a machine of 64 bits")
    for i, key in enumerate(keys[variable] for variable in function.get_shared()):
        values = data[key]
        if values.dtype.kind not in "biuf" or not values.dtype.isnative:
            raise NotKeptError(f"there are data of type {values.dtype}")
        address, shape = (
            (_offset(base, part) + _offset(base[part], key)) // WORD for part in ("data", "shape")
        )
        lengths = "".join(f"u[{shape + axis}], " for axis in range(values.ndim))
        lines.append(f"a{i} = carray(address(u[{address}]), ({lengths}), np.{values.dtype.name})")
    return [f"u = carray(data_, ({record.itemsize // WORD},), np.int64)", *lines] if lines else []


def _offset(record: np.dtype, name: str) -> int:
    """Return how many bytes come before a field."""
    assert record.fields is not None
    return record.fields[name][1]


def c_function(
    text: str, function: Any, n: int, size: int, reading: Sequence[str], versions: Iterable[str]
) -> KeptCFunc:
    """Return a C function for nutpie around PyTensor's compiled `function`, found on disk or made.

    What it does depends on its source, on the graph, which PyTensor's own key stands for, and on
    the `versions` of those who make machine code of them.
    """
    source = text.format(
        n=n,
        size=size,
        read="\n        ".join(reading),
        arguments="".join(f", a{i}" for i in range(len(reading[1:]))),
    )
    names = {
        "__name__": __name__,  # of a module that can be imported: it is rebuilt there
        "inner": graph_of(function),
        "np": np,
        "carray": numba.carray,
        "address": address_as_void_pointer,
        "isfinite": math.isfinite,
    }
    name = source.partition("(")[0].split()[1]
    key = key_of(function, source, versions)
    python = compile_numba_function_src(source, name, names, cache_key=key)
    found = KeptCFunc(python, normalize_signature(SIGNATURES[text]), locals={}, options={})
    found.enable_caching()
    found.compile()
    return found


def graph_of(function: Any) -> Any:
    """Return numba's function of the graph of PyTensor's compiled `function`.

    PyTensor has another around it, which is kept on disk, and which nobody would call: as much
    machine code again.
    """
    around = function.vm.jit_fn.py_func
    return around.__globals__["jitable_func"] if around in CACHED_SRC_FUNCTIONS else around


def key_of(function: Any, source: str, versions: Iterable[str]) -> str:
    """Return what tells the machine code of a `source` around `function` from all others."""
    known = CACHED_SRC_FUNCTIONS.get(function.vm.jit_fn.py_func)
    if known is None:
        raise NotKeptError("PyTensor does not keep all functions of this model compiled")
    graph = function.maker.fgraph
    types = [str(one.type) for one in (*graph.inputs, *graph.outputs)]
    about = repr((sorted(versions), known, types, source))
    return "casebook" + hashlib.sha256(about.encode()).hexdigest()
