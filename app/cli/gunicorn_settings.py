"""How the web server runs: one process with threads, quiet, without a control socket."""

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
