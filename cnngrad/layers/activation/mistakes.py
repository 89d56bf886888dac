"""Mistakes in an activation on its own, as it stands in a network."""

from ...core.numbers import Scaled, alike
from ...core.problem import Problem
from ...diagnosis.rules_activation import passed_back
from ...diagnosis.variants import Variant
from .layer import Activation


class ActivationSimulator:
    """Computes the error before an activation under any variant."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if not isinstance(self.problem, Activation) or name != "dA_prev":
            return None
        arrays = self.problem.arrays
        dA_prev = passed_back(self.problem.function, arrays["A_prev"], arrays["dZ"], variant)
        return alike(self.problem.shown(name, dA_prev))[0]
