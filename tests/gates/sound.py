"""Sound data for whole pages: as a case's model says they are, of every size that people bring."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from tests.gates.watched import Sheet
from workflow.predicting import huber

ROWS, TERMS, RATES = (20, 2000), 40, (1e-5, 0.5)
KINDS = ("normal", "skewed", "yes or no", "near another")


def spread(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number that is as likely within any factor of two as within any other."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def terms(rng: np.random.Generator, n: int, k: int) -> pd.DataFrame:
    """Return k columns of all kinds, none of which is constant."""
    columns: dict[str, np.ndarray] = {}
    while len(columns) < k:
        one = rng.normal(size=n)
        match rng.choice(KINDS):
            case "skewed":
                one = np.exp(one)
            case "yes or no":
                one = (one > rng.uniform(-1, 1)).astype(float)
            case "near another" if columns:
                one = list(columns.values())[-1] + rng.uniform(0.2, 1) * one
        if 1 < one.sum() < n - 1 or len(set(one)) > 2:
            columns[f"x{len(columns) + 1}"] = one
    return pd.DataFrame(columns).round(4)


def predicted(rng: np.random.Generator, x: pd.DataFrame, r2: float) -> np.ndarray:
    """Return a weighted sum of terms whose variance is r2 / (1 - r2)."""
    z = (x - x.mean()) / x.std()
    mu = (z @ rng.normal(size=z.shape[1])).to_numpy()
    return mu / mu.std() * np.sqrt(r2 / (1 - r2))


def size(rng: np.random.Generator) -> tuple[int, int]:
    """Return rows and terms: at least five rows for each term."""
    n = round(spread(rng, *ROWS))
    return n, round(spread(rng, 1, min(TERMS, n / 5)))


def ab_test(rng: np.random.Generator) -> Sheet:
    """Two to four arms of the same size, rates alike or nearly; half of them a row a visitor.

    The limit on the loss is what suits the rate.
    """
    arms, rate = int(rng.integers(2, 5)), spread(rng, *RATES)
    settings = {"control": NAMES[0], "max_loss": 0.02 * rate}
    rates = expit(logit(rate) + rng.choice([0, 0.1]) * rng.normal(size=arms))
    if rng.random() < 0.5:
        n = round(spread(rng, *ROWS))
        arm = rng.integers(arms, size=n)
        arm[:arms] = np.arange(arms)
        rows = {"arm": arm, "converted": (rng.random(n) < rates[arm]).astype(int)}
        day, site = np.sort(rng.integers(30, size=n)), rng.integers(12, size=n)
        table = pd.DataFrame({**rows, "day": day, "site": site}).replace({"arm": NAMES})
        return Sheet(table, settings)
    visitors = rng.multinomial(round(spread(rng, 20 * arms, 1e6)), np.full(arms, 1 / arms))
    counts = {"visitors": visitors, "conversions": rng.binomial(visitors, rates)}
    names = list(NAMES.values())[:arms]
    return Sheet(pd.DataFrame({"arm": names, **counts}), settings)


NAMES = dict(enumerate(("control", "red", "blue", "green")))


def prior_sensitivity(rng: np.random.Generator) -> Sheet:
    """Events among trials, of any rate, held against a reference near it."""
    n, rate = round(spread(rng, 20, 1e6)), spread(rng, *RATES)
    reference = float(expit(logit(rate) + 0.3 * rng.normal()))
    table = pd.DataFrame({"events": [rng.binomial(n, rate)], "trials": [n]})
    return Sheet(table, {"reference": min(max(reference, 1e-6), 0.6)})


def bandit(rng: np.random.Generator) -> Sheet:
    """Two to four variants, shown unequally often, whose rates are alike or nearly."""
    variants, rate = int(rng.integers(2, 5)), spread(rng, 0.01, 0.5)
    rates = expit(logit(rate) + rng.choice([0, 0.3]) * rng.normal(size=variants))
    shown = rng.multinomial(round(spread(rng, 50, 20_000)), rng.dirichlet(np.full(variants, 5)))
    counts = {"shown": shown + 1, "clicked": rng.binomial(shown + 1, rates)}
    names = list(NAMES.values())[:variants]
    return Sheet(pd.DataFrame({"variant": names, **counts}), {"horizon": 200})


def coin_updating(rng: np.random.Generator) -> Sheet:
    """Trials of one rate, any between a tenth and nine tenths, in their order."""
    n = round(spread(rng, 20, 2000))
    return Sheet(pd.DataFrame({"heads": rng.binomial(1, rng.uniform(0.1, 0.9), size=n)}), {})


def mendel_shares(rng: np.random.Generator) -> Sheet:
    """Counts, or rows, of two to eight kinds that have the expected shares, or others near them."""
    kinds = [f"kind {chr(97 + i)}" for i in range(int(rng.integers(2, 9)))]
    parts = rng.integers(1, 10, size=len(kinds))
    near = parts * np.exp(rng.choice([0, 0.2]) * rng.normal(size=len(kinds)))
    share = near / near.sum()
    expected = ",".join(f"{kind}={part}" for kind, part in zip(kinds, parts, strict=True))
    if rng.random() < 0.5:
        n = round(spread(rng, *ROWS))
        rows = {"kind": rng.choice(kinds, size=n, p=share), "site": rng.integers(12, size=n)}
        return Sheet(pd.DataFrame(rows), {"expected": expected, "ordered": True})
    counts = rng.multinomial(round(spread(rng, 20, 1e6)), share)
    return Sheet(pd.DataFrame({"kind": kinds, "count": counts}), {"expected": expected})


def known_noise(rng: np.random.Generator) -> Sheet:
    """Readings with the stated noise and a bias of the stated kind, on several days."""
    n, noise = round(spread(rng, *ROWS)), spread(rng, 0.01, 100)
    bias = noise * spread(rng, 0.1, 10)
    quantity = noise * rng.normal() * spread(rng, 1, 1e4)
    values = quantity + bias * rng.normal() + noise * rng.normal(size=n)
    table = pd.DataFrame({"batch": np.arange(n) * 6 // n, "reading": values})
    target = bias * spread(rng, 0.5, 2)
    return Sheet(table, {"noise_sd": noise, "bias_sd": bias, "target_sd": target})


def linear_regression(rng: np.random.Generator) -> Sheet:
    """Terms of all kinds, none to nine tenths of the variance explained, Gaussian noise."""
    n, k = size(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + rng.normal(size=n)
    return Sheet(x.assign(y=y), {})


def robust_regression(rng: np.random.Generator) -> Sheet:
    """The same with Student-t noise, of 3 to 30 degrees of freedom."""
    n, k = size(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + rng.standard_t(spread(rng, 3, 30), size=n)
    return Sheet(x.assign(y=y), {})


def sparse_regression(rng: np.random.Generator) -> Sheet:
    """As in linear regression, two terms at least, and of the coefficients most are small."""
    n, k = size(rng)
    x = terms(rng, n, max(k, 2))
    z = (x - x.mean()) / x.std()
    mu = (z @ rng.laplace(size=z.shape[1])).to_numpy()
    r2 = rng.uniform(0, 0.9)
    return Sheet(x.assign(y=mu / mu.std() * np.sqrt(r2 / (1 - r2)) + rng.normal(size=n)), {})


def count_regression(rng: np.random.Generator) -> Sheet:
    """Negative binomial counts, most of them Poisson nearly, counted for different times."""
    n, k = size(rng)
    x = terms(rng, n, k)
    days, dispersion = rng.uniform(1, 3, size=n), spread(rng, 0.05, 2)
    mu = days * spread(rng, 1, 30) * np.exp(predicted(rng, x, rng.uniform(0, 0.4)))
    y = rng.poisson(mu * rng.gamma(1 / dispersion, dispersion, size=n))
    return Sheet(x.assign(days=days.round(3), y=y), {"exposure": "days"})


def logistic_regression(rng: np.random.Generator) -> Sheet:
    """Outcomes of the model's own, 5% to 50% of them 1, ten for each term at least."""
    while True:
        n, level = round(spread(rng, 60, ROWS[1])), logit(spread(rng, 0.05, 0.5))
        k = round(spread(rng, 1, max(1, min(TERMS, n * expit(level) / 15))))
        x = terms(rng, n, k)
        y = rng.random(n) < expit(level + predicted(rng, x, rng.uniform(0, 0.5)))
        if min(y.sum(), n - y.sum()) >= 10 * k:
            return Sheet(x.assign(y=y.astype(int)), {})


