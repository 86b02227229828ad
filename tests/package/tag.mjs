/** Runs the script-tag file in a context with as little of a page as it needs to start. */

import { setTimeout as wait } from "node:timers/promises";
import vm from "node:vm";

/**
 * What it did until it started or gave up: what it announced, with which reason, and the bytes it compiled; and what of
 * that it announced within its own task.
 *
 * @param {string} script
 */
export const runTag = async (script) => {
  /** @type {string[]} */
  const announced = [];
  /** @type {string[]} */
  const reasons = [];
  /** @type {Buffer | undefined} */
  let bytes;
  const nothing = () => {};
  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  class HTMLScriptElement {
    src = "https://shop.example/tailorbird.js";
    getAttributeNames = () => [];
    getAttribute = () => null;
  }
  const tag = new HTMLScriptElement();
  class Document {
    get currentScript() {
      return tag;
    }
    readyState = "complete";
    visibilityState = "visible";
    referrer = "";
    title = "";
    documentElement = { getAttribute: () => null, hasAttribute: () => false, removeAttribute: nothing };
    baseURI = "https://shop.example/";
    addEventListener = nothing;
    querySelector = () => null;
    querySelectorAll = () => [];
    createDocumentFragment = () => this;
    dispatchEvent = (/** @type {CustomEvent} */ { type, detail }) => {
      announced.push(type);
      if (detail.reason) reasons.push(detail.reason);
    };
  }
  /** The engine asks of what it is given whether it is one of these. */
  const kinds = Object.fromEntries(
    ["Window", "History", "Location", "Navigator", "Screen", "Element", "Node", "MediaQueryList"].map((name) => [
      name,
      class {
        static [Symbol.hasInstance]() {
          return true;
        }
      },
    ]),
  );
  const page = {
    ...kinds,
    document: new Document(),
    Document,
    HTMLScriptElement,
    location: {
      pathname: "/",
      search: "",
      href: "https://shop.example/",
      hostname: "shop.example",
      protocol: "https:",
    },
    history: { pushState: nothing, replaceState: nothing },
    navigator: { language: "en" },
    screen: { width: 1280, height: 800 },
    innerWidth: 1280,
    matchMedia: () => ({ matches: false }),
    addEventListener: nothing,
    CSS: { supports: () => true },
    IntersectionObserver: Observer,
    MutationObserver: Observer,
    WebAssembly: {
      ...Object.fromEntries(
        Object.getOwnPropertyNames(WebAssembly).map((name) => [name, Reflect.get(WebAssembly, name)]),
      ),
      compile: (/** @type {Uint8Array<ArrayBuffer>} */ given) => {
        bytes = Buffer.from(given);
        return WebAssembly.compile(given);
      },
    },
    AbortController,
    CustomEvent,
    EventTarget,
    MessageChannel,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    Uint8Array,
    DataView,
    crypto,
    console,
    performance,
    queueMicrotask,
    // The engine looks for a data layer for a minute, which nobody waits for.
    setTimeout: (/** @type {() => void} */ work, /** @type {number} */ ms) => setTimeout(work, ms).unref(),
    clearTimeout,
  };
  vm.runInNewContext(script.replace(/^\ufeff/, ""), Object.assign(page, { window: page, self: page }));
  const atOnce = [...announced];
  while (announced.length === 0) await wait(1);
  return { announced, atOnce, reasons, bytes: /** @type {Buffer | undefined} */ (bytes) };
};
