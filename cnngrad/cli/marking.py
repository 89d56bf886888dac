"""The marker of a problem or of a network, as somebody wishes it to mark."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fractions import Fraction

    from ..core.problem import Problem
    from ..grading.marker import Marker
    from ..grading.network_marker import NetworkMarker
    from ..network import Network


class Wishes(NamedTuple):
    """How an answer is to be marked."""

    decimals: int | None = None
    tolerance: "Fraction | None" = None
    exact: bool | None = None
    accept: tuple[str, ...] = ()
    """Conventions under which an answer is right too."""
    follow: bool = True


def problem_marker(problem: "Problem", wishes: Wishes) -> "Marker":
    """The marker of one problem."""
    from ..grading.marker import Marker

    return Marker(
        problem,
        decimals=wishes.decimals,
        tolerance=wishes.tolerance,
        exact=wishes.exact,
        accept=wishes.accept,
        follow=wishes.follow,
    )


def network_marker(
    network: "Network", layer: str | None, wishes: Wishes
) -> "Marker | NetworkMarker":
    """The marker of a network, or of one of its layers."""
    from ..grading.network_marker import NetworkMarker

    marker = NetworkMarker(
        network,
        decimals=wishes.decimals,
        tolerance=wishes.tolerance,
        exact=wishes.exact,
        accept=wishes.accept,
        follow=wishes.follow,
    )
    return marker if layer is None else marker.layer_marker(layer)
