"""Layers in a row: forward, backward, and one step of gradient descent."""

from .file import network_from as network_from
from .file import network_of as network_of
from .file import read_network as read_network
from .model import LayerSpec as LayerSpec
from .model import Network as Network
from .model import Stage as Stage
from .passes import Backward as Backward
from .passes import LayerResult as LayerResult
from .passes import backward as backward
