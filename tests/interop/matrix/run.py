"""Tries cases with peers, a thread for each peer and role."""
import base64
import json
import os
import re
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cases
import process
import suites
from identities import Identities
from peers import PEERS
from process import Failure, Process

CUB_EVERYTHING = "ALL:COMPLEMENTOFALL:@SECLEVEL=0"


@dataclass
class Result:
    peer: str
    role: str  # of the peer
    case: cases.Case
    outcome: str  # "passed", "failed" or "hole"
    text: str = ""  # what failed, or the reason of the hole


class Run:
    """What a run has: a directory, certificates, programs, what suites there are."""

    def __init__(self, cub, directory, sources):
        self.cub = cub
        self.directory = directory
        self.sources = sources
        os.makedirs(os.path.join(directory, "programs"), exist_ok=True)
        self.identities = Identities(os.path.join(directory, "id"))
        self.known = suites.read_openssl()
        self.ours = suites.ours(cub, self.known)
        self.ciphers = ":".join(s.openssl for s in self.ours)
        self.programs = {}  # how peers are called that are not one file in programs/
        self._lock = threading.Lock()
        self._files = 0

    def id(self, name):
        return self.identities.path(name)

    def file(self, name):
        """A path that nothing else has."""
        with self._lock:
            self._files += 1
            return os.path.join(self.directory, f"{name}.{self._files}")

    def text_file(self, name, text):
        path = os.path.join(self.directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)
        return path

    def directory_for(self, name):
        path = os.path.join(self.directory, name)
        os.makedirs(path, exist_ok=True)
        return path

    def find(self, name):
        """A program in PATH, where daemons are, or where packages were unpacked ($CUB_PEERS)."""
        unpacked = os.environ.get("CUB_PEERS", "")
        places = [os.environ["PATH"], "/usr/sbin", os.path.join(unpacked, "usr/sbin")]
        return shutil.which(name, path=os.pathsep.join(places)) or name

    def output(self, argv, env=None):
        """What a program writes, which may be a compiler."""
        return process.run(argv, self.directory, env, 600)

    def source(self, name):
        return os.path.join(self.sources, name)

    def program(self, name):
        """How one of our own peers is called."""
        return self.programs.get(name) or [os.path.join(self.directory, "programs", name)]

    def openssl_session(self, suite):
        """An SSL_SESSION of openssl that holds the pre-shared key, for a suite's hash."""
        def tlv(tag, content):
            return bytes([tag, len(content)]) + content
        der = tlv(0x30, tlv(2, b"\1") + tlv(2, b"\3\4") + tlv(4, suite.to_bytes(2, "big")) +
                  tlv(4, b"") + tlv(4, bytes.fromhex(cases.PSK_KEY)))
        text = base64.b64encode(der).decode()
        return self.text_file(f"psk-{suite:04x}.pem", "-----BEGIN SSL SESSION PARAMETERS-----\n"
                              f"{text}\n-----END SSL SESSION PARAMETERS-----\n")


def cub_options(run, case):
    argv = ["--json", "--cafile", run.id("ca.pem")]
    if case.psk:
        argv += ["--psk", cases.PSK]
    if case.psk_sha384:
        argv += ["--psk-hash", "sha384"]
    if case.psk_ke:
        argv += ["--psk-ke", "--groups", "x25519"]
    return argv


def cub_client(run, case):
    argv = [run.cub, "client", "localhost:{port}", *cub_options(run, case),
            "--minimum-version", case.version, "--maximum-version", case.version]
    if case.suite:
        level = ":@SECLEVEL=0" if case.version == "TLSv1.2" else ""
        argv += ["--ciphers", case.suite.openssl + level]
    if case.client_key:
        argv += ["--certfile", run.id(f"{case.client_key}.pem"),
                 "--keyfile", run.id(f"{case.client_key}.key")]
    if case.alpn:
        argv += ["--alpn", case.alpn]
    if case.group:
        argv += ["--groups", case.group]
    if case.staple:
        argv += ["--require-status"]
    if case.post_handshake:
        argv += ["--trace"]
    if case.resume:
        session = run.file("session")
        early = ["--early-data", run.text_file("early", cases.EARLY)] if case.early_data else []
        return [argv + ["--session-out", session], argv + ["--session-in", session, *early]]
    return [argv]


def cub_server(run, case, peer):
    ciphers = run.ciphers
    if peer.server_pins(case) and case.suite:
        ciphers = case.suite.openssl
    if not ciphers.startswith("TLS_") or ":" in ciphers:
        ciphers += ":@SECLEVEL=0"
    argv = [run.cub, "server", "127.0.0.1:0", *peer.service(run), *cub_options(run, case),
            "--ciphers", ciphers, "--alpn", cases.ALPN,
            "--certfile", run.id(f"{case.key}.pem"), "--keyfile", run.id(f"{case.key}.key")]
    if peer.server_pins(case):
        argv += ["--minimum-version", case.version, "--maximum-version", case.version]
    if case.early_data:
        argv += ["--max-early-data", "16384"]
    if case.early_data == "rejected":
        argv += ["--groups", "secp521r1"]
    if case.staple in ("good", "revoked"):
        argv += ["--ocsp-response", run.id(f"{case.staple}.ocsp")]
    if case.post_handshake:
        return argv + ["--post-handshake-auth", "--verify-mode", "required"]
    return argv + (["--require-client-cert"] if case.client_key else [])


