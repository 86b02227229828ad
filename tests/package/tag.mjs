/** Runs the script-tag file in a context with as little of a page as it needs to start. */

import vm from "node:vm";

/**
 * What it did within its own task: what it announced, with which reason, and the bytes it compiled.
 * Nothing that comes later is waited for.
 */
export const runTag = async script => {
  const announced = [];
  const reasons = [];
  let bytes;
  class Observer {
    observe() {}
    unobserve() {}
    disconnect() {}
  }
  class Module extends WebAssembly.Module {
    constructor(given) {
      super(given);
      bytes = Buffer.from(given);
    }
  }
  const nothing = () => {};
  const document = {
    currentScript: { dataset: {}, src: "https://shop.example/tailorbird.js" },
    documentElement: { replaceChildren: nothing },
    readyState: "complete",
    referrer: "",
    title: "",
    querySelector: () => null,
    querySelectorAll: () => [],
    addEventListener: nothing,
    dispatchEvent: ({ type, detail }) => {
      announced.push(type);
      if (detail.reason) reasons.push(detail.reason);
    },
  };
  const page = {
    document,
    location: { pathname: "/", search: "", href: "https://shop.example/", hostname: "shop.example" },
    history: { pushState: nothing, replaceState: nothing },
    navigator: { language: "en" },
    screen: { width: 1280, height: 800 },
    matchMedia: () => ({ matches: false }),
    addEventListener: nothing,
    IntersectionObserver: Observer,
    MutationObserver: Observer,
    WebAssembly: { Module, Instance: WebAssembly.Instance, instantiate: WebAssembly.instantiate },
    AbortController,
    CustomEvent,
    TextDecoder,
    TextEncoder,
    URL,
    URLSearchParams,
    Uint8Array,
    DataView,
    crypto,
    console,
    setTimeout,
    clearTimeout,
  };
  vm.runInNewContext(script.replace(/^\ufeff/, ""), Object.assign(page, { window: page }));
  return { announced, reasons, bytes };
};
