"""``flask owner``: the first owner of a new installation."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.cli.database import database
from app.services.accounts.founding import first_owner_link
from app.settings import Settings

owner_commands = AppGroup("owner", help="第一位所有者。")


@owner_commands.command("link")
@with_appcontext
def link_command() -> None:
    """打印建立第一位所有者的一次性链接；已经有了所有者就只打印网址。"""
    settings: Settings = current_app.config["SETTINGS"]
    link = first_owner_link(database(), settings, datetime.now(UTC))
    if link is None:
        click.echo(f"网址：{settings.address}/")
    else:
        click.echo(f"请用这个一次性链接建立第一位所有者：{link}")
