"""Cells that are as good as right: cut off instead of rounded, or rounded too far."""

import numpy as np

from ..core.numbers import Array, approximately
from ..core.trace import Index
from ..diagnosis.answer_matrix import EXACT, AnswerMatrix
from ..diagnosis.compare import LEAST_DIGITS, MOST_DECIMALS, Reading, significant_digits

TOO_FEW, CUT_OFF = "too-few-decimals", "cut-off"
TOO_FEW_DIGITS = "too-few-decimals, digits"
CUT_TO_WHOLE, TO_WHOLE = "cut-off, whole", "too-few-decimals, whole"
_HALF = 0.5 * (1 + 1e-9)
_SEVERAL = 2
"""Wrong cells of which all have to be whole numbers before it is taken for rounding."""
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
    if sheet.decimals is None and truth.dtype.kind == "i":
        return {}
    exact, given = approximately(truth), reading.floats
    none = np.full(truth.shape, EXACT)
    decimals = none if sheet.decimals is None else sheet.decimals.reshape(truth.shape)
    written = wrong & (decimals > 0)
    unit = 10.0 ** decimals.clip(0, MOST_DECIMALS)
    digits = significant_digits(given, decimals)
    with np.errstate(over="ignore", invalid="ignore"):
        off = np.abs(given - exact)
        tenth = written & (decimals == 1) & (off <= _TENTH)
        faint = written & (digits < LEAST_DIGITS) & (off * unit <= _HALF) & ~tenth
        same = (np.trunc(exact * unit) == np.rint(given * unit)) & np.isfinite(exact * unit)
        cut = written & same & (decimals <= MOST_DECIMALS) & ~tenth & ~faint
        codes = [(tenth, TOO_FEW), (faint, TOO_FEW_DIGITS), (cut, CUT_OFF)]
        whole = _whole(wrong, decimals, exact, given)
    if whole is not None:
        codes += [(mask, code) for mask, code in zip(whole, (CUT_TO_WHOLE, TO_WHOLE), strict=True)]
    return {tuple(place): code for mask, code in codes for place in np.argwhere(mask).tolist()}


def _whole(wrong: Array, decimals: Array, exact: Array, given: Array) -> tuple[Array, Array] | None:
    """Cells cut off, or rounded, to whole numbers; None where a wrong cell is neither."""
    integers = wrong & (decimals == EXACT) & (exact != np.rint(exact))
    cut = integers & (np.trunc(exact) == given)
    near = integers & (np.abs(given - exact) <= _HALF) & ~cut
    all_whole = bool((given == np.rint(given)).all()) and 2 * int((given[wrong] != 0).sum()) > int(
        wrong.sum()
    )
    if not all_whole or (wrong & ~(cut | near)).any() or int(wrong.sum()) < _SEVERAL:
        return None
    return cut, near
