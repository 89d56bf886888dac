"""The trace is the engine's proof and the engine is the trace's: they must always agree."""

from collections import deque
from fractions import Fraction

import numpy as np
from hypothesis import given
from problems import fractions, integers, problems

from proofs import proven


def agree(problem):
    computed = problem.compute()
    for name in problem.names:
        trace = problem.trace(name)
        assert trace.total() == computed[name].tolist(), name
        assert trace.shape == computed[name].shape


def last(steps):
    return deque(steps, maxlen=1).pop()


@proven(150)
@given(problems(integers))
def test_trace_and_engine_agree_on_integers(problem):
    agree(problem)


@proven(150)
@given(problems(fractions))
def test_trace_and_engine_agree_on_fractions_to_the_last_digit(problem):
    assert problem.exact
    agree(problem)


@proven(150)
@given(problems(integers))
def test_a_trace_may_start_anywhere(problem):
    for name in problem.names:
        trace = problem.trace(name)
        middle = len(trace) // 2 + 1
        whole, from_middle = last(trace.steps()), last(trace.steps(middle))
        assert from_middle.totals == whole.totals
        assert from_middle.before == whole.before
        assert [step.number for step in trace.steps(middle)] == [*range(middle, len(trace) + 1)]


@proven(150)
@given(problems(fractions))
def test_additions_are_the_same_steps_without_their_terms(problem):
    for name in problem.names:
        trace = problem.trace(name)
        middle = len(trace) // 2 + 1
        for steps, additions in (
            (trace.steps(), trace.additions()),
            (trace.steps(middle, middle + 1), trace.additions(middle, middle + 1)),
        ):
            for step, addition in zip(steps, additions, strict=True):
                assert addition.values == [term.value for term in step.terms]
                assert addition._replace(values=None) == (
                    step.number,
                    step.source,
                    step.window,
                    None,
                    step.divisor,
                )


@proven(150)
@given(problems(integers))
def test_the_terms_of_a_cell_add_up_to_it(problem):
    for name in problem.names:
        trace = problem.trace(name)
        result = problem.compute()[name]
        for cell in np.ndindex(*result.shape):
            sources = list(trace.plan.contributors(cell))
            assert sources == sorted(sources)
            terms = list(trace.terms_of(cell))
            total = Fraction(sum(term.value for term in terms)) / trace.plan.divisor
            assert total == result[cell]
            assert all(t.value == t.left.value * t.right.value for t in terms)


@proven(150)
@given(problems(integers))
def test_float64_gives_what_exact_arithmetic_gives(problem):
    approximate = problem.computed(exact=False)
    assert not approximate.exact
    for name, exact in problem.results.items():
        assert np.allclose(approximate.results[name], exact.astype(float), rtol=1e-12, atol=1e-12)
