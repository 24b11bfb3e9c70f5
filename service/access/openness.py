"""How open an installation stands, as sentences for its administrator."""

from __future__ import annotations

from sqlalchemy import Connection

from service.access.managing import is_ever_made
from service.settings import Settings


def is_desk_possible(connection: Connection, settings: Settings) -> bool:
    """Whether calls from this machine need no sign-in now."""
    return settings.sign_in == "auto" and settings.is_local and settings.proxies == 0 and not is_ever_made(connection)


def open_doors(connection: Connection, settings: Settings) -> list[str]:
    """What of the settings and accounts is weaker than it could be."""
    found = []
    if is_desk_possible(connection, settings):
        found.append("还没有账号:本机上的任何人不用登录就能使用全部功能;建立第一个管理员后即须登录")
    elif not is_ever_made(connection):
        found.append("还没有账号:须先用启动时打印的一次性令牌建立第一个管理员")
    if not settings.is_local and settings.proxies == 0:
        found.append("直接监听网络地址而没有反向代理:口令和数据未加密传输")
    if settings.second_factor == "off":
        found.append("没有要求动态验证码(HZFORMS_SECOND_FACTOR=off)")
    if not settings.second_person:
        found.append("没有要求第二人批准(HZFORMS_SECOND_PERSON=off)")
    return found
