"""What is said of a whole network. Each sentence stands whole, so that it can be translated."""

FORWARD = "forward"
LAYER, GIVES, PARAMETERS = "layer", "gives", "parameters"
INPUT, TOTAL = "input", "in all"
DRAWN = "Parameters that the file leaves out are drawn: {init} from the seed {seed}."

LOSS = "the loss: {name}"
LOSS_RULES = {
    "squared-error": "The loss of a sample is ½ Σ (A − Y)², so the error at the output is A − Y.",
    "sum-squared-error": "The loss of a sample is Σ (A − Y)², so the error at the output is"
    " 2·(A − Y).",
    "mean-squared-error": "The loss of a sample is Σ (A − Y)², so the error at the output is"
    " 2·(A − Y).",
    "binary-cross-entropy": "The loss of a sample is −Σ (Y·log A + (1 − Y)·log(1 − A)), so the"
    " error at the output is (A − Y) / (A·(1 − A)).",
    "softmax-cross-entropy": "The loss of a sample is −Σ Y·log softmax(Z), where Z is what"
    " {layer} gives, so the error at Z is softmax(Z) − Y.",
}
JOINED_RULES = {
    "binary-cross-entropy": "The loss of a sample is −Σ (Y·log A + (1 − Y)·log(1 − A)) with"
    " A = sigmoid(Z). {layer} and the loss are taken together: the error at Z is A − Y.",
    "softmax-cross-entropy": "The loss of a sample is −Σ Y·log A with A = softmax(Z). {layer} and"
    " the loss are taken together: the error at Z is A − Y. The softmax is not taken twice.",
}
LOSS_ONE = "loss = {value}"
LOSS_MEAN = "loss = ({terms}) / {samples} = {value}"
LOSS_SUM = "loss = {terms} = {value}"
DIVIDED_INSIDE = (
    "Each sample's loss, and with it the error, is divided by the {elements} numbers of a sample."
)
DIVIDED = (
    "The mean over the samples lies in the loss, so the error at the output is divided by"
    " N = {samples}, and dW and db are sums."
)
DIVIDED_BY_ALL = (
    "The loss is the mean over all elements, so the error at the output is divided by"
    " {samples} × {elements} = {divisor}, and dW and db are sums."
)
NEVER_DIVIDED = "The error that travels is each sample's own: it is not divided by N = {samples}."

STAGE_DENSE = "Stage 1 of 2: back through the fully connected layers"
STAGE_IMAGES = "Stage 2 of 2: back through the convolution and pooling layers"
ONLY_DENSE = "Back through the fully connected layers"
ONLY_IMAGES = "Back through the convolution and pooling layers"

RECEIVES = "dZ is the dA_prev of {behind}, just above; its shape is {shape}."
RECEIVES_LOSS = "dZ is the dA_prev of the loss, just above; its shape is {shape}."
COMES_FROM = "dZ is the dA_prev of {behind}; its shape is {shape}."
COMES_FROM_LOSS = "dZ is the dA_prev of the loss; its shape is {shape}."
LOOK_INTO = "Every step of a layer: --layer NAME, such as --layer {layer}."
MORE = "… and {count} more"
MORE_PLANES = "… and {count} more; --layer {layer} shows them all."
FOR_INSTANCE = "For instance {cell} = {sum}"

AFTER = "The loss was {before} before the step and is {after} after it."
GROWN = "It has grown: the learning rate may be too large."
GO_ON = "--output FILE.json writes the network after the step, for the next one."
NO_STEP = "With --learning-rate 0.1 it goes on to a step of gradient descent."

ZEROS = "Terms that are 0 are left out of the sums."
EXACT = "Computed exactly, in integers and fractions."
FLOAT = "Computed in float64; the numbers shown are rounded, --format json has them in full."
CHECK_PASSED = "All gradients agree with their differences."
CHECK_FAILED = "Wrong: {names}."
CHECK_HEAD = ("gradient", "cells", "differs by", "most at", "value there", "")
PASSED, FAILED, ONLY_CORNERS = "✓ agrees", "✗ wrong", "at a corner"
CHECK_RULE = (
    "Each number x is moved by a small h, and (f(x + h) − f(x − h)) / 2h is held against the"
    " gradient, in float64."
)
CHECK_CORNER = (
    "{name}: {cell} stands at a corner of f (a tie in max pooling, or ReLU at 0): the slope is"
    " {left} to the left and {right} to the right. The gradient there, {analytic}, counts as right,"
    " since it is one of the two or lies between them."
)
CHECK_CORNERS = (
    "{name}: {count} cells stand at a corner of f (a tie in max pooling, or ReLU at 0), where the"
    " slopes to the left and to the right differ. The gradient counts as right there, since it is"
    " one of the two or lies between them. For instance {cell}: {left} to the left, {right} to the"
    " right, and the gradient is {analytic}."
)
CHECK_SOME = "{name}: {cells} of {all} cells were checked, evenly spread."
