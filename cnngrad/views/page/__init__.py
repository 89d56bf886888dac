"""One self-contained HTML page: it steps, it prints, it needs no network."""

from .document import problem_page as problem_page
from .document import walk as walk
from .network import gaps as gaps
from .network import network_page as network_page
from .shell import escaped as escaped
from .shell import shell as shell
