"""The part of a study that samples: model, settings, draws, the gate, and the decision so far."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pymc as pm
import xarray as xr

from analyses import _effort as effort
from analyses._cases import subject
from analyses._certified import Certified
from analyses._command import AS_READ
from analyses._many_rows import any_mode, at_mode, by_sums
from analyses._names import output_name
from data._how import Reading, said_of
from reports.blocks.blocks import Block
from reports.blocks.contents import contents
from reports.blocks.wanted import page_wanted
from reports.page.page import Report
from reports.page.rendering import Section
from workflow.checking.diagnostics import Diagnosis, Status, diagnose
from workflow.sampling.background import in_background
from workflow.sampling.fit import compile_nuts
from workflow.sampling.groups import add_groups
from workflow.sampling.part import NEIGHBOURS, row_dim, rows_of
from workflow.variational.advi import fit_both

type Rule = Callable[..., Sequence[str]]  # from a posterior to the decision, and what may be it too

LEFT_OUT = "left out"
QUICK_LOOK = (
    "A quick look, without ADVI and without the sweep over other priors.",
    "Run the study without --quick before you act on the answer.",
)
QUICK = "Left out (--quick): run the study without that before you act on the answer."


def _given(settings: Mapping[str, Any]) -> dict[str, object]:
    """Return the settings as options of the command line: of a `Reading` those that it has.

    The name is the page's own, which may be that of the data (`analyses/_names.py`).
    """
    given: dict[str, object] = {}
    for name, value in settings.items():
        if name != "stem":
            given |= value.options() if isinstance(value, Reading) else {name: value}
    return given


class Sampled(Certified):
    """Model, settings, draws and page of a case study.

    Parameters
    ----------
    case
        Stem of the case; its title is made of it, where no `title` is given.
    question
        The heading of the page.
    build
        Makes the model without arguments; a partial of the model's function, which is then shown.
    settings
        The arguments of the analysis' `main` by name.
    knobs
        The prior sweep's grid: the values of each knob.
    others
        Files beside the data that numbers come from, where there are any.
    approximate
        What fits ADVI, in a process of its own: takes `build` and a seed.
    design
        What new rows need to be predicted (`analyses/_designs.py`); it is kept in the `.nc`.
    """

    diagnosis: Diagnosis
    tenable: tuple[str, ...] = ()  # the decision, and those that Monte Carlo error cannot tell
    decision: str | None = None

    def __init__(
        self,
        case: str,
        question: str,
        build: "partial[pm.Model]",
        settings: Mapping[str, Any],
        *,
        knobs: Mapping[str, Sequence[float]],
        title: str = "",
        others: Sequence[Path | None] = (),
        approximate: Callable[..., Any] = fit_both,
        design: Mapping[str, Any] | None = None,
    ) -> None:
        self.case, self.design = case, design
        title, name = title or case.replace("_", " ").capitalize(), output_name(case, settings)
        self.page = Report(
            case,
            name=name,
            title=title if name == case else f"{name} ({title})",
            question=question,
            data=settings["data"],
            settings=_given(settings) | ({} if name == case else {"name": name}),
            as_read=AS_READ,
            others=[path for path in others if path],
        )
        self.page.subject = subject(case)
        self.section, self.step, self.warn = self.page.section, self.page.step, self.page.warn
        self.check = partial(self.section, part="checks")
        self.new_sections = self.page.new_sections
        self._say_how_read([settings["data"], *(path for path in others if path)])
        self.settings, self.knobs, self.quick = settings, knobs, bool(settings["quick"])
        self.draws, self.tune = int(settings["draws"]), int(settings["tune"])
        self.chains, self.seed = int(settings["chains"]), int(settings["seed"])
        self.build = build
        fitted = by_sums(build) or build
        self.model = build()
        self.fitted = self.model if fitted is build else fitted()
        self.at_mode = at_mode(build, fitted) or any_mode(build, self.model)
        self._approximate = partial(in_background, approximate, fitted, seed=self.seed)
        if self.at_mode is None:
            self.begin_advi()
        if self.quick:
            self.warn(*QUICK_LOOK)

    def _say_how_read(self, paths: Sequence[Path]) -> None:
        """Add what was done to the files where they do not speak for themselves, and warn."""
        said = [said_of(path) for path in paths]
        if notes := [note for one in said for note in one.notes]:
            self.check("How the file was read", *notes)
        for text, advice in (warning for one in said for warning in one.warnings):
            self.page.warn(text, advice)

    def data(self, *blocks: Block) -> Section:
        """Add what is in the data: words of the case, the columns of the file, its first rows.

        What is warned of before the draws belongs to it.
        """
        found = said_of(self.settings["data"]).contents
        return self.check("The data", *blocks, *contents(found))

    @cached_property
    def tree(self) -> xr.DataTree:
        """What `sample` drew, with all groups, which take longer than the draws, and come after."""
        return add_groups(
            *(self._drawn, self.model),
            seed=self.seed,
            run=self._run,
            summed=self.fitted,
            scaled=page_wanted(),
        )

    @property
    def in_full(self) -> bool:
        """Whether a page is made; else what takes long and changes no number can be left out."""
        return page_wanted()

    @property
    def sound(self) -> bool:
        """Whether the draws may be believed; else every answer is withheld."""
        return self.diagnosis.status is not Status.FAIL

    @property
    def rows(self) -> slice | np.ndarray:
        """Positions of the rows that the groups by row have: of very many, a part (`rows_of`)."""
        return rows_of(self.tree)

    def sample(self, *, ordered: bool = False, whole: bool = False, fits: int = 1) -> xr.Dataset:
        """Sample the posterior, by NUTS but for many rows, and diagnose; return it.

        Where rows are `ordered` and only a part of them is looked at, it is one of neighbours; a
        `whole` has no parts, and of many rows fewer draws are looked at.
        `fits` says how many such fits the study makes.
        """
        lengths = {"draws": self.draws, "tune": self.tune, "chains": self.chains}
        found = self.draw_at_mode(draws=self.draws, chains=self.chains)
        if found is None:
            self.step("compile")
            self.compiled = compile_nuts(self.fitted)
            effort.tell(self.page, self.compiled, self.fitted, self.knobs, fits=fits, **lengths)
        self._run = row_dim(self.model)[1] if whole else NEIGHBOURS if ordered else 1
        self._drawn = self.draw_by_nuts(lengths) if found is None else found
        self.__dict__.pop("tree", None)  # of an earlier call
        self.diagnosis = diagnose(self._drawn)
        return self._drawn["posterior"].to_dataset()

    def decide(self, rule: Rule, tenable: Sequence[str] = ()) -> str | None:
        """Apply the rule to the posterior, and say on stderr what it comes to so far.

        Returns the decision; None where the diagnosis failed. `tenable` is what the rule says, if
        that is known already.
        """
        self.rule = rule
        if self.sound:
            self.tenable = tuple(tenable or rule(self._drawn["posterior"].to_dataset()))
            self.decision = self.tenable[0]
        points = 0 if self.quick else effort.points(self.knobs)
        tried = effort.first_tried(self.fitted, self.knobs)
        effort.so_far(self.page, self._drawn, self.diagnosis, self.decision, points, tried)
        return self.decision
