"""What a step says in words. Each sentence stands whole, so that it can be translated whole."""

from ..core.text import message

ROWWISE = message(
    "Every number of a row depends on all of the row: multiply {value} by the slope of this"
)
ROWWISE += " output in each input, and add."
"""What a step of the softmax does."""

ALL_CELLS = message("all cells at once; --steps all takes them one by one")


ADDS = message("adds")
"""Stands above what a step adds."""
SUM_FOR = message("sum for {title}")
DIVIDED = message("/ {divisor} =")

ALL_PADDING = message("The window lies wholly in the padding: nothing is added.")

ADDED_UP = message("Before, what is added, and after:")
"""What stands before the sums of a step that has no words of its own."""
OVERLAP = message("Already filled, so it adds up:")
"""What stands before the sums of cells that an earlier step has filled."""

CLOSING = message("Divide by the number of samples, N = {divisor}: the mean over the batch.")

LEFT_OUT = message(
    "{count:# step is|# steps are} left out ({steps}). {count:See it|See them} with"
    " --steps {chosen}, or all with --steps all."
)
PLANES, ROWS, COLUMNS = (
    message("{cells:plane #|planes #}"),
    message("{cells:row #|rows #}"),
    message("{cells:column #|columns #}"),
)
"""Where a window lies, in a line that has no room for a sentence."""
WINDOW = (
    message("{columns:column #|columns #}"),
    message("{rows:row #|rows #}, {columns:column #|columns #}"),
    message("{planes:plane #|planes #}, {rows:row #|rows #}, {columns:column #|columns #}"),
)
"""Where a window lies, by the number of its spatial axes; it stands within a sentence."""

RESULT = message("{name}, finished")
EXACT = message("Computed exactly, in integers and fractions.")
FLOAT = message("Computed in float64: the numbers shown are rounded. --exact computes exactly.")
IRRATIONAL = message(
    "The functions here give irrational numbers: computed in float64, shown rounded."
)
WITH_DIGITS = message(
    "≈ Results are shown with {digits:# digit|# digits} behind the point; --format json has them"
    " all."
)
ROUNDED = message(
    "≈ Some fractions are too long to print and are shown rounded; --format json has them all."
)

TOO_LARGE = message(
    "{name} has {cells} cells: only its first rows and columns are shown. See all of it with"
)
TOO_LARGE += " --format csv, or write it to a file with --output {name}.csv."

FIRST_CELLS = message("Only the first {shown} of {count} numbers are drawn.")
IN_SHORT = message("in short")
SEE_MORE = message(
    "One step: --steps 3. One result: --gradient {name}. Why a cell is what it is: cnngrad"
    " explain with the same problem and '{cell}'. Step by step on one page: --output FILE.html."
)
STEP_OF_DESCENT = message("one step of gradient descent")
DESCENT = message("{name} := {name} − α·d{name}, with the learning rate α = {rate}.")
AFTER = message("{name} after")


EXAMPLES = message(
    "Run one with cnngrad example NAME, or copy its files with cnngrad example NAME --copy DIR."
)
