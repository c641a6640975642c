"""The part of a study that checks: the model, its prior, independence, the sampler, the fit."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from shlex import quote

from analyses._sampled import Sampled
from data._beside import Beside
from data._varying import FEWEST, MOST, formula_with
from models._imputed import with_gaps
from models._regression import with_groups
from reports.blocks import tables
from reports.blocks.blocks import Block
from reports.blocks.mathematics import mathematics
from reports.blocks.part import known_by, looked_at
from reports.blocks.wanted import page_wanted
from reports.page import alike as alike_words, lines, sections
from reports.page.page import SAMPLER
from reports.page.rendering import Section
from workflow.checking import alike
from workflow.checking.alike import worst_of_each
from workflow.checking.checks import (
    SATURATED,
    Statistic,
    StatisticCheck,
    posterior_check,
    prior_check,
)
from workflow.checking.status import Status
from workflow.sampling.members import MISSING, OF_ROW

type Statistics = Mapping[str, Mapping[str, Statistic]]  # by outcome and name


class Checked(Sampled):
    """A study, and the steps that ask whether its model and its draws may be believed."""

    before: Sequence[StatisticCheck] = ()  # the prior predictive check, after `prior`,
    against: str = ""  # and what to do about a conflict
    after: Sequence[StatisticCheck] = ()  # the posterior's, of a saturated model, after `fit`

    def describe(self, *notes: Block) -> Section:
        """Add the model: its mathematics, graph and source, and notes."""
        shown = sections.model(self.build.func, self.model) if page_wanted() else []
        for part, name in ((with_gaps, MISSING), (with_groups, OF_ROW)):
            shown[1:1] = [mathematics(part)] if name in self.model.named_vars else []
        notes = (*notes, *known_by(self.model, self.fitted))
        self.page.model = sections.assumed(self.build)
        line = "In mathematics, as a graph and as the source that was run."
        return self.section("The model", *shown, *notes, line=line, part="repeat")

    def prior(
        self,
        *blocks: Block,
        statistics: Statistics,
        held: str,
        advice: str,
        check: Callable[..., list[StatisticCheck]] = prior_check,
    ) -> list[StatisticCheck]:
        """Add the prior predictive check; `held` says what the prior expected least of all.

        `check` makes it, where the data were chosen by what was observed.
        """
        found = [c for y, said in statistics.items() for c in check(self.tree, y, said)]
        table = tables.predictive("Prior predictive check", found, prior=True)
        looked = looked_at(self.tree, prior=True)
        self.check("What the priors say", *blocks, *looked, table, line=lines.prior(found))
        text = f"Prior and data are in conflict: the prior held {held}"
        self.page.warn_of(found, text, advice, prior=True)
        self.before, self.against = found, advice
        return found

    def independent(
        self,
        residuals: alike.Residuals | Sequence[alike.Residuals] | None,
        beside: Beside,
        *,
        ordered: bool = False,
    ) -> list[alike.Alike]:
        """Look whether rows are alike that share a group or are near in time; warn where they are.

        Rows may have several residuals each. Without residuals nothing is said.
        """
        if residuals is None:
            return []
        several = [residuals] if isinstance(residuals, alike.Residuals) else residuals
        ordered = ordered or beside.lines
        look = partial(alike.look, ordered=ordered, seed=self.seed, asked=len(several))
        looked = (look(one, beside.groups, beside.times) for one in several)
        found = worst_of_each(one for every in looked for one in every)
        clusters, formulas = "cluster" in self.settings, self._formulas(found, beside)
        alike_words.warn(self.page, found, clusters=clusters, formulas=formulas)
        return found

    def _formulas(self, found: Sequence[alike.Alike], beside: Beside) -> dict[str, str]:
        """Return the formulas with (1 | group), for the columns that can be groups of this model.

        There are none where the model has groups already, or is none that can have them.
        """
        if "between" not in self.settings or OF_ROW in self.model.named_vars:
            return {}
        formula = self.settings["formula"]
        return {
            one.column: quote(formula_with(formula, beside.outcome, beside.columns[one.column]))
            for one in found
            if one.column in beside.columns and FEWEST <= one.groups <= MOST
        }

    def gate(self, var_names: Sequence[str], *more: Block) -> Section:
        """Add the diagnosis, every try, and rank plots of some variables."""
        about = (self.tree, self.diagnosis, var_names)
        found = sections.sampler(*about) if page_wanted() else []
        line = lines.sampler(self.diagnosis, self.tree["posterior"].to_dataset())
        return self.check(
            SAMPLER, *found, *self.notes, *more, line=line, verdict=self.diagnosis.status
        )

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

        `then` makes blocks of the checks. A check that cannot fail, and did not, is a line.
        """
        checked = partial(posterior_check, self.tree, saturated=saturated)
        found = [one for outcome, said in statistics.items() for one in checked(outcome, said)]
        table = tables.predictive("Posterior predictive check", [*found, *beside])
        title, judged = "Does the model fit?", [*([] if saturated else found), *beside]
        self.page.begin(title)
        if judged or any(one.result is Status.WARN for one in found):
            told = [*blocks, *looked_at(self.tree), table, *then(found)]
            self.check(title, *told, line=lines.fit(judged or found))
        else:
            self.check(title, line=_first(blocks), verdict=SATURATED)
        self.page.warn_of(found, misfit, advice)
        self.after = found if saturated else []
        return found


def _first(blocks: Sequence[Block]) -> str:
    """Return the first paragraph."""
    return next((block for block in blocks if isinstance(block, str)), "")
