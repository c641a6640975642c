"""Strategies for files: nearly tables, and tables with numbers of all sizes."""

import csv
import io

import numpy as np
from hypothesis import strategies as st

FINDINGS = ["visit", "smoking", "tuberculosis", "cancer", "bronchitis", "xray", "dyspnoea"]
NAMES = {
    "ab_test": ["arm", "visitors", "conversions", "guardrail", "converted"],
    "prior_sensitivity": ["girls", "births", "girl", "events", "trials", "event"],
    "bandit": ["variant", "shown", "clicked", "arm", "visitors"],
    "coin_updating": ["heads", "flip", "outcome", "event"],
    "coal_rate": ["date", "period", "count", "year"],
    "mendel_shares": ["kind", "count", "n", "number", "plant"],
    "known_noise": ["reading", "speed", "experiment", "run"],
    "spam_words": ["word", "spam_with", "spam_total", "ham_with", "ham_total", "label", "text"],
    "spam_words, held out": ["words", "spam", "ham"],
    "process_corridor": ["value", "diameter", "y", "lower"],
    "smooth_curve": ["x", "y", "time_ms", "acceleration_g"],
    "diagnosis": [*FINDINGS, "either"],
    "regression": ["x", "y", "C", "self", "index", "0", "__class__", "a b", "Intercept"],
}
CELLS = [
    *("0", "1", "2", "3", "10", "true", "FALSE", "A", "B", "spam", "ham", "free", "free call"),
    *("", " ", "NA", "nan", "inf", "-inf", "1e400", "1e-400", "1e99", "-1e99", "1e308", "5e-324"),
    *("-1", "1.5", "1,5", "0x10", "1_000", "١", "９", "1e9", "1000000000", "99999999999999999999"),
    *("2024-01-31", "31.1.2024", "12:30", "=1+1", "@x", "+1", "-x", '"', "'", "\x00", "\t", "\r"),
    *("<b>", "{{7*7}}", "\u202e", "\u2028", "😀", "a" * 10_000, "9" * 400, "(" * 500, "\ufffe"),
]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp500"]

nasty = (
    st.sampled_from(CELLS)
    | st.integers(0, 50).map(str)
    | st.floats().map(repr)
    | st.text(max_size=5)
)
plain = st.sampled_from(["0", "1", "1", "2", "3", "7"])
looked = st.sampled_from(["0", "0", "1", "no", "yes", "", "NA"])
HEADS = {
    "ab_test": [["arm", "visitors", "conversions"], ["arm", "converted"]],
    "prior_sensitivity": [["girls", "births"], ["event"]],
    "bandit": [["variant", "shown", "clicked"], ["variant", "clicked"]],
    "coin_updating": [["heads"], ["heads", "day"]],
    "coal_rate": [["date"], ["period", "count"], ["date", "x"]],
    "mendel_shares": [["kind", "count"], ["kind"], ["kind", "plant"]],
    "known_noise": [["reading"], ["experiment", "run", "speed"]],
    "spam_words": [["word", *(f"{c}_{n}" for c in ("spam", "ham") for n in ("with", "total"))]],
    "spam_words, held out": [["words", "spam", "ham"]],
    "process_corridor": [["value"], ["machine", "value"]],
    "smooth_curve": [["x", "y"], ["y", "day", "x"], ["time_ms", "acceleration_g"]],
    "diagnosis": [FINDINGS],
    "regression": [["x", "y"], ["x", "a b", "y"], ["x", "z", "C", "y"]],
}
FIRST = {
    "arm": ["A", "B", "C"],
    "variant": ["A", "B", "C"],
    "kind": ["A", "B", "C", "D"],
    "word": ["free", "call", "ok"],
    "words": ["free", "call free", ""],
}


