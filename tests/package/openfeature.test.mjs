/** The provider, driven by the real OpenFeature SDK, on the built package and a payload as GrowthBook writes it. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, test } from "node:test";
import { InMemoryProvider, MultiProvider, OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";
import { root } from "./bundle.mjs";

const built = name => import(pathToFileURL(join(root, "dist", name)));
const { start } = await built("index.js");
const { TailorbirdProvider } = await built("openfeature.js");

/** An experiment of which whoever is drawn at all meets the second arm. */
const ALL_IN_SECOND = {
  id: "try-express",
  key: "checkout-test",
  variations: ["classic", "express"],
  weights: [0, 1],
  meta: [{ key: "as-ever" }, { key: "bold" }],
};

const FEATURES = {
  banner: { defaultValue: false },
  title: { defaultValue: "Gear for every trail", rules: [{ id: "everybody", force: "Gear" }] },
  results: { defaultValue: 20, rules: [{ id: "pros", condition: { plan: "pro" }, force: 50 }] },
  theme: { defaultValue: { colour: "green", cards: { columns: 3, tags: ["new"] } } },
  order: { defaultValue: ["price", "name", 3, null] },
  nothing: { defaultValue: null },
  checkout: { defaultValue: "classic", rules: [ALL_IN_SECOND] },
  halves: { defaultValue: 0, rules: [{ key: "halves-test", variations: [1, 2] }] },
  "for-members": { defaultValue: "no", rules: [{ condition: { member: true }, force: "yes" }] },
  "after-members": {
    defaultValue: "new",
    rules: [{ parentConditions: [{ id: "for-members", condition: { value: "yes" }, gate: true }] }],
  },
  hen: { defaultValue: true, rules: [{ parentConditions: [{ id: "egg", condition: { value: true } }], force: true }] },
  egg: { defaultValue: true, rules: [{ parentConditions: [{ id: "hen", condition: { value: true } }], force: true }] },
  "who-buys": { defaultValue: "nobody", rules: [{ id: "buyers", condition: { "visitor.events.purchase": { $gte: 1 } }, force: "a buyer" }] },
  "from-here": { defaultValue: "elsewhere", rules: [{ id: "city", condition: { "address.city": "Oslo", langs: { $in: ["nb"] } }, force: "here" }] },
  since: { defaultValue: "young", rules: [{ id: "old", condition: { joined: { $lt: "2025-06-01T00:00:00.000Z" } }, force: "old" }] },
};

const CONFIG = { version: 1, experiments: { features: FEATURES } };

/** The SDK is one for the whole process, so each test leaves it as it found it. */
afterEach(async () => {
  await OpenFeature.clearProviders();
  await OpenFeature.clearContext();
  OpenFeature.clearHooks();
  OpenFeature.clearHandlers();
});

let domains = 0;

/** A provider in a domain of its own, on an engine of its own unless it is given one. */
const shop = async ({ given = { config: CONFIG }, context, options } = {}) => {
  domains += 1;
  const domain = `shop-${domains}`;
  const provider = new TailorbirdProvider(given, options);
  await OpenFeature.setProviderAndWait(domain, provider, context);
  return { domain, provider, client: OpenFeature.getClient(domain) };
};

/** What one kind of event brought to a client from now on, in order. */
const heard = (client, event) => {
  const all = [];
  client.addHandler(event, details => all.push(details));
  // A handler for the state that a provider is in is called at once.
  all.length = 0;
  return all;
};

const turn = () => new Promise(resolve => setTimeout(resolve));
const met = tailorbird => tailorbird.export().exposures.map(({ experiment, variation }) => `${experiment}: ${variation}`);

test("a flag of every type has the payload's value", async () => {
  const { client } = await shop();
  assert.equal(client.getBooleanValue("banner", true), false);
  assert.equal(client.getStringValue("title", ""), "Gear");
  assert.equal(client.getNumberValue("results", 0), 20);
  assert.deepEqual(client.getObjectValue("theme", {}), FEATURES.theme.defaultValue);
  assert.deepEqual(client.getObjectValue("order", []), ["price", "name", 3, null]);
  assert.equal(client.getObjectValue("nothing", {}), null);
});

