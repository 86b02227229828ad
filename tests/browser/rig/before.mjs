// What a test may do to a page before the tag runs. Each function is sent to the page as text, so
// none may use anything from outside itself.

/** A clock that a test moves: it goes on by itself as well, unless `still`. */
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

/** The same "random" bytes each time: `bytes` over and over. */
export const entropy = (bytes) => {
  window.entropyAsked = 0;
  Crypto.prototype.getRandomValues = function getRandomValues(array) {
    window.entropyAsked += 1;
    const view = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    for (let i = 0; i < view.length; i += 1) view[i] = bytes[i % bytes.length];
    return array;
  };
};

/** Writes down every touch of both storage areas, and lets it through. */
export const watchStorage = () => {
  const touched = [];
  Object.defineProperty(window, "touched", { value: touched });
  for (const name of ["localStorage", "sessionStorage"]) {
    const getter =
      Object.getOwnPropertyDescriptor(Window.prototype, name) ?? Object.getOwnPropertyDescriptor(window, name);
    const area = getter.get.call(window);
    Object.defineProperty(window, name, {
      configurable: true,
      get() {
        touched.push(name);
        return area;
      },
    });
  }
  for (const method of ["getItem", "setItem", "removeItem", "clear", "key"]) {
    const original = Storage.prototype[method];
    Storage.prototype[method] = function (...words) {
      touched.push(`${method} ${words[0] ?? ""}`.trim());
      return original.apply(this, words);
    };
  }
  const length = Object.getOwnPropertyDescriptor(Storage.prototype, "length");
  Object.defineProperty(Storage.prototype, "length", {
    ...length,
    get() {
      touched.push("length");
      return length.get.call(this);
    },
  });
  for (const [owner, name] of [
    [window.IDBFactory?.prototype, "open"],
    [window.IDBFactory?.prototype, "databases"],
    [window.CacheStorage?.prototype, "open"],
    [window.LockManager?.prototype, "request"],
  ]) {
    if (!owner?.[name]) continue;
    const original = owner[name];
    owner[name] = function (...words) {
      touched.push(`${owner.constructor.name} ${name} ${words[0] ?? ""}`);
      return original.apply(this, words);
    };
  }
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  Object.defineProperty(Document.prototype, "cookie", {
    configurable: true,
    get() {
      touched.push("cookie");
      return cookie.get.call(this);
    },
    set(value) {
      touched.push(`cookie= ${value}`);
      cookie.set.call(this, value);
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
  const sent = [];
  Object.defineProperty(window, "sent", { value: sent });
  const watch = (owner, name) => {
    const original = owner?.[name];
    if (!original) return;
    owner[name] = function (...words) {
      sent.push(`${name} ${words[0] instanceof Request ? words[0].url : String(words[0])}`);
      return original.apply(this, words);
    };
  };
  watch(window, "fetch");
  watch(Navigator.prototype, "sendBeacon");
  watch(XMLHttpRequest.prototype, "send");
  for (const name of ["WebSocket", "EventSource", "RTCPeerConnection", "BroadcastChannel", "Worker"]) {
    const Original = window[name];
    if (!Original) continue;
    window[name] = class extends Original {
      constructor(...words) {
        sent.push(`${name} ${String(words[0])}`);
        super(...words);
      }
    };
  }
};

/**
 * Counts what would still call into a script: listeners that were added and neither removed nor aborted,
 * and observers that observe. `window.attached()` names them, `window.called` counts the calls.
 */
export const watchListeners = () => {
  const listeners = new Set();
  const observers = new Set();
  window.called = 0;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const wrapped = new WeakMap();
  const find = (target, type, listener, capture) =>
    [...listeners].find(
      (entry) =>
        entry.target === target && entry.type === type && entry.listener === listener && entry.capture === capture,
    );
  EventTarget.prototype.addEventListener = function (type, listener, options) {
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
      wrapped.set(listener, function (...given) {
        window.called += 1;
        for (const entry of [...listeners])
          if (entry.once && entry.listener === listener && entry.type === given[0].type) listeners.delete(entry);
        return typeof listener === "function" ? listener.apply(this, given) : listener.handleEvent(...given);
      });
    }
    if (!find(target, type, listener, Boolean(capture)))
      listeners.add({ target, type, listener, capture: Boolean(capture), once, signal });
    return addEventListener.call(target, type, wrapped.get(listener), options);
  };
  EventTarget.prototype.removeEventListener = function (type, listener, options) {
    const target = this ?? window;
    const capture = Boolean(typeof options === "object" && options ? options.capture : options);
    const entry = find(target, type, listener, capture);
    if (entry) listeners.delete(entry);
    return removeEventListener.call(target, type, (listener && wrapped.get(listener)) ?? listener, options);
  };
  for (const name of ["MutationObserver", "IntersectionObserver", "ResizeObserver", "PerformanceObserver"]) {
    const Original = window[name];
    if (!Original) continue;
    window[name] = class extends Original {
      observe(...given) {
        observers.add(this);
        return super.observe(...given);
      }
      disconnect() {
        observers.delete(this);
        return super.disconnect();
      }
    };
    Object.defineProperty(window[name], "name", { value: name });
  }
  window.attached = () => [
    ...[...listeners].filter(({ signal }) => !signal?.aborted).map(({ type }) => type),
    ...[...observers].map((observer) => observer.constructor.name),
  ];
};
