"""The program's commands, one module per group."""

from app.cli.content import content_commands
from app.cli.database import database_commands
from app.cli.demo import demo_commands
from app.cli.diagnose import diagnose_command
from app.cli.owner import owner_commands
from app.cli.serving import serve_command, worker_commands

COMMANDS = (
    diagnose_command,
    content_commands,
    database_commands,
    demo_commands,
    owner_commands,
    serve_command,
    worker_commands,
)

__all__ = ["COMMANDS"]