test("details say in OpenFeature's words where a value comes from", async () => {
  const { client } = await shop({ context: { targetingKey: "u-1", plan: "pro" } });
  const chance = { propensity: 1 };
  for (const [details, expected, why] of [
    [client.getBooleanDetails("banner", true), { value: false, reason: "DEFAULT", flagMetadata: { source: "defaultValue", ...chance } }, "no rule"],
    [client.getStringDetails("title", ""), { value: "Gear", reason: "STATIC", flagMetadata: { source: "force", rule: "everybody", ...chance } }, "a rule for everybody"],
    [client.getNumberDetails("results", 0), { value: 50, reason: "TARGETING_MATCH", flagMetadata: { source: "force", rule: "pros", ...chance } }, "a rule with a condition"],
    [
      client.getStringDetails("checkout", ""),
      { value: "express", reason: "SPLIT", variant: "bold", flagMetadata: { source: "experiment", rule: "try-express", experiment: "checkout-test", ...chance } },
      "an experiment",
    ],
    [
      client.getStringDetails("after-members", "the caller's"),
      { value: "the caller's", reason: "DISABLED", flagMetadata: { source: "prerequisite", ...chance } },
      "its prerequisite does not hold",
    ],
    [
      client.getNumberDetails("halves", 0),
      { value: 2, reason: "SPLIT", variant: "1", flagMetadata: { source: "experiment", experiment: "halves-test", propensity: 0.5 } },
      "an experiment that names neither its rule nor its arms",
    ],
  ]) {
    const { flagKey, ...rest } = details;
    assert.deepEqual(rest, expected, `${flagKey}: ${why}`);
  }
});

test("what goes wrong has its code, and the caller's default comes back", async () => {
  const { client } = await shop();
  for (const [details, code, why] of [
    [client.getBooleanDetails("baner", true), "FLAG_NOT_FOUND", "no such flag"],
    [client.getBooleanDetails("__proto__", true), "FLAG_NOT_FOUND", "no such flag"],
    [client.getBooleanDetails("title", true), "TYPE_MISMATCH", "text"],
    [client.getBooleanDetails("nothing", true), "TYPE_MISMATCH", "null"],
    [client.getStringDetails("banner", "x"), "TYPE_MISMATCH", "a boolean"],
    [client.getNumberDetails("theme", 7), "TYPE_MISMATCH", "an object"],
    [client.getNumberDetails("order", 7), "TYPE_MISMATCH", "a list"],
    [client.getObjectDetails("results", { a: 1 }), "TYPE_MISMATCH", "a number"],
    [client.getObjectDetails("results", 20), "TYPE_MISMATCH", "a number, whatever the default is"],
    [client.getBooleanDetails("hen", false), "PARSE_ERROR", "its prerequisites lead in a circle"],
  ]) {
    const { flagKey, errorCode, reason, errorMessage } = details;
    assert.deepEqual([errorCode, reason], [code, "ERROR"], `${flagKey}: ${why}`);
    assert.match(errorMessage, new RegExp(flagKey));
  }
  assert.equal(client.getBooleanValue("title", true), true);
  assert.deepEqual(client.getObjectValue("results", { a: 1 }), { a: 1 });
  assert.equal(client.getBooleanValue("hen", false), false);
});

test("a context that cannot be told makes the context wrong, not the page", async () => {
  const circle = {};
  circle.list = [circle];
  for (const [context, why] of [
    [{ circle }, "a circle"],
    [{ deep: [{ call: () => 1 }] }, "a function"],
    [{ big: 1n }, "a bigint"],
    [{ sign: Symbol("s") }, "a symbol"],
    [{ joined: new Date(NaN) }, "no date"],
    [
      {
        trap: {
          get value() {
            throw new Error("no");
          },
        },
      },
      "a getter that throws",
    ],
  ]) {
    const { client } = await shop({ context });
    const { value, errorCode, reason } = client.getStringDetails("title", "mine");
    assert.deepEqual([value, errorCode, reason], ["mine", "INVALID_CONTEXT", "ERROR"], why);
  }
});

