"""How the web server runs: one process with threads, quiet, without a control socket."""

import gc
from typing import Final

control_socket_disable: Final = True
graceful_timeout: Final = 15
timeout: Final = 60
keepalive: Final = 5
max_requests: Final = 0
accesslog: Final = None
errorlog: Final = "-"
loglevel: Final = "warning"
# Links carry tokens: no request line is ever logged.
limit_request_line: Final = 4094


def post_worker_init(_worker: object) -> None:
    """Look for rubbish less often, and never among what stays: code, templates, words.

    A page leaves thousands of small objects behind and hardly a cycle; looking for those took up
    to a tenth of its time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
