# SPDX-License-Identifier: GPL-3.0-or-later
"""An array of shards goes over two nodes of Slurm. One shard is told to end, a node dies, the controller starts again, and
every run comes out once, with the fingerprint that it has without all that."""

import subprocess

from cluster import NODES, Cluster, until
from sweep import PROGRAM, RUNS, SWEEP, fingerprints, kept, sessions, starling, write

SHARDS = 4


def test_a_disturbed_array_gives_the_runs_of_one_machine(tmp_path, expected):
    write(tmp_path)
    with Cluster() as cluster:
        disturb(cluster, tmp_path, expected)


def disturb(cluster, tmp_path, expected):
    script, remark = starling(*SWEEP, "--slurm", "--shards", str(SHARDS), cwd=tmp_path)
    submission = [line for line in remark.splitlines() if line.startswith("  ")]
    (tmp_path / submission[1].split()[-1]).write_text(script, encoding="utf-8")
    # What is submitted is what was printed.
    said = cluster.call("sh", "-ec", "\n".join(submission) + "\necho $shards", cwd=tmp_path).split()
    array, merging = said[-1], said[-2]
    assert PROGRAM in script and merging.isdigit()

    def shard(task):
        return next(iter(tmp_path.glob(f"results/*-shard-{task.split('_')[1]}-of-{SHARDS}.sqlite")), tmp_path / "none")

    def in_the_middle(node):
        """The task of the array on a node, when it has kept some runs and has others to go."""
        tasks = cluster.tasks()
        assert merging in tasks, "the array came to its end before it was disturbed"
        running = [name for name, (state, where, _) in tasks.items() if state == "RUNNING" and where == node]
        return next((name for name in running if 0 < kept(shard(name)) < RUNS // SHARDS // 2), None)

    told = until(lambda: in_the_middle(NODES[0]), "a shard in the middle on the first node")
    cluster.ask_to_end(told)
    lost = until(lambda: in_the_middle(NODES[1]), "a shard in the middle on the second node")
    cluster.kill_node(NODES[1])
    cluster.miss_node(NODES[1])
    until(
        lambda: all(cluster.tasks().get(task, ("",))[0] == "PENDING" for task in (told, lost)),
        "the shards that were disturbed, in the queue")
    assert kept(shard(told)) < RUNS // SHARDS and kept(shard(lost)) < RUNS // SHARDS

    cluster.stop_controller()
    cluster.start_controller()
    cluster.start_node(NODES[1])
    cluster.until_nodes_are_there()

    def is_over():
        cluster.hurry()
        return merging not in cluster.tasks()

    until(is_over, "the end of the job that merges")
    assert not cluster.tasks()
    output = (tmp_path / f"slurm-{merging}.out").read_text(encoding="utf-8")
    assert f"{RUNS} of {RUNS} runs of handed on" in output and "Verdict  " in output
    merged = next(name for name in tmp_path.glob("results/*.sqlite") if "-shard-" not in name.name)
    assert fingerprints(tmp_path, merged) == expected
    # Both were begun twice, and the others once.
    begun = {name: sessions(shard(name)) for name in (f"{array}_{number}" for number in range(1, SHARDS + 1))}
    assert begun == {name: 2 if name in (told, lost) else 1 for name in begun}


def test_a_merge_of_nothing_fails_in_the_script(tmp_path):
    """Whoever submits the script alone is told that there are no shards."""
    write(tmp_path)
    script, _ = starling(*SWEEP, "--slurm", "--shards", str(SHARDS), cwd=tmp_path)
    answer = subprocess.run(["sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert answer.returncode == 66 and "shard-*-of-4.sqlite" in answer.stderr
