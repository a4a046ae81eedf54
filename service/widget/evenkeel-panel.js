/* <evenkeel-panel endpoint="https://evenkeel.example" conversation="chat-4711"></evenkeel-panel> in a desk's page -> the
 * agent-assist panel in a frame, and its phrases as events. Works as a classic script and as a module; no dependency.
 *
 *   attributes  endpoint, conversation (may change), token (one-time, of POST /v1/panel/links), language (vi, tl, cs, en)
 *   events      evenkeel:insert, detail {text, conversation}; evenkeel:findings, detail {text, findings, conversation}
 *   method      check(text): has what the agent is writing checked
 *
 * The service must name this page's origin in FRAME_ANCESTORS. The page cannot look into the frame, nor the frame out. */

(() => {
  "use strict";

  const ANSWERS = new Set(["evenkeel:insert", "evenkeel:findings"]);

  class EvenkeelPanel extends HTMLElement {
    static observedAttributes = ["endpoint", "conversation"];

    #frame = null;
    #origin = null;
    #text = null;
    #hear = (event) => this.#heard(event);

    connectedCallback() {
      addEventListener("message", this.#hear);
      this.#load();
    }

    disconnectedCallback() {
      removeEventListener("message", this.#hear);
      this.#frame?.remove();
      this.#frame = null;
    }

    attributeChangedCallback(name, before, value) {
      if (this.#frame === null || before === value) return;
      if (name === "endpoint") this.#load();
      else this.#tell({ type: "evenkeel:conversation", conversation: value });
    }

    /** Have a text checked that the agent is writing; `evenkeel:findings` answers. @param {string} text */
    check(text) {
      this.#text = String(text);
      this.#tell({ type: "evenkeel:draft", text: this.#text });
    }

    #load() {
      const address = this.#address();
      if (address === null) return;
      this.#origin = address.origin;
      this.#frame ??= this.#makeFrame();
      this.#frame.src = address.href;
    }

    #address() {
      const endpoint = this.getAttribute("endpoint");
      if (!endpoint || !/^https?:\/\//.test(endpoint)) return null;
      const address = new URL(`${endpoint.replace(/\/+$/, "")}/panel`);
      for (const name of ["conversation", "language"]) if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      if (this.hasAttribute("token")) address.hash = `token=${encodeURIComponent(this.getAttribute("token"))}`;
      return address;
    }

    #makeFrame() {
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("title") ?? "Evenkeel";
      frame.allow = "clipboard-write";
      frame.referrerPolicy = "no-referrer";
      Object.assign(frame.style, { display: "block", width: "100%", height: "100%", minHeight: "inherit", border: "0", colorScheme: "normal" });
      this.style.display ||= "block";
      this.style.minHeight ||= "520px";
      const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
      root.append(frame);
      return frame;
    }

    #heard({ source, origin, data }) {
      if (this.#frame === null || source !== this.#frame.contentWindow || origin !== this.#origin) return;
      if (data?.type === "evenkeel:ready") return this.#greet();
      if (!ANSWERS.has(data?.type)) return;
      const { type, ...detail } = data;
      this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    }

    #greet() {
      this.#tell({ type: "evenkeel:hello", inserts: true });
      const conversation = this.getAttribute("conversation");
      if (conversation) this.#tell({ type: "evenkeel:conversation", conversation });
      if (this.#text !== null) this.#tell({ type: "evenkeel:draft", text: this.#text });
    }

    #tell(message) {
      this.#frame?.contentWindow?.postMessage(message, this.#origin);
    }
  }

  if (!customElements.get("evenkeel-panel")) customElements.define("evenkeel-panel", EvenkeelPanel);
})();
