"""Why write a model of one's own?

Putts by geometry, one angle, beside a logistic regression, an intercept and a slope: for 5,988
putts of professionals (Berry 1996), or for a CSV of your own (--data): which curve to take, from
where on a putt is more likely missed than made, and where the two part.
"""

from functools import partial
from typing import Annotated

from analyses import _command as command, _designs_alone as designs, _exactly as exactly
from analyses._study import Study
from data.golf_putting import PATH, read
from models.golf_putting import ROOM, geometry
from reports.putting import drawn, putting as words, tables
from workflow.checking.status import Status
from workflow.putting import agreement
from workflow.putting.contest import GEOMETRY, Contest
from workflow.quantities import summarise

KNOBS = {"prior_degrees": (0.5, 1.0, 2.0, 4.0, 8.0)}


def main(
    data: command.Data = PATH,
    prior_degrees: Annotated[
        float, command.number("Prior mean of the angle by which putts are off.", below=30)
    ] = 2.0,
    reading: command.Putts = command.AS_IT_IS,
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
    putts = read(data, reading)
    question = __doc__.splitlines()[0]
    if data.resolve() != PATH:
        question = "Do these putts follow geometry, and from where on are they missed?"

    # The question and the model; ADVI begins to run. The other curve is known without draws.
    build = partial(geometry, putts.counts, prior_degrees=prior_degrees)
    kept = designs.of_putts(putts.counts, ROOM)
    study = Study("golf_putting", question, build, settings, knobs=KNOBS, design=kept)
    contest = Contest(putts.counts, ROOM, prior_degrees)
    near, far = contest.reach
    study.data(*words.data(contest))

    # The draws, and which curve they lead to.
    posterior = study.sample(ordered=True)
    decision = study.decide(contest.decide)
    study.describe(
        "Only the direction of a putt is off, by the same sd from any distance, and putts are "
        "independent. With one parameter the posterior is known exactly on a grid, and nobody "
        "needs NUTS or ADVI; it says how far each of them is from the truth."
    )
    p = contest.curves[GEOMETRY]
    by_distance = dict(zip(putts.counts["distance_ft"], p, strict=True))
    study.independent(agreement.residuals(putts.rows, by_distance), putts.beside)

    # Prior predictive check, may anyone believe the draws, and does the curve fit?
    study.prior(
        words.prior(prior_degrees),
        statistics={"missed": agreement.shares(putts.counts)},
        held="shares like these for very unlikely",
        advice="Look at --prior-degrees, and whether the distances are in feet.",
    )
    study.gate(["sigma_degrees"])
    checks = study.fit(
        words.FIT,
        statistics={"missed": agreement.misfits(putts.counts, p.to_numpy())},
        misfit="The counts are not as the geometry has them",
        advice=words.ADVICE,
        then=lambda found: [tables.by_distance(contest)],
    )
    off = [one for one in checks if one.result is not Status.PASS]
    fits, near = not off, all(one.p > 0.5 for one in off)

    # What the data say: exact, by NUTS, by ADVI; and which curve.
    found, gap = summarise(posterior), contest.gap(posterior)
    caption = "The angle (degrees), and from where on its curve says missed (feet)"
    told = exactly.quantities(study, found, contest.known(), caption=caption)
    study.section("What the data say", told)
    study.section("Which curve?", *words.which(contest, gap, far))

    # Would ADVI have done, and does the prior decide?
    study.advi()
    study.sweep(dict)
    study.sensitivity(
        "sigma_degrees",
        "The knob is the prior mean of the angle. The prior of the logistic curve stays as it is.",
        unit="degrees",
    )
    study.section("The decision", words.rule(contest))
    return study.save(
        words.answer(decision, contest, gap, found, fits=fits, near=near),
        drawn.picture(contest, far),
        tables.result(contest, gap, found, far, fits=fits),
        found,
        {},
    )


if __name__ == "__main__":
    command.run(main)
