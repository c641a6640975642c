"""The speeds that README and CHANGELOG speak of, measured in one run: `make bench`.

Each number of a case is of a process of its own, with warm caches: each is run once before.
`python -m tests.bench CASE ...` measures some cases, `churn` among them: a CSV of 1,680 rows and
eight terms, as people bring them; `python -m tests.bench batch 1000` so many A/B tests;
`python -m tests.bench rows` many rows, up to ten million, and `rows 100000` up to so many.
"""
