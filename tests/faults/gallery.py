"""The list of faults: one for the tests and for the page."""

from tests.faults import cells, damage, disk, files, formulas, interrupts, killing, names

FAULTS = [
    *killing.FAULTS,
    *disk.FAULTS,
    *damage.FAULTS,
    *interrupts.FAULTS,
    *files.FAULTS,
    *formulas.FAULTS,
    *names.FAULTS,
    *cells.FAULTS,
]
