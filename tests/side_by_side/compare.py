"""Runs every scenario with Python's ssl in both roles, with CubTLS in both, and with one in each;
whatever CubTLS or its peer says otherwise than in the first of these runs is a difference.

    compare.py AGENT DIRECTORY ALLOWED [SCENARIO...]
"""

import fnmatch
import os
import ssl
import subprocess
import sys

from scenarios import scenarios
from trial import Agent, Trial

agent, directory, allowed_file, *only = sys.argv[1:]
here = os.path.dirname(os.path.abspath(__file__))
tap = open(os.environ.get("CUB_TAP", os.devnull), "w")
verbose = bool(only)


def allowed():
    """Lines of "scenario | what | field | reason", with the wildcards of file names."""
    with open(allowed_file) as f:
        for line in f:
            if line.strip() and not line.startswith("#"):
                yield [part.strip() for part in line.split("|")]


def in_common(log, known):
    """Lists of ciphers say nothing of those that one of the libraries does not have."""
    for library, answer in log.values():
        if isinstance(answer.get("ciphers"), list):
            answer["ciphers"] = [c for c in answer["ciphers"] if name_of(c) in known]


def name_of(cipher):
    return cipher["name"] if isinstance(cipher, dict) else cipher[0]


def all_ciphers(agent):
    agent.ask("reset")
    agent.ask("context", "c", "PROTOCOL_TLS")
    agent.ask("set_ciphers", "c", "ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return {name_of(c) for c in agent.ask("get_ciphers", "c")["ciphers"]}


def differences(reference, log):
    for what, (_, expected) in reference.items():
        got = log.get(what, (None, {"result": "was not reached"}))[1]
        if expected["result"] != got["result"]:
            yield what, "result", expected, got
            continue
        for field in sorted(expected.keys() | got.keys()):
            a, b = expected.get(field), got.get(field)
            if a != b:
                yield what, field, a, b
    for what in log.keys() - reference.keys():
        yield what, "result", None, log[what][1]


def our_constants():
    """Every number that the module has a name for, as the header has it."""
    prefixes = ("ALERT_DESCRIPTION_", "CERT_", "HAS_", "OP_", "PROTOCOL_", "SSL_ERROR_", "VERIFY_")
    numbers = {n: int(getattr(ssl, n)) for n in dir(ssl) if n.startswith(prefixes)}
    numbers.update({f"TLSVersion_{m.name}": int(m) for m in ssl.TLSVersion})
    source = f"{directory}/constants.c"
    with open(source, "w") as f:
        f.write('#include <stdio.h>\n#include "api/cubtls.h"\nint main(void)\n{\n')
        f.writelines(f'printf("%lld\\n", (long long)CUB_{n});\n' for n in numbers)
        f.write("return 0;\n}\n")
    compiler = os.environ.get("CC", "cc")
    subprocess.run([compiler, "-I", f"{here}/../..", source, "-o", f"{directory}/constants"], check=True)
    values = subprocess.run([f"{directory}/constants"], check=True, capture_output=True, text=True)
    ours = dict(zip(numbers, map(int, values.stdout.split())))
    return ({n: ("Python", {"result": "OK", "value": v}) for n, v in numbers.items()},
            {n: ("CubTLS", {"result": "OK", "value": v}) for n, v in ours.items()})


def report(name, found):
    if found:
        print(f"FAILED   {name}")
        for line in found:
            print(f"         {line}")
        print(f"not ok - {name}", file=tap)
    elif verbose:
        print(f"ok       {name}")
    if not found:
        print(f"ok - {name}", file=tap)


def findings(name, logs, rules, used):
    """What the other logs say otherwise than the first and no rule allows; notes which rules do."""
    found = []
    for log, pair in zip(logs[1:], ("both", "client", "server")):
        for what, field, a, b in differences(logs[0], log):
            rule = next((i for i, r in enumerate(rules) if fnmatch.fnmatch(name, r[0]) and
                         fnmatch.fnmatch(what, r[1]) and fnmatch.fnmatch(field, r[2])), None)
            if rule is None:
                found.append(f"CubTLS {pair}: {what}: {field}: {a!r}, not {b!r}")
            else:
                used[rule] = True
    return found


def skipped(needs):
    if needs == "3.13" and sys.version_info < (3, 13):
        return "as of Python 3.13"
    if needs == "psk" and not getattr(ssl, "HAS_PSK", False):
        return "this Python has no callbacks for pre-shared keys"
    return None


def main():
    rules = list(allowed())
    used = [False] * len(rules)
    python = [Agent("Python", [sys.executable, f"{here}/agent.py"]) for _ in range(2)]
    ours = [Agent("CubTLS", [agent]) for _ in range(2)]
    failures = passed = 0
    known = all_ciphers(python[0]) & all_ciphers(ours[0])
    for name, (function, arguments, needs) in scenarios.items():
        if only and not any(fnmatch.fnmatch(name, pattern) for pattern in only):
            continue
        if skipped(needs):
            print(f"ok - {name} # SKIP {skipped(needs)}", file=tap)
            continue
        logs = []
        for client, server in ((python[0], python[1]), (ours[0], ours[1]), (ours[0], python[1]),
                               (python[0], ours[1])):
            trial = Trial(client, server, directory)
            function(trial, *arguments)
            in_common(trial.log, known)
            logs.append(trial.log)
        if verbose and os.environ.get("SHOW"):
            for what, answer in logs[0].items():
                print(f"   {what}: {answer[1]}")
        found = findings(name, logs, rules, used)
        failures += bool(found)
        passed += not found
        report(name, found)
    if not only and sys.version_info >= (3, 13):
        found = findings("constants", our_constants(), rules, used)
        failures += bool(found)
        passed += not found
        report("constants", found)
        stale = [" | ".join(rule) for rule, u in zip(rules, used) if not u]
        report("no difference is listed that is none", stale)
        failures += bool(stale)
    for a in python + ours:
        status = a.stop()
        if status:
            report(f"the agent for {a.library} ends well", [f"status {status}"])
            failures += 1
    print(f"{passed} scenarios alike, {failures} not; Python {sys.version.split()[0]}, {ssl.OPENSSL_VERSION}")
    return failures != 0


sys.exit(main())
