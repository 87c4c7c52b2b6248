// Says on each live part of a page whether it is live. The stream itself is htmx's affair (its sse extension); this
// listens to its events, notices a line that died in silence (a lid that was closed), and hurries the way back. It is
// loaded before htmx, so that it misses nothing.
(() => {
  "use strict";
  const PATIENCE = 1500; // ms of a break that nobody needs to hear of
  const OFFLINE = 15000; // ms after which a break is called offline
  const SILENCE = 40000; // ms without the server's sign of life, which comes each 15 s
  const WATCH = 1000;

  class Part {
    constructor(box) {
      this.box = box;
      this.source = [...box.children].find((child) => child.hasAttribute("hx-sse:connect"));
      this.label = box.querySelector("[data-live-state]");
      this.door = box.querySelector("[data-live-door]");
      this.heard = Date.now();
      this.broken = Date.now();
      this.state = "again";
      const on = (name, act) => this.source.addEventListener(name, (e) => { if (e.target === this.source) act(e); });
      on("htmx:sse:before:connection", (e) => this.connecting(e.detail.connection));
      on("htmx:sse:after:connection", (e) => { this.connection = e.detail.connection; this.alive(); });
      on("htmx:sse:before:message", () => this.alive());
      on("htmx:sse:after:message", (e) => { // what is personal beside the part is fetched anew
        if (!e.detail.message.event) this.source.dispatchEvent(new CustomEvent("shown"));
      });
      on("htmx:sse:error", (e) => this.refused(e.detail.status));
      on("htmx:sse:close", () => this.lost());
      on("ended", () => this.say("ended"));
      on("htmx:before:response", (e) => { // an answer that is no stream is never shown, nor followed
        const { status, headers } = e.detail.ctx.response;
        if (!(headers.get("Content-Type") || "").includes("text/event-stream")) {
          e.preventDefault();
          this.refused(status);
        }
      });
      on("htmx:error", () => this.lost());
    }

    connecting(connection) {
      this.connection = connection;
      if (connection.attempt === 0) return;
      if (this.state === "ended") connection.cancelled = true;
      else this.lost();
    }

    alive() {
      this.heard = Date.now();
      this.say("on");
    }

    lost() {
      if (this.state !== "on") return;
      this.broken = Date.now();
      this.state = "again"; // said by the watch, when the break lasts
    }

    refused(status) {
      if (status === 401 || status === 403) this.say("ended");
      else this.lost();
    }

    say(state, time) {
      this.state = state;
      const text = this.box.dataset[state].replace("{time}", time || "");
      if (this.label.textContent === text) return;
      this.label.textContent = text;
      this.label.className = "badge badge--" + { on: "yes", again: "wait", off: "no", ended: "off" }[state];
      this.box.dataset.liveNow = state;
      this.door.hidden = state !== "ended";
    }

    watch(now) {
      if (this.state === "on") {
        if (now - this.heard > SILENCE) { // the line is dead and nobody said so
          this.broken = now;
          this.say("again");
          this.connection?.reader?.cancel();
        }
      } else if (this.state === "again" && now - this.broken > PATIENCE) {
        this.say("again");
      }
      if (this.state === "again" && (now - this.broken > OFFLINE || !navigator.onLine)) {
        const lang = document.documentElement.lang;
        this.say("off", new Date(this.heard).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit" }));
      }
    }

    hurry() {
      if (this.state !== "on") this.connection?.delayCanceller?.();
    }
  }

  const parts = [...document.querySelectorAll("[data-live]")].map((box) => new Part(box));
  setInterval(() => parts.forEach((part) => part.watch(Date.now())), WATCH);
  addEventListener("online", () => parts.forEach((part) => part.hurry()));
  addEventListener("offline", () => parts.forEach((part) => part.watch(Date.now())));
})();
