"""The screens that a person sits before, and how a test opens a window on one."""

from dataclasses import dataclass
from typing import Final, Protocol

from playwright.sync_api import Browser, BrowserContext, Page

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # All that a page loads comes from this machine; anything else is an error here as well.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@dataclass(frozen=True, slots=True)
class Screen:
    """Width and height in CSS pixels, device pixels for each of them, fingers or a mouse.

    ``agent`` is what the browser calls itself, where it is not itself.
    """

    width: int
    height: int
    scale: float = 1
    touch: bool = False
    agent: str = ""


DESKTOP: Final = Screen(1440, 900)
PHONE: Final = Screen(360, 740, scale=2, touch=True)
WECHAT: Final = Screen(
    360,
    740,
    scale=2,
    touch=True,
    agent="Mozilla/5.0 (Linux; Android 10; HLK-AL00) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/86.0.4240.99 XWEB/4313 MMWEBSDK/20220303 Mobile Safari/537.36 "
    "MicroMessenger/8.0.20.2080(0x28001435) WeChat/arm64 Language/zh_CN ABI/arm64",
)
"""The phone again, in WeChat's own browser."""
ZOOMED: Final = Screen(720, 450, scale=2)
"""The desktop at 200 % zoom, which leaves a page half the room."""


LANGUAGE_NAMES: Final = {"zh": "中文", "en": "English"}
"""What the switch calls the languages."""


class OpenPage(Protocol):
    """Opens a window for one more person, who shares no cookie and no storage with the others."""

    def __call__(
        self,
        screen: Screen = DESKTOP,
        *,
        site: str = "",
        locale: str = "zh-CN",
        timezone: str = "Asia/Shanghai",
        scripts: bool = True,
    ) -> Page:
        """Open an empty page; with ``site`` given, ``page.goto("/…")`` goes there."""
        ...


def new_context(
    browser: Browser, screen: Screen, *, site: str, locale: str, timezone: str, scripts: bool
) -> BrowserContext:
    """Make what belongs to one person: cookies, storage, screen, language, time zone."""
    return browser.new_context(
        base_url=site or None,
        device_scale_factor=screen.scale,
        has_touch=screen.touch,
        is_mobile=screen.touch,
        java_script_enabled=scripts,
        locale=locale,
        reduced_motion="reduce",  # no test waits for an animation or catches one half-way
        timezone_id=timezone,
        user_agent=screen.agent or None,
        viewport={"width": screen.width, "height": screen.height},
    )
