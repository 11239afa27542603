// SPDX-License-Identifier: GPL-3.0-or-later

/// What a replay says in words: the line that those read, or hear, who do not see the drawing, and its key.
enum ReplayWords {
  static let text = #"""
    function amount(count, one, many) { return count + " " + (count === 1 ? one : many || one + "s"); }

    function sentence(data, state, inFlight, time) {
      const parts = [], agents = state.agents.slice(0, data.learning), of = " of " + amount(agents.length, "agent");
      const there = agents.filter(agent => !agent.gone);
      const down = there.filter(agent => agent.down).length, paused = there.filter(agent => agent.paused).length;
      const slow = there.filter(agent => agent.factor !== 1).length;
      if (there.length < agents.length) parts.push(there.length + of + " there");
      if (down) parts.push(down + of + " down");
      if (paused) parts.push(paused + of + " paused");
      if (slow) parts.push(slow + of + " slowed");
      if (!parts.length) parts.push("all " + amount(agents.length, "agent") + " up");
      const cut = state.links.filter(link => link.cut).length, gone = state.links.filter(link => link.gone).length;
      if (cut) parts.push(cut + " of " + amount(state.links.length, "link") + " cut");
      if (gone) parts.push((state.links.length - gone) + " of " + amount(state.links.length, "link") + " there");
      parts.push((data.oneIn > 1 ? "about " : "") + amount(inFlight, "message") + " in flight");
      const values = (row(data, time) || []).filter(value => value !== null);
      if (values.length) parts.push("disagreement of agents " + decibels(Math.min(...values)) + " to "
        + decibels(Math.max(...values)));
      const past = data.groups.filter(group => group.time <= time + data.length * 1e-9).slice(-1)[0];
      return parts.join(" \u00b7 ") + (past ? ". Last change, at " + duration(data.start + past.time) + ": " + past.text : "") + ".";
    }

    function decibels(level) { return level <= -200 ? "zero" : String(level).replace("-", "\u2212") + " dB"; }

    /** A small drawing for the key. */
    function swatch(draw) {
      const image = document.createElement("span");
      image.setAttribute("aria-hidden", "true");
      image.innerHTML = "<svg width=\"22\" height=\"16\" viewBox=\"0 0 22 16\">" + draw + "</svg>";
      return image;
    }

    function keyEntries(data) {
      const entries = [];
      if (data.range) {
        const bar = document.createElement("span");
        const stops = CIVIDIS.map(colour => "rgb(" + colour.join(",") + ")").join(",");
        bar.style.cssText = "display:inline-block;flex:none;width:90px;height:12px;border-radius:2px;background:linear-gradient(90deg,"
          + stops + ")";
        entries.push([bar, "disagreement: squared distance from the agents' mean, " + decibels(Math.round(data.range[0]))
          + " and less to " + decibels(Math.round(data.range[1])) + " and more"]);
      }
      if (data.computing.length) entries.push([swatch(
        "<path d='M11 2a6 6 0 1 1-6 6' fill='none' stroke='var(--accent)' stroke-width='2.4'/>"),
        "how much of the time an agent computes"]);
      entries.push([swatch("<circle cx='11' cy='8' r='2.8' fill='var(--message)'/>"), "message"]);
      if (data.messages.some(message => message.fate === 1)) entries.push([swatch(
        "<path d='M7 4l8 8M15 4l-8 8' stroke='var(--lost)' stroke-width='2'/>"), "lost message"]);
      if (data.messages.some(message => message.fate === 2)) entries.push([swatch(
        "<circle cx='11' cy='8' r='2.8' fill='none' stroke='var(--useless)' stroke-width='1.5'/>"), "message of no use"]);
      if (data.changes.some(change => change.kind === "crash")) entries.push([swatch(
        "<circle cx='11' cy='8' r='6' fill='none' stroke='var(--lost)' stroke-width='2' stroke-dasharray='3 3'/>"), "agent down"]);
      if (data.changes.some(change => change.kind === "pause")) entries.push([swatch(
        "<path d='M8 3v10M14 3v10' stroke='var(--lost)' stroke-width='2.2'/>"), "agent paused"]);
      if (data.changes.some(change => change.kind === "cut")) entries.push([swatch(
        "<path d='M1 8h20' stroke='var(--lost)' stroke-width='1.6' stroke-dasharray='3 4'/>"), "link cut"]);
      return entries;
    }
    """#
}
