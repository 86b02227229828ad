// As much of a W3C WebDriver client as the rig needs: https://www.w3.org/TR/webdriver2/

/** @type {{ [name: string]: string }} */
const KEYS = {
  Backspace: "\ue003",
  Tab: "\ue004",
  Enter: "\ue007",
  Shift: "\ue008",
  Escape: "\ue00c",
  Space: " ",
  End: "\ue010",
  Home: "\ue011",
  ArrowLeft: "\ue012",
  ArrowUp: "\ue013",
  ArrowRight: "\ue014",
  ArrowDown: "\ue015",
};

/**
 * Milliseconds for one command, less than a scene has, so that a test that waits says for what.
 *
 * @param {string} where
 */
const patience = (where) => (/execute/.test(where) ? 50_000 : 20_000);

export class Session {
  /**
   * @param {string} base
   * @param {string} id
   */
  constructor(base, id) {
    this.base = base;
    this.id = id;
  }

  /**
   * @param {string} base
   * @param {"GET" | "POST" | "DELETE"} method
   * @param {string} where
   * @param {object} [body]
   * @returns {Promise<any>} what the standard says for this command
   */
  static async command(base, method, where, body) {
    const response = await fetch(base + where, {
      method,
      headers: { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(patience(where)),
    }).catch((error) => {
      throw new Error(
        `${method} ${where}: ${error.name === "TimeoutError" ? `no answer in ${patience(where) / 1_000} s` : error.message}`,
      );
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${method} ${where}: ${value.error} ${value.message}`);
    return value;
  }

  /**
   * @param {string} base
   * @param {object} capabilities
   */
  static async open(base, capabilities) {
    const { sessionId } = await Session.command(base, "POST", "/session", {
      capabilities: { alwaysMatch: capabilities },
    });
    const session = new Session(base, sessionId);
    await session.post("/timeouts", { script: 60_000, pageLoad: 15_000 });
    return session;
  }

  /**
   * @param {string} where
   * @param {object} body
   */
  post(where, body = {}) {
    return Session.command(this.base, "POST", `/session/${this.id}${where}`, body);
  }

  /** @param {string} where */
  get(where) {
    return Session.command(this.base, "GET", `/session/${this.id}${where}`);
  }

  /** @param {string} where */
  remove(where) {
    return Session.command(this.base, "DELETE", `/session/${this.id}${where}`);
  }

  /**
   * Runs `fn(...words)` in the page; what it returns, or resolves to, comes back as JSON.
   *
   * @param {(...given: never[]) => unknown} fn
   * @param {readonly unknown[]} words
   */
  async evaluate(fn, words) {
    const script = `
      const done = arguments[arguments.length - 1];
      const words = JSON.parse(arguments[0]);
      // Without the toJSON that some libraries give to lists and texts.
      const written = (answer) => {
        const changed = [Array, String, Object].filter(({prototype}) => Object.hasOwn(prototype, "toJSON"));
        const before = changed.map(({prototype}) => Object.getOwnPropertyDescriptor(prototype, "toJSON"));
        for (const {prototype} of changed) delete prototype.toJSON;
        try {
          return JSON.stringify(answer);
        } finally {
          changed.forEach(({prototype}, at) => Object.defineProperty(prototype, "toJSON", before[at]));
        }
      };
      (async () => (${fn})(...words))().then(
        (value) => done(written({value})),
        (error) => done(written({error: String(error && error.stack ? error + "\\n" + error.stack : error)})),
      );`;
    const answer = JSON.parse(await this.post("/execute/async", { script, args: [JSON.stringify(words)] }));
    if ("error" in answer) throw new Error(answer.error);
    return answer.value;
  }

  /** @param {object[]} actions */
  pointer(actions) {
    return this.post("/actions", {
      actions: [{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions }],
    });
  }

  /** @param {string[][]} names each `keyDown` or `keyUp`, and a key's name or its character */
  keys(names) {
    const actions = names.map(([type, name]) => ({ type, value: KEYS[String(name)] ?? name }));
    return this.post("/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }
}
