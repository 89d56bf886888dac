"""Departures that profiles name: problems on which a framework is known to go wrong."""

from typing import Any

import numpy as np

from .reach import Reach


def known(reach: Reach, problem: dict[str, Any]) -> str:
    """The name of the fault that a problem runs into; "" where there is none."""
    return next((name for name in reach.known if FAULTS[name](problem)), "")


def _dilated(problem: dict[str, Any]) -> bool:
    return bool(np.max(problem.get("dilation", 1)) > 1)


def _same(problem: dict[str, Any]) -> bool:
    return problem.get("padding") in ("same", "same-lower")


def _pads(problem: dict[str, Any]) -> bool:
    padding = problem.get("padding", "valid")
    return padding == "same" or (isinstance(padding, list) and any(map(any, padding)))


def _average(problem: dict[str, Any]) -> bool:
    return bool(problem["kind"] == "average-pool")


def _pool(problem: dict[str, Any]) -> bool:
    return str(problem["kind"]).endswith("-pool")


def _lopsided(problem: dict[str, Any]) -> bool:
    padding = problem.get("padding")
    return padding == "same" or (
        isinstance(padding, list) and any(first != last for first, last in padding)
    )


def _at_zero(problem: dict[str, Any]) -> bool:
    if problem["kind"] != "network" or problem["loss"] != "binary-cross-entropy":
        return False
    logits = np.array(problem["A_prev"]) @ np.array(problem["W"]) + np.array(problem["b"])
    return not logits.all()


FAULTS = {
    "lopsided-average": lambda p: (
        _average(p) and _lopsided(p) and p.get("count_include_pad", False)
    ),
    "logit-zero": _at_zero,
    "same-resets-dilation": lambda p: p["kind"] == "conv" and _same(p) and _dilated(p),
    "same-ignores-dilation": lambda p: p["kind"] == "max-pool" and _same(p) and _dilated(p),
    "average-gradient-full-window": lambda p: _average(p) and _pads(p),
    "gradient-forgets-ceil": lambda p: _pool(p) and p.get("ceil_mode", False),
}
