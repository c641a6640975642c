"""The part of a study that may not need NUTS: a Gaussian at the mode, certified by many rows."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import pymc as pm
import xarray as xr

from analyses import _effort as effort
from analyses._many_rows import of_model
from reports.blocks import part as words
from reports.page.page import Report
from workflow.checking.diagnostics import Status
from workflow.regression.any_mode import AnyMode
from workflow.regression.at_mode import AtMode
from workflow.sampling.fit import CompiledPyMCModel, compile_nuts, data_of, sample_nuts
from workflow.sampling.part import row_dim


class TooLongError(Exception):
    """NUTS would take so many minutes for a rival that nobody asked to wait for."""

    def __init__(self, minutes: float) -> None:
        super().__init__(words.in_minutes(minutes))
        self.minutes = minutes


class Certified:
    """Draws of a study at the mode of its posterior, and what takes their place where they fail.

    `model` is that by row, `fitted` that of what the rows come to, which may be the same.
    """

    case: str
    page: Report
    quick: bool
    seed: int
    model: pm.Model
    fitted: pm.Model
    at_mode: AtMode | AnyMode | None
    compiled: CompiledPyMCModel
    notes: Sequence[str] = ()  # how the draws were made, where that is not by NUTS alone
    _advi: Any = None
    _approximate: Callable[[], Any]  # begins to fit ADVI

    def begin_advi(self) -> None:
        """Let ADVI begin to run on the other core, but for a quick look."""
        if not self.quick:
            self._advi = self._approximate()

    def draw_at_mode(self, *, draws: int, chains: int) -> xr.DataTree | None:
        """Return draws of the posterior by the Gaussian at its mode; None where NUTS has to sample.

        That is where rows are few, or of another kind, or where the diagnosis of these draws is not
        PASS: then ADVI begins as in any other study, and the page and stderr say why.
        """
        if self.at_mode is None:
            return None
        self.page.step("Gaussian at the mode")
        data: dict[str, Any] = dict(data_of(self.fitted))
        tree, found = self.at_mode.fit(data, draws=draws, chains=chains, seed=self.seed)
        if found.status is Status.PASS:
            self.notes = [words.certified(tree, found)]
            return tree
        why = self.at_mode.why if isinstance(self.at_mode, AnyMode) else ""
        self.at_mode, self.notes = None, [words.uncertified(found, why)]
        self.page.steps.say(f"{self.case}: {self.notes[0]}")
        self.begin_advi()
        return None

    def draw_by_nuts(self, lengths: Mapping[str, int]) -> xr.DataTree:
        """Return draws by NUTS of the model that was compiled."""
        self.page.step("NUTS")
        return sample_nuts(self.compiled, data_of(self.fitted), seed=self.seed, **lengths)

    @cached_property
    def by_row(self) -> CompiledPyMCModel:
        """The model by row, compiled: for refits without single rows."""
        plain = self.at_mode is None and self.fitted is self.model
        return self.compiled if plain else compile_nuts(self.model)

    def beside(
        self, model: pm.Model, lengths: Mapping[str, int], *, at_most: float = math.inf
    ) -> tuple[CompiledPyMCModel, xr.DataTree]:
        """Return a rival, compiled, and its draws: at its mode, where these do, else by NUTS.

        How long NUTS will take is told before it begins.

        Raises
        ------
        TooLongError
            That is more minutes than `at_most`.
        """
        compiled, data = compile_nuts(model), data_of(model)
        if of := of_model(model):
            how = {name: lengths[name] for name in ("draws", "chains")}
            tree, found = of.fit(data, **how, seed=self.seed)
            if found.status is Status.PASS:
                return compiled, tree
            self.page.steps.say(f"{self.case}: {words.uncertified(found, of.why)}")
        of_nuts = {name: lengths[name] for name in ("draws", "tune", "chains")}
        if minutes := effort.minutes(compiled, model, **of_nuts):
            if minutes > at_most:
                raise TooLongError(minutes)
            self.page.steps.say(words.rival_expected(self.case, row_dim(model)[1], minutes))
        return compiled, sample_nuts(compiled, data, **{"seed": self.seed, **lengths})

    @property
    def reweighs(self) -> bool:
        """Whether draws are tried under other priors with weights before anything is fitted."""
        return not isinstance(self.at_mode, AtMode)

    @property
    def again(self) -> Any:
        """What fits under other priors (see `workflow.sensitivity.sensitivity.sweep`)."""
        return self.at_mode.refit if self.at_mode else self.compiled
