"""Variants: a misspelt word fails, and each variant of each rule changes something somewhere."""

import itertools
from collections import defaultdict

import numpy as np
import pytest

from cnngrad.core.layer import Layer
from cnngrad.core.numbers import divided
from cnngrad.core.problem import Operand, Problem
from cnngrad.diagnosis.candidates import CandidateIndex
from cnngrad.diagnosis.variants import Variant
from cnngrad.layers import layer, operation
from cnngrad.layers.rules import rules_for


def numbers(shape, seed):
    return np.random.default_rng(seed).integers(-6, 7, shape)


def conv(size, kernel, channels=1, filters=1, samples=2, groups=1, bias=False, **settings):
    A_prev = numbers((samples, channels, *size), 1)
    given = {"A_prev": A_prev, "W": numbers((filters, channels // groups, *kernel), 2)}
    if bias:
        given["b"] = numbers((filters,), 3)
    settings |= {"groups": groups}
    forward = operation("conv-forward").problem(given, settings)
    yield forward
    dZ = numbers(forward.results["Z"].shape, 4)
    yield operation("conv-backward").problem({**given, "dZ": dZ}, settings)
    yield operation("conv-backward").problem(
        {**given, "dZ": dZ}, settings | {"learning_rate": "1/2"}
    )


def pool(size, window, mode, few=False, **settings):
    A_prev = numbers((2, 2, *size), 5)
    if few:
        A_prev = A_prev % 2
    settings |= {"mode": mode, "window": window}
    known = {key: value for key, value in settings.items() if key != "ties"}
    forward = operation("pool-forward").problem({"A_prev": A_prev}, known)
    yield forward
    dZ = numbers(forward.results["A"].shape, 6)
    yield operation("pool-backward").problem({"A_prev": A_prev, "dZ": dZ}, settings)


def transposed(size, kernel, c_in=1, c_out=1, samples=2, bias=False, **settings):
    A_prev = numbers((samples, c_in, *size), 1)
    given = {"A_prev": A_prev, "W": numbers((c_in, c_out, *kernel), 2)}
    if bias:
        given["b"] = numbers((c_out,), 3)
    forward = operation("conv-transpose-forward").problem(given, settings)
    yield forward
    dZ = numbers(forward.results["Z"].shape, 4)
    yield operation("conv-transpose-backward").problem({**given, "dZ": dZ}, settings)


def batch_norm(size, exact, **settings):
    A_prev = numbers((2, 2, *size), 5)
    if exact:  # a variance of 25 in each channel
        A_prev = np.array([[[[0, 10]], [[-5, 5]]]])
        settings["epsilon"] = 0
    given = {"A_prev": A_prev, "gamma": numbers((2,), 6) + 20, "beta": numbers((2,), 7) + 9}
    yield operation("batch-norm-forward").problem(given, settings)
    dZ = numbers(A_prev.shape, 8)
    yield operation("batch-norm-backward").problem({**given, "dZ": dZ}, settings)


def dense(samples, units, inputs, **more):
    given = {"A_prev": numbers((samples, inputs), 7), "W": numbers((units, inputs), 8)}
    yield operation("dense-forward").problem({**given, "b": numbers((units,), 9)}, {})
    given["dZ"] = numbers((samples, units), 10)
    if more:
        given["Z_prev"] = numbers((samples, inputs), 11)
    yield operation("dense-backward").problem(given, more)


def activation(name):
    given = {"A_prev": numbers((2, 3), 12), "dZ": numbers((2, 3), 13)}
    yield layer(name).problem(given, layer(name).fixed)


def all_problems():
    yield from conv((5, 5), (3, 3), 2, 2, bias=True)
    yield from conv((5, 5), (2, 2), 2, 2)
    yield from conv((6, 7), (3, 2), stride=(2, 1), padding=(1, 0, 2, 1), dilation=(2, 1))
    yield from conv((3, 3), (2, 2), samples=1)
    yield from conv((5, 6), (2, 2), 4, 4, groups=2, padding=(1, 2, 0, 1), stride=2)
    yield from conv((4, 4), (3, 3), 2, 3, padding=1)
    for mode in ("max", "average"):
        yield from pool((5, 5), 2, mode)
        yield from pool((5, 5), 2, mode, stride=1, few=True)
        yield from pool((6, 7), (3, 2), mode, stride=(2, 1), padding=(1, 0, 0, 1), dilation=(1, 2))
        yield from pool((5, 6), 3, mode, stride=2, padding=(0, 1, 1, 1), few=True)
    yield from pool((5, 5), 2, "average", padding=1, count_include_pad=False)
    yield from pool((5, 5), 2, "average", padding=1, divisor_override=3)
    yield from pool((5, 5), 2, "max", ties="last", stride=1, few=True)
    yield from conv((6,), (3,), 2, 2, dims=1, stride=2, padding=1, bias=True)
    yield from pool((6,), 3, "max", dims=1, stride=2, padding=1)
    yield from pool((6,), 3, "average", dims=1, stride=2, padding=1)
    yield from transposed((3, 4), (2, 3), 2, 2, bias=True)
    yield from transposed((3, 3), (3, 3), stride=2, padding=1, output_padding=1)
    yield from transposed((4,), (3,), 2, 2, dims=1, stride=2, output_padding=1)
    yield from batch_norm((2, 3), exact="")
    yield from batch_norm((1, 2), exact="whole root")
    yield from dense(2, 3, 3)
    yield from dense(3, 3, 3)
    yield from dense(3, 2, 4, activation="relu", learning_rate="1/2")
    yield from dense(2, 3, 3, activation="sigmoid")
    yield from dense(1, 2, 3, activation="softmax")
    for name in ("relu", "leaky-relu", "sigmoid", "tanh", "softmax"):
        yield from activation(name)


PROBLEMS = list(all_problems())


def test_each_variant_of_each_rule_differs_from_the_truth_on_some_problem():
    differs = defaultdict(bool)
    for problem in PROBLEMS:
        rules = rules_for(problem)
        truths = problem.results
        index = CandidateIndex(problem, truths, rules)
        for rule, name in itertools.product(rules.rules, truths):
            for variant in rule.variants(problem, name):
                found = index.simulated(name, variant)
                key = (rule.code, variant._replace(factor=variant.factor / variant.factor))
                differs[key] |= found is not None and not np.array_equal(
                    divided(found.values, found.scale), truths[name]
                )
    assert len(differs) > 100
    assert not [key for key, different in differs.items() if not different]


@pytest.mark.parametrize(
    "fields",
    [
        {"stride": "swaped"},
        {"kernel": ("rotatet",)},
        {"after": ("negated", "turned")},
        {"factor": 2},
        {"product": "dZ · W"},
    ],
)
def test_a_misspelt_word_fails(fields):
    with pytest.raises(ValueError, match="cannot be"):
        Variant(**fields)
    with pytest.raises(TypeError):
        Variant(strides="one")


class Doubling(Problem):
    """A layer that no table knows: Z = 2·A_prev."""

    op = "doubling-backward"
    called = "doubling"
    operands = (Operand("A_prev", "input"), Operand("dZ", "dz"))
    options = ()
    names = ("dA_prev",)
    ranks = {"A_prev": 4, "dZ": 4, "dA_prev": 4}  # noqa: RUF012 - a table
    work = 1

    def fit(self):
        pass

    def compute(self):
        return {"dA_prev": 2 * self.arrays["dZ"]}

    def trace(self, name):
        raise AssertionError(name)


def test_a_layer_without_rules_has_those_that_apply_anywhere():
    cells = numbers((2, 1, 2, 2), 1)
    problem = Doubling({"A_prev": cells, "dZ": cells})
    index = CandidateIndex(problem, dict(problem.results), rules_for(problem))
    assert Layer(Doubling).problem is Doubling
    from cnngrad.diagnosis.compare import Precision, reading
    from cnngrad.grading.answers import answer_matrix_of

    truth = problem.results["dA_prev"]
    read = reading(answer_matrix_of(-truth), truth, Precision())
    assert ("negated",) in [fit.codes for fit in index.single("dA_prev", read, truth != 0)]
