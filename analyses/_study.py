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
from analyses._checked import Checked
from analyses._designs import keep
from analyses._sampled import LEFT_OUT, QUICK
from reports.blocks.blocks import Block, Figure, Table
from reports.blocks.contradiction import withheld
from reports.blocks.part import ADVI_BROKE, ADVI_LEFT
from reports.page import lines, sections, sweeps
from reports.page.rendering import Section
from reports.publishing.summary import Results
from workflow.checking.conflict import Conflict, plain_conflict
from workflow.quantities import Quantity, Scalar, flatten, summarise
from workflow.sampling.effort import SWEPT
from workflow.sampling.fit import tries
from workflow.sensitivity.curves import Curve, curve
from workflow.sensitivity.flips import in_words, most_moved
from workflow.sensitivity.power import power_scaling
from workflow.sensitivity.prior_curves import prior_curves
from workflow.sensitivity.reweighting import Source
from workflow.sensitivity.sensitivity import Sweep, sweep
from workflow.variational.compare import Comparison, compare_all

type Told = Block | Callable[[Sweep], Sequence[Block]]


class Study(Checked):
    """One case study; `Sampled` has its parameters, and the steps `sample` and `decide`.

    `Checked` has those that ask whether anyone may believe it.
    """

    advised: Sequence[Comparison] = ()
    swept: Sweep = Sweep({}, (), None)  # nothing, until `sweep`
    _approximated: Any = None  # what fits ADVI made, once it was waited for
    _broken = False  # whether they ended in no numbers

    def sweep(
        self,
        prior: Callable[..., dict[str, float]],
        var_names: Sequence[str] = (),
        *,
        measure: Callable[[xr.Dataset], dict[str, Scalar]] = lambda posterior: {},
        told: Callable[[xr.Dataset], xr.Dataset] = lambda posterior: posterior,
        exact: Callable[..., str] | None = None,
        draws: int = SWEPT,
    ) -> Sweep:
        """Find the posterior under every prior of the grid: `prior` makes `pm.Data` of the knobs.

        Kept are summaries of some variables, else of all, and what `measure` finds in a posterior;
        `exact` decides by the knobs where a fit fails, `told` makes of a posterior what is told of
        it (see `workflow.sensitivity.sensitivity.sweep`). Of much data there are fewer draws.
        The section is added by `sensitivity`: meanwhile ADVI goes on.
        """
        self._prior_of, self._told = prior, told
        self._swept = list(var_names or map(str, self.tree["posterior"].data_vars))
        if not self.quick:
            self.step("prior sweep")
            self.swept = sweep(
                self.again,
                self.knobs,
                prior,
                partial(self.rule, errors=3),
                self.decision,
                self._swept,
                measure=measure,
                told=told,
                exact=exact,
                draws=min(self.draws, draws),
                tune=min(self.tune, SWEPT),
                first=effort.fewer(self.fitted, self.knobs),
                source=self._source() if self.reweighs else None,
                chains=self.chains,
                seed=self.seed,
                target_accept=tries(self.tree)[-1].target_accept,
            )
        return self.swept

    def _source(self) -> Source:
        """Return the draws of the study, from which those under other priors are made."""
        return Source(self.fitted, self._drawn, self.diagnosis.status)

    def most_moved(self, names: Iterable[str]) -> str:
        """Return which quantity the priors of the sweep move most."""
        return most_moved(self.swept, names)

    def approximations(self) -> Any:
        """Wait for what fits ADVI and return what it made; None where there is none."""
        if self._advi is None:
            return None
        if self._approximated is None:
            self.step("wait for ADVI")
            try:
                self._approximated = self._advi.result()
            except FloatingPointError:  # of PyMC, where a parameter became NaN
                self._advi, self._broken = None, True
        return self._approximated

    def advi(
        self, *words: Block, trees: Mapping[str, xr.DataTree] | None = None
    ) -> Sequence[Comparison]:
        """Judge ADVI against NUTS, quantity by quantity, and add the verdict."""
        found = {} if self.quick else trees or self.approximations()
        if found:
            seconds = self.page.steps.seconds["compile"]
            about = (self.tree, found, self.diagnosis, self.rule)
            self.advised = compare_all(*about, compiling=seconds)
        title = "Would ADVI have done?"
        if not found:
            line = ADVI_BROKE if self._broken else ADVI_LEFT if self.at_mode else QUICK
            self.check(title, line=line, verdict="broke off" if self._broken else LEFT_OUT)
            return self.advised
        line, verdict = lines.advi(self.advised), lines.best(self.advised)
        told = sections.advi(self.advised, found)
        self.check(title, *words, *told, line=line, verdict=verdict)
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
            return self.check(title, line=QUICK, verdict=LEFT_OUT)
        knobs = own or {name: float(self.settings[name]) for name in self.knobs}
        scaling = power_scaling(self.tree, list(scaled or self._swept))
        priors = prior_curves(self.model, self.knobs, self._prior_of, shown, seed=self.seed)
        about = (self.swept, scaling, shown, priors, knobs, self._own(shown))
        found = sections.prior_sweep(*about, unit=unit, scale=scale)
        made = [one(self.swept) if callable(one) else [one] for one in (*words, *found, *then)]
        line, verdict = in_words(self.swept), lines.swept(self.swept)
        told = [block for blocks in made for block in blocks]
        added = self.check(title, *told, line=line, verdict=verdict)
        options = [f"--{name.replace('_', '-')}" for name in self.knobs if name in self.settings]
        sweeps.warn(self.page, self.swept, options, more=self.draws < SWEPT)
        return added

    def _own(self, shown: str) -> tuple[Quantity, Curve | None]:
        """Return a quantity of the analysis by its name, and its density."""
        posterior = self._told(self.tree["posterior"].to_dataset())[[shown.partition("[")[0]]]
        return summarise(posterior)[shown], curve(dict(flatten(posterior))[shown])

    def conflict(self) -> Conflict | None:
        """Return the conflict of prior and data for which the answer has to be withheld, if any."""
        judged = sum(point.decision is not None for point in self.swept.points)
        flips = len(self.swept.flips)
        return plain_conflict(self.before, self.after, flips=flips, judged=judged)

    def save(
        self,
        answer: str,
        picture: Figure,
        result: Sequence[Table],
        quantities: Mapping[str, Quantity],
        scalars: Mapping[str, Scalar],
        top: Mapping[str, Any] | None = None,
    ) -> int:
        """Set answer, figure and result, publish, and return the exit code.

        The result has a row an option; `top` is told in the summary under keys of its own. Where
        prior and data contradict one another plainly, that is the first sentence, and there is no
        decision and no result.
        """
        conflict = self.conflict()
        if conflict:
            answer, self.decision, result = withheld(conflict, self.against), None, ()
        self.page.decide(answer, picture, *result)
        about = (self.diagnosis, self.decision, quantities, scalars, self.advised, self.swept)
        results = Results(*about, top or {})
        keep(self.tree, self.case, self.design)
        return self.page.save(self.settings["out"], self.tree, results)
