// Rectangles drawn on a plan with the mouse, a finger or the keyboard. The form of numbers under the picture stays the
// truth: what is drawn is written into its fields, what is typed is drawn. Without this file the form works alone.
(() => {
  "use strict";
  const box = document.querySelector("[data-editor]");
  const svg = box && box.querySelector("svg.plan");
  const form = box && document.querySelector('form[action="' + box.dataset.editor + '"]');
  const pick = document.getElementById("editor-space");
  if (!svg || !form || !pick) return;
  const NS = "http://www.w3.org/2000/svg";
  const view = svg.viewBox.baseVal;
  const least = Math.max(4, Math.round(view.width / 200));
  const names = ["x", "y", "w", "h"];
  const status = document.getElementById("editor-status");
  const undoButton = document.getElementById("editor-undo");
  const dropButton = document.getElementById("editor-drop");
  const past = [];
  document.getElementById("editor-tools").hidden = false;
  document.querySelectorAll("[data-without-editor]").forEach((e) => { e.hidden = true; });
  document.querySelectorAll("[data-numbers]").forEach((e) => { e.open = e.querySelector("[aria-invalid=true]") !== null; });
  svg.classList.add("editor");
  svg.setAttribute("tabindex", "0");
  svg.setAttribute("role", "application");

  const field = (at, name) => form.elements[name + "-" + at];
  const read = (at) => {
    const r = {};
    for (const n of names) r[n] = parseInt(field(at, n).value, 10) || 0;
    return r.w > 0 && r.h > 0 ? r : null;
  };
  const write = (at, r) => {
    for (const n of names) field(at, n).value = r ? String(r[n]) : "";
  };
  const fit = (r) => {
    r.w = Math.min(Math.max(least, Math.round(r.w)), view.width);
    r.h = Math.min(Math.max(least, Math.round(r.h)), view.height);
    r.x = Math.min(Math.max(0, Math.round(r.x)), view.width - r.w);
    r.y = Math.min(Math.max(0, Math.round(r.y)), view.height - r.h);
    return r;
  };
  const spaces = Array.from(pick.options).map((o) => ({ at: o.value, code: o.dataset.code || o.text }));

  const layer = document.createElementNS(NS, "g");
  svg.append(layer);
  // The rectangles that the server drew come last: the editor draws them instead.
  const drawn = Array.from(svg.children).filter((e) => e !== layer);
  drawn.slice(drawn.length - Number(box.dataset.drawn)).forEach((e) => e.remove());
  const draw = () => {
    layer.replaceChildren();
    for (const s of spaces) {
      const r = read(s.at);
      if (!r) continue;
      const rect = document.createElementNS(NS, "rect");
      rect.setAttribute("class", "room" + (s.at === pick.value ? " taken chosen" : " shared"));
      rect.dataset.shape = s.at;
      for (const [k, v] of [["x", r.x], ["y", r.y], ["width", r.w], ["height", r.h]]) rect.setAttribute(k, v);
      const text = document.createElementNS(NS, "text");
      const size = view.width / 1000;
      text.setAttribute("transform", "translate(" + (r.x + 8 * size) + " " + (r.y + 20 * size) + ") scale(" + size + ")");
      text.setAttribute("pointer-events", "none");
      text.textContent = s.code;
      layer.append(rect, text);
      if (s.at === pick.value) {
        const handle = document.createElementNS(NS, "rect");
        const side = 14 * size;
        handle.setAttribute("class", "handle");
        handle.dataset.handle = s.at;
        for (const [k, v] of [["x", r.x + r.w - side], ["y", r.y + r.h - side], ["width", side], ["height", side]]) {
          handle.setAttribute(k, v);
        }
        layer.append(handle);
      }
    }
    undoButton.disabled = past.length === 0;
    dropButton.disabled = !read(pick.value);
  };
  const tell = () => {
    const r = read(pick.value);
    const code = (spaces.find((s) => s.at === pick.value) || {}).code || "";
    status.textContent = r ? code + " : x " + r.x + ", y " + r.y + ", " + r.w + " × " + r.h : code;
  };
  const keep = (at) => {
    past.push({ at, r: read(at) });
    if (past.length > 200) past.shift();
  };
  const undo = () => {
    const last = past.pop();
    if (!last) return;
    write(last.at, last.r);
    pick.value = last.at;
    draw();
    tell();
  };
  const point = (e) => {
    const p = new DOMPoint(e.clientX, e.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return { x: p.x, y: p.y };
  };

  let drag = null;
  svg.addEventListener("pointerdown", (e) => {
    if (e.button !== 0) return;
    e.preventDefault();
    svg.focus();
    const p = point(e);
    const handle = e.target.dataset && e.target.dataset.handle;
    const shape = e.target.dataset && e.target.dataset.shape;
    if (handle || shape) {
      pick.value = handle || shape;
      drag = { kind: handle ? "size" : "move", at: pick.value, from: p, was: read(pick.value) };
    } else if (!read(pick.value)) {
      drag = { kind: "new", at: pick.value, from: p, was: null };
    } else { // the next space that is not on the plan yet
      const next = spaces.find((s) => !read(s.at));
      if (!next) return;
      pick.value = next.at;
      drag = { kind: "new", at: next.at, from: p, was: null };
    }
    keep(drag.at);
    drag.moved = false;
    svg.setPointerCapture(e.pointerId);
    draw();
    tell();
  });
  svg.addEventListener("pointermove", (e) => {
    if (!drag) return;
    const p = point(e);
    const dx = p.x - drag.from.x;
    const dy = p.y - drag.from.y;
    if (!drag.moved && Math.hypot(dx, dy) < least) return;
    drag.moved = true;
    const w = drag.was;
    if (drag.kind === "move") write(drag.at, fit({ x: w.x + dx, y: w.y + dy, w: w.w, h: w.h }));
    else if (drag.kind === "size") {
      write(drag.at, fit({ x: w.x, y: w.y, w: Math.min(w.w + dx, view.width - w.x), h: Math.min(w.h + dy, view.height - w.y) }));
    } else {
      const inX = Math.min(Math.max(p.x, 0), view.width);
      const inY = Math.min(Math.max(p.y, 0), view.height);
      write(drag.at, fit({ x: Math.min(drag.from.x, inX), y: Math.min(drag.from.y, inY),
        w: Math.abs(inX - drag.from.x), h: Math.abs(inY - drag.from.y) }));
    }
    draw();
    tell();
  });
  const end = () => {
    if (drag && !drag.moved) past.pop();
    drag = null;
    draw();
    tell();
  };
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);

  svg.addEventListener("keydown", (e) => {
    const step = e.altKey ? 1 : Math.max(1, Math.round(view.width / 100));
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[e.key];
    const at = pick.value;
    const r = read(at);
    if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "z") {
      e.preventDefault();
      undo();
      return;
    }
    if (e.key === "Delete" && r) {
      e.preventDefault();
      keep(at);
      write(at, null);
    } else if (e.key === "Enter" && !r) { // a rectangle in the middle, to be moved from there
      e.preventDefault();
      keep(at);
      write(at, fit({ x: view.width * 0.4, y: view.height * 0.4, w: view.width * 0.2, h: view.height * 0.2 }));
    } else if (by && r) {
      e.preventDefault();
      keep(at);
      write(at, fit(e.shiftKey ? { x: r.x, y: r.y, w: r.w + by[0], h: r.h + by[1] } : { x: r.x + by[0], y: r.y + by[1], w: r.w, h: r.h }));
    } else return;
    draw();
    tell();
  });
  pick.addEventListener("change", () => { draw(); tell(); });
  undoButton.addEventListener("click", undo);
  dropButton.addEventListener("click", () => {
    if (!read(pick.value)) return;
    keep(pick.value);
    write(pick.value, null);
    draw();
    tell();
  });
  form.addEventListener("input", draw);
  draw();
  tell();
})();
