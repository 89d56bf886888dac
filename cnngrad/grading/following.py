"""Following on: what a later result has to be, worked out from a person's own earlier one."""

from collections.abc import Iterator

from ..core.descent import descended
from ..core.names import gradient_of
from ..core.numbers import Array, Scaled, alike, divided
from ..core.problem import Problem
from ..diagnosis.rules import Rules, Simulator
from ..diagnosis.rules_activation import passed_back
from ..diagnosis.rules_descent import descending
from ..diagnosis.variants import RIGHT, Variant

_EARLIER = {"dZ_prev": "dA_prev", "W": gradient_of("W"), "b": gradient_of("b")}
"""By the result: the one from which it is worked out."""


def follows_from(name: str) -> str:
    """The result of the same problem from which another one is worked out; empty if there is none.

    >>> follows_from("W"), follows_from("dW")
    ('dW', '')
    """
    return _EARLIER.get(name, "")


def followed(problem: Problem, name: str, earlier: Array, variant: Variant = RIGHT) -> Array | None:
    """A result as it follows, rightly or under a variant, from the one that was handed in."""
    if name == "dZ_prev":
        function, point = getattr(problem, "function", None), problem.arrays.get("Z_prev")
        if function is None or point is None:
            return None
        output = problem.arrays["A_prev"]
        passed = passed_back(function, point, earlier.reshape(point.shape), variant, output)
        return problem.shown(name, passed)
    rate = problem.settings.get("learning_rate")
    if rate is None or name not in problem.given:
        return None
    before = problem.given[name]
    slope = earlier.reshape(before.shape)
    if variant == RIGHT:
        return descended(before, slope, rate)
    after = descending(_Own(slope), problem, name, variant)
    return None if after is None else divided(*after)


def followed_wrongly(
    problem: Problem, rules: Rules, name: str, earlier: Array
) -> Iterator[tuple[str, Array]]:
    """What comes out of each mistake that can be made on the way from the earlier result."""
    for rule in rules.rules:
        for variant in rule.variants(problem, name):
            on_the_way = Variant(
                derivative=variant.derivative, descent=variant.descent, mean=variant.mean
            )
            if variant == on_the_way:
                value = followed(problem, name, earlier, variant)
                if value is not None:
                    yield rule.code, value


class _Own(Simulator):
    """Gives the gradient that was handed in, whatever is asked."""

    def __init__(self, slope: Array) -> None:
        self.slope = slope

    def simulate(self, name: str, variant: Variant) -> Scaled:
        """The gradient that was handed in."""
        del name, variant
        return alike(self.slope)[0]
