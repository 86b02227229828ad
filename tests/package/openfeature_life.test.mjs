/** A provider's life: before the engine is there, where there is none, and after it has gone. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { InMemoryProvider, MultiProvider, OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";
import { root } from "./bundle.mjs";
import { CONFIG, heard, shop, start, TailorbirdProvider, turn, domains } from "./openfeature.mjs";

test("before the engine is there nothing is evaluated, and afterwards those who asked are told", async () => {
  /** @type {(engine: unknown) => void} */
  let arrive = () => {};
  const provider = new TailorbirdProvider(new Promise((resolve) => (arrive = resolve)));
  const ready = OpenFeature.setProviderAndWait("first", provider);
  const first = OpenFeature.getClient("first");
  assert.equal(first.providerStatus, ProviderStatus.NOT_READY);
  assert.equal(first.getStringDetails("title", "mine").errorCode, "PROVIDER_NOT_READY");
  // Of a provider that it knows already the SDK believes that it is ready.
  await OpenFeature.setProviderAndWait("second", provider);
  const second = OpenFeature.getClient("second");
  const changes = heard(second, ProviderEvents.ConfigurationChanged);
  const { value, errorCode, reason } = second.getStringDetails("title", "mine");
  assert.deepEqual([value, errorCode, reason], ["mine", "PROVIDER_NOT_READY", "ERROR"]);
  first.track("purchase");
  arrive(await start({ config: CONFIG }));
  await ready;
  await turn();
  assert.equal(first.getStringValue("title", "mine"), "Gear");
  assert.equal(second.getStringValue("title", "mine"), "Gear");
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["title"]],
  );
});

test("a context set before the engine is there waits for it", async () => {
  const given = start({ config: CONFIG });
  const provider = new TailorbirdProvider(given);
  const ready = OpenFeature.setProviderAndWait("early", provider);
  const client = OpenFeature.getClient("early");
  const set = OpenFeature.setContext("early", { plan: "pro" });
  assert.equal(client.providerStatus, ProviderStatus.RECONCILING);
  await Promise.all([ready, set]);
  assert.equal(client.providerStatus, ProviderStatus.READY);
  assert.equal(client.getNumberValue("results", 0), 50);
});

test("where there is no engine the provider is in error, and stays so whatever the context", async (t) => {
  t.mock.method(console, "warn", () => {});
  t.mock.method(console, "error", () => {});
  /** @type {[given: () => unknown, reason: RegExp][]} */
  const cases = [
    [() => ({ config: { version: 2 } }), /^the engine is not available$/],
    [() => start({ config: [] }), /^the engine is not available$/],
    [() => Promise.reject(new Error("blocked by policy")), /^blocked by policy$/],
    [() => new Promise(() => {}), /^the engine has not started within 20 ms$/],
  ];
  for (const [given, reason] of cases) {
    const client = OpenFeature.getClient(`shop-${domains + 1}`);
    const errors = heard(client, ProviderEvents.Error);
    await assert.rejects(shop({ given: given(), options: { timeoutMs: 20 } }), { message: reason });
    assert.equal(client.providerStatus, ProviderStatus.ERROR);
    assert.equal(errors.length, 1);
    assert.match(String(errors[0].message), reason);
    await OpenFeature.setContext(`shop-${domains}`, { plan: "pro" });
    assert.equal(client.providerStatus, ProviderStatus.ERROR);
    const { value, errorCode, errorMessage } = client.getNumberDetails("results", 7);
    assert.deepEqual([value, errorCode], [7, "PROVIDER_NOT_READY"]);
    assert.match(String(errorMessage), reason);
    client.track("purchase");
  }
});

test("an engine that came in time leaves no clock running", async () => {
  const clocks = () => process.getActiveResourcesInfo().filter((kind) => kind == "Timeout").length;
  // What the tests before have left to do is done first.
  await turn();
  const before = clocks();
  await shop({ options: { timeoutMs: 60_000 } });
  await turn();
  assert.ok(clocks() <= before);
});

test("an engine that comes late is still welcome", async () => {
  /** @type {(engine: unknown) => void} */
  let arrive = () => {};
  const given = new Promise((resolve) => (arrive = resolve));
  await assert.rejects(shop({ given, options: { timeoutMs: 20 } }));
  const client = OpenFeature.getClient(`shop-${domains}`);
  const ready = heard(client, ProviderEvents.Ready);
  arrive(await start({ config: CONFIG }));
  await turn();
  assert.equal(ready.length, 1);
  assert.equal(client.providerStatus, ProviderStatus.READY);
  assert.equal(client.getStringValue("title", "mine"), "Gear");
});

test("an engine that is stopped under the provider is an error, said once", async (t) => {
  t.mock.method(console, "error", () => {});
  const tailorbird = await start({ config: CONFIG });
  const { client, domain } = await shop({ given: tailorbird });
  const errors = heard(client, ProviderEvents.Error);
  tailorbird.stop();
  const { value, errorCode } = client.getStringDetails("title", "mine");
  assert.deepEqual([value, errorCode], ["mine", "PROVIDER_NOT_READY"]);
  client.getStringValue("title", "mine");
  assert.deepEqual(
    errors.map(({ message }) => message),
    ["the engine was stopped"],
  );
  assert.equal(client.providerStatus, ProviderStatus.ERROR);
  await OpenFeature.setContext(domain, { plan: "pro" });
  assert.equal(client.providerStatus, ProviderStatus.ERROR);
});

