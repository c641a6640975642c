"""How to read what stands on the pages of the regressions alone: one text a kind."""

EFFECTS = (
    "A panel a column of the file. Its line (or dots, for levels and for few values) is the "
    "prediction averaged over the rows with this column at the value on the axis and all others as "
    "they are; the ribbon, or whisker, is the 95% equal-tailed credible interval of that average. "
    "All panels have the same vertical axis, so steep is strong. Grey are rows of the data as they "
    "are, whose other columns differ too (of a yes or no: shares in groups of rows). A new row "
    "would lie farther from the line than the ribbon says, by the noise."
)
COMPARISONS = (
    "A row a comparison: levels with the reference, of a number its quartiles (a quarter of the "
    "rows lies below the one, a quarter above the other), or its two values. The difference is "
    "that of predictions averaged over the rows, with the column at the one value or at the other: "
    "median and 95% equal-tailed credible interval. The slope is the difference for one unit more "
    "(of probabilities for one sd more), as steep as it is at each row, averaged over the rows; – "
    "where there is none, as of levels."
)
OVERLAY = (
    "The dark line is the density of the observed outcome, each thin line that of one data set "
    "predicted from the fitted model. Good is a dark line that could be one of the thin ones. "
    "Peaks, bounds or a tail that no thin line has are what the model does not know of."
)
ROOTOGRAM = (
    "A bar is how often a number was observed, on a square-root scale; the line with its mark is "
    "the central 95% and the median of how often data predicted from the fitted model (rounded) "
    "have it. Good are bars that end on their lines; of twenty, one may miss by chance."
)
PIT = (
    "For each row: which share of its prediction from the other rows lies below what was observed "
    "(PIT, leave-one-out). If predictions are as wide as they should be, these shares are uniform, "
    "and the line stays in the grey band, which 95% of sound fits do along their whole length. "
    "Above 0 on the left and below on the right: predictions too narrow, the other way round: too "
    "wide; on one side throughout: too high or too low."
)
BINNED = (
    "A dot is a group of rows with about the same fitted probability: how many had the event. The "
    "bar is the central 95% of that share in data predicted from the fitted model. Good are dots "
    "in their bars, along the line where share and probability are equal; of twenty, one may miss "
    "by chance."
)
LEFT_OVER = (
    "What the model leaves over (outcome less fitted value, at the posterior mean), against the "
    "fitted value and against columns, the least even first. Diamonds are means of groups of rows, "
    "with 1.96 standard errors; the grey band is one sd of the rows around them. Good are means "
    "near 0 everywhere and a band that is equally wide everywhere: means that bend ask for a "
    "square or a curve, a band that widens for a logarithm."
)
LEFT_OVER_BINNED = (
    "Shares less fitted probabilities in groups of rows, against the fitted probability and "
    "against columns, the least even first; the line at each is 1.96 standard errors as the fitted "
    "probabilities have them. Good are means near 0 everywhere; means that bend ask for a square "
    "or a curve in that column."
)
CONFUSION = (
    "The rows judged, by outcome and by what is done at the threshold of the decision. "
    "Sensitivity is the share of those with the event that are found, specificity the share of the "
    "others that are left alone; in brackets 95% intervals over other rows (Jeffreys). A lower "
    "threshold finds more and troubles more: which one is right, the costs say, not these shares."
)
GAINS = (
    "Rows in order of their probability, the largest first: along the axis how many are acted on, "
    "upwards how many of all events are among them. The higher above the dashed line, the better; "
    "the thin line is a model that never errs, the diamond the threshold of the decision."
)
FOREST = (
    "A mark is the median of an odds ratio, the line its 95% equal-tailed credible interval, on a "
    "logarithmic axis: twice and half are as far from 1. A line on one side of the grey line at 1 "
    "has a direction that is known; one that crosses it has not."
)
OUTCOME = (
    "How many rows have each value of the outcome, or one in each interval. Look for a bound at "
    "which values pile up, for a few that lie far from all others, and for two hills, which may be "
    "two kinds of rows."
)
SCALES = (
    "One row a term, and one for a numeric outcome. Centre and scale are the mean and the sd of a "
    "column; of 0 and 1 the scale is 1. A term is a column, or what the formula makes of columns: "
    "x:z is their product, “g: b rather than a” is 1 where g is b and 0 elsewhere. Look whether "
    "the numbers are possible in the unit of the column: a least or greatest value far from the "
    "centre, in sds, may be an error of the file."
)
NOISE = ", sigma the sd of the noise"
DIRECTIONS = (  # where there is a sigma, with NOISE
    "One row a coefficient: by how much the outcome, or the log-odds of an event, differs for one "
    "unit more of the term, or for a level rather than its reference, all other terms being equal; "
    "the intercept is its value where all "
    "terms are 0{noise}. Mean, median and 95% equal-tailed credible interval "
    "say how much, sd how unsure that is. P(above 0) is the probability that the coefficient is "
    "above 0, given the model and all the other terms. Near 1 the outcome is higher where the term "
    "is higher, near 0 it is lower; in between the data do not tell."
)
JOINT = (
    "One row a sum or difference of two coefficients: its median, 95% equal-tailed credible "
    "interval and sd, beside the sds of the two by themselves. Where its sd is the smaller one, "
    "the data know the two together better than apart; say then the sum, not how it is shared out."
)
PREDICTIONS = (
    "One row a new case, with the terms that its name says. Its mean is the expected outcome; a "
    "new observation would lie in the interval with probability .95. The sds say why it is unsure: "
    "noise, which stays, and parameters, which more rows would settle; together they are not their "
    "sum but the root of the sum of their squares. The last column is the share that more rows can "
    "take away."
)
RIDGE = (
    "One row a term, each number by how much the outcome differs for one unit more of it. Ridge "
    "and the posterior mean should be near one another, within a small part of the posterior sd. "
    "Least squares has no prior: where it is far from both, it is the prior, or ridge's penalty, "
    "that holds the term back."
)
