"""The consultancy's settings: what its reports carry, its logo, what new members begin with."""

from dataclasses import dataclass
from typing import Final

from flask import (
    Response,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
)
from flask import url_for as address_of
from markupsafe import Markup

from app.forms.branding import BrandingForm
from app.forms.house import HouseForm
from app.forms.places import language_names
from app.forms.selfchecks import SelfCheckForm
from app.forms.zones import zone_name
from app.services.accounts.branding import (
    LOGO_TYPE,
    BrandWords,
    House,
    change_brand,
    change_house,
    change_logo,
    change_self_check,
    house_of,
    logo_file,
    remove_logo,
    self_check_address,
)
from app.services.answers.pictures import LOGO, PictureRefusedError
from app.services.errors import RefusedError
from app.services.files import Download
from app.services.invitations.qr_codes import qr_svg
from app.web.admin import blueprint
from app.web.binding import bound, show_refusal
from app.web.policies import Right, policy
from app.web.presenting import say
from app.web.principal import acting
from app.web.principal import settings as site_settings
from app.web.sending import sent
from app.web.uploads import takes_file
from app.web.workspace.posting import expect, told

REFUSED: Final = 422


@dataclass(frozen=True, slots=True)
class CheckAddress:
    """Where the self-check is found: the address, and the same as a QR code."""

    url: str
    code: Markup


@blueprint.get("/settings")
@policy(Right.MEMBER)
def settings() -> str:
    """Show the settings; owners can change them."""
    return _page()


def _page(
    brand: BrandingForm | None = None,
    house: HouseForm | None = None,
    logo_error: str = "",
    check: SelfCheckForm | None = None,
) -> str:
    who = acting()
    found = house_of(who)
    return render_template(
        "admin/settings.html",
        found=found,
        branding=brand or _brand_form(found),
        house=house or _house_form(found),
        logo_error=logo_error,
        check=check or bound(SelfCheckForm, data={"slug": found.check_slug}),
        check_open=request.form.get("opened") == "yes" if check else found.check_open,
        check_address=_check_address(found.check_slug),
        check_start=self_check_address(site_settings(), ""),
        language_name=dict(language_names([found.locale]))[found.locale],
        zone_name=zone_name(found.zone, g.locale),
    )


def _brand_form(found: House) -> BrandingForm:
    words = found.brand
    given = {
        "name": words.name,
        "consultant": words.consultant,
        "contact": words.contact,
        "confidentiality": words.confidentiality,
        "accent": words.accent,
    }
    return bound(BrandingForm, data=given)


def _house_form(found: House) -> HouseForm:
    given = {"consultancy": found.name, "locale": found.locale, "zone": found.zone}
    return bound(HouseForm, reader=g.locale, data=given)


@blueprint.post("/settings/brand")
@policy(Right.OWNER)
def change_branding() -> Response:
    """Change what reports say of the consultancy."""
    form = _brand_form(house_of(acting()))
    expect(form=form)
    if not form.validate():
        return make_response(_page(brand=form), REFUSED)
    change_brand(acting(), BrandWords(**told(form.data)))
    return _kept("报告上的信息已保存，从下一版报告起生效。")


@blueprint.post("/settings/consultancy")
@policy(Right.OWNER)
def change_consultancy() -> Response:
    """Change the consultancy's name, language and zone."""
    form = _house_form(house_of(acting()))
    expect(form=form)
    if not form.validate():
        return make_response(_page(house=form), REFUSED)
    given = form.data
    change_house(acting(), given["consultancy"], given["locale"], given["zone"])
    return _kept("机构设置已保存。")


@blueprint.post("/settings/self-check")
@policy(Right.OWNER)
def change_check() -> Response:
    """Open or close the public self-check, and change its address."""
    form = bound(SelfCheckForm)
    expect("opened", form=form)
    is_open = request.form.get("opened") == "yes"
    if form.validate():
        try:
            change_self_check(acting(), form.data["slug"] or "", is_open=is_open)
        except RefusedError as error:
            show_refusal(form, error)
    if form.errors:
        return make_response(_page(check=form), REFUSED)
    return _kept(
        "公开自查已开放。" if is_open else "公开自查已关闭，新的人进不来；做到一半的可以做完。"
    )


def _check_address(slug: str) -> CheckAddress | None:
    """Return the address of the self-check with its code, once it has one."""
    if not slug:
        return None
    address = self_check_address(site_settings(), slug)
    return CheckAddress(address, Markup(qr_svg(address, say("公开自查的二维码"))))  # noqa: S704  our own drawing


@blueprint.post("/settings/logo")
@policy(Right.OWNER)
@takes_file(LOGO.bytes_before)
def upload_logo() -> Response:
    """Take a picture as the logo."""
    expect()
    file = request.files.get("logo")
    try:
        change_logo(acting(), file.read() if file is not None else b"")
    except PictureRefusedError as refusal:
        words = say(refusal.message, **refusal.values)
        return make_response(_page(logo_error=words), REFUSED)
    return _kept("标志已保存，从下一版报告起印在封面上。")


@blueprint.post("/settings/logo/removal")
@policy(Right.OWNER)
def take_logo_away() -> Response:
    """Have reports carry no logo."""
    expect()
    remove_logo(acting())
    return _kept("标志已移除。已出的报告不变。")


@blueprint.get("/settings/logo")
@policy(Right.MEMBER)
def logo() -> Response:
    """Send the logo."""
    return sent(Download(logo_file(acting()), LOGO_TYPE))


def _kept(words: str) -> Response:
    flash(say(words), "success")
    return make_response(redirect(address_of("admin.settings"), 303))