@st.composite
def tables(draw: st.DrawFn, name: str) -> bytes:
    """Draw a file that looks like a table for a loader, with none or some of it wrong."""
    kind = name if name in HEADS else "regression"
    header = list(draw(st.sampled_from(HEADS[kind])))
    cell = looked if kind == "diagnosis" else plain
    first = st.sampled_from(FIRST[header[0]]) if header[0] in FIRST else cell
    row = st.tuples(first, *[cell] * (len(header) - 1)).map(list)
    rows = [header, *draw(st.lists(row, min_size=2, max_size=8))]
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 5]))):
        at = draw(st.sampled_from(rows))
        wrong = draw(nasty | st.sampled_from(NAMES[kind]))
        place = draw(st.integers(0, len(header)))
        taken: int = draw(st.sampled_from([1, 1, 1, 0, 2]))
        at[place : place + taken] = [wrong]
    file = io.StringIO(newline="")
    end = draw(st.sampled_from(["\n", "\r\n", "\r", "\n\n"]))
    csv.writer(file, lineterminator=end).writerows(rows)
    text = file.getvalue()
    text = text.replace(",", draw(st.sampled_from([*[","] * 8, ";", "\t"])))
    coded = draw(st.sampled_from([*["utf-8"] * 8, *ENCODINGS]))
    mark = draw(st.sampled_from([*[b""] * 8, b"\xef\xbb\xbf", b'"', b"\x00"]))
    return mark + text.encode(coded, errors="replace")


@st.composite
def numbers(draw: st.DrawFn, kind: str) -> bytes:
    """Draw a file that is in order, but for the size of its numbers."""
    if kind in {"ab_test", "bandit"}:
        many = [draw(st.integers(1, 10**9)) for _ in range(draw(st.integers(2, 4)))]
        rows = [f"arm {i},{v},{draw(st.integers(0, v))}" for i, v in enumerate(many)]
        head = "arm,visitors,conversions" if kind == "ab_test" else "variant,shown,clicked"
        return "\n".join([head, *rows]).encode()
    if kind == "prior_sensitivity":
        n = draw(st.integers(1, 10**9))
        return f"events,trials\n{draw(st.integers(0, n))},{n}\n".encode()
    if kind == "coin_updating":
        flips = draw(st.lists(st.sampled_from("01"), min_size=1, max_size=12))
        return "\n".join(["heads", *flips]).encode()
    if kind == "coal_rate":
        counts = draw(st.lists(st.integers(0, 10**9), min_size=5, max_size=9))
        first = draw(st.integers(-(10**9), 10**9))
        return "\n".join(
            ["period,count", *(f"{first + i},{y}" for i, y in enumerate(counts))]
        ).encode()
    if kind == "mendel_shares":
        many = [draw(st.integers(0, 10**8)) for _ in range(draw(st.integers(2, 8)))]
        return "\n".join(["kind,count", *(f"kind {i},{n}" for i, n in enumerate(many))]).encode()
    if kind == "spam_words":
        s, h = draw(st.integers(1, 10**9)), draw(st.integers(1, 10**9))
        words = [
            f"{w},{draw(st.integers(0, s))},{s},{draw(st.integers(0, h))},{h}"
            for w in ("free", "ok")
        ]
        return "\n".join(["word,spam_with,spam_total,ham_with,ham_total", *words]).encode()
    if kind == "diagnosis":
        found = draw(st.lists(st.tuples(*[looked] * len(FINDINGS)), min_size=1, max_size=30))
        return "\n".join([",".join(FINDINGS), *map(",".join, found)]).encode()
    size = 10.0 ** draw(st.integers(-99, 99))
    if kind == "process_corridor":
        drawn = np.random.default_rng(draw(st.integers(0, 99))).normal(
            size=draw(st.integers(5, 12))
        )
        return "\n".join(
            ["value", *(f"{size * (draw(st.floats(-9, 9)) + x)!r}" for x in drawn)]
        ).encode()
    near = draw(st.floats(-1, 1)) * 10.0 ** draw(st.integers(-99, 99))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    if kind == "known_noise":
        some = near + size * rng.normal(size=draw(st.integers(1, 12)))
        return "\n".join(["reading", *map(repr, some.tolist())]).encode()
    if kind == "smooth_curve":
        pairs = near + size * rng.normal(size=(draw(st.integers(5, 12)), 2))
        return "\n".join(["x,y", *(f"{a!r},{b!r}" for a, b in pairs.tolist())]).encode()
    x = near + size * rng.normal(size=(draw(st.integers(3, 12)), 3))
    outcome = rng.integers(0, 2, size=len(x)) if kind == "logistic_regression" else x[:, 2]
    outcome = np.arange(len(x)) % 3 if kind == "ordinal_regression" else outcome
    rows = [
        f"{a!r},{b!r},{y!r}" for a, b, y in zip(*x.T[:2].tolist(), outcome.tolist(), strict=True)
    ]
    return "\n".join(["a,b,y", *rows]).encode()
