// SPDX-License-Identifier: GPL-3.0-or-later
import Quantities
import Studies
import Summaries

extension ReportPage {
  /// The replays, or how to get one.
  var replaySection: String {
    guard replays.isEmpty else {
      return section(
        "replay", replays.count == 1 ? "Replay" : "Replays",
        replays.enumerated().map { player($1, number: $0) }.joined(separator: "\n"))
    }
    guard !header.isFork, let arm = header.arms.last?.name else { return "" }
    return section(
      "replay", "Replay",
      "<p class=\"note\">This page has no replay, as no trace was recorded for it. This command carries one run out once "
        + "more, checks that it has the same fingerprint, and draws its trace here:</p>\n<pre tabindex=\"0\">starling report "
        + "\(escaped(shellWord(file))) --replay \(escaped(shellWord(arm))) -o report.html</pre>")
  }

  private func player(_ replay: Replay, number: Int) -> String {
    let record = study.runs.first { $0.record.identity == replay.run }?.record
    let series = record?.series.first { $0.metric == summary.metric.name }
    let data = ReplayData(
      replay: replay, metric: summary.metric,
      curve: series.flatMap { series in record.map { (times: $0.grid, values: series.values) } })
    let name = "\(replay.run.arm), replication \(replay.run.replication)"
    let identifier = "replay-\(number)"
    return """
      <div class="replay" id="\(identifier)" role="group" aria-label="\(escaped("replay of \(name)"))">
      <h3>\(escaped(name))</h3>
      <canvas class="stage" role="img" aria-label="\(escaped(stageWords(replay)))"></canvas>
      <div class="controls">
      <button type="button" class="play" aria-pressed="false">Play</button>
      <button type="button" class="back" aria-label="to the change before">&#9664;&#124;</button>
      <button type="button" class="next" aria-label="to the next change">&#124;&#9654;</button>
      <label>Speed <select class="speed"></select></label>
      <output class="clock" aria-live="off"></output>
      </div>
      <input class="time" type="range" min="0" max="10000" value="0" step="1" aria-label="virtual time">
      <canvas class="course" role="img" aria-label="\(escaped("\(summary.metric.label) of this run against virtual time"))">\
      </canvas>
      <p class="now" role="status"></p>
      <ul class="key"></ul>
      <details class="happenings"><summary>What happens to the world</summary><ol></ol></details>
      <p class="note">\(escaped(notes(replay)))</p>
      <script type="application/json">
      \(data.json)
      </script>
      </div>
      """
  }

  private func stageWords(_ replay: Replay) -> String {
    "\(counted(replay.names.count, "node")) and \(counted(replay.links.count, "link")), with messages in flight; the line "
      + "below the controls says in words what is seen"
  }

  private func notes(_ replay: Replay) -> String {
    let span =
      replay.span.lowerBound > 0 || !replay.changes.isEmpty ? "from \(humanDuration(replay.span.lowerBound)) " : ""
    var sentences = [
      "Drawn from the trace of this run, \(span)to \(humanDuration(replay.span.upperBound)) of virtual time: "
        + "\(counted(replay.messages.count, "message")) and \(counted(replay.changes.count, "change")) of the world."
    ]
    sentences += replay.leftOut
    if replay.disagreement == nil {
      sentences.append("Agents have no colour, since their parameters are too many to keep, or were kept too seldom.")
    }
    if replay.positions != nil { sentences.append("Places are those at the start of the run.") }
    sentences.append("Space plays and pauses, arrows move in time, [ and ] go to changes, + and - change the speed.")
    return sentences.joined(separator: " ")
  }
}
