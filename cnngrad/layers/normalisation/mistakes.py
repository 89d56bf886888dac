"""Mistakes in a batch normalisation, and what comes out under each."""

from collections.abc import Iterator

from ...core.numbers import Array, Scaled, alike
from ...core.text import message
from ...diagnosis.rules import RuleSet, RuleWords
from ...diagnosis.variants import RIGHT, Variant
from .layer import BatchNorm, BatchNormBackward
from .statistics import Statistics, plain

RULES = RuleSet()
ARTICLE = message("Batch normalisation: mean, variance and the three ways back")
_BACK = ("dx_hat", "dvariance", "dmean", "dA_prev")


@RULES.rule(
    "variance-unbiased",
    RuleWords(
        message("variance divided by one less"),
        message(
            "Your {name} is exactly what comes out when the variance is divided by the numbers of"
            " the channel less one."
        ),
        message("By how many is the sum of squares divided on the way forward?"),
        ARTICLE,
    ),
)
def variance_unbiased(problem: BatchNorm, name: str) -> Iterator[Variant]:
    """Σ (a − mean)² / (m − 1)."""
    if problem.statistics.count > 1 and name not in ("mean", "dx_hat", "dbeta"):
        yield Variant(norm="unbiased")


@RULES.rule(
    "epsilon-outside-root",
    RuleWords(
        message("epsilon added after the root"),
        message(
            "Your {name} is exactly what comes out when epsilon is added to the root of the"
            " variance instead of the variance."
        ),
        message("What is the root taken of?"),
        ARTICLE,
    ),
)
def epsilon_outside_root(problem: BatchNorm, name: str) -> Iterator[Variant]:
    """√variance + epsilon."""
    if problem.settings["epsilon"] and name not in ("mean", "variance", "dx_hat", "dbeta"):
        yield Variant(norm="epsilon outside")


@RULES.rule(
    "mean-path-missing",
    RuleWords(
        message("error through the mean left out"),
        message("Your {name} is exactly what comes out when no error comes back through the mean."),
        message("A cell changes x_hat in three ways. Which of them goes through the mean?"),
        ARTICLE,
    ),
)
def mean_path_missing(problem: BatchNorm, name: str) -> Iterator[Variant]:
    """dA_prev without dmean / m."""
    del problem
    if name == "dA_prev":
        yield Variant(norm="mean path")


@RULES.rule(
    "variance-path-missing",
    RuleWords(
        message("error through the variance left out"),
        message(
            "Your {name} is exactly what comes out when no error comes back through the variance."
        ),
        message("A cell changes x_hat in three ways. Which of them goes through the variance?"),
        ARTICLE,
    ),
)
def variance_path_missing(problem: BatchNorm, name: str) -> Iterator[Variant]:
    """dA_prev without dvariance · 2(a − mean)/m."""
    del problem
    if name == "dA_prev":
        yield Variant(norm="variance path")


@RULES.rule(
    "gamma-missing",
    RuleWords(
        message("gamma left out"),
        message("Your {name} is exactly what comes out when gamma is left out."),
        message("What is x_hat multiplied by, and so its error?"),
        ARTICLE,
    ),
)
def gamma_missing(problem: BatchNorm, name: str) -> Iterator[Variant]:
    """x_hat + beta; dx_hat = dZ."""
    if "gamma" in problem.given and name in ("A", *_BACK):
        yield Variant(norm="gamma forgotten")


@RULES.rule(
    "beta-missing",
    RuleWords(
        message("beta left out"),
        message("Your {name} is exactly what comes out when beta is not added."),
        message("What is added after gamma has been multiplied?"),
        ARTICLE,
    ),
)
def beta_missing(problem: BatchNorm, name: str) -> Iterator[Variant]:
    """gamma · x_hat."""
    if "beta" in problem.given and name == "A":
        yield Variant(norm="no beta")


class BatchNormSimulator:
    """Computes every result of a batch normalisation by any variant."""

    def __init__(self, problem: BatchNorm) -> None:
        self.problem = problem

    def simulate(self, name: str, variant: Variant) -> Scaled | None:
        """The result that comes out, in the rank in which it is shown."""
        if variant._replace(norm="") != RIGHT:
            return None
        try:
            made = self._made(name, variant, self.problem.rational)
        except ArithmeticError:  # a root that is no fraction
            made = self._made(name, variant, exact=False)
        return alike(self.problem.shown(name, plain(made)))[0]

    def _made(self, name: str, variant: Variant, exact: bool) -> Array:
        problem = self.problem
        s = Statistics(problem.arrays["A_prev"], problem.settings["epsilon"], exact, variant.norm)
        gamma, beta = problem.parameter("gamma"), problem.parameter("beta")
        if name in ("mean", "variance"):
            vector: Array = getattr(s, name).reshape(-1)
            return vector
        if name == "x_hat":
            return s.x_hat
        if name == "A":
            return s.output(gamma, beta)
        assert isinstance(problem, BatchNormBackward)
        dZ = s.of(problem.arrays["dZ"])
        if name in ("dgamma", "dbeta"):
            whole = dZ * s.x_hat if name == "dgamma" else dZ
            part: Array = s.summed(whole).reshape(-1) / problem.divisor
            return part
        dx_hat = s.dx_hat(gamma, problem.arrays["dZ"])
        if name == "dx_hat":
            return dx_hat
        if name == "dA_prev":
            return s.back(dx_hat)
        back = s.dvariance(dx_hat) if name == "dvariance" else s.dmean(dx_hat)
        return back.reshape(-1)
