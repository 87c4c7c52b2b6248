// A field to sign in, where there are scripts: the strokes become a path of whole units, which is all that is sent.
(() => {
  const width = 600, height = 200, most = 2400;
  for (const form of document.querySelectorAll("form[data-hand]")) {
    const path = form.elements.path, button = form.querySelector("button");
    const field = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    field.setAttribute("viewBox", `0 0 ${width} ${height}`);
    field.setAttribute("class", "hand-field");
    field.setAttribute("role", "img");
    field.setAttribute("aria-label", form.dataset.handLabel);
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of [["fill", "none"], ["stroke", "currentColor"], ["stroke-width", "3"], ["stroke-linecap", "round"], ["stroke-linejoin", "round"]]) line.setAttribute(name, value);
    field.append(line);
    const clear = document.createElement("button");
    clear.type = "button";
    clear.className = "button";
    clear.textContent = form.dataset.handClear;
    button.parentElement.before(field);
    button.after(" ", clear);
    let points = [], down = false;
    const show = () => {
      path.value = points.join(" ");
      line.setAttribute("d", path.value);
      button.disabled = points.length < 8;
    };
    const add = (letter, event) => {
      if (points.length >= most) return;
      const box = field.getBoundingClientRect();
      const fit = (value, start, size, units) => Math.min(units, Math.max(0, Math.round((value - start) / size * units)));
      const next = `${fit(event.clientX, box.left, box.width, width)} ${fit(event.clientY, box.top, box.height, height)}`;
      if (points.length && points[points.length - 1].slice(2) === next) return;
      points.push(`${letter} ${next}`);
      show();
    };
    field.addEventListener("pointerdown", (event) => { down = true; field.setPointerCapture(event.pointerId); add("M", event); event.preventDefault(); });
    field.addEventListener("pointermove", (event) => { if (down) add("L", event); });
    for (const end of ["pointerup", "pointercancel"]) field.addEventListener(end, () => { down = false; });
    clear.addEventListener("click", () => { points = []; show(); });
  }
})();

// What is typed in a field [data-keep] stays in this window until it stands on the page, in the part that the field
// names: a note that did not arrive is there again when the page is.
(() => {
  const plain = (text) => text.replace(/\s+/g, " ").trim();
  for (const field of document.querySelectorAll("textarea[data-keep]")) {
    const key = location.pathname + "#" + field.dataset.keep;
    const kept = sessionStorage.getItem(key) || "";
    const there = document.querySelector(field.dataset.keepIn);
    if (kept && there && plain(there.textContent).includes(plain(kept))) sessionStorage.removeItem(key);
    else if (kept && !field.value) {
      field.value = kept;
      for (const words of field.form.querySelectorAll("[data-kept]")) words.hidden = false;
    }
    field.addEventListener("input", () => {
      if (plain(field.value)) sessionStorage.setItem(key, field.value);
      else sessionStorage.removeItem(key);
    });
  }
})();