def ordinal_regression(rng: np.random.Generator) -> Sheet:
    """Ratings of the model's own, three to seven, each with ten rows a term at least."""
    while True:
        n, ratings = round(spread(rng, 60, ROWS[1])), int(rng.integers(3, 8))
        k = round(spread(rng, 1, max(1, min(TERMS, n / (15 * ratings)))))
        x = terms(rng, n, k)
        eta = predicted(rng, x, rng.uniform(0, 0.5)) * np.pi / np.sqrt(3)
        cuts = logit(np.cumsum(rng.dirichlet(np.full(ratings, 3.0)))[:-1])
        y = 1 + np.searchsorted(cuts, eta + rng.logistic(size=n))
        if np.bincount(y, minlength=ratings + 1)[1:].min() >= 10 * k:
            return Sheet(x.assign(y=y), {})


def proportion_regression(rng: np.random.Generator) -> Sheet:
    """Shares around .05 to .95, with a Beta's noise; such as round to 0 or 1 are drawn again."""
    n, k = size(rng)
    x = terms(rng, n, k)
    mu = expit(logit(rng.uniform(0.05, 0.95)) + predicted(rng, x, rng.uniform(0, 0.5)))
    precision = spread(rng, 5, 200)
    y = np.zeros(n)
    while (bad := (y < 1e-9) | (y > 1 - 1e-9)).any():
        y[bad] = rng.beta(mu[bad] * precision, (1 - mu[bad]) * precision)
    return Sheet(x.assign(y=y), {})


