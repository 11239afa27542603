// SPDX-License-Identifier: GPL-3.0-or-later

/// What draws a replay in a browser: `ReplayDrawing` has how things look, this what moves them.
enum ReplayScript {
  static let text = "\"use strict\";\n" + ReplayDrawing.text + "\n" + player

  private static let player = #"""
    class Player {
      constructor(root) {
        this.root = root;
        this.data = unpacked(JSON.parse(root.querySelector("script").textContent));
        this.find = name => root.querySelector("." + name);
        this.time = 0; this.playing = false; this.latest = null;
        this.state = fresh(this.data); this.applied = 0;
        this.stage = this.find("stage"); this.course = this.find("course");
        this.fillSpeeds(); this.fillHappenings(); this.fillKey(); this.listen();
        this.seek(0);
      }

      fillSpeeds() {
        const select = this.find("speed");
        let best = 1, distance = Infinity;
        for (let power = -4; power <= 6; power++) for (const factor of [1, 3]) {
          const speed = factor * 10 ** power, seconds = this.data.length / speed;
          if (seconds < 2 || seconds > 6 * 3600) continue;
          const option = document.createElement("option");
          option.value = speed; option.textContent = "\u00d7" + Number(speed.toPrecision(1));
          select.append(option);
          const off = Math.abs(Math.log(seconds / 60));
          if (off < distance) { distance = off; best = speed; }
        }
        select.value = best;
        if (!select.value && select.options.length) select.selectedIndex = 0;
      }

      fillHappenings() {
        const list = this.find("happenings").querySelector("ol");
        for (const group of this.data.groups.slice(0, 400)) {
          const item = document.createElement("li"), button = document.createElement("button");
          button.type = "button"; button.textContent = duration(this.data.start + group.time) + "  " + group.text;
          button.addEventListener("click", () => this.seek(group.time));
          item.append(button); list.append(item);
        }
        if (this.data.groups.length > 400) {
          const item = document.createElement("li");
          item.textContent = "and " + (this.data.groups.length - 400) + " more"; list.append(item);
        }
        if (!this.data.groups.length) {
          this.find("happenings").hidden = true;
          this.find("back").hidden = this.find("next").hidden = true;
        }
      }

      fillKey() {
        for (const [swatch, text] of keyEntries(this.data)) {
          const item = document.createElement("li");
          item.append(swatch, text); this.find("key").append(item);
        }
      }

      listen() {
        const range = this.find("time");
        this.find("play").addEventListener("click", () => this.toggle());
        this.find("back").addEventListener("click", () => this.jump(-1));
        this.find("next").addEventListener("click", () => this.jump(1));
        range.addEventListener("input", () => this.seek(range.value / 10000 * this.data.length));
        this.course.addEventListener("pointerdown", event => {
          const box = this.course.getBoundingClientRect();
          this.seek(courseTime((event.clientX - box.left) / box.width, box.width) * this.data.length);
        });
        this.root.addEventListener("pointerdown", () => { Player.active = this; });
        this.root.addEventListener("focusin", () => { Player.active = this; });
        new ResizeObserver(() => this.draw()).observe(this.stage);
      }

      /** Whether a key meant something here. */
      press(key, target) {
        const isRange = target.type === "range", isControl = /^(BUTTON|SELECT|SUMMARY|A)$/.test(target.tagName);
        if (key === " " && !isControl) this.toggle();
        else if (key === "[" ) this.jump(-1);
        else if (key === "]") this.jump(1);
        else if (key === "+" || key === "-") this.shiftSpeed(key === "+" ? 1 : -1);
        else if (target.tagName === "SELECT" || isRange) return false;
        else if (key === "ArrowRight" || key === "ArrowLeft")
          this.seek(this.time + (key === "ArrowRight" ? 1 : -1) * this.data.length / 200);
        else if (key === "Home" || key === "End") this.seek(key === "Home" ? 0 : this.data.length);
        else return false;
        return true;
      }

      get speed() { return Number(this.find("speed").value) || 1; }

      shiftSpeed(step) {
        const select = this.find("speed");
        select.selectedIndex = Math.max(0, Math.min(select.options.length - 1, select.selectedIndex + step));
        this.draw();
      }

      toggle() {
        this.playing = !this.playing; this.latest = null;
        if (this.playing && this.time >= this.data.length) this.seek(0);
        this.showButton();
        if (this.playing) requestAnimationFrame(now => this.frame(now));
      }

      showButton() {
        const button = this.find("play");
        button.textContent = this.playing ? "Pause" : "Play";
        button.setAttribute("aria-pressed", this.playing);
      }

      frame(now) {
        if (!this.playing) return;
        const step = this.latest === null ? 0 : Math.min(0.25, (now - this.latest) / 1000);
        this.latest = now;
        this.seek(this.time + step * this.speed);
        if (this.time >= this.data.length) { this.playing = false; this.showButton(); return; }
        requestAnimationFrame(next => this.frame(next));
      }

      jump(way) {
        const least = this.data.length * 1e-6, groups = this.data.groups;
        const next = way > 0
          ? groups.find(group => group.time > this.time + least)
          : groups.findLast(group => group.time < this.time - least);
        this.seek(next ? next.time : way > 0 ? this.data.length : 0);
      }

      seek(time) {
        time = Math.max(0, Math.min(this.data.length, time));
        if (time < this.time) { this.state = fresh(this.data); this.applied = 0; }
        this.time = time;
        const changes = this.data.changes;
        while (this.applied < changes.length && changes[this.applied].time <= time + this.data.length * 1e-9)
          apply(this.state, changes[this.applied++]);
        this.draw();
      }

      draw() {
        const inFlight = drawStage(this.stage, this.data, this.state, this.time, this.speed);
        drawCourse(this.course, this.data, this.time);
        const range = this.find("time"), at = this.data.start + this.time;
        range.value = Math.round(this.time / this.data.length * 10000);
        range.setAttribute("aria-valuetext", duration(at));
        this.find("clock").textContent = duration(at) + " of " + duration(this.data.start + this.data.length);
        const words = sentence(this.data, this.state, inFlight, this.time);
        // A status that changed with every frame would be read out with every frame.
        if (!this.playing || !this.said || performance.now() - this.said > 250) {
          this.find("now").textContent = words; this.said = performance.now();
        }
        this.find("now").setAttribute("aria-live", this.playing ? "off" : "polite");
      }
    }

    const players = [...document.querySelectorAll(".replay")].map(root => new Player(root));
    Player.active = players[0];
    document.addEventListener("keydown", event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName === "PRE") return;
      const here = Player.active.root.contains(event.target) || event.target === document.body;
      if (here && Player.active.press(event.key, event.target)) event.preventDefault();
    });
    const drawAll = () => { for (const player of players) player.draw(); };
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { forgetColours(); drawAll(); });
    addEventListener("beforeprint", () => { forgetColours(true); drawAll(); });
    addEventListener("afterprint", () => { forgetColours(); drawAll(); });
    """#
}