test("an engine that throws is a general error", async () => {
  const given = await start({ config: CONFIG });
  const feature = () => {
    throw new Error("out of order");
  };
  const { client } = await shop({ given: { ...given, available: true, feature } });
  const { value, errorCode, errorMessage } = client.getStringDetails("title", "mine");
  assert.deepEqual([value, errorCode, errorMessage], ["mine", "GENERAL", "Error: out of order"]);
});

test("the context lies over what the engine knows, for the evaluation alone", async () => {
  const tailorbird = await start({ config: CONFIG, attributes: { plan: "pro", address: { city: "Bergen" } } });
  const context = { address: { city: "Oslo" }, langs: ["en", "nb"], joined: new Date("2024-02-29T12:00:00Z") };
  const { client } = await shop({ given: tailorbird, context });
  const before = tailorbird.profile().attributes;
  assert.equal(client.getNumberValue("results", 0), 50, "the engine's own attribute");
  assert.equal(client.getStringValue("from-here", ""), "here", "an object and a list of the context");
  assert.equal(client.getStringValue("since", ""), "old", "a date, as ISO 8601 text");
  assert.deepEqual(tailorbird.profile().attributes, before);
  assert.equal(tailorbird.feature("from-here", { peek: true }).value, "elsewhere");
});

test("the targeting key is the id by which experiments draw: the arm is the engine's own for that id", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client, domain } = await shop({ given: tailorbird });
  assert.equal(client.getNumberDetails("halves", 0).reason, "DEFAULT", "nobody is known, so nobody is drawn");
  const arms = new Set();
  for (let i = 0; i < 40; i += 1) {
    await OpenFeature.setContext(domain, { targetingKey: `visitor-${i}`, id: "somebody else" });
    const { value, variant } = client.getNumberDetails("halves", 0);
    const own = tailorbird.feature("halves", { attributes: { id: `visitor-${i}` }, peek: true });
    assert.deepEqual([value, variant], [own.value, own.variation]);
    arms.add(variant);
  }
  assert.deepEqual([...arms].sort(), ["0", "1"]);
  await OpenFeature.setContext(domain, { id: "visitor-7" });
  const own = tailorbird.feature("halves", { attributes: { id: "visitor-7" }, peek: true });
  assert.equal(client.getNumberValue("halves", 0), own.value, "without one the context's own id counts");
});

test("a changed context counts from the next evaluation, without a moment of reconciling", async () => {
  const { client, domain } = await shop({ context: { plan: "free" } });
  const changed = heard(client, ProviderEvents.ContextChanged);
  const reconciling = heard(client, ProviderEvents.Reconciling);
  assert.equal(client.getNumberValue("results", 0), 20);
  await OpenFeature.setContext(domain, { plan: "pro" });
  assert.equal(client.getNumberValue("results", 0), 50);
  await OpenFeature.clearContext(domain);
  assert.equal(client.getNumberValue("results", 0), 20);
  await OpenFeature.setContext({ plan: "pro" });
  assert.equal(client.getNumberValue("results", 0), 50, "the context of all domains");
  assert.deepEqual([changed.length, reconciling.length], [3, 0]);
  assert.equal(client.providerStatus, ProviderStatus.READY);
});

test("whoever gets a value has met it, once; whoever cannot use it has not", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client } = await shop({ given: tailorbird, context: { targetingKey: "u-1" } });
  client.getBooleanValue("checkout", false);
  client.getStringValue("chekout", "");
  assert.deepEqual(met(tailorbird), []);
  for (const time of ["first", "second"]) {
    client.getStringValue("checkout", "");
    assert.deepEqual(met(tailorbird), ["checkout-test: bold"], time);
  }
  tailorbird.erase();
  client.getStringValue("checkout", "");
  assert.deepEqual(met(tailorbird), ["checkout-test: bold"], "after everything was forgotten");
});

