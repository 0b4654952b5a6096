"""``flask db``: the tables of the installation."""

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.store.database import Database
from app.store.errors import StrangeTablesError
from app.store.migrating import is_current, migrate

database_commands = AppGroup("db", help="数据库的表结构。")


def database() -> Database:
    """Return the installation's database."""
    found: Database = current_app.extensions["zhenmai_database"]
    return found


def bring_up_to_date() -> None:
    """Migrate the installation's tables; says what to do where they are of another make."""
    try:
        migrate(database())
    except StrangeTablesError:
        raise click.ClickException(
            "这个数据库的表结构来自0.4.0之前的试用版，或者比这个程序新的版本，接不上；什么都没有改。"
            "请用建它的那个版本打开；或者把数据目录改个名字，从空的开始。"
        ) from None


@database_commands.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """把数据库升到程序需要的结构；已是最新就什么都不做。"""
    bring_up_to_date()


@database_commands.command("check")
@with_appcontext
def check_command() -> None:
    """检查数据库结构是不是最新的。"""
    if not is_current(database()):
        raise click.ClickException("数据库结构不是最新的，请先运行 flask db migrate。")
