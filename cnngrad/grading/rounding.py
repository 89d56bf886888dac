"""Cells that are as good as right: cut off instead of rounded, or rounded too far."""

import numpy as np

from ..core.numbers import Array, approximately
from ..core.trace import Index
from ..diagnosis.answer_matrix import AnswerMatrix
from ..diagnosis.compare import MOST_DECIMALS, Reading

TOO_FEW, CUT_OFF = "too-few-decimals", "cut-off"
_TENTH = 0.05 * (1 + 1e-9)
"""How far a number that is rounded to one decimal may lie from the exact one."""


def misrounded(
    sheet: AnswerMatrix, reading: Reading, truth: Array, wrong: Array
) -> dict[Index, str]:
    """The wrong cells that equal the truth but for how they are rounded, each with a slip's code.

    Parameters
    ----------
    sheet
        What was handed in.
    reading
        The same, in the shape of the truth.
    truth, wrong
        What is right, and which cells are not.
    """
    if sheet.decimals is None:
        return {}
    decimals = sheet.decimals.reshape(truth.shape)
    written = wrong & (decimals > 0)
    if not written.any():
        return {}
    exact, given = approximately(truth), reading.floats
    unit = 10.0 ** decimals.clip(0, MOST_DECIMALS)
    with np.errstate(invalid="ignore"):
        tenth = written & (decimals == 1) & (np.abs(given - exact) <= _TENTH)
    with np.errstate(over="ignore", invalid="ignore"):
        same = (np.trunc(exact * unit) == np.rint(given * unit)) & np.isfinite(exact * unit)
    cut = written & same & (decimals <= MOST_DECIMALS) & ~tenth
    codes = ((tenth, TOO_FEW), (cut, CUT_OFF))
    return {tuple(place): code for mask, code in codes for place in np.argwhere(mask).tolist()}
