"""What a step says in words. Each sentence stands whole, so that it can be translated whole."""

INTRODUCTION = {
    "conv.Z": "Z: lay the kernel on every window of A_prev, multiply cell by cell and add up.",
    "conv.dA_prev": "dA_prev: every cell of dZ times the kernel, added onto the window that"
    " produced the cell.",
    "conv.dW": "dW: every cell of dZ times its window of A_prev, added up.",
    "conv.db": "db: the sum of dZ's cells.",
    "max.A": "A: the maximum of every window.",
    "max.dA_prev": "dA_prev: every cell of dZ goes to the cell that was its window's maximum.",
    "average.A": "A: the average of every window.",
    "average.dA_prev": "dA_prev: every cell of dZ is shared equally by the cells of its window.",
    "dense.Z": "Z: every row of A_prev times every row of W, number by number, added up.",
    "dense.dA_prev": "dA_prev: every cell of dZ times its unit's row of W, added up.",
    "dense.dW": "dW: every cell of dZ times its sample's row of A_prev, added onto its unit's"
    " row of dW.",
    "dense.db": "db: the sum of dZ's cells, unit by unit.",
    "dense.dZ_prev": "dZ_prev = dA_prev ⊙ f'(Z_prev): the error goes on through the activation"
    " of the layer before.",
    "activation.A": "A = f(A_prev), cell by cell.",
    "activation.dA_prev": "dA_prev = dZ ⊙ f'(A_prev): the error times the activation's"
    " derivative, cell by cell. Every layer's input is called A_prev here, and the error at its"
    " output dZ; with the names of the layer before, it reads dZ = dA ⊙ f'(Z).",
    "flatten.A": "A: the cells of each sample in one row, channel after channel, row after row.",
    "flatten.dA_prev": "dA_prev: the row of errors takes the shape of A_prev again.",
    "loss.dA_prev": "dA_prev: the slope of the loss, each sample's own.",
}
"""The rule of each result, in one line above its steps."""

STEP = {
    "conv.Z": "The kernel lies on {rows:row #|rows #}, {columns:column #|columns #} of A_prev."
    " Multiply cell by cell and add up.",
    "conv.dA_prev": "Multiply the kernel by {value} and add it onto {rows:row #|rows #},"
    " {columns:column #|columns #} of dA_prev.",
    "conv.dW": "Multiply {rows:row #|rows #}, {columns:column #|columns #} of A_prev by {value}"
    " and add it onto dW.",
    "max.A": "The maximum of {rows:row #|rows #}, {columns:column #|columns #} of A_prev is {top}:"
    " it stands in {place}.",
    "max.dA_prev": "The maximum of this window, {top}, came from {place}: this cell receives"
    " the whole error {value}, the others 0.",
    "average.A": "Add up {rows:row #|rows #}, {columns:column #|columns #} of A_prev and divide by"
    " {parts}.",
    "average.dA_prev": "Share {value} equally: each cell in {rows:row #|rows #},"
    " {columns:column #|columns #} of dA_prev receives {value} / {parts} = {share}.",
    "dense.Z": "Multiply row {sample} of A_prev by row {unit} of W, number by number, and add up.",
    "dense.dA_prev": "Multiply row {unit} of W by {value} and add it onto row {sample} of dA_prev.",
    "dense.dW": "Multiply row {sample} of A_prev by {value} and add it onto row {unit} of dW.",
    "dense.dZ_prev": "Multiply {value} by the slope of the activation at this cell of Z_prev.",
    "activation.A": "Put this cell of A_prev into the activation.",
    "activation.dA_prev": "Multiply {value} by the slope of the activation at this cell of A_prev.",
    "flatten.A": "Take this cell of A_prev as it is.",
    "flatten.dA_prev": "Give this cell its error back as it is.",
    "loss.dA_prev": "Subtract the target from the prediction.",
}
"""What a step does. {value} is the cell of dZ now at work."""

TIES = {
    "first": "The maximum {top} stands in {count} cells. The first of them, {place}, receives"
    " the whole error {value} (--ties first).",
    "last": "The maximum {top} stands in {count} cells. The last of them, {place}, receives"
    " the whole error {value} (--ties last).",
    "all": "The maximum {top} stands in {count} cells. Each of them receives the whole error"
    " {value} (--ties all).",
    "split": "The maximum {top} stands in {count} cells. They share the error: each receives"
    " {value} / {count} = {share} (--ties split).",
}

