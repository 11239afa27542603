// SPDX-License-Identifier: GPL-3.0-or-later

/// How a replay looks: the half of the script that reads the numbers, follows the world and draws on canvases.
enum ReplayDrawing {
  static let text = #"""
    const KINDS = ["crash", "recover", "join", "leave", "pause", "resume", "slow", "cut", "restore", "edge goes",
      "edge comes", "change", "change back"];
    const CIVIDIS = [[0, 34, 78], [53, 69, 108], [102, 105, 112], [148, 142, 119], [200, 184, 102], [254, 232, 56]];
    const PAPER = {ink: "#000", soft: "#444", edge: "#999", lost: "#d55e00", useless: "#8a6d1f", message: "#000",
      accent: "#00695c", ground: "#fff", rule: "#bbb", grid: "#e4e4e4", c0: "#0072b2"};
    let colours = null;

    function forgetColours(isPaper) { colours = isPaper ? PAPER : null; }

    function palette() {
      if (colours) return colours;
      const style = getComputedStyle(document.documentElement), found = {};
      for (const name of Object.keys(PAPER)) found[name] = style.getPropertyValue("--" + name).trim();
      return colours = found;
    }

    function duration(seconds) {
      if (seconds < 1e-3) return (seconds * 1e6).toFixed(0) + " \u00b5s";
      if (seconds < 1) return (seconds * 1e3).toFixed(1) + " ms";
      if (seconds < 60) return seconds.toFixed(2) + " s";
      const whole = Math.floor(seconds), two = number => String(number).padStart(2, "0");
      if (whole < 3600) return Math.floor(whole / 60) + " m " + two(whole % 60) + "." + Math.floor(seconds % 1 * 10) + " s";
      return Math.floor(whole / 3600) + " h " + two(Math.floor(whole / 60) % 60) + " m " + two(whole % 60) + " s";
    }

    /** The numbers as things: times in seconds since the start of the replay. */
    function unpacked(raw) {
      const second = raw.length / raw.ticks, data = {...raw, messages: [], changes: [], links: [], longest: 0};
      for (let i = 0; i < raw.links.length; i += 2) data.links.push([raw.links[i], raw.links[i + 1]]);
      let tick = 0;
      for (let i = 0; i < raw.messages.length; i += 4) {
        tick += raw.messages[i];
        const message = {start: tick * second, link: raw.messages[i + 1], flight: raw.messages[i + 2] * second,
          fate: raw.messages[i + 3]};
        data.longest = Math.max(data.longest, message.flight);
        data.messages.push(message);
      }
      tick = 0;
      for (let i = 0; i < raw.changes.length; i += 6) {
        tick += raw.changes[i];
        data.changes.push({time: tick * second, kind: KINDS[raw.changes[i + 1]], agent: raw.changes[i + 2],
          link: raw.changes[i + 3], cause: raw.causes[raw.changes[i + 4]] || "", factor: raw.changes[i + 5] / 100});
      }
      if (data.disagreement) data.disagreement.times = data.disagreement.times.map(time => time * second);
      if (data.curve) data.curve.times = data.curve.times.map(time => time * second);
      data.edges = edges(data.links);
      data.groups = groups(data);
      data.range = range(data.disagreement);
      return data;
    }

    /** Links in both directions are one edge. */
    function edges(links) {
      const found = new Map();
      links.forEach(([from, to], link) => {
        const key = Math.min(from, to) + " " + Math.max(from, to);
        if (!found.has(key)) found.set(key, {from, to, links: []});
        found.get(key).links.push(link);
      });
      return [...found.values()];
    }

    /** What happens at one time for one reason. */
    function groups(data) {
      const found = [];
      for (const change of data.changes) {
        const last = found.at(-1);
        if (last && last.time === change.time && last.cause === change.cause && last.kind === change.kind) {
          last.who.push(change);
        } else found.push({time: change.time, cause: change.cause, kind: change.kind, who: [change]});
      }
      for (const group of found) {
        const isAgent = group.who[0].agent >= 0, count = group.who.length;
        const names = group.who.slice(0, 4).map(change => change.agent >= 0 ? data.names[change.agent]
          : data.links[change.link] ? data.links[change.link].map(rank => data.names[rank]).join(" \u2192 ") : "");
        const what = count > 4 ? count + (isAgent ? " agents" : " links") : names.join(", ");
        group.text = group.kind + " " + what + (group.cause ? "  (" + group.cause + ")" : "");
      }
      return found;
    }

