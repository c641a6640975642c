"""The study: what an analysis holds while it argues, and one method for each step of the argument.

A step computes, adds its section in the words that every case has, and returns what was found. It
calls what anybody can call (`fit_nuts`, `prior_check`, `sweep`, ...): a step can be left out,
changed, or put between. `study.section` adds what only this case has to say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import xarray as xr

from analyses import _effort as effort
from analyses._sampled import QUICK, Sampled
from data._beside import Beside
from reports.blocks import tables
from reports.blocks.blocks import Block, Figure
from reports.blocks.part import looked_at
from reports.page import alike as alike_words, sections
from reports.page.rendering import Section
from reports.publishing.summary import Results
from workflow.checking import alike
from workflow.checking.checks import Statistic, StatisticCheck, posterior_check, prior_check
from workflow.quantities import Quantity, Scalar
from workflow.sampling.effort import SWEPT
from workflow.sensitivity.flips import most_moved
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.sensitivity import Sweep, power_scaling, sweep
from workflow.variational.compare import Comparison, compare_all

type Told = Block | Callable[[Sweep], Sequence[Block]]
type Statistics = Mapping[str, Mapping[str, Statistic]]  # by outcome and name


class Study(Sampled):
    """One case study; `Sampled` has its parameters, and the steps `sample` and `decide`."""

    advised: Sequence[Comparison] = ()
    swept: Sweep = Sweep({}, (), None)  # nothing, until `sweep`

    def describe(self, *notes: Block) -> Section:
        """Add the model: its mathematics, graph and source, and notes."""
        return self.section("The model", *sections.model(self.build.func, self.model), *notes)

    def prior(
        self, *blocks: Block, statistics: Statistics, held: str, advice: str
    ) -> list[StatisticCheck]:
        """Add the prior predictive check; `held` says what the prior expected least of all."""
        found = [c for y, said in statistics.items() for c in prior_check(self.tree, y, said)]
        table = tables.predictive("Prior predictive check", found, prior=True)
        self.section("What the priors say", *blocks, *looked_at(self.tree, prior=True), table)
        text = f"Prior and data are in conflict: the prior held {held}"
        self.page.warn_of(found, text, advice, prior=True)
        return found

    def independent(
        self, residuals: alike.Residuals | None, beside: Beside, *, ordered: bool = False
    ) -> list[alike.Alike]:
        """Look whether rows are alike that share a group or are near in time; warn where they are.

        Without residuals nothing is said.
        """
        if residuals is None:
            return []
        found = alike.look(residuals, beside.groups, beside.times, ordered=ordered, seed=self.seed)
        alike_words.warn(self.page, found, clusters="cluster" in self.settings)
        return found

    def gate(self, var_names: Sequence[str], *more: Block) -> Section:
        """Add the diagnosis, every try, and rank plots of some variables."""
        found = sections.sampler(self.tree, self.diagnosis, var_names)
        return self.section("Can we trust the sampler?", *found, *more)

    def fit(
        self,
        *blocks: Block,
        statistics: Statistics,
        misfit: str,
        advice: str,
        saturated: bool = False,
        beside: Sequence[StatisticCheck] = (),
        then: Callable[[list[StatisticCheck]], Sequence[Block]] = lambda found: (),
    ) -> list[StatisticCheck]:
        """Add the posterior predictive check, checks of another kind `beside` it, and what follows.

        `then` makes blocks of the checks.
        """
        checked = partial(posterior_check, self.tree, saturated=saturated)
        found = [one for outcome, said in statistics.items() for one in checked(outcome, said)]
        table = tables.predictive("Posterior predictive check", [*found, *beside])
        looked = looked_at(self.tree)
        self.section("Does the model fit?", *blocks, *looked, table, *then(found))
        self.page.warn_of(found, misfit, advice)
        return found

    def sweep(
        self,
        prior: Callable[..., dict[str, float]],
        var_names: Sequence[str] = (),
        *,
        measure: Callable[[xr.Dataset], dict[str, Scalar]] = lambda posterior: {},
        draws: int = SWEPT,
    ) -> Sweep:
        """Fit the model under every prior of the grid: `prior` makes its `pm.Data` of the knobs.

        Kept are summaries of some variables, else of all, and what `measure` finds in a posterior.
        With much data a prior has fewer draws, where these are enough (see `sweep`).
        The section is added by `sensitivity`: meanwhile ADVI goes on.
        """
        self._prior_of = prior
        self._swept = list(var_names or map(str, self.tree["posterior"].data_vars))
        if not self.quick:
            self.step("prior sweep")
            self.swept = sweep(
                self.compiled,
                self.knobs,
                prior,
                partial(self.rule, errors=3),
                self.decision,
                self._swept,
                measure=measure,
                draws=min(self.draws, draws),
                tune=min(self.tune, SWEPT),
                first=effort.fewer(self.model, self.knobs),
                chains=self.chains,
                seed=self.seed,
            )
        return self.swept

    def most_moved(self, names: Iterable[str]) -> str:
        """Return which quantity the priors of the sweep move most."""
        return most_moved(self.swept, names)

    def approximations(self) -> Any:
        """Wait for what fits ADVI and return what it made; None where there is none."""
        if self._advi is None:
            return None
        self.step("wait for ADVI")
        return self._advi.result()

    def advi(
        self, *words: Block, trees: Mapping[str, xr.DataTree] | None = None
    ) -> Sequence[Comparison]:
        """Judge ADVI against NUTS, quantity by quantity, and add the verdict."""
        found = {} if self.quick else trees or self.approximations()
        if found:
            seconds = self.page.steps.seconds["compile"]
            about = (self.tree, found, self.diagnosis, self.rule)
            self.advised = compare_all(*about, compiling=seconds)
        said = sections.advi(self.advised, found) if found else [QUICK]
        self.section("Would ADVI have done?", *words, *said)
        return self.advised

    def sensitivity(
        self,
        shown: str,
        *words: Told,
        unit: str,
        scale: float = 1,
        own: Mapping[str, float] | None = None,
        scaled: Sequence[str] = (),
        then: Sequence[Told] = (),
    ) -> Section:
        """Add whether the prior decides: `shown` under every prior of the sweep, and power-scaling.

        `own` are the knobs of the analysis, its settings if they have these names; `scaled` the
        variables for power-scaling, else those of the sweep. What is told of the sweep itself is a
        function of it.
        """
        title = "Does the prior decide?"
        if self.quick:
            return self.section(title, QUICK)
        knobs = own or {name: float(self.settings[name]) for name in self.knobs}
        scaling = power_scaling(self.tree, list(scaled or self._swept))
        priors = prior_curves(self.model, self.knobs, self._prior_of, shown, seed=self.seed)
        about = (self.swept, scaling, shown, priors, knobs)
        found = sections.prior_sweep(*about, unit=unit, scale=scale)
        made = [one(self.swept) if callable(one) else [one] for one in (*words, *found, *then)]
        return self.section(title, *(block for blocks in made for block in blocks))

    def save(
        self,
        answer: str,
        picture: Figure,
        quantities: Mapping[str, Quantity],
        scalars: Mapping[str, Scalar],
    ) -> int:
        """Set the first sentence and the figure beside it, publish, and return the exit code."""
        self.page.decide(answer, picture)
        about = (self.diagnosis, self.decision, quantities, scalars, self.advised, self.swept)
        return self.page.save(self.settings["out"], self.tree, Results(*about))
