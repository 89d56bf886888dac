"""Layers in a row: forward, backward, and one step of gradient descent."""

from .model import LayerSpec as LayerSpec
from .model import Network as Network
from .model import Stage as Stage
from .passes import Backward as Backward
from .passes import LayerResult as LayerResult
from .passes import backward as backward
from .reading import network_from as network_from
from .reading import network_of as network_of
from .reading import read_network as read_network