def quantile_regression(rng: np.random.Generator) -> Sheet:
    """Noise whose spread grows with a term that is above 0, so that every quantile is a line.

    At least 20 rows for each coefficient beyond the outer lines.
    """
    n = round(spread(rng, 120, ROWS[1]))
    k = round(spread(rng, 1, max(1, min(TERMS, n / 40 - 1))))
    x = terms(rng, n, k)
    wide = rng.gamma(3, 1 / 3, size=n)
    sd = 0.5 + rng.uniform(0, 1) * wide
    y = predicted(rng, x, rng.uniform(0, 0.5)) + wide + sd * rng.normal(size=n)
    return Sheet(x.assign(wide=wide.round(5), y=y), {"quantiles": "0.25,0.5,0.75"})


def noise_models(rng: np.random.Generator) -> Sheet:
    """Terms of all kinds, and Huber's noise: Gaussian in the middle, with straight tails."""
    n, k = size(rng)
    x = terms(rng, n, k)
    y = predicted(rng, x, rng.uniform(0, 0.9)) + huber.quantile(rng.uniform(size=n))
    return Sheet(x.assign(y=y), {"kind": "real"})


def spam_words(rng: np.random.Generator) -> Sheet:
    """Messages of the model's own: up to 300 words, of which the page chooses 25 at most."""
    n, words = round(spread(rng, 100, ROWS[1])), round(spread(rng, 5, 300))
    return Sheet(messages(rng, rng.random(n) < rng.uniform(0.15, 0.5), words), {})


def process_corridor(rng: np.random.Generator) -> Sheet:
    """Normal pieces of a process that is just capable or not, near the middle of its limits."""
    n = round(spread(rng, *ROWS))
    half, middle = spread(rng, 1e-3, 1e3), spread(rng, 1e-2, 1e4)
    sd = half / 3 * spread(rng, 0.3, 3)
    values = middle + half * rng.uniform(-0.8, 0.8) + sd * rng.normal(size=n)
    table = pd.DataFrame({"value": values, "shift": rng.integers(3, size=n)})
    limits = {"lower": middle - half, "upper": middle + half}
    return Sheet(table, {**limits, "ordered": bool(rng.random() < 0.5)})


def smooth_curve(rng: np.random.Generator) -> Sheet:
    """Rows about a curve of the model's own, with bends that can be seen, at 20 to 200 places."""
    places, reach, unit = (
        round(spread(rng, 20, 200)),
        spread(rng, 1e-2, 1e4),
        spread(rng, 1e-3, 1e3),
    )
    where = reach * np.sort(rng.random(places))
    at = np.sort(np.r_[np.arange(places), rng.integers(places, size=rng.integers(2 * places))])
    length = spread(rng, 4 * reach / places, reach)
    curve = spread(rng, 0.3, 5) * bent(rng, where / length)
    y = rng.normal() + curve[at] + rng.normal(size=len(at))
    return Sheet(pd.DataFrame({"x": where[at], "y": unit * y}).sample(frac=1, random_state=1), {})


