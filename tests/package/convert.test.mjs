/** Whatever a page hands over arrives as plain data, and nothing that it throws passes through the engine. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { instance } from "../../scripts/conformance.mjs";

const { echo } = await instance();

test("plain data comes back as it was", () => {
  const data = { text: "Grüße 👋", number: 0.1, list: [1, [true, null], {}], nested: { a: { b: [] } }, empty: "" };
  assert.deepEqual(echo(data), data);
  for (const number of [-0, NaN, Infinity, 5e-324, 2 ** 53]) assert.ok(Object.is(echo(number), number), `${number}`);
  assert.deepEqual(Object.keys(echo({ b: 1, 2: 1, a: 1 })), ["2", "b", "a"]);
});

test("what JSON does not know is left out, and null in lists", () => {
  const strange = { undefined: undefined, function() {}, symbol: Symbol("s"), big: 1n, kept: 1 };
  assert.deepEqual(echo(strange), { kept: 1 });
  assert.deepEqual(echo(Object.values(strange)), [null, null, null, null, 1]);
  for (const value of [undefined, () => 1, Symbol("s"), 1n]) assert.equal(echo(value), null);
});

test("half a surrogate pair becomes a replacement character", () => {
  assert.equal(echo("a\ud83d"), "a\ufffd");
});

test("a key that would change a prototype is not written", () => {
  const copy = echo(JSON.parse('{"__proto__": {"admin": true}, "a": 1}'));
  assert.deepEqual(Object.keys(copy), ["a"]);
  assert.equal(copy.admin, undefined);
});

test("what throws when it is read is left out, and the rest is read", () => {
  const throws = () => {
    throw new Error("not for you");
  };
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const odd = {
    get getter() {
      return throws();
    },
    revoked: revoked.proxy,
    keys: new Proxy({}, { ownKeys: throws }),
    list: new Proxy([1, 2], { get: throws }),
    kept: 1,
  };
  assert.deepEqual(echo(odd), { kept: 1 });
  assert.equal(echo(revoked.proxy), null);
  assert.deepEqual(echo({ kept: 1 }), { kept: 1 }, "nothing is broken by it");
});

test("cycles, and lists without an end, end", () => {
  const cycle = {};
  cycle.itself = cycle;
  let depth = 0;
  for (let value = echo(cycle); value; value = value.itself) depth += 1;
  assert.equal(depth, 64);
  cycle.again = cycle;
  assert.equal(echo(cycle), null);
  assert.equal(echo(new Array(2 ** 32 - 1)), null);
});