OVERVIEW = {
    "dense.dZ_prev": "Multiply the error by the slope of the activation, cell by cell.",
    "activation.A": "Put every cell into the activation.",
    "activation.dA_prev": "Multiply the error by the slope of the activation, cell by cell.",
    "flatten.A": "Every cell keeps its value and takes its place in the row.",
    "flatten.dA_prev": "Every error keeps its value and goes back to the cell that it came from.",
    "loss.dA_prev": "Subtract the target from the prediction, cell by cell.",
}
"""What all steps together do, where each cell stands on its own."""

ROWWISE = "Every number of a row depends on all of the row: multiply {value} by the slope of this"
ROWWISE += " output in each input, and add."
"""What a step of the softmax does."""

ALL_CELLS = "all cells at once; --steps all takes them one by one"

PADDING = {
    "conv.Z": "Part of the window lies in the padding, whose zeros add nothing.",
    "conv.dA_prev": "Part of the window lies in the padding: what falls there (·) is dropped.",
    "conv.dW": "Part of the window lies in the padding: its zeros (·) add nothing.",
    "max.A": "Part of the window lies in the padding, which never is the maximum.",
    "max.dA_prev": "Part of the window lies in the padding (·), which never is the maximum.",
    "average.A": "Part of the window lies outside A_prev and adds nothing.",
    "average.dA_prev": "Part of the window lies outside A_prev: the shares that fall there (·)"
    " are dropped.",
}
INSIDE_ONLY = (
    "Part of the window lies outside A_prev (·) and does not count: {value} is divided by the"
)
INSIDE_ONLY += " {count:one cell|# cells} inside."
"""Of an average that leaves the padding out of its divisor."""


ADDS = "adds"
"""Stands above what a step adds."""
SUM_FOR = "sum for {title}"
DIVIDED = "/ {divisor} ="

ALL_PADDING = "The window lies wholly in the padding: nothing is added."

OVERLAP = "Already filled, so it adds up:"
"""What stands before the sums of cells that an earlier step has filled."""

CLOSING = "Divide by the number of samples, N = {divisor}: the mean over the batch."

LEFT_OUT = (
    "{count:# step is|# steps are} left out ({steps}). {count:See it|See them} with"
    " --steps {chosen}, or all with --steps all."
)
SAMPLE, CHANNEL, FILTER = "sample {index}", "channel {index}", "filter {index}"
INPUT_CHANNELS = "{channels:input channel #|input channels #}"
"""What a step is about, where there are several, in its heading."""
ROWS, COLUMNS = "{0:row #|rows #}", "{0:column #|columns #}"
"""Where a window lies, in a line that has no room for a sentence."""

RESULT = "{name}, finished"
EXACT = "Computed exactly, in integers and fractions."
FLOAT = "Computed in float64: the numbers shown are rounded. --exact computes exactly."
IRRATIONAL = "The functions here give irrational numbers: computed in float64, shown rounded."
CORNERS = {
    "max": "{count:One window|# windows} that an error reaches {count:has its|have their} maximum"
    " in several cells (a tie): --ties {ties} says who receives the error.",
    "relu": "{count:One number|# numbers} that an error reaches {count:is|are} 0, where ReLU has a"
    " corner: its slope there is taken to be 0.",
    "leaky-relu": "{count:One number|# numbers} that an error reaches {count:is|are} 0, where leaky"
    " ReLU has a corner: its slope there is taken to be the slope for numbers below 0.",
}
"""By the activation or the kind of pooling."""
ROUNDED = (
    "≈ Some fractions are too long to print and are shown rounded; --format json has them all."
)

TOO_LARGE = (
    "{name} has {cells} cells: only its first rows and columns are shown. See all of it with"
)
TOO_LARGE += " --format csv, or write it to a file with --output {name}.csv."

FIRST_CELLS = "Only the first {shown} of {count} numbers are drawn."
STEP_OF_DESCENT = "one step of gradient descent"
DESCENT = "{name} := {name} − α·d{name}, with the learning rate α = {rate}."
AFTER = "{name} after"


EXAMPLES = (
    "Run one with cnngrad example NAME, or copy its files with cnngrad example NAME --copy DIR."
)
