"""cnngrad shows how the gradients of a convolutional network come about, term by term.

>>> import cnngrad
>>> cnngrad.conv2d_backward([[0, 1], [2, 3]], [[1]], [[1, 2], [3, 4]]).dW
array([[20]])
"""

from .core.display import show_with

__version__ = "0.1.0"

# Not from typing, which takes as long to load as a small problem takes to be computed.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .api import trace as trace
    from .core.display import Renderer
    from .core.errors import CnngradError as CnngradError
    from .core.problem import Gradients as Gradients
    from .core.problem import Problem as Problem
    from .core.trace import Step as Step
    from .core.trace import Term as Term
    from .core.trace import Trace as Trace
    from .grading.marker import Marker as Marker
    from .grading.marker import check as check
    from .grading.verdict import Verdict as Verdict
    from .layers.convolution.functions import conv2d as conv2d
    from .layers.convolution.functions import conv2d_backward as conv2d_backward
    from .layers.convolution.more_functions import conv1d as conv1d
    from .layers.convolution.more_functions import conv1d_backward as conv1d_backward
    from .layers.convolution.more_functions import conv3d as conv3d
    from .layers.convolution.more_functions import conv3d_backward as conv3d_backward
    from .layers.convolution.transposed_functions import conv_transpose1d as conv_transpose1d
    from .layers.convolution.transposed_functions import (
        conv_transpose1d_backward as conv_transpose1d_backward,
    )
    from .layers.convolution.transposed_functions import conv_transpose2d as conv_transpose2d
    from .layers.convolution.transposed_functions import (
        conv_transpose2d_backward as conv_transpose2d_backward,
    )
    from .layers.convolution.transposed_functions import conv_transpose3d as conv_transpose3d
    from .layers.convolution.transposed_functions import (
        conv_transpose3d_backward as conv_transpose3d_backward,
    )
    from .layers.dense.functions import dense as dense
    from .layers.dense.functions import dense_backward as dense_backward
    from .layers.normalisation.functions import batch_norm as batch_norm
    from .layers.normalisation.functions import batch_norm_backward as batch_norm_backward
    from .layers.pooling.functions import avg_pool2d as avg_pool2d
    from .layers.pooling.functions import avg_pool2d_backward as avg_pool2d_backward
    from .layers.pooling.functions import max_pool2d as max_pool2d
    from .layers.pooling.functions import max_pool2d_backward as max_pool2d_backward
    from .layers.pooling.more_functions import avg_pool1d as avg_pool1d
    from .layers.pooling.more_functions import avg_pool1d_backward as avg_pool1d_backward
    from .layers.pooling.more_functions import avg_pool3d as avg_pool3d
    from .layers.pooling.more_functions import avg_pool3d_backward as avg_pool3d_backward
    from .layers.pooling.more_functions import max_pool1d as max_pool1d
    from .layers.pooling.more_functions import max_pool1d_backward as max_pool1d_backward
    from .layers.pooling.more_functions import max_pool3d as max_pool3d
    from .layers.pooling.more_functions import max_pool3d_backward as max_pool3d_backward
    from .network import Network as Network
    from .network import read_network as read_network
    from .network.gradcheck import check_gradients as check_gradients

_HOMES = {
    "CnngradError": "core.errors",
    "Gradients": "core.problem",
    "Marker": "grading.marker",
    "Network": "network",
    "Problem": "core.problem",
    "Step": "core.trace",
    "Term": "core.trace",
    "Trace": "core.trace",
    "Verdict": "grading.verdict",
    "check": "grading.marker",
    "check_gradients": "network.gradcheck",
    "avg_pool2d": "layers.pooling.functions",
    "avg_pool2d_backward": "layers.pooling.functions",
    "conv2d": "layers.convolution.functions",
    "conv2d_backward": "layers.convolution.functions",
    "dense": "layers.dense.functions",
    "dense_backward": "layers.dense.functions",
    "max_pool2d": "layers.pooling.functions",
    "max_pool2d_backward": "layers.pooling.functions",
    "conv1d": "layers.convolution.more_functions",
    "conv1d_backward": "layers.convolution.more_functions",
    "conv3d": "layers.convolution.more_functions",
    "conv3d_backward": "layers.convolution.more_functions",
    "conv_transpose1d": "layers.convolution.transposed_functions",
    "conv_transpose1d_backward": "layers.convolution.transposed_functions",
    "conv_transpose2d": "layers.convolution.transposed_functions",
    "conv_transpose2d_backward": "layers.convolution.transposed_functions",
    "conv_transpose3d": "layers.convolution.transposed_functions",
    "conv_transpose3d_backward": "layers.convolution.transposed_functions",
    "max_pool1d": "layers.pooling.more_functions",
    "max_pool1d_backward": "layers.pooling.more_functions",
    "max_pool3d": "layers.pooling.more_functions",
    "max_pool3d_backward": "layers.pooling.more_functions",
    "avg_pool1d": "layers.pooling.more_functions",
    "avg_pool1d_backward": "layers.pooling.more_functions",
    "avg_pool3d": "layers.pooling.more_functions",
    "avg_pool3d_backward": "layers.pooling.more_functions",
    "batch_norm": "layers.normalisation.functions",
    "batch_norm_backward": "layers.normalisation.functions",
    "read_network": "network",
    "trace": "api",
}

__all__ = sorted(_HOMES)


def _renderer(kind: str) -> "Renderer | None":
    """What draws this kind of object in a notebook, loaded when one is shown."""
    from importlib import import_module

    renderers: dict[str, Renderer] = import_module(".show.web.notebook", __name__).RENDERERS
    return renderers.get(kind)


show_with(_renderer)

if not TYPE_CHECKING:  # to a type checker a name that is not there is a mistake

    def __getattr__(name: str) -> object:
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
