"""What is said of methods, verdicts and bounds on every page, whatever the data."""

from workflow.variational.khat import TOO_FAR
from workflow.variational.verdict import RATIO_GOOD, SHIFT_GOOD, SHIFT_MEANS

SHIPPED = (
    "Eight schools tried out coaching for a test; of each there is the estimated gain and its "
    "standard error (Rubin 1981). It is the standard example of a posterior that looks harmless "
    "and is hard to sample in one way of writing it."
)
OTHERS = (
    "The other posteriors are examples, the same on every page: each is known exactly, and each is "
    "of a shape that some method cannot have. They need no data of yours."
)
METHODS = (
    "Laplace goes to the mode and takes the curvature there for the sds. Pathfinder stops on the "
    "way there, at the Gaussian with the highest ELBO. ADVI looks for the Gaussian with the "
    "highest ELBO of all: mean-field without correlations, full-rank with them. All four work on "
    "unbounded scales (the logarithm of what is positive, the log-odds of a rate), where NUTS "
    "moves too. NUTS alone draws from the posterior itself, and alone says by itself when it did "
    "not."
)
VERDICT = (
    "A verdict is what the numbers leave. “Good enough”: every mean within "
    f"{SHIFT_GOOD:g} posterior sds, every sd within {100 * (RATIO_GOOD[1] - 1):.0f}%, k-hat below "
    f"{TOO_FAR:g}, and the same decision. “Means only”: every mean within {SHIFT_MEANS:g} sds and "
    "the same decision, but sds, or k-hat, that are not to be believed. All else is “do not use”. "
    "Two Monte Carlo errors are granted to each comparison. NUTS has no family of shapes that "
    "could be wrong, but draws that scatter, and a gate: where that fails, they are “refused” "
    "before anybody compares. Else they are good enough if they are off by no more than chance, "
    "in their own Monte Carlo errors, and “flagged” where the gate warns all the same."
)
KHAT = (
    "k-hat asks whether draws of the approximation, weighted, could stand for the posterior. It "
    "sees only where the approximation has draws: an approximation that misses a whole hill has a "
    "low k-hat, and one that is too wide as well. So a high one rules an approximation out, and a "
    "low one proves nothing; here the exact posterior proves it."
)
ELBO = (
    "The ELBO is the logarithm of the evidence less KL(q‖p), so that it is a bound from below, and "
    "what it misses is how far the approximation is from the posterior. The evidence of these "
    "posteriors is known, so that the bound can be seen. Without it an ELBO says only which of two "
    "approximations is nearer, not whether either is near."
)
MODE = (
    "The mode is the highest point of the density, which is where least of a bent or long-tailed "
    "posterior may be: it depends on the scale on which one looks (here the unbounded one), and "
    "says nothing of how much is under it."
)
FORWARD = (
    "ADVI makes KL(q‖p) small: q must not be where p is not, so it stays on one hill. The Gaussian "
    "that makes KL(p‖q) small must be wherever p is, so it covers both and the gap between them. "
    "Neither is the posterior. Moving the one divergence against the other is what the learner's "
    "page on KL divergence is for."
)
FIT = (
    "Mean and sd of the population are fitted, and an effect for each group. What the model says "
    "beyond that is that the effects are of one normal population, and that a standard error says "
    "nothing of the effect."
)
MISFIT = (
    "Effects that go with their errors are what is left where small studies without an effect were "
    "not told; a group far off may be of another kind. Do not believe the mean effect until then."
)
COSTS = (
    "Seconds are those of this run, compiling included, while another process was at work: good "
    "to a factor of two. Gradients are slopes of the log density that were asked for; those of "
    "NUTS are of the draws that were kept, its warm-up not counted. What is tiny here costs "
    "little by any method: with many rows or parameters it is the gradients that count."
)
EXTRAS = (
    "Laplace and Pathfinder are the casebook's own, about a hundred lines each; Pathfinder is one "
    "path, without importance resampling."
)
