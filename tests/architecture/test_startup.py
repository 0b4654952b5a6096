"""What prints nothing starts without the renderer: its import takes longer than all else."""

import subprocess
import sys


def test_the_commands_start_without_loading_the_renderer() -> None:
    script = "import sys, wsgi; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
