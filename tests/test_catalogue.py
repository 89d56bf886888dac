"""The catalogue of mistakes: each rule told with its smallest case, right and wrong."""

import json

import numpy as np
import pytest

from cnngrad.core.errors import CnngradError
from cnngrad.core.numbers import exactly
from cnngrad.grading import Marker
from cnngrad.grading.catalogue import entries, entry
from cnngrad.layers.rules import rules_by_code

ENTRIES = list(entries())
SHOWN = [one for one in ENTRIES if one.case is not None]


def test_nearly_every_mistake_has_a_case():
    assert [one.code for one in ENTRIES] == list(rules_by_code())
    assert len(SHOWN) >= 65


@pytest.mark.parametrize("one", SHOWN, ids=lambda one: one.code)
def test_the_wrong_answer_of_a_case_is_named_by_its_mistake(one):
    case = one.case
    assert case.wrong.shape != case.right.shape or (case.wrong != case.right).any()
    if not case.wrong.size:
        return
    marker = Marker(case.problem)
    assert marker.check({case.name: exactly(np.asarray(case.right))}).correct
    marked = marker.check({case.name: case.wrong}).gradients[case.name]
    named = {code for mistake in marked.mistakes for code in mistake.codes}
    assert not marked.correct
    few = case.wrong.size <= 2 or marked.wrong <= 1 or not case.wrong.any()
    assert one.code in named or few, named


def test_a_rule_is_told_with_its_line_and_its_case(cnngrad):
    run = cnngrad("explain", "overlap-overwritten")
    assert run.code == 0
    words = " ".join(run.out.split())
    assert "In NumPy: dA_prev[i:i+k, j:j+k] = W * dZ[i, j] # += is right" in words
    assert "How to tell it:" in words
    assert "dA_prev, right dA_prev, with this mistake" in words
    said = json.loads(cnngrad("explain", "overlap-overwritten", "--format", "json").out)
    assert said["case"]["right"] == [[0, -1, -2], [-2, -10, -10], [-6, -17, -12]]
    assert said["case"]["wrong"] == [[0, 0, -2], [0, 0, -4], [-6, -8, -12]]


def test_all_of_them_are_listed(cnngrad):
    run = cnngrad("explain", "--mistakes")
    assert run.code == 0
    for code in rules_by_code():
        assert f" {code} " in run.out
    told = json.loads(cnngrad("explain", "--mistakes", "--format", "json").out)
    assert [one["code"] for one in told] == list(rules_by_code())


def test_a_mistyped_code_is_told():
    with pytest.raises(CnngradError, match="kernel-rotated"):
        entry("kernel-rotatd")