    /** The decibels between which colours lie: all but the lowest and the highest fiftieth of what there is. */
    function range(disagreement) {
      if (!disagreement) return null;
      const all = disagreement.rows.flat().filter(value => value !== null && value > -200).sort((a, b) => a - b);
      if (!all.length) return null;
      const high = all[Math.floor((all.length - 1) * 0.98)], low = Math.max(all[Math.ceil((all.length - 1) * 0.02)], high - 60);
      return [low, Math.max(high, low + 1)];
    }

    function fresh(data) {
      return {agents: data.names.map(() => ({down: false, gone: false, paused: false, factor: 1, changed: false})),
        links: data.links.map(() => ({cut: false, gone: false}))};
    }

    function apply(state, change) {
      const agent = state.agents[change.agent], link = state.links[change.link];
      if (agent) switch (change.kind) {
        case "crash": agent.down = true; break;
        case "recover": agent.down = false; break;
        case "join": agent.gone = false; agent.down = false; break;
        case "leave": agent.gone = true; break;
        case "pause": agent.paused = true; break;
        case "resume": agent.paused = false; break;
        case "slow": agent.factor = change.factor; break;
        case "change": agent.changed = true; break;
        case "change back": agent.changed = false; break;
      }
      if (link) switch (change.kind) {
        case "cut": link.cut = true; break;
        case "restore": link.cut = false; break;
        case "edge goes": link.gone = true; break;
        case "edge comes": link.gone = false; break;
      }
    }

    function tint(share) {
      const place = Math.max(0, Math.min(1, share)) * (CIVIDIS.length - 1), from = Math.min(CIVIDIS.length - 2, Math.floor(place));
      const mixed = CIVIDIS[from].map((value, index) => Math.round(value + (CIVIDIS[from + 1][index] - value) * (place - from)));
      return "rgb(" + mixed.join(",") + ")";
    }

    /** The index of the last of ascending times that is not after one; -1 for none. */
    function lastBefore(times, time) {
      let low = 0, high = times.length;
      while (low < high) { const middle = low + high >> 1; if (times[middle] <= time) low = middle + 1; else high = middle; }
      return low - 1;
    }

    function row(data, time) {
      if (!data.disagreement) return null;
      return data.disagreement.rows[Math.max(0, lastBefore(data.disagreement.times, time + data.length * 1e-6))];
    }

