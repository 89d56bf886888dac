"""One self-contained HTML page: it steps, it prints, it needs no network."""

from .network import gaps as gaps
from .network import network_page as network_page
from .page_template import escaped as escaped
from .page_template import shell as shell
from .problem import problem_page as problem_page
from .problem import walk as walk