def _json_objects(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def _check(expected, objects, log):
    """Whether what is expected is among our side's objects, one for each connection."""
    if not objects:
        raise Failure(f"our side says nothing:\n{log}")
    wanted = {"error": None, **expected}
    for key, value in wanted.items():
        seen = [o.get(key) for o in objects]
        if not any(s == value or (value is cases.SOME and s is not None) for s in seen):
            raise Failure(f"{key} is {seen}, not {value!r}:\n{log}")


class Unit:
    """A peer in a role, with the servers that its cases share."""

    def __init__(self, run, peer, role, common):
        self.run = run
        self.common = common  # numbers of the peer's suites
        self.peer = peer
        self.role = role
        self.servers = {}

    def _server(self, argv, ready, env):
        """A server that was started with these arguments, and its port."""
        key = tuple(argv)
        if key not in self.servers or self.servers[key][0].popen.poll() is not None:
            port = process.free_port()
            server = Process([str(a).replace("{port}", str(port)) for a in argv],
                             self.run.directory, env)
            if ready:
                match = server.wait_for(ready)
                if not match:
                    raise Failure(server.describe())
                port = int(match[1]) if match.groups() else port
            else:
                server.wait_for_port(port)
            self.servers[key] = (server, port)
        return self.servers[key]

    def _talk(self, argv, port, line, answer, **more):
        argv = [str(a).replace("{port}", str(port)) for a in argv]
        return process.talk(argv, self.run.directory, line, answer, **more)

    def _play(self, server, script):
        """A server's side of a conversation that a person would have at its terminal."""
        at = len(server.output())
        for pattern, text in script:
            if not server.wait_for(pattern, at):
                raise Failure(f"the server does not say {pattern!r}")
            server.write(text)

    def _peer_serves(self, case):
        peer = self.peer
        server, port = self._server(peer.server(self.run, case), peer.ready, peer.env(self.run))
        before = len(server.output())
        request, answer = peer.words(case) or (peer.request, peer.answer)
        try:
            for argv in cub_client(self.run, case):
                said = self._talk(argv, port, request, answer, refused=case.refused,
                                  meanwhile=lambda: self._play(server, peer.script(case)))
            early = {"early_data": case.early_data} if case.early_data else {}
            _check({**case.expect, **early}, _json_objects(said), said)
            if case.post_handshake and "| CertificateVerify --" not in said:
                raise Failure(f"no certificate was given:\n{said}")
            pattern = peer.server_says(case)
            if pattern and not server.wait_for(pattern, before):
                raise Failure(f"the server does not say {pattern!r}:\n{said}")
        except Failure as failure:
            raise Failure(f"{failure}\nthe server:\n{server.describe()}") from None

    def _peer_connects(self, case):
        peer = self.peer
        server, port = self._server(cub_server(self.run, case, peer),
                                    r"listening on 127\.0\.0\.1:(\d+)\n", None)
        before = len(server.output())
        try:
            for argv in peer.client(self.run, case):
                output = self._talk(argv, port, peer.line, peer.echo, env=peer.env(self.run),
                                    refused=case.refused)
            pattern = peer.client_says(case)
            if pattern and not re.search(pattern, output):
                raise Failure(f"the client does not say {pattern!r}:\n{output}")
            server.wait_for(r"(?m)^\{.*\}$", before)
            said = server.output()[before:]
            _check(case.expect, _json_objects(said), said)
            if case.client_key and not _json_objects(said)[-1]["verified"]:
                raise Failure(f"the certificate was not verified:\n{said}")
        except Failure as failure:
            raise Failure(f"{failure}\nthe server:\n{server.output()[before:]}") from None

    def _try(self, case):
        reason = self.peer.hole(self.role, case)
        if reason:
            return Result(self.peer.name, self.role, case, "hole", reason)
        try:
            (self._peer_serves if self.role == "server" else self._peer_connects)(case)
        except Failure as failure:
            return Result(self.peer.name, self.role, case, "failed", str(failure))
        return Result(self.peer.name, self.role, case, "passed")

    def results(self, report):
        try:
            for case in cases.make([s for s in self.run.ours if s.number in self.common]):
                result = self._try(case)
                report(result)
                yield result
        finally:
            for server, _ in self.servers.values():
                server.stop()


def _prepare(run, peer, report):
    """The units of a peer that was built; what kept it from that is a result."""
    try:
        peer.build(run)
        common = peer.suites(run)
    except (Failure, OSError) as failure:
        report(Result(peer.name, "peer", cases.Case("build", ""), "failed", str(failure)))
        return []
    return [Unit(run, peer, role, common) for role in ("server", "client") if getattr(peer, role)]


def run_all(run, names, report):
    """Tries all peers of these names, in their order. Their results."""
    all_results = []

    def keep(result):
        all_results.append(result)
        report(result)

    units = [unit for peer in PEERS if peer.name in names for unit in _prepare(run, peer, keep)]
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        for done in [pool.submit(lambda u=unit: list(u.results(report))) for unit in units]:
            all_results += done.result()
    return all_results