test("a type that nothing was known of while the flag was off enrols nobody later", async () => {
  const features = {
    gate: { defaultValue: false, rules: [{ condition: { plan: "pro" }, force: true }] },
    shown: {
      defaultValue: "",
      rules: [{ parentConditions: [{ id: "gate", condition: { value: true }, gate: true }] }, ALL_IN_SECOND],
    },
  };
  const tailorbird = await start({ config: { version: 1, experiments: { features } } });
  const { client, domain } = await shop({ given: tailorbird, context: { targetingKey: "u-1" } });
  assert.equal(client.getBooleanDetails("shown", true).reason, "DISABLED");
  await OpenFeature.setContext(domain, { targetingKey: "u-1", plan: "pro" });
  assert.equal(client.getBooleanDetails("shown", true).errorCode, "TYPE_MISMATCH");
  assert.deepEqual(met(tailorbird), []);
  assert.equal(client.getStringValue("shown", ""), "express");
});

test("no details hold anything of the visitor", async () => {
  const tailorbird = await start({ config: CONFIG, consent: "granted", attributes: { plan: "pro", mail: "her@secret.example" } });
  tailorbird.track("purchase", { transaction_id: "order-4711", value: 129.75, items: [{ item_id: "item-secret" }] });
  const { seed, attributes } = tailorbird.export();
  assert.match(seed, /^\d{10,20}$/);
  const context = { targetingKey: "person-secret", member: true, address: { city: "Oslo" }, langs: ["nb"] };
  const { client, domain } = await shop({ given: tailorbird, context });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  const all = () =>
    Object.keys(FEATURES).flatMap(key => [
      client.getBooleanDetails(key, false),
      client.getStringDetails(key, ""),
      client.getNumberDetails(key, 0),
      client.getObjectDetails(key, {}),
    ]);
  const known = all();
  // By the seed, where nobody gives an id.
  await OpenFeature.setContext(domain, {});
  const drawn = all();
  assert.ok(drawn.some(({ reason }) => reason == "SPLIT") && drawn.some(({ value }) => value == "a buyer"));
  tailorbird.consent({ personalize: false });
  await turn();
  assert.ok(changes.length > 0);
  const text = JSON.stringify([known, drawn, changes]);
  for (const secret of [seed, "person-secret", "her@secret", "Oslo", "order-4711", "129.75", "item-secret", ...Object.keys(attributes)]) {
    assert.ok(!text.includes(secret), secret);
  }
  // Where somebody falls between 0 and 1 is as good as the id. The payload knows no such number.
  assert.doesNotMatch(text, /0\.\d{2,}/);
  const allowed = ["experiment", "propensity", "rule", "source"];
  for (const { flagMetadata } of [...known, ...drawn]) {
    assert.deepEqual(Object.keys(flagMetadata).filter(name => !allowed.includes(name)), []);
  }
});

test("once consent lets the visitor into experiments, the flags that changed are named, once", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client } = await shop({ given: tailorbird });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  assert.equal(client.getStringValue("checkout", ""), "classic");
  assert.equal(client.getStringValue("title", ""), "Gear");
  tailorbird.consent({ personalize: true });
  tailorbird.consent({ personalize: "session" });
  tailorbird.consent({ personalize: true });
  assert.equal(changes.length, 0, "not in the middle of it");
  await turn();
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["checkout"]]);
  assert.equal(client.getStringValue("checkout", ""), "express");
  tailorbird.consent({ personalize: true });
  await turn();
  assert.equal(changes.length, 1, "nothing has changed since");
  tailorbird.consent({ personalize: false });
  await turn();
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["checkout"], ["checkout"]]);
  assert.equal(client.getStringValue("checkout", ""), "classic");
});

