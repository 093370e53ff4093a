"""Connections of cub with other implementations: see ../README.md."""
import argparse
import os
import re
import shutil
import sys
import tempfile
import threading

import report as table
import run as runner
from peers import PEERS
from process import Failure


README = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "README.md")


def find_versions(run, names, skip):
    """The versions of those that are there; skip is told about the others."""
    versions = {}
    for peer in (p for p in PEERS if p.name in names):
        command, pattern = peer.version
        try:
            versions[peer.name] = re.search(pattern, run.output(command), re.M)[1]
        except (OSError, TypeError, Failure):
            skip(peer)
    return versions


def main():
    parser = argparse.ArgumentParser(prog="matrix", description=__doc__)
    parser.add_argument("peers", nargs="*", metavar="PEER",
                        help="of: " + ", ".join(p.name for p in PEERS))
    parser.add_argument("--all", action="store_true", help="all peers, and write the table")
    parser.add_argument("--verbose", action="store_true", help="each connection, not failures alone")
    parser.add_argument("--packages", action="store_true", help="only say what is to be installed")
    arguments = parser.parse_args()
    names = [p.name for p in PEERS if arguments.all or p.name.lower() in
             [n.lower() for n in arguments.peers] or (not arguments.peers and p.always)]
    if arguments.packages:
        print(" ".join(p.packages for p in PEERS if p.name in names))
        return 0
    cub = os.path.abspath(os.environ["CUB_TOOL"])
    directory = os.environ.get("CUB_SCRATCH")
    directory = os.path.join(directory, "matrix") if directory else tempfile.mkdtemp()
    shutil.rmtree(directory, ignore_errors=True)
    sources = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "peers")
    tap = open(os.environ.get("CUB_TAP", os.devnull), "w", encoding="utf-8")
    lock = threading.Lock()

    def report(result):
        name = f"{result.peer} as {result.role}: {result.case.name}"
        with lock:
            if result.outcome != "hole":
                print(("ok" if result.outcome == "passed" else "not ok") + f" - {name}", file=tap,
                      flush=True)
            if result.outcome == "failed":
                print(f"FAILED   {name}\n         " + result.text.replace("\n", "\n         "))
            elif arguments.verbose:
                print(f"{result.outcome:8} {name}{': ' if result.text else ''}{result.text}")

    def skip(peer):
        print(f"ok - {peer.name} # SKIP needs {peer.packages}", file=tap, flush=True)
        print(f"skipped  {peer.name}: needs {peer.packages}")

    run = runner.Run(cub, directory, sources)
    versions = find_versions(run, names, skip)
    results = runner.run_all(run, versions, report)
    if arguments.all:
        table.write(README, run, results, versions)
    counts = {o: sum(r.outcome == o for r in results) for o in ("passed", "failed", "hole")}
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['hole']} not tried")
    return 1 if counts["failed"] or not counts["passed"] else 0


sys.exit(main())
