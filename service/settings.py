"""What an installation can set, read once from the environment (``HZFORMS_*``), documented in docs/operations.md."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from service.problems import SettingsError
from service.store.sealing.outer_key import OuterKey, beside
from service.store.sealing.suites import Suite

PROJECT = Path(__file__).resolve().parent.parent
LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
LOOPBACK_ADDRESSES = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
CHOICES = {
    "sign_in": ("auto", "always"),
    "auth_profile": ("asvs", "dengbao2", "dengbao3"),
    "av": ("off", "flag", "block"),
    "second_factor": ("admins", "exporters", "all", "off"),
    "export_lock": ("optional", "whole", "always"),
    "role_change": ("possible", "always", "alone"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation's choices.

    Attributes:
        data_dir: where received files and the database live.
        host: address the server binds to.
        port: its port.
        year: campaign year; 0 takes it from the forms (填报日期) or, without one, from today.
        packs: rule packs in force, separated by commas (``F,L,S1,X``; add ``S2`` for the county's pack).
        single_leader_layer: attachment-4 with one layer of district leaders only.
        print_mark: put our mark into the margin of what is made.
        engine: OCR engine, ``auto``, ``rapid`` or ``tesseract``.
        readers: fenced children that read files at the same time.
        request_limit_mib: largest request body.
        upload_files: most files in one request.
        slow_seconds: seconds in which the head of a request must be there, and in which some of its body must come.
        slow_bytes: bytes a second below which the sender of a body is too slow.
        wait_seconds: the longest that one question of a request to the database may take; then it is answered 503.
        silent_rate: share of scanned values that may be wrong with nobody told; what must be looked at follows from it.
        audit_rate: share of the values that need nobody which a person sees all the same, drawn by chance.
        fill_inline: most records that are filled while the caller waits; more become a job.
        hosts: names under which it may be called, separated by commas; empty allows this machine's own names when
            ``host`` is a loopback address, and any name otherwise.
        sign_in: ``auto`` lets calls from this machine in as long as no account was ever made, ``always`` never does.
        auth_profile: policy of passwords, ``asvs``, ``dengbao2`` or ``dengbao3``.
        second_factor: who must have one: ``admins``, ``exporters`` (they and roles that export whole numbers), ``all``
            or ``off``.
        export_lock: whether an exported list of people must have a password to open it: ``optional``, ``whole``
            (with whole numbers) or ``always``.
        second_person: whether what the matrix marks so needs another person's approval.
        role_change: whether another security administrator must agree when a role or unit of an account is changed:
            ``possible``, where there is one; ``always``; or ``alone``, nobody.
        sessions: most sessions of an account at once.
        proxies: reverse proxies in front of the server whose ``X-Forwarded-*`` are believed.
        admin_addresses: addresses and networks, separated by commas, from which administrators may work; empty for any.
        certificate_header: header in which such a proxy names the holder of the client's certificate; empty for none.
        lease_seconds: after so many seconds without a sign of life a worker counts as lost and its job is run again.
        job_seconds: a job that takes longer is ended, whatever it is doing.
        job_mib: address space of the process that does a job.
        retry_seconds: pauses before a failed job is tried again, separated by commas; after the last one it is dead.
        workers: worker processes that ``service serve`` keeps beside the server.
        database: ``postgresql://…``; empty for SQLite in the data folder.
        queue: how workers hear of jobs: ``embedded`` (they look), or ``celery`` (a broker rings; needs PostgreSQL).
        broker: ``redis://…`` or ``amqp://…`` of that broker.
        reserve_mib: disk space that uploads leave free, so that the database can still commit.
        av: virus scanning of received files, ``off``, ``flag`` (written down) or ``block`` (refused).
        av_socket: where ClamAV's daemon listens, a path or ``host:port``.
        result_days: files that jobs made are given out for so many days and then cleared; 0: for ever.
        retention_days: `admin purge` clears settled documents that came before so many days; 0 clears none.
        blobs: where received files are kept, ``s3://bucket/prefix``; empty for the data folder.
        s3_endpoint: address of that store where it is not Amazon's own, ``https://…``.
        s3_region: its region.
        s3_key: name of the access key; empty leaves it to what boto3 finds (environment, instance role).
        s3_secret: the access key itself.
        rights_file: a TOML file that changes cells of the matrix of rights, and who sees which field in lists.
        seal_files: whether received and made files are sealed on the disk, as identity numbers always are.
        crypto: algorithms of new keys, ``intl`` (AES-256-GCM, HMAC-SHA-256) or ``gm`` (SM4-GCM, HMAC-SM3).
        crypto_provider: ``package.module:name`` of what computes SM3 and SM4 for ``gm``; empty for OpenSSL's.
        key_file: the key that opens those in the database; without one, ``<data_dir>.key`` beside the data folder.
        key: the same key as text (base64 of 32 bytes), in place of a file.
    """

    data_dir: Path = PROJECT / "data"
    host: str = "127.0.0.1"
    port: int = 8000
    year: int = 0
    packs: str = "F,L,S1,X"
    single_leader_layer: bool = False
    print_mark: bool = True
    engine: str = "auto"
    readers: int = 2
    request_limit_mib: int = 200
    upload_files: int = 2000
    slow_seconds: float = 30.0
    slow_bytes: int = 1024
    wait_seconds: float = 10.0
    silent_rate: float = 0.0002
    audit_rate: float = 0.0
    fill_inline: int = 50
    hosts: str = ""
    sign_in: str = "auto"
    auth_profile: str = "dengbao2"
    second_factor: str = "exporters"
    export_lock: str = "optional"
    second_person: bool = True
    role_change: str = "possible"
    sessions: int = 2
    proxies: int = 0
    admin_addresses: str = ""
    certificate_header: str = ""
    lease_seconds: float = 60.0
    job_seconds: float = 3600.0
    job_mib: int = 8192
    retry_seconds: str = "10,60,300"
    workers: int = 1
    database: str = field(default="", repr=False)
    queue: str = "embedded"
    broker: str = field(default="", repr=False)
    reserve_mib: int = 64
    result_days: int = 7
    retention_days: int = 0
    av: str = "off"
    av_socket: str = "/run/clamav/clamd.ctl"
    blobs: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_key: str = ""
    s3_secret: str = field(default="", repr=False)
    rights_file: Path = Path()
    seal_files: bool = True
    crypto: str = "intl"
    crypto_provider: str = ""
    key_file: Path = Path()
    key: str = field(default="", repr=False)

    @property
    def outer_key(self) -> OuterKey:
        """Where the key is that opens those in the database."""
        return OuterKey(beside(self.data_dir) if self.key_file == Path() else self.key_file, self.key)

    @property
    def suite(self) -> Suite:
        """The algorithms of new keys."""
        return Suite(self.crypto)

    @property
    def place(self) -> Path | str:
        """Where the database is: a file of SQLite, or an address."""
        return self.database or self.data_dir / "service.db"

    @property
    def pauses(self) -> tuple[float, ...]:
        """Seconds before each new attempt of a failed job."""
        return tuple(float(part) for part in self.retry_seconds.split(","))

    @property
    def allowed_hosts(self) -> frozenset[str]:
        """The names under which it may be called; empty for any."""
        named = frozenset(part.strip().lower() for part in self.hosts.split(",") if part.strip())
        return named or (LOOPBACK_NAMES if self.is_local else frozenset())

    @property
    def admin_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """From where administrators may work; none for anywhere. Raises :class:`ValueError` for what is no network."""
        named = (part.strip() for part in self.admin_addresses.split(","))
        return tuple(ipaddress.ip_network(part, strict=False) for part in named if part)

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def rule_packs(self) -> frozenset[str]:
        """The packs as a set."""
        return frozenset(part.strip().upper() for part in self.packs.split(",") if part.strip())

    def year_on(self, today: dt.date) -> int:
        """The campaign year, or this year where none is set."""
        return self.year or today.year


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ``HZFORMS_<NAME>`` variables.

    Raises:
        SettingsError: an unknown ``HZFORMS_`` variable or a value of the wrong kind; the message names all of them.
    """
    known = {item.name: item for item in fields(Settings)}
    values: dict[str, object] = {}
    faults: list[str] = []
    for name, text in environment.items():
        if not name.startswith("HZFORMS_"):
            continue
        key = name.removeprefix("HZFORMS_").lower()
        if key not in known:
            faults.append(f"{name}: unknown setting")
            continue
        try:
            values[key] = _convert(text, getattr(Settings(), key))
            if key == "crypto":
                Suite(text)
            if key in CHOICES and text not in CHOICES[key]:
                faults.append(f"{name}: {text!r} is none of {', '.join(CHOICES[key])}")
            if key.endswith("_rate") and not 0.0 <= float(text) <= 1.0:
                faults.append(f"{name}: {text!r} is no share between 0 and 1")
        except ValueError as fault:
            faults.append(f"{name}: {fault}")
    if faults:
        raise SettingsError(faults="; ".join(faults))
    settings = Settings(**values)  # type: ignore[arg-type]  # kinds were made by _convert from the defaults
    if disagreeing := _disagreeing(settings):
        raise SettingsError(faults="; ".join(disagreeing))
    return settings


def _disagreeing(settings: Settings) -> list[str]:
    """What does not go together, or is out of its bounds."""
    faults = []
    try:
        if not all(pause > 0 for pause in settings.pauses):
            faults.append("HZFORMS_RETRY_SECONDS: pauses are longer than nothing")
    except ValueError:
        faults.append(f"HZFORMS_RETRY_SECONDS: {settings.retry_seconds!r} is no list of seconds")
    try:
        _ = settings.admin_networks
    except ValueError as fault:
        faults.append(f"HZFORMS_ADMIN_ADDRESSES: {fault}")
    if not settings.wait_seconds > 0:
        faults.append("HZFORMS_WAIT_SECONDS: longer than nothing")
    counted = {"workers": settings.workers, "result_days": settings.result_days}
    faults += [f"HZFORMS_{name.upper()}: none at least" for name, count in counted.items() if count < 0]
    if settings.queue not in {"embedded", "celery"}:
        faults.append(f"HZFORMS_QUEUE: {settings.queue!r} is neither embedded nor celery")
    if settings.queue == "celery":
        if not settings.database.startswith("postgres"):
            faults.append("HZFORMS_QUEUE: celery needs PostgreSQL in HZFORMS_DATABASE")
        if not settings.broker.startswith(("redis://", "rediss://", "amqp://", "amqps://")):
            faults.append("HZFORMS_BROKER: celery needs redis://… or amqp://…")
    return faults


def _convert(text: str, default: object) -> object:
    if isinstance(default, bool):
        lowered = text.strip().lower()
        if lowered not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
            raise ValueError(f"{text!r} is neither true nor false")
        return lowered in {"1", "true", "yes", "on"}
    if isinstance(default, int | float):
        return type(default)(text)
    if isinstance(default, Path):
        return Path(text).expanduser().resolve()
    return text
