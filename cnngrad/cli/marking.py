"""The marker that a problem or network file, options and wishes ask for."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

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


def marker_of(
    file: str | None, options: Mapping[str, Any], layer: str | None, wishes: Wishes
) -> "Marker | NetworkMarker":
    """The marker of a problem, of a whole network, or of one layer of it.

    Raises
    ------
    CnngradError
        The file and the options pose nothing that can be answered.
    """
    from .problem_input import posed

    if file is not None and not _has_options(options):
        from ..files.problem_reader import read_object

        data, source = read_object(file)
        if data.get("op") == "network-backward" or layer is not None:
            from ..network import network_from

            accept = (*wishes.accept, *_accepted(data))
            network = network_from(data, source, wishes.exact)
            return network_marker(network, layer, wishes._replace(accept=accept))
        wishes = wishes._replace(accept=(*wishes.accept, *_accepted(data)))
        from ..files.problem_reader import problem_of

        return problem_marker(posed(problem_of(data, source), options, wishes.exact), wishes)
    return problem_marker(posed(file, options, wishes.exact), wishes)


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


def _has_options(options: Mapping[str, Any]) -> bool:
    return any(value is not None for value in options.values())


def _accepted(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The conventions that a file itself accepts."""
    stated = data.get("accept", ())
    return (stated,) if isinstance(stated, str) else tuple(map(str, stated or ()))
