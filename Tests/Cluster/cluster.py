# SPDX-License-Identifier: GPL-3.0-or-later
"""A cluster of two nodes on one machine: Slurm's own daemons, a folder of theirs, ports of their own."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
NODES = ("one", "two")


def until(condition, what, seconds=60):
    """Waits for something, and returns what it is; that it never comes is an error."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.05)
    raise TimeoutError(f"waited {seconds} s for {what}")


class Cluster:
    """Use it as a context; daemons and folder are gone at its end."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="starling-cluster-"))
        self.environment = {**os.environ, "SLURM_CONF": str(self.folder / "slurm.conf")}
        self.daemons: dict[str, subprocess.Popen] = {}

    def __enter__(self):
        try:
            self._prepare()
            munge = self.folder / "munge"
            self._start(
                "munge", "/usr/sbin/munged", "--foreground", f"--socket={munge}/socket", f"--key-file={munge}/key",
                f"--pid-file={munge}/pid", f"--seed-file={munge}/seed", f"--log-file={munge}/log", user="munge",
            )
            until((munge / "socket").exists, "the socket of munge")
            self.start_controller()
            for node in NODES:
                self.start_node(node)
            self.until_nodes_are_there()
        except BaseException:
            self.__exit__("it did not start")
            raise
        return self

    def __exit__(self, trouble=None, *_):
        if trouble:
            for log in (*self.folder.glob("*.log"), *self.folder.glob("*.out")):
                print(f"{log.name}:", *log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:], sep="\n  ")
        for node in NODES:
            self.kill_node(node)
        for name in list(self.daemons):
            self._stop(name)
        # Daemons of steps that were about to end.
        for process in self._processes_on(None):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        shutil.rmtree(self.folder)

    def _prepare(self):
        # The keeper of keys is another user, and takes no key that others can read.
        self.folder.chmod(0o755)
        munge = self.folder / "munge"
        munge.mkdir(mode=0o755)
        (munge / "key").write_bytes(os.urandom(1024))
        (munge / "key").chmod(0o400)
        for path in (munge, munge / "key"):
            shutil.chown(path, "munge", "munge")
        (self.folder / "state").mkdir()
        for node in NODES:
            (self.folder / node).mkdir()
        text = (HERE / "slurm.conf").read_text(encoding="utf-8")
        head, rest = text.split("\nClusterName", 1)
        ports = free_ports(3)
        filled = ("ClusterName" + rest).format(folder=self.folder, controller=ports[0], one=ports[1], two=ports[2])
        (self.folder / "slurm.conf").write_text(filled, encoding="utf-8")

    # Daemons

    def start_controller(self):
        self._start("controller", "/usr/sbin/slurmctld", "-D")

    def stop_controller(self):
        """It is gone when this returns: a second one would not start beside it."""
        self._stop("controller")

    def start_node(self, node):
        self._start(node, "/usr/sbin/slurmd", "-D", "-N", node)

    def kill_node(self, node):
        """Kills a node with all that runs on it, as if its power had failed."""
        daemon = self.daemons.pop(node, None)
        if daemon:
            daemon.kill()
            daemon.wait()
        doomed = set()
        for process in self._processes_on(node):
            # The daemons of steps belong to nobody, and what they start names the node.
            while process > 1 and process != os.getpid():
                doomed.add(process)
                process = parent(process)
        for process in doomed:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        until(lambda: not self._processes_on(node), f"the end of what ran on node {node}")

    def miss_node(self, node):
        """Tells the controller what it would find out after minutes: that a node does not answer."""
        self.call("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=silent")

    def until_nodes_are_there(self):
        def states():
            return self.call("sinfo", "--noheader", "--Node", "--format=%T", is_checked=False).split()

        until(lambda: len(states()) == 2 and set(states()) <= {"idle", "allocated"}, "both nodes")

    def _start(self, name, *command, user=None):
        with (self.folder / f"{name}.out").open("ab") as output:
            more = {"user": user, "group": user, "extra_groups": []} if user else {}
            self.daemons[name] = subprocess.Popen(
                command, env=self.environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.folder, **more)

    def _stop(self, name):
        daemon = self.daemons.pop(name)
        daemon.terminate()
        try:
            daemon.wait(timeout=30)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    def _processes_on(self, node):
        """What runs on a node of this cluster, or (None) for it at all."""
        wanted = {f"SLURM_CONF={self.folder}/slurm.conf".encode()}
        if node:
            wanted.add(f"SLURMD_NODENAME={node}".encode())
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                variables = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if wanted <= set(variables):
                found.append(int(entry.name))
        return found

    # Jobs

    def call(self, *command, cwd=None, is_checked=True):
        """What a command of Slurm prints."""
        answer = subprocess.run(command, env=self.environment, cwd=cwd, capture_output=True, text=True, check=False)
        if is_checked and answer.returncode != 0:
            raise RuntimeError(f"{' '.join(command)}: {answer.stderr}")
        return answer.stdout

    def ask_to_end(self, task):
        """Sends the steps of a task the signal that they get before a time limit."""
        number = self.call("squeue", "--noheader", "--format=%A", f"--jobs={task}").strip()
        # It tries again and again where the task is in the queue before it has its answer.
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(["scancel", "--signal=TERM", number], env=self.environment, timeout=1, check=False)

    def tasks(self):
        """The states of all that is queued or runs, by job or task, such as `1_3`: state, node, reason."""
        lines = self.call("squeue", "--noheader", "--array", "--format=%i|%T|%N|%r", is_checked=False).splitlines()
        return {name: tuple(rest) for name, *rest in (line.split("|") for line in lines)}

    def hurry(self):
        """Slurm lets two minutes pass before what was put back into the queue may start: not here."""
        for name, (state, _, reason) in self.tasks().items():
            if state == "PENDING" and reason == "BeginTime":
                self.call("scontrol", "update", f"JobId={name}", "StartTime=now", is_checked=False)


def parent(process):
    """The parent of a process; 1 where it is gone."""
    try:
        stat = pathlib.Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 1
    return int(stat.rpartition(")")[2].split()[1])


def free_ports(count):
    """Ports that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
