"""What a step says in words. Each sentence stands whole, so that it can be translated whole."""

from ..core.text import message

ROWWISE = "Every number of a row depends on all of the row: multiply {value} by the slope of this"
ROWWISE += " output in each input, and add."
"""What a step of the softmax does."""

ALL_CELLS = "all cells at once; --steps all takes them one by one"


ADDS = "adds"
"""Stands above what a step adds."""
SUM_FOR = "sum for {title}"
DIVIDED = "/ {divisor} ="

ALL_PADDING = "The window lies wholly in the padding: nothing is added."

ADDED_UP = "Before, what is added, and after:"
"""What stands before the sums of a step that has no words of its own."""
OVERLAP = "Already filled, so it adds up:"
"""What stands before the sums of cells that an earlier step has filled."""

CLOSING = "Divide by the number of samples, N = {divisor}: the mean over the batch."

LEFT_OUT = (
    "{count:# step is|# steps are} left out ({steps}). {count:See it|See them} with"
    " --steps {chosen}, or all with --steps all."
)
PLANES, ROWS, COLUMNS = "{0:plane #|planes #}", "{0:row #|rows #}", "{0:column #|columns #}"
"""Where a window lies, in a line that has no room for a sentence."""
WINDOW = (
    message("{columns:column #|columns #}"),
    message("{rows:row #|rows #}, {columns:column #|columns #}"),
    message("{planes:plane #|planes #}, {rows:row #|rows #}, {columns:column #|columns #}"),
)
"""Where a window lies, by the number of its spatial axes; it stands within a sentence."""

RESULT = "{name}, finished"
EXACT = "Computed exactly, in integers and fractions."
FLOAT = "Computed in float64: the numbers shown are rounded. --exact computes exactly."
IRRATIONAL = "The functions here give irrational numbers: computed in float64, shown rounded."
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
