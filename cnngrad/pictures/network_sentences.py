"""What is said of a whole network. Each sentence stands whole, so that it can be translated."""

from ..core.text import message

FORWARD = message("forward")
LAYER, GIVES, PARAMETERS = message("layer"), message("gives"), message("parameters")
INPUT, TOTAL = message("input"), message("in all")
DRAWN = message("Parameters that the file leaves out are drawn: {init} from the seed {seed}.")

LOSS = message("the loss: {name}")
LOSS_RULES = {
    "squared-error": message(
        "The loss of a sample is ½ Σ (A − Y)², so the error at the output is A − Y."
    ),
    "sum-squared-error": message(
        "The loss of a sample is Σ (A − Y)², so the error at the output is 2·(A − Y)."
    ),
    "mean-squared-error": message(
        "The loss of a sample is Σ (A − Y)², so the error at the output is 2·(A − Y)."
    ),
    "binary-cross-entropy": message(
        "The loss of a sample is −Σ (Y·log A + (1 − Y)·log(1 − A)), so the"
        " error at the output is (A − Y) / (A·(1 − A))."
    ),
    "softmax-cross-entropy": message(
        "The loss of a sample is −Σ Y·log softmax(Z), where Z is what"
        " {layer} gives, so the error at Z is softmax(Z) − Y."
    ),
}
JOINED_RULES = {
    "binary-cross-entropy": message(
        "The loss of a sample is −Σ (Y·log A + (1 − Y)·log(1 − A)) with"
        " A = sigmoid(Z). {layer} and the loss are taken together: the error at Z is A − Y."
    ),
    "softmax-cross-entropy": message(
        "The loss of a sample is −Σ Y·log A with A = softmax(Z). {layer} and"
        " the loss are taken together: the error at Z is A − Y. The softmax is not taken twice."
    ),
}
LOSS_ONE = message("loss = {value}")
LOSS_MEAN = message("loss = ({terms}) / {samples} = {value}")
LOSS_SUM = message("loss = {terms} = {value}")
DIVIDED_INSIDE = message(
    "Each sample's loss, and with it the error, is divided by the {elements} numbers of a sample."
)
DIVIDED = message(
    "The mean over the samples lies in the loss, so the error at the output is divided by"
    " N = {samples}, and dW and db are sums."
)
DIVIDED_BY_ALL = message(
    "The loss is the mean over all elements, so the error at the output is divided by"
    " {samples} × {elements} = {divisor}, and dW and db are sums."
)
NEVER_DIVIDED = message(
    "The error that travels is each sample's own: it is not divided by N = {samples}."
)

STAGE_DENSE = message("Stage 1 of 2: back through the fully connected layers")
STAGE_IMAGES = message("Stage 2 of 2: back through the convolution and pooling layers")
ONLY_DENSE = message("Back through the fully connected layers")
ONLY_IMAGES = message("Back through the convolution and pooling layers")

RECEIVES = message("dZ is the dA_prev of {behind}, just above; its shape is {shape}.")
RECEIVES_LOSS = message("dZ is the dA_prev of the loss, just above; its shape is {shape}.")
COMES_FROM = message("dZ is the dA_prev of {behind}; its shape is {shape}.")
COMES_FROM_LOSS = message("dZ is the dA_prev of the loss; its shape is {shape}.")
LOOK_INTO = message("Every step of a layer: --layer NAME, such as --layer {layer}.")
MORE = message("… and {count} more")
MORE_PLANES = message("… and {count} more; --layer {layer} shows them all.")
FOR_INSTANCE = message("For instance {cell} = {sum}")

AFTER = message("The loss was {before} before the step and is {after} after it.")
GROWN = message("It has grown: the learning rate may be too large.")
GO_ON = message("--output FILE.json writes the network after the step, for the next one.")
NO_STEP = message("With --learning-rate 0.1 it goes on to a step of gradient descent.")

ZEROS = message("Terms that are 0 are left out of the sums.")
EXACT = message("Computed exactly, in integers and fractions.")
FLOAT = message(
    "Computed in float64; the numbers shown are rounded, --format json has them in full."
)
CHECK_PASSED = message("All gradients agree with their differences.")
CHECK_FAILED = message("Wrong: {names}.")
CHECK_HEAD = (
    message("gradient"),
    message("cells"),
    message("differs by"),
    message("most at"),
    message("value there"),
    "",
)
PASSED, FAILED, ONLY_CORNERS = message("✓ agrees"), message("✗ wrong"), message("at a corner")
CHECK_RULE = message(
    "Each number x is moved by a small h, and (f(x + h) − f(x − h)) / 2h is held against the"
    " gradient, in float64."
)
CHECK_CORNER = message(
    "{name}: {cell} stands at a corner of f (a tie in max pooling, or ReLU at 0): the slope is"
    " {left:.6g} to the left and {right:.6g} to the right. The gradient there, {analytic:.6g},"
    " counts as right, since it is one of the two or lies between them."
)
CHECK_CORNERS = message(
    "{name}: {count} cells stand at a corner of f (a tie in max pooling, or ReLU at 0), where the"
    " slopes to the left and to the right differ. The gradient counts as right there, since it is"
    " one of the two or lies between them. For instance {cell}: {left:.6g} to the left,"
    " {right:.6g} to the right, and the gradient is {analytic:.6g}."
)
CHECK_SOME = message("{name}: {cells} of {all} cells were checked, evenly spread.")
