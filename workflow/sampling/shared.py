"""One compile for many models that differ in their numbers alone: the structure of a model.

Outside of `shared_compiles` nothing is kept: a study compiles its own model, as it always did.
"""

import dataclasses
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pandas as pd
import pymc as pm
from pymc.model.core import FrozenModel
from pymc.model.fgraph import clone_model

from workflow.sampling.structure import structure

KEPT = 16  # structures that are kept: each has a compiled model behind it


@dataclasses.dataclass
class Compiles:
    """What was compiled so far, by structure; how many times, and how often that was enough."""

    made: int = 0
    used: int = 0
    kept: dict[Hashable, tuple[pm.Model, Any]] = dataclasses.field(default_factory=dict)
    copies: dict[Hashable, "Copy"] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Copy:
    """A copy of a model, and what was made of it once for all."""

    model: pm.Model
    made: dict[Hashable, Any] = dataclasses.field(default_factory=dict)


_SHARED: ContextVar[Compiles | None] = ContextVar("shared compiles", default=None)
_LOCK = threading.RLock()


@contextmanager
def shared_compiles() -> Iterator[Compiles]:
    """Let models of one structure be compiled once while this lasts, and count."""
    token = _SHARED.set(found := Compiles())
    try:
        yield found
    finally:
        _SHARED.reset(token)


def once[C: Any](model: pm.Model, make: Callable[[pm.Model], C]) -> C:
    """Return what `make` compiles of `model`, or of an earlier one of its structure, with its data.

    Its draws are the same, bit for bit, as those of a compile of its own: data, coordinates and the
    points to begin from are those of `model`.
    """
    shared = _SHARED.get()
    if shared is None:
        return make(model)
    key = structure(model)
    if key not in shared.kept:
        shared.made += 1
        _make_room(shared.kept)
        shared.kept[key] = model, make(model)
    else:
        shared.used += 1
    first, compiled = shared.kept[key]
    return _with_numbers(compiled, first, model)


def stand_in(model: pm.Model) -> pm.Model:
    """Return a model from which to predict as from `model`, whose functions were compiled before.

    That is a copy of the first one of its structure and labels, with the data of `model`. Where
    compiles are not shared it is `model`.
    """
    shared = _SHARED.get()
    if shared is None:
        return model
    labels = [(dim, tuple(map(str, one or ()))) for dim, one in model.coords.items()]
    key = structure(model), tuple(labels)
    if key not in shared.copies:
        _make_room(shared.copies)
        shared.copies[key] = Copy(_caching(model))
    copy = shared.copies[key].model
    for one in model.data_vars:
        copy[one.name].set_value(one.get_value())
    return copy


def made_of[M](model: pm.Model, what: Hashable, make: Callable[[], M]) -> M:
    """Return what `make` makes of a model; of one that stands in for others, once for all of them.

    It has to be made of the model's graph and shared variables, not of the values of data.
    """
    shared = _SHARED.get()
    copies = shared.copies.values() if shared else ()
    copy = next((one for one in copies if one.model is model), None)
    if copy is None:
        return make()
    if what not in copy.made:
        copy.made[what] = make()
    made: M = copy.made[what]
    return made


def _caching(model: pm.Model) -> pm.Model:
    """Return a copy of a model that keeps what it compiles.

    `pymc.model.transform.optimization.freeze_model` makes such a one, but computes with numbers of
    the prior beforehand, which changes last digits; the copy is retyped in the same way.
    """
    copy = clone_model(model)
    copy.__class__ = FrozenModel
    return copy


def _make_room(kept: dict[Hashable, Any]) -> None:
    """Forget the oldest where there are too many."""
    while len(kept) >= KEPT:
        del kept[next(iter(kept))]


def _with_numbers(compiled: Any, first: pm.Model, model: pm.Model) -> Any:
    """Return what was compiled of `first` with the data and coordinates of `model`."""
    values = {one.name: one.get_value() for one in model.data_vars}
    begin = compiled.initial_point_func

    def start(*given: Any, **options: Any) -> Any:
        """Find points to begin from: they are made with the data of the first model."""
        with _LOCK:
            own = [(one, one.get_value()) for one in first.data_vars]
            try:
                for one, _ in own:
                    one.set_value(values[one.name])
                return begin(*given, **options)
            finally:
                for one, value in own:
                    one.set_value(value)

    coords = {
        name: labels if model.coords.get(name) is None else pd.Index(model.coords[name])
        for name, labels in compiled._coords.items()
    }
    found = dataclasses.replace(compiled, _coords=coords, initial_point_func=start)
    return found.with_data(**values)
