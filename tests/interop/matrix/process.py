"""Other programs: started with their output in files, waited for by what they say, never for longer
than a time limit, and ended with the run."""
import atexit
import itertools
import os
import re
import signal
import socket
import subprocess
import time

# Seconds that anything that ought to happen may take.
TIMEOUT = float(os.environ.get("CUB_PEER_TIMEOUT", 30))
_numbers = itertools.count(1)
_running = set()


def free_port():
    """A TCP port that is free now, for programs that cannot choose one."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Failure(Exception):
    """A connection that did not do what it should; the text says what was seen."""


class Process:
    """A program with stdout and stderr in one file, and a pipe to its stdin."""

    def __init__(self, argv, directory, env=None):
        self.argv = [str(a) for a in argv]
        name = os.path.basename(self.argv[0])
        self.path = os.path.join(directory, f"{next(_numbers)}-{name}.log")
        with open(self.path, "wb") as out:
            self.popen = subprocess.Popen(
                self.argv, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
                cwd=directory, env={**os.environ, **(env or {})}, start_new_session=True)
        _running.add(self)

    def output(self):
        with open(self.path, "rb") as f:
            return f.read().decode("utf-8", "replace")

    def describe(self):
        return f"$ {' '.join(self.argv)}\n{self.output()[-2000:]}"

    def wait_for(self, pattern, since=0):
        """The match of a regular expression in what it writes behind the first characters; None if
        it ends without."""
        expression = re.compile(pattern)
        deadline = time.monotonic() + TIMEOUT
        while True:
            ended = self.popen.poll() is not None
            match = expression.search(self.output(), since)
            if match or ended:
                return match
            if time.monotonic() > deadline:
                raise Failure(f"it does not say {pattern!r}:\n{self.describe()}")
            time.sleep(0.004)

    def wait_for_port(self, port):
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline and self.popen.poll() is None:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.01)
        raise Failure(f"nothing listens on port {port}:\n{self.describe()}")

    def write(self, text):
        try:
            self.popen.stdin.write(text.encode())
            self.popen.stdin.flush()
        except BrokenPipeError:
            pass  # it has ended, which wait_for sees

    def end_input(self):
        try:
            self.popen.stdin.close()
        except BrokenPipeError:
            pass

    def wait(self, timeout=TIMEOUT):
        """Its exit status."""
        try:
            status = self.popen.wait(timeout)
        except subprocess.TimeoutExpired:
            self.stop()
            raise Failure(f"it does not end:\n{self.describe()}") from None
        _running.discard(self)
        return status

    def stop(self):
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()
        if not self.popen.stdin.closed:
            self.end_input()
        _running.discard(self)


@atexit.register
def _stop_all():
    for process in list(_running):
        process.stop()


def run(argv, directory, env=None, timeout=TIMEOUT):
    """Runs a program to its end with nothing on stdin; what it wrote, if it ended well."""
    process = Process(argv, directory, env)
    process.end_input()
    if process.wait(timeout) != 0:
        raise Failure(process.describe())
    return process.output()


def talk(argv, directory, line, answer, env=None, refused=False, meanwhile=lambda: None):
    """Runs a client: sends line, calls meanwhile, waits for answer, ends its input. What it wrote, if
    it ended well; or, if it is to refuse the server, if it did not."""
    process = Process(argv, directory, env)
    try:
        if line:
            process.write(line)
        meanwhile()
        silent = bool(answer) and not process.wait_for(re.escape(answer))
        if silent and not refused:
            raise Failure(f"no answer:\n{process.describe()}")
        process.end_input()
        if (process.wait() != 0 or silent) != refused:
            raise Failure(process.describe())
        return process.output()
    finally:
        process.stop()
