/** A provider whose engine breaks. No engine starts in this process afterwards, so this is a file of its own. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenFeature, ProviderEvents, ProviderStatus } from "@openfeature/web-sdk";
import { CONFIG, domains, heard, shop, start } from "./openfeature.mjs";

test("an engine that breaks while it is asked is an error, with what broke, and no other starts after it", async (t) => {
  const tailorbird = await start({ config: CONFIG });
  const { client } = await shop({ given: tailorbird });
  const errors = heard(client, ProviderEvents.Error);
  const clock = t.mock.method(Date, "now", () => {
    throw new Error("no clock");
  });
  const { value, errorCode, errorMessage } = client.getStringDetails("title", "mine");
  assert.deepEqual([value, errorCode, errorMessage], ["mine", "PROVIDER_NOT_READY", "no clock"]);
  assert.deepEqual(
    errors.map(({ message }) => message),
    ["no clock"],
  );
  assert.equal(client.providerStatus, ProviderStatus.ERROR);
  clock.mock.restore();
  await assert.rejects(shop({ options: { timeoutMs: 1_000 } }), /^Error: the engine is not available$/);
  assert.equal(OpenFeature.getClient(`shop-${domains}`).getStringValue("title", "mine"), "mine");
});
