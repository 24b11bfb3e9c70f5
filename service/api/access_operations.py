"""The calls of signing in, of one's own account, of accounts and of approvals."""

from __future__ import annotations

from typing import Any

from service.api.operation import JSON, Operation

ACCOUNT = ("id", "path", "string", "账号编号")
APPROVAL = ("id", "path", "string", "申请编号")
TEXT: dict[str, Any] = {"type": "string", "maxLength": 300}


def _body(required: tuple[str, ...] = (), **properties: Any) -> tuple[str, dict[str, Any]]:  # noqa: ANN401  # JSON Schema
    schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return JSON, {**schema, "required": list(required)} if required else schema


_SIGNED_IN = (("200", JSON, "账号、csrf(写操作须放在 X-CSRF-Token 头中)、还差的一步 owes;并设置会话 Cookie"),)

ACCESS_OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "signIn",
        "post",
        "/sign-in",
        "登录;只带 code 时为密码登录后补交的动态验证码",
        _SIGNED_IN,
        ("401", "422", "429"),
        (),
        _body(name=TEXT, password=TEXT, code=TEXT),
    ),
    Operation("signOut", "post", "/sign-out", "退出登录", (("200", JSON, "已退出"),), ("404",)),
    Operation(
        "makeFirstAccount",
        "post",
        "/first-account",
        "用首次启动时打印的一次性令牌建立第一个管理员",
        (("201", JSON, "账号"),),
        ("409", "422"),
        (),
        _body(("token", "name", "title", "password"), token=TEXT, name=TEXT, title=TEXT, password=TEXT),
    ),
    Operation(
        "setPasswordByLink",
        "post",
        "/password-link",
        "用管理员给的一次性令牌设置自己的密码",
        (("200", JSON, "用户名"),),
        ("422",),
        (),
        _body(("token", "password"), token=TEXT, password=TEXT),
    ),
    Operation("showMe", "get", "/me", "现在是谁、可以做什么", (("200", JSON, "身份"),)),
    Operation(
        "stepUp",
        "post",
        "/me/step-up",
        "再次验证身份:五分钟内可以查看、导出完整证件号",
        _SIGNED_IN,
        ("422", "429"),
        (),
        _body(("password",), password=TEXT, code=TEXT),
    ),
    Operation(
        "changePassword",
        "post",
        "/me/password",
        "改密码;其他会话和全部令牌随即失效",
        _SIGNED_IN,
        ("422", "429"),
        (),
        _body(("password", "new_password"), password=TEXT, new_password=TEXT),
    ),
    Operation(
        "beginSecondFactor",
        "post",
        "/me/second-factor",
        "开始绑定动态验证码:密钥、otpauth 地址和二维码(PNG,base64)",
        (("201", JSON, "密钥"),),
    ),
    Operation(
        "confirmSecondFactor",
        "put",
        "/me/second-factor",
        "用手机上的第一个验证码完成绑定",
        _SIGNED_IN,
        ("422", "429"),
        (),
        _body(("code",), code=TEXT),
    ),
    Operation("listSessions", "get", "/me/sessions", "本人的会话", (("200", JSON, "会话"),)),
    Operation(
        "endSession",
        "delete",
        "/me/sessions/{id}",
        "结束本人的一个会话",
        (("200", JSON, "已结束"),),
        ("404",),
        (("id", "path", "string", "会话编号"),),
    ),
    Operation("listTokens", "get", "/me/tokens", "本人的 API 令牌", (("200", JSON, "令牌"),)),
    Operation(
        "makeToken",
        "post",
        "/me/tokens",
        "制作 API 令牌(Authorization: Bearer):限定动作和天数,只显示一次",
        (("201", JSON, "令牌"),),
        ("422",),
        (),
        _body(
            ("name", "actions"),
            name=TEXT,
            actions={"type": "array", "items": {"type": "string"}},
            days={"type": "integer", "minimum": 1, "maximum": 365},
        ),
    ),
    Operation(
        "revokeToken",
        "delete",
        "/me/tokens/{id}",
        "吊销本人的一个令牌",
        (("200", JSON, "已吊销"),),
        ("404",),
        (("id", "path", "string", "令牌编号"),),
    ),
    Operation("listAccounts", "get", "/accounts", "账号", (("200", JSON, "账号列表"),)),
    Operation(
        "createAccount",
        "post",
        "/accounts",
        "新建账号,得到让本人设置密码的一次性令牌;有安全管理员时须经其批准",
        (("201", JSON, "账号和一次性令牌"),),
        ("404", "409", "422"),
        (),
        _body(("name", "title", "role"), name=TEXT, title=TEXT, role=TEXT, unit=TEXT, certificate=TEXT),
    ),
    Operation("showAccount", "get", "/accounts/{id}", "一个账号", (("200", JSON, "账号"),), ("404",), (ACCOUNT,)),
    Operation(
        "changeAccount",
        "patch",
        "/accounts/{id}",
        "启用停用、改角色或单位(另有安全管理员时须经其批准)、清除第二因素;下一次请求起生效",
        (("200", JSON, "账号"),),
        ("404", "409", "422"),
        (ACCOUNT,),
        _body(
            state={"enum": ["active", "disabled"]},
            role=TEXT,
            unit={"type": ["string", "null"]},
            second_factor={"type": "null"},
            approval=TEXT,
        ),
    ),
    Operation(
        "approveAccount",
        "post",
        "/accounts/{id}/approve",
        "批准新账号,得到让本人设置密码的一次性令牌",
        (("200", JSON, "账号和一次性令牌"),),
        ("404", "422"),
        (ACCOUNT,),
    ),
    Operation(
        "resetAccount",
        "post",
        "/accounts/{id}/reset",
        "重置:得到让本人另设密码的一次性令牌;会话和 API 令牌随即失效",
        (("200", JSON, "一次性令牌"),),
        ("404", "422"),
        (ACCOUNT,),
    ),
    Operation(
        "unlockAccount",
        "post",
        "/accounts/{id}/unlock",
        "解除登录锁定",
        (("200", JSON, "已解除"),),
        ("404",),
        (ACCOUNT,),
    ),
    Operation("listApprovals", "get", "/approvals", "须第二人批准的申请", (("200", JSON, "申请列表"),)),
    Operation(
        "askApproval",
        "post",
        "/approvals",
        "申请:export-plain(subject 为导出的全部条件)、confirm-import 或 units-import(subject 为 {import: 编号})",
        (("201", JSON, "申请"),),
        ("422",),
        (),
        _body(
            ("kind", "subject", "reason"),
            kind={"enum": ["export-plain", "confirm-import", "units-import"]},
            subject={"type": "object", "additionalProperties": {"type": "string"}},
            reason=TEXT,
        ),
    ),
    Operation(
        "decideApproval",
        "post",
        "/approvals/{id}/decide",
        "批准或拒绝别人的申请",
        (("200", JSON, "申请"),),
        ("404", "409", "422"),
        (APPROVAL,),
        _body(("approve",), approve={"type": "boolean"}, note=TEXT),
    ),
)
