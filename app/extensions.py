"""The singletons that Flask extensions need; wired into an application by the factory."""

from flask import request
from flask_limiter import Limiter
from flask_wtf import CSRFProtect


def _caller() -> str:
    """Return whom a limit counts by default: the address the request came from."""
    return request.remote_addr or "unknown"


csrf = CSRFProtect()
limiter = Limiter(key_func=_caller, strategy="moving-window")
