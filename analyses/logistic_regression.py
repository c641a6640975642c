"""Which breast masses should be referred, judging by the nuclei of their cells?

A logistic regression for the 569 patients of Street et al. (1993) or for a CSV of your own (--data,
--formula, --event): what goes with the event, whether the probabilities are honest on rows that
they do not come from, and what to do when the two errors cost differently. All rows are fitted.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs as designs, _grouped, _judged, _shown
from analyses._study import Study
from data.logistic_regression import PATH, load, on_both_sides
from models.logistic_regression import bernoulli, root_of_prior
from reports.regression import apart, costs, held_out as seen, logistic as words, priors, regression
from workflow.deciding.costs import Stakes
from workflow.quantities import named, original_scale, summarise
from workflow.regression import binary_checks, grouped, logistic, regression as slopes
from workflow.regression.hanging import hanging
from workflow.regression.separation import separation

LEVELS = (1.0, 2.5, 5.0)
SLOPES = {"r2": (0.2, 0.5, 0.75, 0.9, 0.98), "slope_sd": (0.25, 0.75, 1.5, 2.5, 5.0)}
USUAL = {"r2": 0.75, "slope_sd": 1.5}
VARIANCES = (0.1, 1.0, 10.0, 100.0)  # of the prior, for the modes
PRICES, SHARES = {"above": 1e-6, "below": 1e6}, {"above": 1e-6, "below": 1 - 1e-6}
# Of women with a breast lump or an abnormal mammogram about one in ten has cancer (Kerlikowske et
# al. 2003); masses are biopsied from a probability of 2% on (BI-RADS 4), as if a miss cost 49.
CLINIC, BIOPSY = 0.1, 49.0


def main(
    data: command.Data = PATH,
    formula: command.Formula = None,
    event: Annotated[str | None, command.text("Value to predict, if not 1 or true.")] = None,
    drop_missing: command.DropMissing = False,
    prior: command.Prior = "predictive",
    r2: command.R2 = None,
    slope_sd: command.SlopeSd = None,
    level_sd: Annotated[
        float, command.number("Prior sd of the log-odds at the average row.")
    ] = 2.5,
    between: command.Between = None,
    hold_out: Annotated[
        float | None,
        command.rate("Share of the rows to keep from the fit; else they are left out one by one."),
    ] = None,
    split_seed: command.SplitSeed = 2026,
    group: command.Group = None,
    prevalence: Annotated[
        float | None,
        command.number(
            "Share with the event where one decides; else .1 (shipped data) or the data's own.",
            **SHARES,
        ),
    ] = None,
    cost_miss: Annotated[
        float | None,
        command.number("Cost of missing an event; else 49 (shipped data) or 1.", **PRICES),
    ] = None,
    cost_false_alarm: Annotated[float, command.number("Cost of acting in vain.", **PRICES)] = 1.0,
    reading: command.Numbers = command.AS_IT_IS,
    draws: command.Draws = 1000,
    tune: command.Tune = 1000,
    chains: command.Chains = 4,
    seed: command.Seed = 2026,
    out: command.Out = command.HTML,
    stem: command.Name = None,
    quick: command.Quick = False,
    quiet: command.Quiet = False,
) -> int:
    """Run the study, write its page to `out` and return the exit code."""
    settings = dict(locals())
    settings |= (knob_of := command.slope_prior(prior, r2, slope_sd, usual=USUAL))
    found = load(
        data, formula, event=event, drop_missing=drop_missing, group=group, reading=reading
    )
    settings |= (varying := _grouped.knob(found, between, usual=1.5))
    train, held = _judged.parts(found, hold_out, split_seed, group)
    outcome, terms, groups = train.outcome, train.terms, train.groups and train.groups.of_row
    name = str(outcome.name)
    shipped = data.resolve() == PATH and not (formula or event or reading != command.AS_IT_IS)
    act, usual = "refer" if shipped else "act on", cost_miss is None and not shipped
    told = costs.Words(name, act, usual, rows=seen.LEFT if hold_out is None else seen.HELD)
    share = float(found.outcome.mean())
    miss, there = cost_miss or (BIOPSY if shipped else 1.0), CLINIC if shipped else share
    stakes = Stakes(miss, cost_false_alarm, prevalence or there, fitted=float(outcome.mean()))
    question = f"How surely can {name} be predicted, and should one act on it?"
    asked = __doc__.splitlines()[0] if shipped else question

    # The question, and the model that answers it. ADVI begins to run on the other core.
    build = partial(bernoulli, terms, outcome, groups, **knob_of, level_sd=level_sd, **varying)
    knobs = {"level_sd": LEVELS, **named(SLOPES, *knob_of), **named(_grouped.SPREADS, *varying)}
    kept = designs.of_events(train, stakes, told.act)
    study = Study("logistic_regression", asked, build, settings, knobs=knobs, design=kept)

    # The data; where they are split, that was before anything looked at them.
    whole = found.outcome, found.terms[terms.columns], train.notes, words.about(name, share)
    study.data(
        *regression.data(*whole, words.LOSS), *_judged.said(train, held, hold_out, split_seed, name)
    )
    regression.warn_of_few(study.page, terms)
    apart.warn(study.page, separated := separation(terms, outcome))

    # The draws, which option costs least on rows not seen, and whether rows are independent.
    posterior = study.sample()
    rows = _judged.rows(study, posterior, held, stakes, told)
    decision = study.decide(rows.cheapest)
    study.describe(regression.used_twice(of_outcome=False), regression.scales(terms))
    alike = study.independent(logistic.residuals(posterior, terms, outcome), train.beside)
    seen.warn_of_both_sides(study.page, alike, on_both_sides(train, held), told)

    # What the priors imply for the probability of each row, and whether the data fit in.
    z = slopes.standardised(terms)
    root, (knob, own) = partial(root_of_prior, terms), *knob_of.items()
    roots = {value: root(**{knob: value}) for value in {*SLOPES[knob], own}}
    level = _grouped.level_sd(level_sd, varying)
    implied = {value: logistic.implied(z, root=r, level_sd=level) for value, r in roots.items()}
    study.prior(
        *words.prior_words(knob_of, level_sd, terms.shape[1]),
        words.sureness(implied, knob, own),
        *([words.EXPERTS] if shipped else []),
        statistics={"y": binary_checks.prior_statistics(z.iloc[study.rows], name)},
        held="outcomes like the observed for unlikely",
        advice=f"Look at --{knob.replace('_', '-')} and, for a rare event, at --level-sd.",
    )
    words.warn_of_sure_prior(study.page, implied[own].sure, knob)

    # May anyone believe the draws, and does the model reproduce the rows it was fitted to?
    study.gate(["level", "log_odds_ratio"])
    quantities, looked = summarise(posterior), terms.iloc[study.rows]
    ratios = named(quantities, "log_odds_ratio")
    ranked, fitted = regression.by_size(ratios), logistic.predictive(posterior, looked)
    study.fit(
        words.FIT,
        statistics={"y": binary_checks.fit_statistics(fitted, looked, ranked[:3])},
        misfit="The model does not reproduce this side of the data",
        advice="Try a transformation, a square or a product in --formula; look at the least "
        "probable row.",
        then=partial(_shown.fit, study, posterior, train, name, p=fitted),
    )
    priors.warn_of_held_back(study.page, knob_of, posterior, terms, outcome)

    # What goes with the event.
    prob = slopes.rises(posterior["log_odds_ratio"])
    hangs = hanging(posterior, terms, outcome).in_lines(train.lines)
    regression.warn_of_hanging(study.page, hangs)
    study.section(
        "What goes with the event?",
        words.ratios(name, step := regression.step(terms)),
        words.forest(ratios, step),
        words.odds_ratios(ratios, prob, step, hangs),
        regression.estimates(words.OWN, named(quantities, "slope", "intercept"), prob, hangs),
    )
    _grouped.told(study, posterior, train, f"units of log-odds of {name}", mean=logistic.expit)
    _shown.effects(study, posterior, train, name, hangs, kind="logit")

    # Are the probabilities honest on rows that they do not come from?
    wide, of_all = grouped.with_columns(posterior, terms, root(**knob_of))
    of_prior, p = _judged.Prior(root=of_all, level_sd=level_sd), rows.probabilities(posterior)
    mode = logistic.map_estimate(slopes.standardised(wide), outcome, **of_prior)
    _judged.honest(study, rows, posterior, train, mode, of_prior, told)
    _judged.told_apart(study, rows, posterior, p, told)
    modes = logistic.map_estimates(z, outcome, VARIANCES)
    _judged.penalised(study, modes, mode, quantities, groups)

    # Would ADVI have done, and does the prior decide?
    study.sweep(dict, ["log_odds_ratio", "level"], measure=rows.measure)
    study.advi()
    study.sensitivity(
        shown := f"log_odds_ratio[{ranked[0]}]",
        lambda swept: [
            *apart.told(separated, swept, ranked[0]),
            f"The knobs are {priors.knob(knob_of)}, and the prior sd of the level"
            f"{_grouped.knob_words(varying)}. Shown is the strongest term, {ranked[0]}. "
            f"{apart.moved(swept, shown, told.rows)}",
        ],
        unit=words.unit(ranked[0], terms),
    )

    # The decision, and what to say of it on the first screen.
    paid, errors = rows.costs(posterior), rows.errors(p)
    rule = [words.rule(told.rows), costs.rule(stakes, told), *([words.SOURCES] if shipped else [])]
    study.section("The decision", *rule, costs.table(paid, stakes))
    costs.warn_of_doubt(study.page, paid, errors, decision, told)
    return study.save(
        costs.answer(decision, paid, errors, stakes, told) if decision else "",
        costs.by_prevalence("answer", rows.by_prevalence(p), stakes, told.rows),
        [costs.options(paid, errors, stakes, decision, told)] if decision else [],
        original_scale(quantities),
        prob | rows.measure(posterior),
    )


if __name__ == "__main__":
    command.run(main)
