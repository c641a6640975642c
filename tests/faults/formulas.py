"""Formulas as a hostile person would write them: none runs anything, none takes long."""

import time
from pathlib import Path

from data._table import DataError
from data.linear_regression import load
from tests.faults.fault import Fault

SLOW = 5.0  # seconds; what is refused takes hundredths

ATTACKS = """
y ~ {__import__('os').system('touch BOOM')}
{__import__('os').system('touch BOOM')} ~ a
y ~ I(__import__('os').system('touch BOOM'))
y ~ I(open('BOOM', 'w'))
y ~ open('BOOM', 'w')
y ~ eval("open('BOOM', 'w')")
y ~ ｅｖａｌ('1')
y ~ I((lambda: open('BOOM', 'w'))())
y ~ a.__class__
y ~ I(a.__class__.__mro__[1].__subclasses__())
y ~ {().__class__.__base__.__subclasses__()}
y ~ {[x for x in (1,)]}
y ~ {import os}
y ~ {a; b}
y ~ I(f'{a}')
y ~ I((z := 1))
y ~ I(a if b else c)
y ~ I(a[0])
y ~ I(a @ b)
y ~ I(*a)
y ~ I(a, b)
y ~ I(a*1j)
y ~ I('a'*999999999)
y ~ np.load(a)
y ~ __builtins__
y ~ log(a, out=a)
y ~ log(a, where=0)
y ~ Q(a)
y ~ hashed(g, levels=10**9)
y ~ lag(a, 10)
y ~ C(g, contr.treatment('x'))
y ~ C(g, 1)
y ~ C(g, levels=1)
y ~ C(I(a*0))
y ~ C(a):C(b):C(c)
y ~ C(a)*C(b)*C(c)*g
y ~ poly(a, 10**9)
y ~ poly(a, 1e9)
y ~ poly(a, 21)
y ~ poly(g, 2)
y ~ poly(a,20)*poly(b,20)*poly(c,20)
y ~ bs(a, df=1000000)
y ~ bs(a, knots=[1, 2])
y ~ bs(bs(bs(bs(a,df=20),df=20),df=20),df=20)
y ~ (a+b)**99999
y ~ (a+b)**a
y ~ (a+b)**-1
y ~ (a+b)**1.5
y ~ I(a**9999)
y ~ I(9**9**9)
y ~ I(((((((9**20)**20)**20)**20)**20)**20)*a)
y ~ I(1e999*a)
y ~ exp(exp(exp(a*100)))
y ~ a - a
y ~ `a
y ~ ``
y ~ `a`.`b`
y ~ I(`a` `b`)
y ~ a # x
y ~ a ~ b
y ~ a | b
[y ~ a] ~ b
y ~ [a ~ b]
a + b ~ c
poly(y, 2) ~ a
1 ~ a
y ~ аlpha
y ~
~
""".strip().splitlines()
GENERATED = {
    "a hundred factors multiplied": "y ~ " + "*".join(f"I(a*{i})" for i in range(2, 150)),
    "a sum of 60 to the third": "y ~ (" + "+".join(f"I(a*{i})" for i in range(2, 60)) + ")**3",
    "1,500 digits": f"y ~ I({'9' * 1500}*a)",
    "600 calls deep": "y ~ " + "I(" * 600 + "a" + ")" * 600,
    "1,500 braces": "y ~ " + "{" * 1500,
    "10,000 terms": "y ~ a" + "+b" * 10_000,
    "half a character": "y ~ a\ud800",
    "a NUL": "y ~ a\x00",
    "an escape for terminals": "y ~ \x1b[31ma",
    "a mark that turns text round": "y ~ \u202ea",
    "the power of a power of a power": "y ~ " + "(" * 30 + "a+b+c+g" + ")**3" * 30,
}


def attacked(folder: Path) -> str:
    """Read a table with every formula."""
    data = folder / "data.csv"
    rows = [f"{i},{i * i % 7}.5,{i * 3 % 11},{'uvw'[i % 3]},{i * 5 % 13}" for i in range(60)]
    data.write_text("\n".join(["a,b,c,g,y", *rows]))
    used, slowest = [], 0.0
    for formula in [*ATTACKS, *GENERATED.values()]:
        start = time.perf_counter()
        try:
            load(data, formula.replace("BOOM", str(folder / "BOOM")))
            used.append(formula)
        except DataError as error:
            if str(data) not in str(error):
                raise
        slowest = max(slowest, time.perf_counter() - start)
    assert not (folder / "BOOM").exists()
    assert used == [], used
    assert slowest < SLOW
    return f"{len(ATTACKS) + len(GENERATED)} formulas, all refused, the slowest in {slowest:.2f} s."


FAULTS = [
    Fault(
        "Formulas",
        "formulas that run code, read attributes, explode (powers, products, categories, depth), "
        "or hide what they are",
        "exit code 3 within seconds; nothing is executed",
        attacked,
    )
]
