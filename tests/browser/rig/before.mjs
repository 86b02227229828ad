// What a test may do to a page before the tag runs. Each function is sent to the page as text, so
// none may use anything from outside itself.

/**
 * A clock that a test moves: it goes on by itself as well, unless `still`.
 *
 * @param {number} start
 * @param {boolean} [still]
 */
export const clock = (start, still) => {
  const real = performance.now.bind(performance);
  const began = real();
  let moved = 0;
  Date.now = () => start + moved + (still ? 0 : Math.floor(real() - began));
  window.clock = {
    advance: (ms) => {
      moved += ms;
    },
    set: (ms) => {
      moved = ms - start;
    },
  };
};

/**
 * The same "random" bytes each time: `bytes` over and over.
 *
 * @param {readonly number[]} bytes
 */
export const entropy = (bytes) => {
  window.entropyAsked = 0;
  Crypto.prototype.getRandomValues = function getRandomValues(/** @type {any} */ array) {
    window.entropyAsked += 1;
    const view = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < view.length; i += 1) view[i] = bytes[i % bytes.length];
    return array;
  };
};

/** Writes down every touch of both storage areas, and lets it through. */
export const watchStorage = () => {
  /** @type {string[]} */
  const touched = [];
  /**
   * A property of the platform, which every browser has.
   *
   * @param {readonly object[]} owners
   * @param {string} name
   */
  const accessor = (owners, name) => {
    for (const owner of owners) {
      const { get, set } = Object.getOwnPropertyDescriptor(owner, name) ?? {};
      if (get) return { get, set };
    }
    throw new Error(`this browser has no ${name}`);
  };
  Object.defineProperty(window, "touched", { value: touched });
  for (const name of ["localStorage", "sessionStorage"]) {
    const area = accessor([Window.prototype, window], name).get.call(window);
    Object.defineProperty(window, name, {
      configurable: true,
      get() {
        touched.push(name);
        return area;
      },
    });
  }
  /**
   * @param {object | undefined} owner
   * @param {string} method
   * @param {string} told
   */
  const watch = (owner, method, told) => {
    const original = owner && Reflect.get(owner, method);
    if (!original) return;
    /** @type {(this: unknown, ...given: unknown[]) => unknown} */
    const watched = function (...given) {
      touched.push(`${told} ${given[0] ?? ""}`.trim());
      return Reflect.apply(original, this, given);
    };
    Reflect.set(owner, method, watched);
  };
  for (const method of ["getItem", "setItem", "removeItem", "clear", "key"]) watch(Storage.prototype, method, method);
  const length = accessor([Storage.prototype], "length");
  Object.defineProperty(Storage.prototype, "length", {
    configurable: true,
    enumerable: true,
    get() {
      touched.push("length");
      return length.get.call(this);
    },
  });
  watch(window.IDBFactory?.prototype, "open", "IDBFactory open");
  watch(window.IDBFactory?.prototype, "databases", "IDBFactory databases");
  watch(window.CacheStorage?.prototype, "open", "CacheStorage open");
  watch(window.LockManager?.prototype, "request", "LockManager request");
  const cookie = accessor([Document.prototype], "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    configurable: true,
    get() {
      touched.push("cookie");
      return cookie.get.call(this);
    },
    set(value) {
      touched.push(`cookie= ${value}`);
      cookie.set?.call(this, value);
    },
  });
};

/** As in a browser with site data switched off: the very expression `localStorage` throws. */
export const blockStorage = () => {
  for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, {
      configurable: true,
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  }
};

/** As in old private windows and on a full disk: reading works, writing throws. */
export const fillStorage = () => {
  Storage.prototype.setItem = () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
  };
};

/** Every way by which script can send something: each use is written down. */
export const watchNetwork = () => {
  /** @type {string[]} */
  const sent = [];
  Object.defineProperty(window, "sent", { value: sent });
  /**
   * @param {object} owner
   * @param {string} name
   */
  const watch = (owner, name) => {
    const original = Reflect.get(owner, name);
    if (!original) return;
    /** @type {(this: unknown, ...words: unknown[]) => unknown} */
    const watched = function (...words) {
      sent.push(`${name} ${words[0] instanceof Request ? words[0].url : String(words[0])}`);
      return Reflect.apply(original, this, words);
    };
    Reflect.set(owner, name, watched);
  };
  watch(window, "fetch");
  watch(Navigator.prototype, "sendBeacon");
  watch(XMLHttpRequest.prototype, "send");
  for (const name of ["WebSocket", "EventSource", "RTCPeerConnection", "BroadcastChannel", "Worker"]) {
    const original = Reflect.get(window, name);
    if (!original) continue;
    const watched = class extends original {
      constructor(/** @type {unknown[]} */ ...words) {
        sent.push(`${name} ${String(words[0])}`);
        super(...words);
      }
    };
    Reflect.set(window, name, watched);
  }
};