    function prepared(canvas) {
      const box = canvas.getBoundingClientRect(), ratio = devicePixelRatio || 1;
      const width = Math.max(1, box.width), height = Math.max(1, box.height);
      if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
        canvas.width = Math.round(width * ratio); canvas.height = Math.round(height * ratio);
      }
      const pen = canvas.getContext("2d");
      pen.setTransform(ratio, 0, 0, ratio, 0, 0); pen.clearRect(0, 0, width, height);
      return [pen, width, height];
    }

    /** Draws the network at a time; returns how many messages are in flight. */
    function drawStage(canvas, data, state, time, speed) {
      const [pen, width, height] = prepared(canvas), look = palette(), count = data.names.length;
      const radius = Math.max(4, Math.min(13, Math.min(width, height) / (2.6 * Math.sqrt(count) + 6)));
      const margin = radius * 2 + 12, ySize = height - 2 * margin, xSize = Math.min(width - 2 * margin, ySize * 1.7);
      const spot = rank => [width / 2 + data.places[2 * rank] / 1000 * xSize, height / 2 + data.places[2 * rank + 1] / 1000 * ySize];
      drawEdges(pen, data, state, spot, look);
      const inFlight = drawMessages(pen, data, time, speed, spot, look, radius);
      const values = row(data, time);
      const bin = Math.min(data.computing.length - 1, Math.floor(time / data.length * data.computing.length));
      for (let rank = 0; rank < count; rank++)
        drawNode(pen, data, state.agents[rank], rank, spot(rank), radius, look, values ? values[rank] : null,
          bin >= 0 && data.computing[bin] ? data.computing[bin][rank] : null);
      for (let rank = 0; rank < count; rank++) drawLabel(pen, data, state.agents[rank], rank, spot(rank), radius, look);
      return inFlight;
    }

    function drawEdges(pen, data, state, spot, look) {
      for (const edge of data.edges) {
        const links = edge.links.map(link => state.links[link]);
        const isEnd = state.agents[edge.from].gone || state.agents[edge.to].gone;
        if (isEnd || links.every(link => link.gone)) continue;
        const isCut = links.some(link => link.cut);
        pen.strokeStyle = isCut ? look.lost : look.edge; pen.lineWidth = isCut ? 1.6 : 1;
        pen.setLineDash(isCut ? [3, 5] : []);
        pen.beginPath(); pen.moveTo(...spot(edge.from)); pen.lineTo(...spot(edge.to)); pen.stroke();
      }
      pen.setLineDash([]);
    }

    /** Flights that would be too short to see are drawn longer. */
    function drawMessages(pen, data, time, speed, spot, look, radius) {
      const least = 0.2 * speed, widest = Math.max(data.longest, least), seen = [];
      let inFlight = 0, index = lastBefore(data.starts ??= data.messages.map(message => message.start), time);
      for (; index >= 0 && data.messages[index].start >= time - widest; index--) {
        const message = data.messages[index], age = time - message.start;
        if (age <= message.flight && message.flight > 0) inFlight++;
        const shown = Math.max(message.flight, least);
        if (age <= shown) seen.push([message, age / shown, index]);
      }
      const step = Math.ceil(seen.length / 240);
      for (const [message, share, number] of seen) {
        if (number % step) continue;
        const [from, to] = data.links[message.link].map(spot), length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
        const along = [(to[0] - from[0]) / length, (to[1] - from[1]) / length], isLost = message.fate === 1;
        const far = radius + (isLost ? Math.min(share, 0.5) : share) * (length - 2 * radius);
        const x = from[0] + along[0] * far - along[1] * 3, y = from[1] + along[1] * far + along[0] * 3;
        drawMessage(pen, message.fate, isLost && share >= 0.45, x, y, look);
      }
      return inFlight * data.oneIn;
    }

    function drawMessage(pen, fate, isEnding, x, y, look) {
      pen.beginPath();
      if (isEnding) {
        pen.strokeStyle = look.lost; pen.lineWidth = 2;
        pen.moveTo(x - 4, y - 4); pen.lineTo(x + 4, y + 4); pen.moveTo(x + 4, y - 4); pen.lineTo(x - 4, y + 4); pen.stroke();
        return;
      }
      pen.arc(x, y, 2.7, 0, 2 * Math.PI);
      if (fate === 2) { pen.strokeStyle = look.useless; pen.lineWidth = 1.4; pen.stroke(); }
      else { pen.fillStyle = fate === 1 ? look.lost : look.message; pen.fill(); }
    }

    function drawNode(pen, data, agent, rank, [x, y], radius, look, level, computing) {
      if (agent.gone) { pen.fillStyle = look.rule; pen.beginPath(); pen.arc(x, y, 2, 0, 2 * Math.PI); pen.fill(); return; }
      const isCentre = rank >= data.learning;
      pen.beginPath();
      if (isCentre) pen.rect(x - radius, y - radius, 2 * radius, 2 * radius); else pen.arc(x, y, radius, 0, 2 * Math.PI);
      pen.fillStyle = agent.down || level === null || !data.range ? look.ground
        : tint((level - data.range[0]) / (data.range[1] - data.range[0]));
      pen.fill();
      pen.strokeStyle = agent.down ? look.lost : look.soft; pen.lineWidth = agent.down ? 2 : 1;
      pen.setLineDash(agent.down ? [3, 3] : []); pen.stroke(); pen.setLineDash([]);
      if (computing !== null && computing > 0 && !agent.down && !isCentre) {
        pen.beginPath(); pen.arc(x, y, radius + 3, -Math.PI / 2, -Math.PI / 2 + computing / 50 * Math.PI);
        pen.strokeStyle = look.accent; pen.lineWidth = 2.4; pen.stroke();
      }
      pen.beginPath(); pen.strokeStyle = look.lost; pen.lineWidth = 2.2;
      if (agent.down) {
        pen.moveTo(x - 4, y - 4); pen.lineTo(x + 4, y + 4); pen.moveTo(x + 4, y - 4); pen.lineTo(x - 4, y + 4);
      } else if (agent.paused) {
        pen.moveTo(x - 3, y - 5); pen.lineTo(x - 3, y + 5); pen.moveTo(x + 3, y - 5); pen.lineTo(x + 3, y + 5);
      }
      pen.stroke();
    }

    function drawLabel(pen, data, agent, rank, [x, y], radius, look) {
      if (agent.gone) return;
      const remarks = (agent.factor !== 1 ? " \u00d7" + agent.factor + " slower" : "") + (agent.changed ? " \u2217" : "");
      if (data.names.length <= 40 || remarks) {
        pen.font = "11px system-ui, sans-serif"; pen.textAlign = "center"; pen.textBaseline = "top"; pen.fillStyle = look.soft;
        const label = (data.names.length <= 40 ? data.names[rank].replace(/^agent-/, "").slice(0, 14) : "") + remarks;
        pen.lineWidth = 3; pen.lineJoin = "round"; pen.strokeStyle = look.ground; pen.strokeText(label, x, y + radius + 6);
        pen.fillText(label, x, y + radius + 6);
      }
    }

    const COURSE = {left: 46, right: 10, top: 18, bottom: 8};

    /** The share of the replay that a share of the width of the course stands for. */
    function courseTime(share, width) {
      return (share * width - COURSE.left) / Math.max(1, width - COURSE.left - COURSE.right);
    }

    function drawCourse(canvas, data, time) {
      const [pen, width, height] = prepared(canvas), look = palette();
      const x = at => COURSE.left + at / data.length * (width - COURSE.left - COURSE.right);
      pen.strokeStyle = look.rule; pen.lineWidth = 1;
      for (const group of data.groups.slice(0, 400)) {
        pen.beginPath(); pen.moveTo(x(group.time), COURSE.top); pen.lineTo(x(group.time), height - COURSE.bottom); pen.stroke();
      }
      if (data.curve) drawCurve(pen, data.curve, data, time, x, height, look);
      pen.strokeStyle = look.ink; pen.lineWidth = 1.5;
      pen.beginPath(); pen.moveTo(x(time), COURSE.top - 4); pen.lineTo(x(time), height - COURSE.bottom + 4); pen.stroke();
    }

    function drawCurve(pen, curve, data, time, x, height, look) {
      const finite = curve.values.filter(value => value !== null);
      if (!finite.length) return;
      const low = Math.min(...finite), high = Math.max(...finite), size = high - low || 1;
      const y = value => COURSE.top + 4 + (high - value) / size * (height - COURSE.top - COURSE.bottom - 8);
      pen.font = "11px system-ui, sans-serif"; pen.fillStyle = look.soft; pen.textBaseline = "middle"; pen.textAlign = "right";
      for (const value of [low, high]) pen.fillText(String(Number(value.toPrecision(2))).replace("-", "\u2212"), COURSE.left - 6, y(value));
      const now = curve.values[Math.max(0, lastBefore(curve.times, time + data.length * 1e-6))];
      pen.textAlign = "left"; pen.textBaseline = "top";
      pen.fillText(curve.title + (curve.unit ? ", " + curve.unit : "") + " of this run" + (now === null ? ""
        : ": " + String(Number(now.toPrecision(3))).replace("-", "\u2212")), COURSE.left, 0);
      pen.strokeStyle = look.c0; pen.lineWidth = 1.6; pen.beginPath();
      let isDown = false;
      curve.values.forEach((value, index) => {
        if (value === null) { isDown = false; return; }
        if (isDown) pen.lineTo(x(curve.times[index]), y(value)); else pen.moveTo(x(curve.times[index]), y(value));
        isDown = true;
      });
      pen.stroke();
    }
    """# + "\n" + ReplayWords.text
}
