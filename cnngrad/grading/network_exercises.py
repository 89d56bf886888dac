"""Network exercises: whole networks to be worked by hand, with small integers and fractions."""

from collections.abc import Iterator
from random import Random
from typing import Any

from ..core.errors import SettingError
from ..core.text import say
from ..network import Network, backward, network_of

KIND = "network-backward"
DIFFICULTIES = 5
_TRIES = 200


def network_exercises(
    difficulty: int, seed: int, count: int = 1
) -> Iterator[tuple[dict[str, Any], Network]]:
    """Network files and their networks, each a variant of its own; the same seed gives the same.

    1: two dense layers; 2: a convolution before one; 3: with max pooling; 4: with average
    pooling; 5: max pooling and two samples. Between them stands a ReLU, and the loss is the
    squared error, so that all numbers are integers and fractions.

    Raises
    ------
    SettingError
        There is no such difficulty.

    Examples
    --------
    >>> data, network = next(network_exercises(1, seed=3))
    >>> [layer["op"] for layer in data["layers"]], network.exact
    (['dense', 'relu', 'dense'], True)
    """
    if not 1 <= difficulty <= DIFFICULTIES:
        raise SettingError(
            say("There is no such difficulty."),
            found=str(difficulty),
            expected=say("1 to {last}", last=DIFFICULTIES),
        )
    for variant in range(1, count + 1):
        random = Random(f"network {difficulty} {seed} {variant}")
        data, network = _drawn(difficulty, random)
        for _ in range(_TRIES):
            if _telling(network):
                break
            data, network = _drawn(difficulty, random)
        yield data, network


def _drawn(difficulty: int, random: Random) -> tuple[dict[str, Any], Network]:
    def cells(*shape: int) -> Any:
        if len(shape) > 1:
            return [cells(*shape[1:]) for _ in range(shape[0])]
        return [random.choice([-2, -1, 1, 2, 3]) for _ in range(shape[0])]

    samples = 2 if difficulty == DIFFICULTIES else 1
    if difficulty == 1:
        layers: list[dict[str, Any]] = [
            {"op": "dense", "weights": cells(2, 2), "bias": cells(2)},
            {"op": "relu"},
            {"op": "dense", "weights": cells(1, 2), "bias": cells(1)},
        ]
        given = cells(1, 2)
    else:
        side = 3 if difficulty == 2 else 5
        pooling = {3: "max-pool", 4: "average-pool", 5: "max-pool"}.get(difficulty)
        layers = [{"op": "conv", "kernel": cells(2, 2)}, {"op": "relu"}]
        layers += [{"op": pooling, "window": 2}] if pooling else []
        layers += [{"op": "flatten"}, {"op": "dense", "weights": cells(1, 4), "bias": cells(1)}]
        given = cells(samples, 1, side, side)
    data = {
        "op": KIND,
        "input": given,
        "target": [[random.choice([-3, -1, 0, 2, 4])] for _ in range(samples)],
        "loss": "squared-error",
        "layers": layers,
    }
    return data, network_of(data)


def _telling(network: Network) -> bool:
    """Whether the ReLU stops some of the error, lets some through, and nothing is a draw."""
    walk = backward(network)
    for result in walk.layers:
        if result.spec.op == "relu":
            before = result.forward.given["A_prev"]
            if not ((before > 0).any() and (before < 0).any()) or (before == 0).any():
                return False
        if result.spec.op != "flatten" and not result.results["dA_prev"].any():
            return False
        if result.backward.nondifferentiable_cells:
            return False
    return walk.loss != 0
