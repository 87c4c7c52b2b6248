// Passkeys. A block [data-passkey] holds a form with a hidden field "answer"; without this file, or in a browser that
// knows no passkeys, the block stays hidden and what is beside it says the other ways. When the form is sent, what the
// server asks (data-options) is put to the browser, and its answer travels in the form: the page that comes back is one
// like any other. What goes wrong is said in the block's own words (data-said).
"use strict";
(() => {
  const able = window.PublicKeyCredential && PublicKeyCredential.parseCreationOptionsFromJSON &&
    PublicKeyCredential.parseRequestOptionsFromJSON;

  function tell(block, what) {
    for (const words of block.querySelectorAll("[data-said]")) words.hidden = words.dataset.said !== what;
  }

  function whatFailed(error) {
    if (error.name === "NotAllowedError" || error.name === "AbortError") return "cancelled";
    if (error.name === "InvalidStateError") return "there";
    return "failed";
  }

  async function ceremony(block) {
    const asked = await fetch(block.dataset.options, { method: "POST", headers: { Accept: "application/json" } });
    if (!asked.ok) throw new Error("the server answers " + asked.status);
    const { publicKey } = await asked.json();
    const key = block.dataset.passkey === "new"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
    return JSON.stringify(key.toJSON());
  }

  for (const block of document.querySelectorAll("[data-passkey]")) {
    const form = block.querySelector("form");
    if (!able) {
      for (const words of document.querySelectorAll("[data-passkey-unable]")) words.hidden = false;
      continue;
    }
    block.hidden = false;
    form.addEventListener("submit", async (event) => {
      const name = form.elements.name;
      if (name instanceof HTMLInputElement && name.value.trim() === "") return; // the server says that it is missing
      event.preventDefault();
      const button = form.querySelector("button");
      if (button.disabled) return;
      button.disabled = true;
      tell(block, "waiting");
      try {
        form.elements.answer.value = await ceremony(block);
        tell(block, "");
        form.submit();
      } catch (error) {
        tell(block, whatFailed(error));
        button.disabled = false;
        button.focus();
      }
    });
  }
})();
