# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user writes, for the checker of types alone: an error that it should find and does not is one of its own."""

import pandas as pd

import starling_diffusion as starling


def told(progress: starling.Progress) -> None:
    print(progress.done / progress.total)


def uses() -> None:
    study = starling.compare(
        starling.Scenario(name="typed", task={"kind": "linear-regression"}), overrides={"conditions.links.loss": [0, "5 %"]},
        replications=3, require=["a.final-msd < 0 dB"], until_precision="5 %", progress=told, shard="1/2",
    )
    runs: pd.DataFrame = study.runs
    sentence: str = study.verdict.sentence if study.verdict else ""
    print(runs, sentence, study.figure("curves").get_figwidth())
    starling.run("a.yaml", arm="a", trace="a.jsonl", replication=1)
    starling.sweep({"name": "a"}, jobs=2, progress=False)


def mistakes() -> None:
    starling.run("a.yaml", replication_count=3)  # type: ignore[call-arg]
    starling.run("a.yaml", shard="1/2")  # type: ignore[call-arg]
    starling.compare("a.yaml", replications="3")  # type: ignore[arg-type]
    starling.compare(3)  # type: ignore[arg-type]
    starling.sweep("a.yaml").verdict.sentence  # type: ignore[union-attr]  # noqa: B018
