"""What to do about a statistic that surprises: by what it measures, and by the side it is on."""

GREATER, SMALLER = 0, 1
UNDEFINED = "The statistic is not a number for the data or for many predictions: take another one."
OTHERWISE = "change the part of the model that sets it"
# What is in the statistic's name: what helps where the data's value is greater, and smaller.
REMEDIES: dict[tuple[str, ...], tuple[str, str]] = {
    ("variance / mean",): (
        "the counts vary more than Poisson: negative binomial, or what makes them alike",
        "the counts vary less than Poisson: binomial, if there is a largest count",
    ),
    ("kurtosis", "largest / sd"): (
        "look at the rows farthest off; then noise with heavy tails (Student-t: robust_regression)",
        "the noise has lighter tails, as of numbers with bounds: a transformation to and from them",
    ),
    ("size against prediction", "size along"): (
        "the noise grows: log() of the outcome, or noise that depends on the term",
        "the noise shrinks: another transformation, or noise that depends on the term",
    ),
    ("squared", "bend along"): ("add a square or a product in --formula",) * 2,
    ("scatter of the readings",): (
        "state a noise as large as that, or find what makes the readings differ",
        "state a noise as small as that; or readings are rounded, averaged or copied",
    ),
    ("farthest from the mean",): (
        "look at that reading: a slip, or noise with tails, of which a mean is a poor summary",
        "readings are cut off, rounded, or the noise is stated too large",
    ),
    ("first reading to the last",): ("something drifts: correct for it, or say from when it is",)
    * 2,
    ("row before",): ("rows hang together in time: add what they follow, such as a trend",) * 2,
    ("comes again (season)",): (
        "a season, or another rhythm: --means 12 takes means over whole seasons of 12 steps, say",
        "values swing from one side to the other: means of several steps (--means)",
    ),
    ("with the one before",): (
        "values go on in one direction for a while, as with a trend: look where forecasts lag",
        "noise overshoots, each value against the one before: means of several steps (--means)",
    ),
    ("largest in its sds",): (
        "look at that value in the picture: a slip, or noise with tails",
        "values are cut off or rounded",
    ),
    ("size of the late to the early",): (
        "the noise grows: log() of values that are above 0, or the later part of the file alone",
        "the noise shrinks: take the later part of the file alone",
    ),
    ("mean, in sds",): ("values go on in one direction: a trend, which forecasts lag behind",) * 2,
    ("largest single move",): (
        "the level leaps: look when, and take the values after that alone for what comes next",
        "the level moves in smaller steps than a normal distribution makes",
    ),
    ("skewness",): ("log() of the outcome, if it is above 0, or noise with one long tail",) * 2,
}
SIDES = "greater than almost all that", "smaller than almost all that"
SPREAD = "sd of"  # how the name of a statistic begins that says how wide the outcome spreads


def of_misfit(statistic: str, side: int) -> str:
    """Say what a model could have instead, by the name of a statistic; 0: greater, 1: smaller."""
    found = (both[side] for words, both in REMEDIES.items() if any(w in statistic for w in words))
    return (
        f"The data's value is {SIDES[side]} the model makes: {next(found, OTHERWISE)}; or do not "
        "use it for questions that hang on it."
    )


def of_conflict(statistic: str, side: int) -> str:
    """Say what to look at in a prior that holds the data for very unlikely.

    Where it expects more spread than there is, it is too wide already.
    """
    if statistic.startswith(SPREAD) and side == SMALLER:
        mend = "narrow it if so much was never possible"
    elif statistic.startswith(SPREAD):
        mend = "widen it if it allows too little"
    else:
        mend = "move its middle, or widen it, if it says more"
    return (
        f"The data's value is {SIDES[side]} the prior expects: look at the data's unit first, then "
        f"whether the prior says what was known; {mend}."
    )
