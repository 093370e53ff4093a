"""What scenarios are made of: two agents, each of which speaks for one library, and a log."""

import json
import socket
import subprocess
import threading


class Agent:
    """A program that obeys; see agent.py."""

    def __init__(self, library, command):
        self.library = library
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def send(self, verb, *arguments):
        self.process.stdin.write("\t".join((verb,) + arguments) + "\n")
        self.process.stdin.flush()

    def receive(self):
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"the agent for {self.library} is gone: {self.process.wait()}")
        return json.loads(line)

    def ask(self, verb, *arguments):
        self.send(verb, *arguments)
        return self.receive()

    def stop(self):
        self.process.stdin.close()
        return self.process.wait()


class Role:
    """One side of a trial: asks its agent, and logs what it answers."""

    def __init__(self, trial, name, agent):
        self.trial, self.name, self.agent, self.counts = trial, name, agent, {}

    def log(self, what, answer):
        n = self.counts[what] = self.counts.get(what, 0) + 1
        self.trial.log[f"{self.name}.{what}" + (f".{n}" if n > 1 else "")] = (
            self.agent.library, answer)
        return answer

    def __call__(self, verb, *arguments):
        return self.log(verb, self.agent.ask(verb, *arguments))

    def quiet(self, verb, *arguments):
        return self.agent.ask(verb, *arguments)


class Wire:
    """Two sockets that agents connect to, and what goes between them; or one end, which we are."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = str(self.listener.getsockname()[1])
        self.ends = []

    def accept(self):
        end, _ = self.listener.accept()
        self.ends.append(end)
        return end

    def join(self):
        """Carries what both ends send to each other, until one closes."""
        for source, target in (self.ends, self.ends[::-1]):
            threading.Thread(target=carry, args=(source, target), daemon=True).start()

    def close(self):
        for s in self.ends + [self.listener]:
            s.close()


def carry(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass


class Trial:
    """One run of a scenario with a library for each role."""

    def __init__(self, client, server, directory):
        self.log = {}
        self.directory = directory
        self.client = Role(self, "client", client)
        self.server = Role(self, "server", server)
        for agent in (client, server):
            agent.ask("reset")

    def file(self, name):
        return f"{self.directory}/{name}"

    # Contexts. "c" is the client's, "s" the server's.

    def client_context(self, trust="root.pem", version=None):
        self.client("context", "c", "PROTOCOL_TLS_CLIENT")
        if trust:
            self.client("load_verify_locations", "c", self.file(trust), "-", "-", "file")
        self.version(self.client, "c", version)

    def server_context(self, cert="p256", version=None):
        self.server("context", "s", "PROTOCOL_TLS_SERVER")
        if cert:
            self.load(self.server, "s", cert)
        self.version(self.server, "s", version)

    def contexts(self, version=None, cert="p256", trust="root.pem"):
        self.client_context(trust, version)
        self.server_context(cert, version)

    def load(self, role, context, cert):
        key = cert if cert != "leaf_only" else "p256"
        role("load_cert_chain", context, self.file(cert + ".pem"), self.file(key + ".key"), "-", "text")

    def version(self, role, context, version):
        if version:
            role("set", context, "minimum_version", str(version))
            role("set", context, "maximum_version", str(version))

    # Connections. "C" is the client's, "S" the server's.

    def wrap(self, host="server.example", session="-"):
        self.client("wrap", "C", "c", "client", host, session)
        self.server("wrap", "S", "s", "server", "-", "-")

    def carry(self, source, target, name, other):
        """Takes what one side has to send to the other; whether there was anything."""
        data = source.quiet("out", name)["data"]
        if data:
            target.quiet("put", other, data)
        return bool(data)

    def handshake(self):
        """Goes on until both are done or fail; logs what they end with. True: both are done."""
        last = {}
        moved = True
        while moved and len(last) < 2:
            moved = False
            for role, name, peer, other in ((self.client, "C", self.server, "S"),
                                            (self.server, "S", self.client, "C")):
                answer = None
                if role.name not in last:
                    answer = role.quiet("handshake", name)
                    if answer["result"] != "SSLWantReadError":
                        last[role.name] = answer
                moved = self.carry(role, peer, name, other) or moved
        for role in (self.client, self.server):
            role.log("handshake", last.get(role.name, {"result": "SSLWantReadError"}))
        good = [a for a in last.values() if a["result"] == "OK"]
        if len(good) == 1:
            # TLS 1.3: who was done first learns of it when it reads.
            for role, name in ((self.client, "C"), (self.server, "S")):
                if last.get(role.name, {}).get("result") == "OK":
                    role("read", name, "100")
        return len(good) == 2

    def connect(self, host="server.example", session="-"):
        self.wrap(host, session)
        return self.handshake()

    def sockets(self, ragged="1", timeout="10"):
        """The same over sockets: both connect, and make their handshake while they do. The wire."""
        wire = Wire()
        for role, name, context, host in ((self.client, "C", "c", "server.example"),
                                          (self.server, "S", "s", "-")):
            role.agent.send("connect", name, context, role.name, host, "1", timeout, ragged, wire.port)
            wire.accept()
        wire.join()
        for role in (self.client, self.server):
            role.log("connect", role.agent.receive())
        return wire

    def look(self):
        """All that is known of both ends of a connection."""
        for role, name in ((self.client, "C"), (self.server, "S")):
            role("info", name)
            role("getpeercert", name)
            role("chains", name)
            role("shared_ciphers", name)

    def to_server(self):
        return self.carry(self.client, self.server, "C", "S")

    def to_client(self):
        return self.carry(self.server, self.client, "S", "C")