test("a change is told though somebody has asked meanwhile, and though nothing announced it", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client, domain } = await shop({ given: tailorbird, context: { plan: "pro" } });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  client.getStringValue("checkout", "");
  client.getStringValue("who-buys", "");
  tailorbird.consent({ personalize: true });
  assert.equal(client.getStringValue("checkout", ""), "express");
  await turn();
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["checkout"]]);
  tailorbird.track("purchase");
  await turn();
  assert.equal(changes.length, 1);
  assert.equal(client.getStringValue("who-buys", ""), "a buyer");
  await turn();
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["checkout"], ["who-buys"]]);
  // Another context is no change of the flag.
  await OpenFeature.setContext(domain, { plan: "free", targetingKey: "u-1" });
  client.getNumberValue("results", 0);
  await OpenFeature.setContext(domain, { plan: "pro" });
  client.getNumberValue("results", 0);
  await turn();
  assert.equal(changes.length, 2);
});

test("looking for changes enrols nobody", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client } = await shop({ given: tailorbird });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  client.getStringValue("checkout", "");
  tailorbird.consent({ personalize: true });
  await turn();
  assert.equal(changes.length, 1);
  assert.deepEqual(met(tailorbird), []);
});

test("a tracked event is the engine's own, and may change a flag", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client } = await shop({ given: tailorbird, context: { targetingKey: "u-1" } });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  assert.equal(client.getStringValue("who-buys", ""), "nobody");
  await turn();
  client.track("purchase", { value: 129.5, transaction_id: "A-1", at: new Date(0), items: [{ item_id: "b-7", price: 129.5 }] });
  client.track("purchase", { value: 129.5, transaction_id: "A-1" });
  client.track("view_item");
  await turn();
  const { visitor } = tailorbird.profile().attributes;
  assert.deepEqual([visitor.orders, visitor.revenue, visitor.events.view_item], [1, 129.5, 1]);
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["who-buys"]]);
  assert.equal(client.getStringValue("who-buys", ""), "a buyer");
  const circle = {};
  circle.circle = circle;
  client.track("view_item", circle);
  assert.equal(tailorbird.profile().attributes.visitor.events.view_item, 1, "nonsense is not told, and nothing is thrown");
});

test("hooks see what is evaluated, what came of it, and what went wrong", async () => {
  const { client } = await shop({ context: { targetingKey: "u-1" } });
  const said = [];
  client.addHooks({
    before: ({ flagKey, flagValueType, context, providerMetadata }) => {
      said.push(["before", flagKey, flagValueType, context.targetingKey, providerMetadata.name]);
    },
    after: (_, { value, variant, reason }) => said.push(["after", value, variant, reason]),
    error: (_, error) => said.push(["error", error.code]),
    finally: (_, { value, reason, errorCode }) => said.push(["finally", value, reason, errorCode]),
  });
  client.getStringValue("checkout", "");
  client.getBooleanValue("checkout", true);
  client.getObjectValue("unknown", null);
  assert.deepEqual(said, [
    ["before", "checkout", "string", "u-1", "tailorbird"],
    ["after", "express", "bold", "SPLIT"],
    ["finally", "express", "SPLIT", undefined],
    ["before", "checkout", "boolean", "u-1", "tailorbird"],
    ["error", "TYPE_MISMATCH"],
    ["finally", true, "ERROR", "TYPE_MISMATCH"],
    ["before", "unknown", "object", "u-1", "tailorbird"],
    ["error", "FLAG_NOT_FOUND"],
    ["finally", null, "ERROR", "FLAG_NOT_FOUND"],
  ]);
});

test("before the engine is there nothing is evaluated, and afterwards those who asked are told", async () => {
  let arrive;
  const provider = new TailorbirdProvider(new Promise(resolve => (arrive = resolve)));
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
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["title"]]);
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

