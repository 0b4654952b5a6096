"""``flask db``: the tables of the installation."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.store.database import Database
from app.store.migrating import is_current, migrate

database_commands = AppGroup("db", help="数据库的表结构。")


def database() -> Database:
    """Return the installation's database."""
    found: Database = current_app.extensions["zhenmai_database"]
    return found


@database_commands.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """把数据库升到程序需要的结构；已是最新就什么都不做。"""
    migrate(database())


@database_commands.command("check")
@with_appcontext
def check_command() -> None:
    """检查数据库结构是不是最新的。"""
    if not is_current(database()):
        raise click.ClickException("数据库结构不是最新的，请先运行 flask db migrate。")
