"""New messages: which class the words of each speak for, the rates of the words integrated out.

Words are independent given the class, as in `workflow/words/naive_bayes.py`, whose `predictive` is
this for one message.
"""

import numpy as np
from scipy.special import expit, logit

from workflow.predicting.draws import chunks

TINY = 1e-300


def prob_first(rate: np.ndarray, present: np.ndarray, share: float) -> np.ndarray:
    """Return P(first class) of each message.

    `rate` has the dims draw, word, class (two); `present` (message, word) says which words each
    has; `share` is the share of the first class. The probability of a message in each class is
    averaged over the draws, and then Bayes' theorem applied. Messages with the same words are
    computed once.
    """
    different, at = np.unique(np.asarray(present, dtype=bool), axis=0, return_inverse=True)
    there, absent = np.log(rate), np.log1p(-rate)
    rows = [
        [_log_mean(there[..., label], absent[..., label], different[some]) for label in (0, 1)]
        for some in chunks(len(different))
    ]
    spam, ham = np.concatenate([np.array(one) for one in rows], axis=1)
    found: np.ndarray = np.clip(expit(logit(share) + spam - ham), TINY, 1 - np.finfo(float).epsneg)
    return found[np.ravel(at)]


def _log_mean(there: np.ndarray, absent: np.ndarray, present: np.ndarray) -> np.ndarray:
    """Return the log of the mean probability of messages in one class; dims: draw, word in."""
    scores = present.astype(float) @ (there - absent).T + absent.sum(axis=1)
    most = scores.max(axis=1, keepdims=True)
    found: np.ndarray = most[:, 0] + np.log(np.exp(scores - most).mean(axis=1))
    return found
