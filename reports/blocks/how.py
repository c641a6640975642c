"""How to read what stands on every page: the columns and marks, what is good and what is bad.

What is peculiar to one case stands with its tables. Nothing here is about the data of a run.
"""

from workflow.checking.checks import CONFLICT, SATURATED, SURPRISE
from workflow.checking.conflict import PLAIN
from workflow.checking.diagnostics import AGREE, APART
from workflow.quantities import INTERVAL

DIAGNOSIS = {
    "the columns": "One row a check. “Worst” is the least favourable value that was found, "
    "“where” the quantity or chain that has it, “needed” the limit. A WARN is said on the first "
    "screen and lets the answer stand; a single FAIL withholds it. A value that is not a number "
    "was not recorded, and fails.",
    "constant or not finite": "How many quantities are infinite, not a number, or the same in "
    "every draw of a chain. Such a quantity has no posterior: good is 0.",
    "copies of a chain": "How many pairs of chains are the same, draw for draw. A copy would make "
    "every other check look better than it is: good is 0.",
    "R-hat": "Compares the chains with one another. Near 1 they tell the same story; above "
    f"{AGREE:g} they have not met, and above {APART:g} the check fails.",
    "bulk ESS": "How many independent draws the chains are worth in the middle of a quantity. More "
    "is better; 100 a chain are asked for, and 400 at least.",
    "tail ESS": "The same in both tails of a quantity, where the ends of intervals lie.",
    "MCSE / sd": "The Monte Carlo error of a mean beside the posterior sd: how much of the "
    "uncertainty is only the luck of these draws. Less is better.",
    "divergences": "Draws at which the sampler broke down at the border of a place that it could "
    "not enter. What lies there is missing from the posterior, so any one fails.",
    "tree depth reached": "Draws whose path was cut short because it had grown too long. That is "
    "slow rather than wrong: it warns.",
    "E-BFMI": "How freely the sampler moves between the middle and the tails; the least of the "
    "chains. Low values mean that the tails are explored slowly.",
    "Pareto k-hat": "How heavy the tail of the weights is, by which draws of a Gaussian are made "
    "draws of the posterior: below .5 their means have an error that holds, above .7 a few draws "
    "decide, and the check fails.",
}
TRIES = (
    "One row a run. After divergences or too few effective draws the sampler runs again, with a "
    "higher target acceptance (smaller steps) or twice the draws, at most twice; the last row is "
    "the run that the page shows. Good are no divergences and a least ESS (of bulk and tail) that "
    "the diagnosis asks for."
)
RANKS = (
    "Each line is a chain: how often its draws are among the smaller ones of all chains, less what "
    "equal chains would have. Lines that wander around 0 are good; one that stays on one side has "
    "draws that are smaller (above 0) or larger (below) than those of the others. p is the "
    "probability of lines as uneven as these from chains that sample the same distribution: a "
    "small p is evidence that they do not, and where it is no more than .01, and R-hat is above "
    f"{AGREE:g} besides, ringed dots mark what speaks most against it. It takes the draws for "
    "independent, so it is too small where the ESS is well below their number; the table above "
    "judges, these are the least mixed quantities."
)
ELBO = (
    "ADVI climbs: the higher the ELBO, the nearer its distribution is to the posterior, but for a "
    "constant. Each line is one family of distributions; each point a mean over a hundredth of the "
    "iterations. A line that is level at its end has arrived, one that still rises has not. "
    "Half-way the steps are made smaller, and the line often rises once more; where it falls back "
    "after that, it had not arrived and goes on with larger steps."
)
ESTIMATES = (
    f"One row a quantity. An interval is a {INTERVAL}: given the model and the prior, the quantity "
    "is inside with probability .95. Mean and median say where it probably is, the sd how unsure "
    "that is. Digits stop where the Monte Carlo error begins. A ratio has a median and an interval "
    "but no mean: with no events its mean would not exist."
)
INTERVALS = (
    f"A mark is a posterior median, the line through it the {INTERVAL}: given the model and the "
    "prior, the quantity is inside with probability .95. Short lines are known well, long ones "
    "badly. A line on one side of the grey line at 0 has one sign throughout; one that crosses it "
    "has both. What follows from that, the rule in “The decision” says."
)
ROPE = " The grey band has the values that would make no difference in practice."
PROBABILITIES = (
    "How probable each event is, given the data, the model and the prior. Near 1 it is all but "
    "certain, near 0 all but excluded; in between it is open. The Monte Carlo error is what other "
    "draws could change; “<” and “>” stand where the draws support no more than a bound."
)
DENSITIES = (
    "A histogram of draws from the prior alone, before any data: where it is high, values are held "
    "for probable. Values that nobody would believe should get next to nothing, and "
    "all that are possible should get something."
)
PRIOR_PREDICTIVE = {
    "observed, predicted": "A number computed from the data (a statistic), beside the same number "
    "of data sets simulated from the prior alone: their median and their central 95%. A prior "
    "that makes data like the observed now and then is good; it need not make them often.",
    "tail probability": "How probable a value as far out as the observed is, on its side.",
    "conflict?": f"WARN where that is below {CONFLICT:g}, shared by the statistics of the table: "
    "the data are unlike anything that the prior expects, so one of the two is wrong. A value at "
    "an end where the prior is densest, such as a rate near zero under a prior that falls from "
    "zero on, is no conflict, however little of "
    "the prior lies beyond. Where the tail is below "
    f"{PLAIN:g} and, besides, the prior holds the estimate away from the data or more than half of "
    "the sweep's priors decide otherwise, the answer is withheld.",
}
PREDICTIVE = {
    "observed, predicted": "A number computed from the data (a statistic), beside the same number "
    "of data sets simulated from the fitted model: their median and their central 95%. Good is an "
    "observed value among the predicted ones.",
    "p": "The probability that predicted data have a larger value of the statistic than the "
    "observed data. Near 0 or 1 the model does not reproduce this side of the data; nothing is "
    "won by being near .5.",
    "result": f"WARN where p is below {SURPRISE / 2:g} or above {1 - SURPRISE / 2:g}, the room "
    "beyond divided by the number of statistics: so of 50 pages of sound fits one warns at most. "
    f"“{SATURATED}” means that the model has a free parameter for every number in the data, so "
    "that no value of p is a compliment.",
}
PREDICTED = (
    "A diamond is what was observed; the line is the central 95% of what the fitted model "
    "predicts, its small bar the median. A diamond on its line is well, one beyond its end is "
    "something that the model does not reproduce."
)
ADVI = (
    "One row a quantity. Shift: ADVI mean minus NUTS mean, in posterior sds; good is 0. Ratio: "
    "ADVI sd over NUTS sd; good is 1, below it ADVI is too sure. Overlap: how much of the two 95% "
    "intervals is common. “±” is one Monte Carlo error; the verdict grants two. Good enough needs "
    "every shift within 0.1, every ratio in 0.9-1.1, k-hat below 0.7 and the same decision; “means "
    "only” every shift within 0.25 and the same decision; an optimisation that was still moving is "
    "not to be used."
)
SWEEP = (
    "One row a prior: its knobs, what the posterior then says, and the decision that follows. Rows "
    "that agree are good: then the data decide. Where the decision changes from row to row the "
    "prior decides, and must be argued for. “Withheld” stands where the fit failed its diagnosis, "
    "and the decision is not known exactly either, “not judged” where it passed and what the rule "
    "looks at is still not known well enough; “or” joins what Monte Carlo error leaves open. The "
    "analysis' own decision stands under a prior, or flips by more than Monte Carlo error."
)
EXPLORER = (
    "At first it shows the numbers of the page. Move a slider: everything below shows what was "
    "computed under that prior: by the draws of the page, weighted, or by a fit of its own, with "
    "fewer draws. The dashed curve is the "
    "prior of the quantity, before the data, as far as it lies near the posteriors, the other one "
    "the posterior, on the same axis; each is drawn as high as the other. The bar below a curve "
    "is its central 95%, the dot the median. “▲ flips” stands where, between two positions of a "
    "slider, the decision becomes another. It is good if no prior that anyone could hold makes it "
    "flip. The decision follows the rule in “The decision”, which need not look at the quantity "
    "that is drawn; what else was measured is listed."
)
FLIPS = (
    "A row is a place where one knob is moved and the decision becomes another, the other knobs "
    "staying as they are. Where Monte Carlo error cannot tell a decision from that of the "
    "analysis, it counts as that of the analysis; fits that failed, and priors that were not "
    "judged, are passed over."
)
SWEPT = (
    "A mark is the posterior median under one prior, the line through it the 95% equal-tailed "
    "credible interval. The position along the axis, and the shape of the mark, say which prior. "
    "Marks at the same height are good: then the prior does not matter. Compare how far they move "
    "with how long the lines are, and see on which side of the grey line at 0 they stay."
)
POWER = (
    "How strongly a quantity reacts when the prior, or the likelihood, is raised to a power near "
    "1. A value above 0.05 for the prior means that the prior matters; for both, that prior and "
    "data pull apart. A small value for the prior and a larger one for the likelihood is good: the "
    "data speak."
)
LOSSES = (
    "What a choice is expected to give away against the best one, whichever that is. The smaller "
    "the better; one that is near 0 may be chosen safely even if another could be as good. The "
    "Monte Carlo error is what other draws could change."
)
CONTENTS = (
    "One row a column of the file, used or not: what its cells are read as, how many are missing, "
    "how many different values it has. Then its range and median or, of text and of two values, "
    "how many rows have each, the most frequent first. Look for a number that became text, a code "
    "that became a number, levels that are spelt in two ways, and values that cannot be."
)
FIRST_ROWS = (
    "Cell by cell as they stand in the file, with the line that each row is on; long cells lose "
    "their middles. Good is a table in which every cell is below its own header."
)
