"""Faults of signing in and of asking for more than one may."""

from __future__ import annotations

from forms.errors import FormServiceError


class SignInNeededError(FormServiceError):
    """Nobody is signed in, or the session has ended."""

    code = "sign-in-needed"
    zh = "请先登录(登录可能已过期)"
    en = "Sign in first; an earlier session may have ended"


class SignInFailedError(FormServiceError):
    """A wrong name, password or code, a disabled account: one answer for all of them."""

    code = "sign-in-failed"
    zh = "用户名、密码或验证码不正确,或账号未启用"
    en = "The name, password or code is not right, or the account is not enabled"


class TooManyAttemptsError(FormServiceError):
    """Too many failures for this name from this address; ``retry_after`` is in seconds."""

    code = "too-many-attempts"
    zh = "尝试次数过多,请 {minutes} 分钟后再试,或请管理员解锁"
    en = "Too many attempts; try again in {minutes} minutes or ask an administrator to unlock it"

    def __init__(self, retry_after: int) -> None:
        super().__init__(minutes=max(1, -(-retry_after // 60)))
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        """The seconds are all it is made of."""
        return (TooManyAttemptsError, (self.retry_after,))


class SignInUnfinishedError(FormServiceError):
    """A session that still owes a step: the code, a password of one's own, a second factor."""

    code = "sign-in-unfinished"
    zh = "登录还差一步:{step_zh}"
    en = "Signing in is not finished: {step_en}"


class ForbiddenError(FormServiceError):
    """The role has no such right."""

    code = "forbidden"
    zh = "没有权限"
    en = "Not allowed"


class StepUpNeededError(FormServiceError):
    """The right asks for a proof of identity within the last five minutes."""

    code = "step-up-needed"
    zh = "此操作需要再次验证身份:请重新输入密码(和验证码),五分钟内有效"
    en = "This needs your password (and code) once more; it then holds for five minutes"


class ApprovalNeededError(FormServiceError):
    """The right asks for a second person, and no approval fits."""

    code = "approval-needed"
    zh = "此操作须经另一人批准:请先提出申请({kind}),批准后带上申请编号(approval)再办理"
    en = "A second person must approve this: make a request ({kind}) and repeat the call with its id as approval"


class ApprovalInvalidError(FormServiceError):
    """An approval that is no longer open, or that the person may not decide."""

    code = "approval-invalid"
    zh = "申请不能这样办理:{reason_zh}"
    en = "The request cannot be handled so: {reason_en}"


class PasswordRefusedError(FormServiceError):
    """A new password that the policy does not take."""

    code = "password-refused"
    zh = "不能使用这个密码:{reason_zh}"
    en = "This password cannot be used: {reason_en}"


class LinkInvalidError(FormServiceError):
    """A one-time link or token that is unknown, used or too old: one answer for all of them."""

    code = "link-invalid"
    zh = "一次性链接或令牌无效、已使用或已过期,请管理员重新生成"
    en = "The one-time link or token is not valid, was used, or has expired; ask for a new one"


class AccountInvalidError(FormServiceError):
    """An account that cannot be as it was asked for."""

    code = "account-invalid"
    zh = "账号信息不对:{reason_zh}"
    en = "The account cannot be so: {reason_en}"


class AccountExistsError(FormServiceError):
    """The name is taken."""

    code = "account-exists"
    zh = "已有这个用户名"
    en = "There is an account of this name"


class ForeignUnitError(FormServiceError):
    """A form that names a unit outside the reach of the person who would accept it."""

    code = "unit-out-of-reach"
    zh = "表中填报单位不在您的职权范围内,请由上级办理"
    en = "The unit that the form names is outside your reach; somebody above must accept it"