def bent(rng: np.random.Generator, x: np.ndarray) -> np.ndarray:
    """Return a smooth curve of variance 1 that bends within one unit: many waves, added up."""
    waves = rng.normal(size=200)
    found: np.ndarray = np.cos(np.outer(x, waves) + rng.uniform(0, 2 * np.pi, 200)).sum(1) / 10
    return found


def messages(rng: np.random.Generator, spam: np.ndarray, words: int) -> pd.DataFrame:
    """Return messages whose words come and go independently within a class: the prior's rates."""
    rates = rng.beta(0.5, 5.5, size=(2, words))
    names = [f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(words)]
    return numbered(spam, rng.random((len(spam), words)) < rates[spam.astype(int)], names)


def numbered(spam: np.ndarray, has: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """Return messages with these words (row, word), and a number each.

    Real ones differ in more than the words of a table. Of identical texts one alone is kept, so
    that messages of nothing else would be a choice among all: the short ones are missing from it.
    """
    words = np.array(names)
    text = [" ".join((*words[one], str(i))) for i, one in enumerate(has)]
    return pd.DataFrame({"label": np.where(spam, "spam", "ham"), "text": text})


def coal_rate(rng: np.random.Generator) -> Sheet:
    """Counts of periods whose rate changes once, by a factor of two to eight, not near an end."""
    n, rate = round(spread(rng, 20, 500)), spread(rng, 2, 200)
    change = round(n * rng.uniform(0.2, 0.8))
    after = rate * spread(rng, 2, 8) ** rng.choice([-1, 1])
    y = rng.poisson(np.where(np.arange(n) < change, rate, after))
    return Sheet(pd.DataFrame({"period": np.arange(n), "count": y}), {})


def diagnosis(rng: np.random.Generator) -> Sheet:
    """Patients of the network itself, with tables of any probabilities between .05 and .95.

    Asked about is what is seen of one of them; in half of the files cells are blank.
    """
    n, p = round(spread(rng, 200, ROWS[1])), rng.uniform(0.05, 0.95, size=14)
    table = patients(rng, n, p)
    if rng.random() < 0.5:
        table = table.mask(rng.random(n)[:, None] < rng.uniform(0, 0.5, size=7)).astype("Int64")
        table = table.dropna(how="all")
    one = table[["visit", "smoking", "dyspnoea"]].dropna().iloc[0]
    return Sheet(table, {"seen": ",".join(f"{name}={value}" for name, value in one.items())})


def patients(rng: np.random.Generator, n: int, p: np.ndarray) -> pd.DataFrame:
    """Return patients of the network of Lauritzen and Spiegelhalter; p has the rows of its tables.

    In the order of the findings, each row for a parent that is not there first.
    """
    found: dict[str, np.ndarray] = {}

    def add(name: str, chance: np.ndarray) -> None:
        found[name] = (rng.random(n) < chance).astype(int)

    add("visit", np.full(n, p[0]))
    add("smoking", np.full(n, p[1]))
    add("tuberculosis", p[2 + found["visit"]])
    add("cancer", p[4 + found["smoking"]])
    add("bronchitis", p[6 + found["smoking"]])
    either = found["tuberculosis"] | found["cancer"]
    add("xray", p[8 + either])
    add("dyspnoea", p[10 + 2 * either + found["bronchitis"]])
    return pd.DataFrame(found)


Sound = Callable[[np.random.Generator], Sheet]
SOUND: dict[str, Sound] = {
    one.__name__: one
    for one in (
        ab_test,
        prior_sensitivity,
        coin_updating,
        bandit,
        coal_rate,
        mendel_shares,
        known_noise,
        linear_regression,
        robust_regression,
        sparse_regression,
        count_regression,
        logistic_regression,
        ordinal_regression,
        proportion_regression,
        quantile_regression,
        noise_models,
        diagnosis,
        spam_words,
        process_corridor,
        smooth_curve,
    )
}