/**
 * Counts what would still call into a script: listeners that were added and neither removed nor aborted,
 * and observers that observe. `window.attached()` names them, `window.called` counts the calls.
 */
export const watchListeners = () => {
  /** @typedef {{ target: EventTarget, type: string, listener: object, capture: boolean, once: boolean, signal?: AbortSignal }} Entry */
  /** @type {Set<Entry>} */
  const listeners = new Set();
  /** @type {Set<object>} */
  const observers = new Set();
  window.called = 0;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  /** @type {WeakMap<object, EventListener>} */
  const wrapped = new WeakMap();
  /**
   * @param {EventTarget} target
   * @param {string} type
   * @param {object | null} listener
   * @param {boolean} capture
   */
  const find = (target, type, listener, capture) =>
    [...listeners].find(
      (entry) =>
        entry.target === target && entry.type === type && entry.listener === listener && entry.capture === capture,
    );
  /** @type {(this: EventTarget | undefined, ...given: Parameters<EventTarget["addEventListener"]>) => void} */
  const watchedAdd = function (type, listener, options) {
    /** @type {AddEventListenerOptions} */
    const {
      capture = false,
      once = false,
      signal,
    } = typeof options === "object" && options ? options : { capture: Boolean(options) };
    const target = this ?? window;
    if (typeof listener !== "function" && typeof listener?.handleEvent !== "function")
      return addEventListener.call(target, type, listener, options);
    if (signal?.aborted) return undefined;
    if (!wrapped.has(listener)) {
      /** @type {(this: unknown, event: Event) => unknown} */
      const counted = function (event) {
        window.called += 1;
        for (const entry of [...listeners])
          if (entry.once && entry.listener === listener && entry.type === event.type) listeners.delete(entry);
        return typeof listener === "function" ? Reflect.apply(listener, this, [event]) : listener.handleEvent(event);
      };
      wrapped.set(listener, counted);
    }
    if (!find(target, type, listener, Boolean(capture)))
      listeners.add({ target, type, listener, capture: Boolean(capture), once, signal });
    return addEventListener.call(target, type, wrapped.get(listener) ?? listener, options);
  };
  EventTarget.prototype.addEventListener = watchedAdd;
  /** @type {(this: EventTarget | undefined, ...given: Parameters<EventTarget["removeEventListener"]>) => void} */
  const watchedRemove = function (type, listener, options) {
    const target = this ?? window;
    const capture = Boolean(typeof options === "object" && options ? options.capture : options);
    const entry = find(target, type, listener, capture);
    if (entry) listeners.delete(entry);
    return removeEventListener.call(target, type, (listener && wrapped.get(listener)) ?? listener, options);
  };
  EventTarget.prototype.removeEventListener = watchedRemove;
  for (const name of ["MutationObserver", "IntersectionObserver", "ResizeObserver", "PerformanceObserver"]) {
    const original = Reflect.get(window, name);
    if (!original) continue;
    const watched = class extends original {
      observe(/** @type {unknown[]} */ ...given) {
        observers.add(this);
        return super.observe(...given);
      }
      disconnect() {
        observers.delete(this);
        return super.disconnect();
      }
    };
    Object.defineProperty(watched, "name", { value: name });
    Reflect.set(window, name, watched);
  }
  window.attached = () => [
    ...[...listeners].filter(({ signal }) => !signal?.aborted).map(({ type }) => type),
    ...[...observers].map((observer) => observer.constructor.name),
  ];
};

/**
 * Counts what scripts do, as `audit()` counts it: listeners by kind of target and type, and touches of keys by area.
 * `window.counted()` tells it.
 */
export const countTouches = () => {
  /** @type {Map<string, number>} */
  const counts = new Map();
  /** @param {string[]} words */
  const count = (...words) => {
    const what = words.join(" ");
    counts.set(what, (counts.get(what) ?? 0) + 1);
  };
  const { addEventListener } = EventTarget.prototype;
  /** @type {(this: EventTarget | undefined, ...given: Parameters<EventTarget["addEventListener"]>) => void} */
  const counted = function (...given) {
    const target = this ?? window;
    count("listener", Object.prototype.toString.call(target).slice(8, -1), given[0]);
    return addEventListener.apply(target, given);
  };
  EventTarget.prototype.addEventListener = counted;
  const session = window.sessionStorage;
  const touches = { getItem: "read", setItem: "written", removeItem: "removed" };
  for (const [method, how] of Object.entries(touches)) {
    const original = Reflect.get(Storage.prototype, method);
    /** @type {(this: Storage, ...given: unknown[]) => unknown} */
    const touched = function (...given) {
      count(how, this === session ? "sessionStorage" : "localStorage", String(given[0]));
      return Reflect.apply(original, this, given);
    };
    Reflect.set(Storage.prototype, method, touched);
  }
  window.counted = () => [...counts].map(([what, times]) => `${what}: ${times}`).sort();
};
