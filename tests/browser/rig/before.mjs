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
  Object.defineProperty(window, "touched", {value: touched});
  for (const name of ["localStorage", "sessionStorage"]) {
    const getter = Object.getOwnPropertyDescriptor(Window.prototype, name) ?? Object.getOwnPropertyDescriptor(window, name);
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
  Object.defineProperty(window, "sent", {value: sent});
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