test("where there is no engine the provider is in error, and stays so whatever the context", async t => {
  t.mock.method(console, "warn", () => {});
  t.mock.method(console, "error", () => {});
  for (const [given, reason] of [
    [() => ({ config: { version: 2 } }), /^the engine is not available$/],
    [() => start({ config: [] }), /^the engine is not available$/],
    [() => Promise.reject(new Error("blocked by policy")), /^blocked by policy$/],
    [() => new Promise(() => {}), /^the engine has not started within 20 ms$/],
  ]) {
    const client = OpenFeature.getClient(`shop-${domains + 1}`);
    const errors = heard(client, ProviderEvents.Error);
    await assert.rejects(shop({ given: given(), options: { timeoutMs: 20 } }), { message: reason });
    assert.equal(client.providerStatus, ProviderStatus.ERROR);
    assert.equal(errors.length, 1);
    assert.match(errors[0].message, reason);
    await OpenFeature.setContext(`shop-${domains}`, { plan: "pro" });
    assert.equal(client.providerStatus, ProviderStatus.ERROR);
    const { value, errorCode, errorMessage } = client.getNumberDetails("results", 7);
    assert.deepEqual([value, errorCode], [7, "PROVIDER_NOT_READY"]);
    assert.match(errorMessage, reason);
    client.track("purchase");
  }
});

test("an engine that came in time leaves no clock running", async () => {
  const clocks = () => process.getActiveResourcesInfo().filter(kind => kind == "Timeout").length;
  // What the tests before have left to do is done first.
  await turn();
  const before = clocks();
  await shop({ options: { timeoutMs: 60_000 } });
  await turn();
  assert.ok(clocks() <= before);
});

test("an engine that comes late is still welcome", async () => {
  let arrive;
  const given = new Promise(resolve => (arrive = resolve));
  await assert.rejects(shop({ given, options: { timeoutMs: 20 } }));
  const client = OpenFeature.getClient(`shop-${domains}`);
  const ready = heard(client, ProviderEvents.Ready);
  arrive(await start({ config: CONFIG }));
  await turn();
  assert.equal(ready.length, 1);
  assert.equal(client.providerStatus, ProviderStatus.READY);
  assert.equal(client.getStringValue("title", "mine"), "Gear");
});

test("an engine that is stopped under the provider is an error, said once", async t => {
  t.mock.method(console, "error", () => {});
  const tailorbird = await start({ config: CONFIG });
  const { client, domain } = await shop({ given: tailorbird });
  const errors = heard(client, ProviderEvents.Error);
  tailorbird.stop();
  const { value, errorCode } = client.getStringDetails("title", "mine");
  assert.deepEqual([value, errorCode], ["mine", "PROVIDER_NOT_READY"]);
  client.getStringValue("title", "mine");
  assert.deepEqual(errors.map(({ message }) => message), ["the engine was stopped"]);
  assert.equal(client.providerStatus, ProviderStatus.ERROR);
  await OpenFeature.setContext(domain, { plan: "pro" });
  assert.equal(client.providerStatus, ProviderStatus.ERROR);
});

test("an engine that breaks while it is asked is an error, with what broke", async t => {
  const tailorbird = await start({ config: CONFIG });
  const { client } = await shop({ given: tailorbird });
  const errors = heard(client, ProviderEvents.Error);
  t.mock.method(Date, "now", () => {
    throw new Error("no clock");
  });
  const { value, errorCode, errorMessage } = client.getStringDetails("title", "mine");
  assert.deepEqual([value, errorCode, errorMessage], ["mine", "PROVIDER_NOT_READY", "Error: no clock"]);
  assert.deepEqual(errors.map(({ message }) => message), ["Error: no clock"]);
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
  const given = { then: (come, fail) => engines.shift().then(come, fail) };
  const provider = new TailorbirdProvider(given, { timeoutMs: 20 });
  OpenFeature.setProviderAndWait("slow", provider).catch(() => {});
  await turn();
  await OpenFeature.setProviderAndWait("slow", new InMemoryProvider());
  await OpenFeature.setProviderAndWait("slow", provider);
  await new Promise(resolve => setTimeout(resolve, 40));
  const client = OpenFeature.getClient("slow");
  assert.equal(client.getStringValue("title", "mine"), "Gear");
  assert.equal(client.providerStatus, ProviderStatus.READY);
});