test("closing leaves a given engine running, and ends everything between the two", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client, provider } = await shop({ given: tailorbird });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  client.getStringValue("checkout", "");
  await OpenFeature.clearProviders();
  assert.equal(tailorbird.available, true);
  tailorbird.consent({ personalize: true });
  await turn();
  assert.equal(changes.length, 0);
  assert.equal(provider.resolveStringEvaluation("title", "mine", {}).errorCode, "PROVIDER_NOT_READY");
});

test("a provider that was closed can be set again", async () => {
  const { provider, domain, client } = await shop();
  await OpenFeature.setProviderAndWait(domain, new InMemoryProvider());
  assert.equal(client.getStringDetails("title", "mine").errorCode, "FLAG_NOT_FOUND");
  await OpenFeature.setProviderAndWait(domain, provider);
  assert.equal(client.getStringValue("title", "mine"), "Gear");
});

test("one that is closed while its engine is still starting is not ready afterwards", async () => {
  const tailorbird = start({ config: CONFIG });
  const provider = new TailorbirdProvider(tailorbird);
  const ready = OpenFeature.setProviderAndWait("brief", provider);
  await OpenFeature.setProviderAndWait("brief", new InMemoryProvider());
  await ready;
  assert.equal((await tailorbird).available, true);
  assert.equal(provider.resolveStringEvaluation("title", "mine", {}).errorCode, "PROVIDER_NOT_READY");
});

test("what an earlier start was too slow for does not trouble the next", async () => {
  const engines = [new Promise(() => {}), start({ config: CONFIG })];
  // As long as it is awaited, it is another one each time.
  /** @type {PromiseLike<unknown>} */
  const given = { then: (come, fail) => /** @type {Promise<unknown>} */ (engines.shift()).then(come, fail) };
  const provider = new TailorbirdProvider(given, { timeoutMs: 20 });
  OpenFeature.setProviderAndWait("slow", provider).catch(() => {});
  await turn();
  await OpenFeature.setProviderAndWait("slow", new InMemoryProvider());
  await OpenFeature.setProviderAndWait("slow", provider);
  await new Promise((resolve) => setTimeout(resolve, 40));
  const client = OpenFeature.getClient("slow");
  assert.equal(client.getStringValue("title", "mine"), "Gear");
  assert.equal(client.providerStatus, ProviderStatus.READY);
});

test("two providers know nothing of each other", async () => {
  const one = await shop({ context: { plan: "pro" } });
  const other = await shop({
    given: { config: { version: 1, experiments: { features: { results: { defaultValue: 7 } } } } },
  });
  one.client.track("purchase");
  assert.equal(one.client.getNumberValue("results", 0), 50);
  assert.equal(other.client.getNumberValue("results", 0), 7);
  assert.equal(one.client.getStringValue("who-buys", ""), "a buyer");
  assert.equal(other.client.getStringDetails("who-buys", "").errorCode, "FLAG_NOT_FOUND");
});

test("beside other providers it says what it has not, so that the next is asked", async () => {
  const flags = { theirs: { variants: { on: true }, defaultVariant: "on", disabled: false } };
  const tailorbird = await start({ config: CONFIG });
  const both = new MultiProvider([
    { provider: new TailorbirdProvider(tailorbird) },
    { provider: new InMemoryProvider(flags) },
  ]);
  await OpenFeature.setProviderAndWait("both", both);
  const client = OpenFeature.getClient("both");
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  assert.equal(client.getStringValue("title", "mine"), "Gear");
  assert.equal(client.getBooleanValue("theirs", false), true);
  assert.equal(client.getStringValue("who-buys", ""), "nobody");
  client.track("purchase", { value: 5 });
  await turn();
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["who-buys"]],
  );
});

test("a handler that throws keeps nobody else from hearing", async () => {
  const { provider, client } = await shop();
  provider.events.addHandler(ProviderEvents.Stale, () => {
    throw new Error("not now");
  });
  const stale = heard(client, ProviderEvents.Stale);
  /** @type {(string | undefined)[]} */
  const own = [];
  provider.events.addHandler(ProviderEvents.Stale, (/** @type {{ message?: string }} */ { message }) =>
    own.push(message),
  );
  provider.events.emit(ProviderEvents.Stale, { message: "old" });
  await turn();
  assert.deepEqual([own, stale.map(({ message }) => message)], [["old"], ["old"]]);
});

test("its words for reasons are the SDK's, and the SDK, with its codes and events, stays outside of it", async () => {
  const sdk = await import("@openfeature/web-sdk");
  const known = [sdk.StandardResolutionReasons, sdk.ErrorCode, sdk.ProviderEvents].flatMap((words) =>
    Object.values(words),
  );
  const text = await readFile(join(root, "dist/openfeature.js"), "utf8");
  const words = [...new Set(text.match(/"[A-Z][A-Z_]{3,}"/g))].map((word) => JSON.parse(word));
  assert.ok(words.length >= 6, String(words));
  assert.deepEqual(
    words.filter((word) => !known.includes(word)),
    [],
  );
  const imported = [...text.matchAll(/\bimport\b.*?"([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(imported.sort(), ["./index.js", "@openfeature/web-sdk"]);
});
