"""``flask demo``: a workspace to look around in."""

from datetime import UTC, datetime

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.cli.database import bring_up_to_date, database
from app.services.accounts.branding import self_check_address
from app.services.engagements.demo import PASSWORD, PEOPLE, SLUG, load_demo
from app.services.engagements.demo_portal import CONTACTS
from app.settings import Settings

demo_commands = AppGroup("demo", help="示范工作区。")


@demo_commands.command("load")
@click.option("--undrawn", is_flag=True, help="不生成陪跑案例的报告文件。")
@with_appcontext
def load_command(undrawn: bool) -> None:
    """装入示范工作区（一家咨询公司，四个客户，一份公开自查），并说明怎么登录。"""
    settings: Settings = current_app.config["SETTINGS"]
    bring_up_to_date()
    load_demo(database(), settings, datetime.now(UTC), drawn=not undrawn)
    click.echo(f"网址：{settings.address}/")
    for person in PEOPLE:
        click.echo(f"登录：{person.email}（{person.name}，{person.role}）密码：{PASSWORD}")
    click.echo(f"公开自查：{self_check_address(settings, SLUG)}")
    emails = "、".join(contact.email for contact in CONTACTS)
    click.echo(f"客户门户：{settings.address}/portal（用{emails}要一个链接）")
