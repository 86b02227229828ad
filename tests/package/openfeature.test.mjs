/** What flags are worth: the provider, driven by the real OpenFeature SDK, on the built package. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";
import { ALL_IN_SECOND, CONFIG, FEATURES, heard, met, shop, start, turn } from "./openfeature.mjs";

/** @typedef {import("@openfeature/web-sdk").EvaluationDetails<import("@openfeature/web-sdk").FlagValue>} Details */

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
    [
      client.getBooleanDetails("banner", true),
      { value: false, reason: "DEFAULT", flagMetadata: { source: "defaultValue", ...chance } },
      "no rule",
    ],
    [
      client.getStringDetails("title", ""),
      { value: "Gear", reason: "STATIC", flagMetadata: { source: "force", rule: "everybody", ...chance } },
      "a rule for everybody",
    ],
    [
      client.getNumberDetails("results", 0),
      { value: 50, reason: "TARGETING_MATCH", flagMetadata: { source: "force", rule: "pros", ...chance } },
      "a rule with a condition",
    ],
    [
      client.getStringDetails("checkout", ""),
      {
        value: "express",
        reason: "SPLIT",
        variant: "bold",
        flagMetadata: { source: "experiment", rule: "try-express", experiment: "checkout-test", ...chance },
      },
      "an experiment",
    ],
    [
      client.getStringDetails("after-members", "the caller's"),
      { value: "the caller's", reason: "DISABLED", flagMetadata: { source: "prerequisite", ...chance } },
      "its prerequisite does not hold",
    ],
    [
      client.getNumberDetails("halves", 0),
      {
        value: 2,
        reason: "SPLIT",
        variant: "1",
        flagMetadata: { source: "experiment", experiment: "halves-test", propensity: 0.5 },
      },
      "an experiment that names neither its rule nor its variations",
    ],
  ]) {
    const { flagKey, ...rest } = /** @type {Details} */ (details);
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
    const { flagKey, errorCode, reason, errorMessage } = /** @type {Details} */ (details);
    assert.deepEqual([errorCode, reason], [code, "ERROR"], `${flagKey}: ${why}`);
    assert.match(String(errorMessage), new RegExp(flagKey));
  }
  assert.equal(client.getBooleanValue("title", true), true);
  assert.deepEqual(client.getObjectValue("results", { a: 1 }), { a: 1 });
  assert.equal(client.getBooleanValue("hen", false), false);
});

test("a context that cannot be told makes the context wrong, not the page", async () => {
  /** @type {{ list?: unknown }} */
  const circle = {};
  circle.list = [circle];
  /** @type {[context: unknown, why: string][]} */
  const cases = [
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
  ];
  for (const [context, why] of cases) {
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

test("the targeting key is the id by which experiments draw: the variation is the engine's own for that id", async () => {
  const tailorbird = await start({ config: CONFIG });
  const { client, domain } = await shop({ given: tailorbird });
  assert.equal(client.getNumberDetails("halves", 0).reason, "DEFAULT", "nobody is known, so nobody is drawn");
  const variations = new Set();
  for (let i = 0; i < 40; i += 1) {
    await OpenFeature.setContext(domain, { targetingKey: `visitor-${i}`, id: "somebody else" });
    const { value, variant } = client.getNumberDetails("halves", 0);
    const own = tailorbird.feature("halves", { attributes: { id: `visitor-${i}` }, peek: true });
    assert.deepEqual([value, variant], [own.value, own.variation]);
    variations.add(variant);
  }
  assert.deepEqual([...variations].sort(), ["0", "1"]);
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
  const tailorbird = await start({
    config: CONFIG,
    consent: "granted",
    attributes: { plan: "pro", mail: "her@secret.example" },
  });
  tailorbird.track("purchase", { transaction_id: "order-4711", value: 129.75, items: [{ item_id: "item-secret" }] });
  const { seed, attributes } = tailorbird.export();
  assert.match(seed, /^\d{10,20}$/);
  const context = { targetingKey: "person-secret", member: true, address: { city: "Oslo" }, langs: ["nb"] };
  const { client, domain } = await shop({ given: tailorbird, context });
  const changes = heard(client, ProviderEvents.ConfigurationChanged);
  const all = () =>
    Object.keys(FEATURES).flatMap((key) => [
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
  // `value` is a field of every detail as well.
  const groups = Object.keys(attributes).filter((name) => name != "value");
  for (const secret of [
    seed,
    "person-secret",
    "her@secret",
    "Oslo",
    "order-4711",
    "129.75",
    "item-secret",
    ...groups,
  ]) {
    assert.ok(!text.includes(secret), secret);
  }
  // Where somebody falls between 0 and 1 is as good as the id. The payload knows no such number.
  assert.doesNotMatch(text, /0\.\d{2,}/);
  const allowed = ["experiment", "propensity", "rule", "source"];
  for (const { flagMetadata } of [...known, ...drawn]) {
    assert.deepEqual(
      Object.keys(flagMetadata).filter((name) => !allowed.includes(name)),
      [],
    );
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
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["checkout"]],
  );
  assert.equal(client.getStringValue("checkout", ""), "express");
  tailorbird.consent({ personalize: true });
  await turn();
  assert.equal(changes.length, 1, "nothing has changed since");
  tailorbird.consent({ personalize: false });
  await turn();
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["checkout"], ["checkout"]],
  );
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
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["checkout"]],
  );
  tailorbird.track("purchase");
  await turn();
  assert.equal(changes.length, 1);
  assert.equal(client.getStringValue("who-buys", ""), "a buyer");
  await turn();
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["checkout"], ["who-buys"]],
  );
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
  client.track("purchase", {
    value: 129.5,
    transaction_id: "A-1",
    at: new Date(0),
    items: [{ item_id: "b-7", price: 129.5 }],
  });
  client.track("purchase", { value: 129.5, transaction_id: "A-1" });
  client.track("view_item");
  await turn();
  const { visitor } = tailorbird.profile().attributes;
  assert.deepEqual([visitor.orders, visitor.revenue, visitor.events.view_item], [1, 129.5, 1]);
  assert.deepEqual(
    changes.map(({ flagsChanged }) => flagsChanged),
    [["who-buys"]],
  );
  assert.equal(client.getStringValue("who-buys", ""), "a buyer");
  /** @type {import("@openfeature/web-sdk").TrackingEventDetails} */
  const circle = {};
  circle.circle = /** @type {any} */ (circle);
  client.track("view_item", circle);
  assert.equal(
    tailorbird.profile().attributes.visitor.events.view_item,
    1,
    "nonsense is not told, and nothing is thrown",
  );
});

test("hooks see what is evaluated, what came of it, and what went wrong", async () => {
  const { client } = await shop({ context: { targetingKey: "u-1" } });
  /** @type {unknown[][]} */
  const said = [];
  client.addHooks({
    before: ({ flagKey, flagValueType, context, providerMetadata }) => {
      said.push(["before", flagKey, flagValueType, context.targetingKey, providerMetadata.name]);
    },
    after: (_, { value, variant, reason }) => said.push(["after", value, variant, reason]),
    error: (_, error) => said.push(["error", Reflect.get(Object(error), "code")]),
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
