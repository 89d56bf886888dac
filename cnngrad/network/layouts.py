"""Layouts of a network: its matrices as a person writes them, and as the program holds them."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..core.layouts import Axes, back
from ..core.numbers import Array
from ..core.problem import Problem
from ..core.trace import Index
from .model import LayerSpec, Network


def out_of_layout(network: Network) -> Network:
    """The same network, read from a file, with the axes of all matrices in the program's order."""
    layers = tuple(
        replace(
            spec,
            parameters={
                name: _transposed(array, back(_order(spec, network, name, array.ndim)))
                for name, array in spec.parameters.items()
            },
        )
        for spec in network.layers
    )
    image = _image_order(network, network.input.ndim)
    target = _image_order(network, network.target.ndim)
    return replace(
        network,
        layers=layers,
        input=_transposed(network.input, back(image)),
        target=_transposed(network.target, back(target)),
    )


def input_in_layout(network: Network) -> Array:
    """The input as a person writes it."""
    return _transposed(network.input, _image_order(network, network.input.ndim))


def target_in_layout(network: Network) -> Array:
    """The target as a person writes it."""
    return _transposed(network.target, _image_order(network, network.target.ndim))


def parameters_in_layout(spec: LayerSpec, network: Network) -> dict[str, Array]:
    """The parameters of a layer as a person writes them."""
    return {
        name: _transposed(array, _order(spec, network, name, array.ndim))
        for name, array in spec.parameters.items()
    }


def shapes_in_layout(network: Network) -> dict[str, Index]:
    """The shape of the input and of each layer's output, as a person writes them."""
    shapes = {"input": _placed(network.input.shape, _image_order(network, network.input.ndim))}
    for stage in network.stages:
        problem = stage.forward
        order = problem.order_of(problem.output_name, stage.output.ndim, problem.settings)
        shapes[stage.spec.name] = _placed(stage.output.shape, order)
    return shapes


def _kind(spec: LayerSpec, network: Network) -> tuple[type[Problem], Mapping[str, Any]]:
    problem = spec.kind.problem
    shared = network.shared
    return problem, problem.read_settings(spec.settings_for(problem, shared))


def _order(spec: LayerSpec, network: Network, name: str, rank: int) -> Axes:
    problem, settings = _kind(spec, network)
    return problem.order_of(name, rank, settings)


def _image_order(network: Network, rank: int) -> Axes:
    """Of an input or a target: what the first layer takes decides how many axes an image has."""
    if rank < 3:
        return ()
    problem, _ = _kind(network.layers[0], network)
    layout = {"layout": network.conventions.layout}
    return problem.order_of("A_prev", rank, {**network.shared, **layout})


def _transposed(array: Array, order: Axes) -> Array:
    return array.transpose(order) if order else array


def _placed(shape: Index, order: Axes) -> Index:
    return tuple(shape[i] for i in order) if order else shape