test("two providers know nothing of each other", async () => {
  const one = await shop({ context: { plan: "pro" } });
  const other = await shop({ given: { config: { version: 1, experiments: { features: { results: { defaultValue: 7 } } } } } });
  one.client.track("purchase");
  assert.equal(one.client.getNumberValue("results", 0), 50);
  assert.equal(other.client.getNumberValue("results", 0), 7);
  assert.equal(one.client.getStringValue("who-buys", ""), "a buyer");
  assert.equal(other.client.getStringDetails("who-buys", "").errorCode, "FLAG_NOT_FOUND");
});

test("beside other providers it says what it has not, so that the next is asked", async () => {
  const flags = { theirs: { variants: { on: true }, defaultVariant: "on", disabled: false } };
  const tailorbird = await start({ config: CONFIG });
  const both = new MultiProvider([{ provider: new TailorbirdProvider(tailorbird) }, { provider: new InMemoryProvider(flags) }]);
  await OpenFeature.setProviderAndWait("both", both);
  const client = OpenFeature.getClient("both");
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  assert.equal(client.getStringValue("title", "mine"), "Gear");
  assert.equal(client.getBooleanValue("theirs", false), true);
  assert.equal(client.getStringValue("who-buys", ""), "nobody");
  client.track("purchase", { value: 5 });
  await turn();
  assert.deepEqual(changes.map(({ flagsChanged }) => flagsChanged), [["who-buys"]]);
});

test("a handler that throws keeps nobody else from hearing", async t => {
  const logged = t.mock.method(console, "error", () => {});
  const { provider, client } = await shop();
  const trouble = () => {
    throw new Error("not now");
  };
  provider.events.addHandler(ProviderEvents.Stale, trouble);
  const stale = heard(client, ProviderEvents.Stale);
  const own = [];
  provider.events.addHandler(ProviderEvents.Stale, ({ message }) => own.push(message));
  assert.equal(provider.events.getHandlers(ProviderEvents.Stale).at(-2), trouble);
  provider.events.emit(ProviderEvents.Stale, { message: "old" });
  await turn();
  assert.deepEqual([own, stale.map(({ message }) => message)], [["old"], ["old"]]);
  assert.equal(logged.mock.callCount(), 1);
  provider.events.removeHandler(ProviderEvents.Stale, trouble);
  provider.events.emit(ProviderEvents.Stale, {});
  assert.equal(own.length, 2);
  provider.events.removeAllHandlers(ProviderEvents.Stale);
  provider.events.emit(ProviderEvents.Stale, {});
  assert.equal(own.length, 2);
  assert.notDeepEqual(provider.events.getHandlers(ProviderEvents.Error), []);
  provider.events.removeAllHandlers();
  assert.deepEqual(provider.events.getHandlers(ProviderEvents.Error), []);
});

test("its words for reasons, codes and events are the SDK's, though it imports nothing of it", async () => {
  const sdk = await import("@openfeature/web-sdk");
  const known = [sdk.StandardResolutionReasons, sdk.ErrorCode, sdk.ProviderEvents].flatMap(words => Object.values(words));
  const text = await readFile(join(root, "dist/openfeature.js"), "utf8");
  const words = [...new Set(text.match(/"[A-Z][A-Z_]{3,}"/g))].map(word => JSON.parse(word));
  assert.ok(words.length >= 14, String(words));
  assert.deepEqual(words.filter(word => !known.includes(word)), []);
  assert.deepEqual([...text.matchAll(/\bimport\b.*?"([^"]+)"/g)].map(([, name]) => name), ["./index.js"]);
});
