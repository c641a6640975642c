"""How to read a page: no check without a word, and the words open below their table."""

import xarray as xr

from reports.blocks import how, tables
from reports.blocks.blocks import Table
from reports.page.page import ENVIRONMENT
from workflow.checking.diagnostics import Status, diagnose
from workflow.checking.sampler_checks import K_HAT


def opened(block: Table) -> str:
    """Return a table as HTML."""
    template = "{% from 'blocks.html.j2' import render %}{{ render(block, {}) }}"
    return ENVIRONMENT.from_string(template).render(block=block)


def test_every_check_of_the_diagnosis_is_explained() -> None:
    checks = [one.check for one in diagnose(xr.DataTree()).checks]
    assert checks
    assert [*how.DIAGNOSIS] == ["the columns", *checks, K_HAT]


def test_checks_that_were_not_made_are_not_explained() -> None:
    assert K_HAT not in tables.diagnosis(diagnose(xr.DataTree())).how
    weighted = xr.DataTree.from_dict({"sample_stats": xr.Dataset({"pareto_k": 0.3})})
    assert [*tables.diagnosis(found := diagnose(weighted)).how][1:] == [
        c.check for c in found.checks
    ]
    assert found[K_HAT].status is Status.PASS


def test_one_text_is_a_paragraph_and_several_are_a_list_of_terms() -> None:
    page = opened(Table("c", ("a",), (("1",),), "Read <this>."))
    assert '<p class="how">Read &lt;this&gt;.</p>' in page
    page = opened(Table("c", ("a",), (("1",),), {"p < 1": "a share", "q": "another"}))
    assert "<dt>p &lt; 1</dt><dd>a share</dd><dt>q</dt><dd>another</dd></dl>" in page
    assert "<p class" not in page
