"""cnngrad shows how the gradients of a convolutional network come about, term by term.

>>> import cnngrad
>>> cnngrad.conv2d_backward([[0, 1], [2, 3]], [[1]], [[1, 2], [3, 4]]).dW
array([[20]])
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .errors import CnngradError as CnngradError
    from .gradcheck import check_gradients as check_gradients
    from .homework.check import Marker as Marker
    from .homework.check import check as check
    from .homework.verdict import Verdict as Verdict
    from .network import Network as Network
    from .network import read_network as read_network
    from .ops.conv2d import conv2d as conv2d
    from .ops.conv2d import conv2d_backward as conv2d_backward
    from .ops.dense import dense as dense
    from .ops.dense import dense_backward as dense_backward
    from .ops.pool import avg_pool2d as avg_pool2d
    from .ops.pool import avg_pool2d_backward as avg_pool2d_backward
    from .ops.pool import max_pool2d as max_pool2d
    from .ops.pool import max_pool2d_backward as max_pool2d_backward
    from .problem import Gradients as Gradients
    from .problem import Problem as Problem
    from .tracing import Step as Step
    from .tracing import Term as Term
    from .tracing import Trace as Trace
    from .views.notebook import trace as trace

_HOMES = {
    "CnngradError": "errors",
    "Gradients": "problem",
    "Marker": "homework.check",
    "Network": "network",
    "Problem": "problem",
    "Step": "tracing",
    "Term": "tracing",
    "Trace": "tracing",
    "Verdict": "homework.verdict",
    "check": "homework.check",
    "check_gradients": "gradcheck",
    "avg_pool2d": "ops.pool",
    "avg_pool2d_backward": "ops.pool",
    "conv2d": "ops.conv2d",
    "conv2d_backward": "ops.conv2d",
    "dense": "ops.dense",
    "dense_backward": "ops.dense",
    "max_pool2d": "ops.pool",
    "max_pool2d_backward": "ops.pool",
    "read_network": "network",
    "trace": "views.notebook",
}

__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
