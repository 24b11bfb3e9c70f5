"""Sets limits on itself, then becomes the program to run. Started by ``parsers.tools.sandbox``, never imported by it.

It is a program of its own because ``preexec_fn`` is unsafe in a process with threads. Run with ``python -I -S``: only
the standard library is there. Usage: ``launcher.py JSON PROGRAM ARGUMENT...`` with ``JSON`` holding ``limits``
(resource name -> number), ``parent`` (process id), ``nice`` and ``filter`` (install the system call filter).
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import signal
import struct
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | 13  # the call fails with EACCES
LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06
NUMBER_OFFSET, ARCH_OFFSET, ARGUMENT_OFFSET = 0, 4, 16
AF_UNIX = 1

# Of each machine: its audit number, then socket, ptrace, process_vm_readv, process_vm_writev, io_uring_setup.
MACHINES = {
    "x86_64": (0xC000003E, 41, (101, 310, 311, 425)),
    "aarch64": (0xC00000B7, 198, (117, 270, 271, 425)),
}
FOREIGN_CALLS = 0x40000000  # the x32 numbers, a second door to the same calls


class FilterProgram(ctypes.Structure):
    """``struct sock_fprog`` of the kernel."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _filter_code(machine: str) -> bytes:
    """Refuses every socket but local ones, looking into other processes, and calls under foreign numbers."""
    audit, socket_call, refused = MACHINES[machine]
    program = [
        _instruction(LOAD, ARCH_OFFSET),
        _instruction(EQUAL, audit, 1, 0),
        _instruction(RETURN, REFUSE),
        _instruction(LOAD, NUMBER_OFFSET),
        _instruction(AT_LEAST, FOREIGN_CALLS, 0, 1),
        _instruction(RETURN, REFUSE),
    ]
    for number in refused:
        program += [_instruction(EQUAL, number, 0, 1), _instruction(RETURN, REFUSE)]
    program += [
        _instruction(EQUAL, socket_call, 0, 3),
        _instruction(LOAD, ARGUMENT_OFFSET),
        _instruction(EQUAL, AF_UNIX, 1, 0),
        _instruction(RETURN, REFUSE),
        _instruction(RETURN, ALLOW),
    ]
    return b"".join(program)


def _control(option: int, *arguments: object) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(option, *arguments, 0, 0, 0):
        raise OSError(ctypes.get_errno(), f"prctl {option}")


def _install_filter() -> None:
    code = _filter_code(platform.machine())
    buffer = ctypes.create_string_buffer(code)
    program = FilterProgram(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p).value)
    _control(PR_SET_NO_NEW_PRIVS, ctypes.c_ulong(1))
    _control(PR_SET_SECCOMP, ctypes.c_ulong(SECCOMP_MODE_FILTER), ctypes.byref(program))


def _step_back(nice: int) -> None:
    """Become nicer, and the session with it: where Linux groups processes by session, each counts as one."""
    now = os.nice(nice)
    try:
        with open("/proc/self/autogroup", "w", encoding="ascii") as group:  # noqa: PTH123 - loads nothing more
            group.write(str(now))
    except OSError:
        pass  # it does not group them


def main() -> None:
    """Become the program of the command line."""
    order = json.loads(sys.argv[1])
    _control(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != order["parent"]:
        raise SystemExit("the parent has ended")
    for name, amount in order["limits"].items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        bound = amount if hard == resource.RLIM_INFINITY else min(amount, hard)
        resource.setrlimit(kind, (bound, bound))
    _step_back(order["nice"])
    if order["filter"]:
        _install_filter()
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 - the sandbox's own argument list, never a shell line


if __name__ == "__main__":
    main()
