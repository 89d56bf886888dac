"""What a framework can be asked: the options that a random problem for it may have."""

from typing import NamedTuple

NUMBERS = ("none", "number", "pair")
SIDES = (*NUMBERS, "sides")
PAIRS = ("pair",)


class Reach(NamedTuple):
    """What problems for one framework may hold."""

    worker: str
    """The file in `workers/`, which runs in the framework's own interpreter."""
    layout: str = "nchw"
    kernel: str = "oihw"
    dense: str = "out-in"
    conv_padding: tuple[str, ...] = SIDES
    """Forms: none at all, a number, one an axis, all four sides, or a word."""
    pool_padding: tuple[str, ...] = NUMBERS
    average_padding: tuple[str, ...] | None = None
    """Where it differs from max pooling's."""
    stride: str = "any"
    """Of a convolution: `any`, `given` (never left out), `one-if-same`, `square`."""
    pool_stride: str = "any"
    dilation: bool = True
    groups: bool = True
    pool_dilation: bool = False
    ceil: tuple[bool, bool] = (False, False)
    """Whether max and average pooling take `ceil_mode`."""
    include: tuple[bool | None, ...] = (None,)
    """Values of `count_include_pad`; None leaves it out."""
    square_kernel: bool = False
    forward_only: bool = False
    kinds: tuple[str, ...] = ("conv", "max-pool", "average-pool", "dense", "network")
    tolerance: float = 1e-9
    known: tuple[str, ...] = ()
    """Departures that a profile names: the tests of `known_departure` that may excuse."""


FLOAT32 = 3e-5
HALF_FLOAT32 = 3e-7
"""Of what computes in float64 with a constant that it keeps in float32."""

REACH = {
    "pytorch": Reach(
        "with_pytorch.py",
        conv_padding=(*SIDES, "valid", "same"),
        stride="one-if-same",
        pool_dilation=True,
        ceil=(True, True),
        include=(None, True, False),
    ),
    "tensorflow": Reach(
        "with_tensorflow.py",
        "nhwc",
        "hwio",
        "in-out",
        conv_padding=("valid", "same", "sides"),
        pool_padding=("valid", "same"),
        stride="given",
        pool_stride="given",
        dilation=False,
        groups=False,
        tolerance=HALF_FLOAT32,  # the slope of leaky_relu
    ),
    "keras": Reach(
        "with_keras.py",
        "nhwc",
        "hwio",
        "in-out",
        conv_padding=("none", "valid", "same"),
        pool_padding=("none", "valid", "same"),
        groups=False,
        tolerance=HALF_FLOAT32,  # the slope of LeakyReLU
    ),
    "flax": Reach(
        "with_flax.py",
        "nhwc",
        "hwio",
        "in-out",
        conv_padding=("none", "number", "sides", "valid", "same", "same-lower"),
        pool_padding=("none", "sides", "valid", "same", "same-lower"),
        include=(None, True, False),
    ),
    "paddle": Reach(
        "with_paddle.py",
        dense="in-out",
        conv_padding=(*SIDES, "valid", "same"),
        pool_padding=(*NUMBERS, "valid", "same"),
        ceil=(True, True),
        include=(None, True, False),
        tolerance=HALF_FLOAT32,  # the divisor in the gradient of avg_pool2d
        known=("same-resets-dilation", "lopsided-average", "logit-zero"),
    ),
    "mlx": Reach(
        "with_mlx.py", "nhwc", "ohwi", conv_padding=NUMBERS, pool_padding=NUMBERS, tolerance=FLOAT32
    ),
    "tinygrad": Reach(
        "with_tinygrad.py",
        conv_padding=SIDES,
        pool_padding=SIDES,
        pool_dilation=True,
        ceil=(True, True),
        include=(None, True, False),
        tolerance=FLOAT32,
    ),
    "onnx": Reach(
        "with_onnx.py",
        conv_padding=("none", "sides", "valid", "same", "same-lower"),
        pool_padding=("none", "sides", "valid", "same", "same-lower"),
        pool_dilation=True,
        ceil=(True, True),
        include=(None, True, False),
        forward_only=True,
        kinds=("conv", "max-pool", "average-pool", "dense"),
        tolerance=FLOAT32,
        known=("same-ignores-dilation",),
    ),
    "openvino": Reach(
        "with_openvino.py",
        conv_padding=("sides", "valid", "same", "same-lower"),
        pool_padding=("sides", "valid", "same", "same-lower"),
        stride="given",
        pool_stride="given",
        groups=False,
        pool_dilation=True,
        ceil=(True, True),
        include=(True, False),
        forward_only=True,
        kinds=("conv", "max-pool", "average-pool", "dense"),
        tolerance=FLOAT32,
    ),
    "tfjs": Reach(
        "with_tfjs.js",
        "nhwc",
        "hwio",
        "in-out",
        conv_padding=("valid", "same", "sides"),
        pool_padding=("valid", "same", "sides"),
        stride="given",
        pool_stride="given",
        dilation=False,
        groups=False,
        ceil=(True, True),
        tolerance=FLOAT32,
        known=("average-gradient-full-window", "gradient-forgets-ceil"),
    ),
    "chainer": Reach(
        "with_chainer.py",
        conv_padding=NUMBERS,
        pool_padding=NUMBERS,
        ceil=(True, False),
    ),
    "theano": Reach(
        "with_theano.py",
        conv_padding=("none", "valid", "pair"),
        pool_padding=("none", "pair"),
        groups=False,
        ceil=(True, True),
        include=(True, False),
        kinds=("conv", "max-pool", "average-pool", "dense"),
    ),
    "convnetjs": Reach(
        "with_convnetjs.js",
        "nhwc",
        "ohwi",
        conv_padding=("none", "equal"),
        pool_padding=("none", "equal"),
        stride="square",
        pool_stride="square",
        dilation=False,
        groups=False,
        kinds=("conv", "max-pool"),
    ),
}
"""By the name of the profile."""
