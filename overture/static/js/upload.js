// Files chosen, dropped or pasted are sent at once, each with its progress; a form waits until all have arrived.
class FileUpload extends HTMLElement {
  // Requests in the order of their files: one is under way, the others wait, so that files arrive as chosen.
  #queue = [];

  connectedCallback() {
    this.form = this.closest("form");
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-files]");
    this.stop = new AbortController();
    const heard = { signal: this.stop.signal };
    this.input.addEventListener("change", () => this.#chosen(), heard);
    this.addEventListener("click", (event) => this.#clicked(event), heard);
    this.addEventListener("change", (event) => this.#takenOut(event), heard);
    this.form?.addEventListener("paste", (event) => this.#pasted(event), heard);
    this.form?.addEventListener("submit", (event) => this.#submitted(event), { ...heard, capture: true });
    for (const type of ["dragover", "dragleave", "drop"]) {
      this.form?.addEventListener(type, (event) => this.#dragged(event), heard);
    }
  }

  disconnectedCallback() {
    this.stop.abort();
    for (const { request } of this.#queue.splice(0)) request.abort();
  }

  #chosen() {
    this.#send([...this.input.files]);
    this.input.value = "";
  }

  #pasted(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#send(files);
  }

  #dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.form.toggleAttribute("data-dropping", event.type === "dragover");
    if (event.type === "drop") this.#send([...event.dataTransfer.files]);
  }

  #clicked({ target }) {
    if (target.closest("[data-dismiss-file]")) target.closest(".file").remove();
  }

  #takenOut({ target }) {
    if (!target.matches("[data-attached]") || target.checked) return;
    target.closest(".file").remove();
    this.#changed();
    this.form?.querySelector("textarea")?.focus();
  }

  #submitted(event) {
    if (!this.#queue.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.waiting = event.submitter;
    event.submitter?.setAttribute("aria-busy", "true");
  }

  #send(files) {
    for (const file of files) {
      const count = this.list.querySelectorAll("[data-attached], .sending").length;
      if (file.size > Number(this.dataset.bytes)) this.#refuse(file.name, this.dataset.tooLarge);
      else if (count >= Number(this.dataset.most)) this.#refuse(file.name, this.dataset.tooMany);
      else this.#sendOne(file);
    }
  }

  #sendOne(file) {
    const chip = this.#chip("sending", file.name);
    const meter = chip.querySelector("progress");
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => { meter.value = total ? (100 * loaded) / total : 0; });
    request.addEventListener("loadend", () => this.#arrived(request, chip, file.name));
    chip.querySelector("[data-cancel]").addEventListener("click", () => this.#cancel(request, chip));
    this.#queue.push({ request, file });
    if (this.#queue.length === 1) this.#next();
  }

  #next() {
    const { request, file } = this.#queue[0];
    request.open("POST", this.dataset.url);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"]);
    const body = new FormData();
    body.append("files", file);
    request.send(body);
  }

  #cancel(request, chip) {
    request.wasCancelled = true;
    const isUnderWay = this.#queue[0]?.request === request;
    if (isUnderWay) return request.abort();
    chip.remove();
    this.#queue = this.#queue.filter((each) => each.request !== request);
  }

  #arrived(request, chip, name) {
    this.#queue.shift();
    if (request.status === 201 || request.status === 422) {
      const made = document.createRange().createContextualFragment(request.responseText);
      const chips = [...made.children];
      chip.replaceWith(...chips);
      for (const each of chips) window.htmx?.process(each);
      this.#changed();
    } else {
      chip.remove();
      // Status 0 without a cancel is a lost connection; a cancel has taken its chip away on purpose.
      if (request.status || !request.wasCancelled) this.#refuse(name, this.dataset.failed);
    }
    if (this.#queue.length) this.#next();
    else if (this.waiting) {
      const button = this.waiting;
      this.waiting = null;
      button.removeAttribute("aria-busy");
      this.form.requestSubmit(button);
    }
  }

  #refuse(name, words) {
    const chip = this.#chip("refused", name);
    chip.querySelector("small").append(words);
  }

  #chip(kind, name) {
    const chip = this.querySelector(`template[data-${kind}]`).content.firstElementChild.cloneNode(true);
    chip.querySelector("b").textContent = name;
    chip.querySelector("b").title = name;
    this.list.append(chip);
    return chip;
  }

  // A draft is kept with what is attached to it.
  #changed() {
    this.dispatchEvent(new CustomEvent("files-changed", { bubbles: true }));
  }
}

customElements.define("file-upload", FileUpload);
