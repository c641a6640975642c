"""Files that people bring to spam words."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from data import spam_words
from tests.brought._brought import ROWS, Like, Own, Reader, Sheet, fault, size, spread
from tests.contract import model_of
from tests.faults.names import HOSTILE
from tests.gates.watched import PREDICTIVE

naive_bayes = model_of("spam_words")

READERS = {
    "": Reader(spam_words.read, lambda found: naive_bayes(found.words)),
    "held out": Reader(lambda path: spam_words.read(spam_words.PATH, path), lambda _: None),
}

LIKE = {
    "": Like(
        [["word", *(f"{c}_{n}" for c in ("spam", "ham") for n in ("with", "total"))]],
        ["word", "spam_with", "spam_total", "ham_with", "ham_total", "label", "text"],
        first=["free", "call", "ok"],
    ),
    "held out": Like(
        [["words", "spam", "ham"]], ["words", "spam", "ham"], first=["free", "call free", ""]
    ),
}


@st.composite
def numbers(draw: st.DrawFn) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    s, h = draw(st.integers(1, 10**9)), draw(st.integers(1, 10**9))
    words = [
        f"{w},{draw(st.integers(0, s))},{s},{draw(st.integers(0, h))},{h}" for w in ("free", "ok")
    ]
    return "\n".join(["word,spam_with,spam_total,ham_with,ham_total", *words]).encode()


def sound(rng: np.random.Generator) -> Sheet:
    """Messages of the model's own: up to 300 words, of which the page chooses 25 at most."""
    n, words = round(spread(rng, 100, ROWS[1])), round(spread(rng, 5, 300))
    return Sheet(messages(rng, rng.random(n) < rng.uniform(0.15, 0.5), words), {})


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


@fault("Warn of held-out messages whose number of words is not as predicted")
def phrases(rng: np.random.Generator) -> Sheet:
    """Words come in phrases of four."""
    n = size(rng)
    spam = rng.random(n) < 0.4
    has = np.repeat(rng.random((n, 6)) < np.where(spam, 0.4, 0.1)[:, None], 4, axis=1)
    names = [f"word{a}{b}" for a in "abcdef" for b in "wxyz"]
    return Sheet(numbered(spam, has, names), {})


@fault(PREDICTIVE[True])
def far_prior(rng: np.random.Generator) -> Sheet:
    """A strong prior, weighing 51 messages, that has each word in nearly all of them."""
    return Sheet(messages(rng, rng.random(size(rng)) < 0.4, 40), {"alpha": 50.0, "beta": 1.0})


@fault(PREDICTIVE[True])
def stiff_prior(rng: np.random.Generator) -> Sheet:
    """A prior of the right mean, weighing 600 messages, that has all words equally often."""
    table = messages(rng, rng.random(size(rng)) < 0.4, 40)
    return Sheet(table, {"alpha": 50.0, "beta": 550.0})


@fault("Warn where events are clearly more, or less, common")
def other_mix(rng: np.random.Generator) -> Sheet:
    """Held out are messages of another time: 60% of them are spam, of the counted 10%."""
    n = size(rng)
    held_out = np.arange(n) % 4 == 3
    return Sheet(messages(rng, rng.random(n) < np.where(held_out, 0.6, 0.1), 20), {})


WORDS = np.array([f"w{a}{b}{c}" for a in "abcdefghij" for b in "abcdefghij" for c in "abcdefghij"])


def rows(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Messages of 12 words, the frequent ones of which depend on the class."""
    label = np.where(rng.random(n) < 0.2, "spam", "ham")
    rank = np.minimum(rng.geometric(0.01, size=(n, 12)), len(WORDS)) - 1
    rank = (rank + np.where(label == "spam", 10, 0)[:, None]) % len(WORDS)
    return pd.DataFrame({"label": label, "text": list(map(" ".join, WORDS[rank]))})


def few_words() -> str:
    """Return messages of few words, a class and a tab before each."""
    texts = [
        "win a free prize now",
        "free cash call",
        "see you at home",
        "are you home",
        "ok later",
    ]
    lines = [
        ("spam" if i % 5 < 2 else "ham", f"{texts[i % 5]} no{'abcdefgh'[i % 8]}{i}")
        for i in range(60)
    ]
    return "".join(f"{label}\t{text}\n" for label, text in lines)


OWN = Own(few_words(), {"message": "a free prize " + "".join(HOSTILE)}, "")
