// A profile that a visitor takes along to another device of theirs, in an encrypted file.
import assert from "node:assert/strict";
import { rig } from "./rig/rig.mjs";
import { blockStorage, fillStorage } from "./rig/before.mjs";
import { body, BOOTS, config, keptKeys, looks, SENT, tracked } from "./outdoor.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene } = await rig();

const granted = { "data-consent": "granted" };
const SECRET = "kestrel over wet heath";
const FILE = "/tailorbird-transfer.js";

/**
 * Runs in the page.
 *
 * @param {any} passphrase what the visitor types, or nothing of the kind
 */
const exported = (passphrase) => window.tailorbird.export({ passphrase });
/**
 * @param {any} file
 * @param {any} passphrase what the visitor types, or nothing of the kind
 */
const imported = (file, passphrase) => window.tailorbird.import(file, passphrase);
const variant = () => window.tailorbird.peek("hero").variant;
/** What is stored, in an order of its own. */
const stored = () => Object.entries(localStorage).sort(([one], [other]) => (one < other ? -1 : 1));
const views = () => window.tailorbird.profile().attributes.visitor.events.view_item;
/**
 * @param {Tab} tab
 * @param {string} expected
 */
const says = (tab, expected) => tab.until((name) => window.tailorbird.peek("hero").variant === name, expected);

/**
 * A file from a device where somebody looked at boots.
 *
 * @param {Tab} tab
 * @param {number} [times]
 */
const fileOf = async (tab, times = 3) => {
  await tab.announced("ready");
  await tab.evaluate(tracked, looks("boots", times));
  return /** @type {Promise<string>} */ (tab.evaluate(exported, SECRET));
};

scene(
  "what one device knows another knows as well, once the visitor has carried it there",
  async ({ site, visitor }) => {
    const shop = site({ config: config(), body, tag: granted });
    const file = await fileOf(await (await visitor()).open(shop.url()), 5);
    const { tailorbird, site: origin, namespace, exported: at, expires } = JSON.parse(file);
    assert.deepEqual([tailorbird, `${origin}/`, namespace, expires - at], ["profile", shop.url(), "", 30 * 86_400_000]);

    const other = await (await visitor()).open(shop.url());
    await other.announced("ready");
    assert.equal(await other.text("h1"), SENT);
    assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true });
    assert.equal(await other.evaluate(variant), "boots");
    // It is stored, so the next page view knows it from the start.
    await other.goto(shop.url());
    assert.equal((await other.announced("decision")).variant, "boots");
    assert.equal(await other.text("h1"), BOOTS);
    assert.deepEqual(await other.announcements("storage-reset"), []);
  },
);

scene(
  "both histories count after a merge, and importing the same file again adds nothing",
  async ({ site, visitor }) => {
    const shop = site({ config: config(), body, tag: granted });
    const file = await fileOf(await (await visitor()).open(shop.url()), 5);
    const other = await (await visitor()).open(shop.url());
    await other.announced("ready");
    await other.evaluate(tracked, looks("tents", 2));
    for (const time of ["first", "second"]) {
      assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true }, time);
      assert.equal(await other.evaluate(views), 7, time);
    }
    await other.evaluate(tracked, looks("tents", 1));
    await other.goto(shop.url());
    await other.announced("ready");
    assert.equal(await other.evaluate(views), 8);
  },
);

scene("a file chosen by the visitor, as browsers hand it over, is taken as well", async ({ site, visitor }) => {
  const shop = site({ config: config(), body, tag: granted });
  const file = await fileOf(await (await visitor()).open(shop.url()));
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  const answer = await other.evaluate(
    (text, passphrase) =>
      window.tailorbird.import(new File([text], "tailorbird.json", { type: "application/json" }), passphrase),
    file,
    SECRET,
  );
  assert.deepEqual(answer, { imported: true });
  assert.equal(await other.evaluate(variant), "boots");
});

scene("a file is taken also on a page that has added to the prototype of every object", async ({ site, visitor }) => {
  const shop = site({ config: config(), body, tag: granted });
  const file = await fileOf(await (await visitor()).open(shop.url()));
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  await other.evaluate(() => {
    Object.defineProperty(Object.prototype, "reason", { value: "damaged", configurable: true });
  });
  const answer = await other.evaluate(
    async (text, passphrase) => {
      const result = await window.tailorbird.import(text, passphrase);
      // The test's own driver is not made for such a page.
      Reflect.deleteProperty(Object.prototype, "reason");
      return result;
    },
    file,
    SECRET,
  );
  assert.deepEqual(answer, { imported: true });
});

scene("the next page decides by what the other device knew, from its first decision", async ({ site, visitor }) => {
  const shop = site({ config: config(), body, tag: granted });
  const file = await fileOf(await (await visitor()).open(shop.url()), 5);
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  // Alone, this device would say tents.
  await other.evaluate(tracked, looks("tents", 4));
  await other.goto(shop.url());
  assert.equal((await other.announced("decision")).variant, "tents");
  assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true });

  for (const page of ["next", "one after"]) {
    await other.goto(shop.url());
    await other.announced("decision");
    assert.deepEqual(
      (await other.announcements("decision")).map(({ variant }) => variant),
      ["boots"],
      page,
    );
    assert.equal(await other.text("h1"), BOOTS, page);
    assert.equal(await other.evaluate(views), 9, page);
  }
  // What is stored stays each device's own: a third that gets it hears of both.
  const again = await other.evaluate(exported, SECRET);
  const third = await (await visitor()).open(shop.url());
  await third.announced("ready");
  assert.deepEqual(await third.evaluate(imported, file, SECRET), { imported: true });
  assert.deepEqual(await third.evaluate(imported, again, SECRET), { imported: true });
  assert.equal(await third.evaluate(views), 9);
});

scene("what cannot be opened changes nothing, and says why", async ({ site, visitor }) => {
  const shop = site({
    config: config(),
    body,
    tag: granted,
    pages: { "/outlet": { tag: { ...granted, "data-namespace": "outlet" } } },
  });
  const tab = await (await visitor()).open(shop.url());
  const file = await fileOf(tab);
  await tab.goto(shop.url("/outlet"));
  const outlet = await fileOf(tab);

  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  await other.evaluate(tracked, looks("tents", 4));
  // From now on nothing more happens on this page.
  await other.announced("impression");
  const before = await other.evaluate(stored);
  const whole = JSON.parse(file);
  const altered = JSON.stringify({
    ...whole,
    data: whole.data.replace(/^./, (/** @type {string} */ first) => (first === "A" ? "B" : "A")),
  });
  for (const [given, passphrase, reason] of [
    [file, "kestrel over dry heath", "passphrase"],
    [file, "short", "passphrase"],
    [file, null, "passphrase"],
    [altered, SECRET, "passphrase"],
    [JSON.stringify({ ...whole, expires: whole.expires + 1 }), SECRET, "passphrase"],
    [JSON.stringify({ ...whole, expires: 1 }), SECRET, "expired"],
    [JSON.stringify({ ...whole, version: 2 }), SECRET, "newer"],
    [JSON.stringify({ ...whole, kdf: { ...whole.kdf, iterations: 1e12 } }), SECRET, "damaged"],
    [outlet, SECRET, "foreign"],
    ["my holiday pictures", SECRET, "damaged"],
    ["x".repeat(1_000_001), SECRET, "damaged"],
    [null, SECRET, "damaged"],
    [{ text: "no file" }, SECRET, "damaged"],
  ]) {
    assert.deepEqual(
      await other.evaluate(imported, given, passphrase),
      { imported: false, reason },
      String(given).slice(0, 60),
    );
  }
  assert.deepEqual(await other.evaluate(stored), before);
  assert.equal(await other.evaluate(variant), "tents");
});

scene("a file that opens but holds no profile is refused by the core, and changes nothing", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted });
  const tab = await open(shop.url());
  const file = await fileOf(tab);
  // Made anew with the passphrase, as whoever knows it can.
  const forged = await tab.evaluate(
    async (text, passphrase) => {
      const { data, ...header } = JSON.parse(text);
      /** @param {string} plain */
      const bytesOf = (plain) => Uint8Array.from(atob(plain), (character) => character.charCodeAt(0));
      const { subtle } = crypto;
      const material = await subtle.importKey("raw", new TextEncoder().encode(passphrase), "PBKDF2", false, [
        "deriveKey",
      ]);
      const derivation = { ...header.kdf, salt: bytesOf(header.kdf.salt) };
      const key = await subtle.deriveKey(derivation, material, { name: "AES-GCM", length: 256 }, false, [
        "encrypt",
        "decrypt",
      ]);
      const cipher = {
        name: "AES-GCM",
        iv: bytesOf(header.cipher.iv),
        additionalData: new TextEncoder().encode(JSON.stringify(header)),
      };
      const whole = new Uint8Array(await subtle.decrypt(cipher, key, bytesOf(data)));
      const contents = { cut: whole.slice(0, -1), empty: new Uint8Array(), later: whole.slice().fill(250, 0, 1) };
      /** @type {{ [name: string]: string }} */
      const made = {};
      for (const [name, plain] of Object.entries(contents)) {
        const locked = new Uint8Array(await subtle.encrypt(cipher, key, plain));
        made[name] = JSON.stringify({ ...header, data: btoa(String.fromCharCode(...locked)) });
      }
      return made;
    },
    file,
    SECRET,
  );
  await tab.announced("impression");
  const before = await tab.evaluate(stored);
  assert.deepEqual(await tab.evaluate(imported, forged.cut, SECRET), { imported: false, reason: "damaged" });
  assert.deepEqual(await tab.evaluate(imported, forged.empty, SECRET), { imported: false, reason: "damaged" });
  assert.deepEqual(await tab.evaluate(imported, forged.later, SECRET), { imported: false, reason: "newer" });
  assert.deepEqual(await tab.evaluate(stored), before);
  assert.equal(await tab.evaluate(variant), "boots");
});

scene("without consent a file can be made of what is in memory, but none is taken in", async ({ site, visitor }) => {
  const shop = site({ config: config(), body, pages: { "/yes": { tag: granted } } });
  const tab = await (await visitor()).open(shop.url());
  const file = await fileOf(tab);
  for (const consent of [null, false]) {
    await tab.evaluate((personalize) => window.tailorbird.consent({ personalize }), consent);
    assert.deepEqual(
      await tab.evaluate(imported, file, SECRET),
      { imported: false, reason: "consent" },
      String(consent),
    );
    assert.deepEqual(await tab.evaluate(keptKeys), []);
  }
  const other = await (await visitor()).open(shop.url("/yes"));
  await other.announced("ready");
  assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true });
  assert.equal(await other.evaluate(variant), "boots");
});

/**
 * Runs in the page: an import during which the visitor erases, or says no, at one of two moments.
 *
 * @param {string} file
 * @param {string} passphrase
 * @param {"erase" | "consent"} then
 * @param {string} moment
 */
const interrupted = async (file, passphrase, then, moment) => {
  const act = () => (then === "erase" ? window.tailorbird.erase() : window.tailorbird.consent({ personalize: false }));
  if (moment === "while the key is derived") {
    const original = SubtleCrypto.prototype.deriveKey;
    SubtleCrypto.prototype.deriveKey = function (/** @type {Parameters<SubtleCrypto["deriveKey"]>} */ ...words) {
      SubtleCrypto.prototype.deriveKey = original;
      const key = original.apply(this, words);
      void act();
      return key;
    };
    return window.tailorbird.import(file, passphrase);
  }
  /** @type {() => void} */
  let release = () => {};
  await new Promise((held) => {
    void navigator.locks.request(
      "tailorbird.fold",
      () =>
        new Promise((done) => {
          release = () => done(undefined);
          held(undefined);
        }),
    );
  });
  const pending = window.tailorbird.import(file, passphrase);
  const waits = async () => (await navigator.locks.query()).pending?.some(({ name }) => name === "tailorbird.fold");
  while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 10));
  void act();
  release();
  return pending;
};

scene("who says no or erases while a file is being opened has the last word", async ({ site, open }) => {
  const shop = site({ config: config(), body, tag: granted });
  const tab = await open(shop.url());
  const file = await fileOf(tab);
  for (const moment of ["while the key is derived", "while another tab folds"]) {
    for (const then of /** @type {const} */ (["erase", "consent"])) {
      const answer = await tab.evaluate(interrupted, file, SECRET, then, moment);
      assert.deepEqual(answer, { imported: false, reason: "consent" }, `${then} ${moment}`);
      assert.equal(await tab.evaluate(variant), null, `${then} ${moment}`);
      await tab.evaluate(() => window.tailorbird.consent({ personalize: false }));
      assert.deepEqual(await tab.evaluate(keptKeys), [], `${then} ${moment}`);
      await tab.evaluate(() => window.tailorbird.consent({ personalize: true }));
    }
  }
  // Nothing of it is left in the way.
  assert.deepEqual(await tab.evaluate(imported, file, SECRET), { imported: true });
  assert.equal(await tab.evaluate(variant), "boots");
});

scene("two files that are opened at the same time are both taken", async ({ site, visitor }) => {
  const shop = site({ config: config(), body, tag: granted });
  const one = await fileOf(await (await visitor()).open(shop.url()), 3);
  const two = await fileOf(await (await visitor()).open(shop.url()), 4);
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  const answers = await other.evaluate(
    (files, passphrase) => Promise.all(files.map((file) => window.tailorbird.import(file, passphrase))),
    [one, two],
    SECRET,
  );
  assert.deepEqual(answers, [{ imported: true }, { imported: true }]);
  assert.equal(await other.evaluate(views), 7);
});

scene("where the browser has no Web Locks a file is taken and kept as well", async ({ site, visitor }) => {
  const withoutLocks = () => Reflect.deleteProperty(Navigator.prototype, "locks");
  const shop = site({ config: config(), body, tag: granted, before: [withoutLocks] });
  const file = await fileOf(await (await visitor()).open(shop.url()));
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  assert.equal(await other.evaluate(() => "locks" in navigator), false);
  assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true });
  assert.equal(await other.evaluate(variant), "boots");
  await other.goto(shop.url());
  assert.equal((await other.announced("decision")).variant, "boots");
});

scene("consent for this tab alone keeps what was imported in this tab alone", async ({ site, visitor }) => {
  const shop = site({
    config: config(),
    body,
    tag: granted,
    pages: { "/session": { tag: { "data-consent": "session" } } },
  });
  const file = await fileOf(await (await visitor()).open(shop.url()));
  const other = await (await visitor()).open(shop.url("/session"));
  await other.announced("ready");
  assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true });
  assert.deepEqual(await other.evaluate(keptKeys), []);
  await other.goto(shop.url("/session"));
  await other.announced("ready");
  await says(other, "boots");
});

scene("another tab that is open goes on, and loses nothing by an import in this one", async ({ site, visitor }) => {
  const shop = site({ config: config(), body, tag: granted });
  const file = await fileOf(await (await visitor()).open(shop.url()), 5);
  const device = await visitor();
  const [one, two] = [await device.open(shop.url()), await device.open(shop.url())];
  for (const tab of [one, two]) await tab.announced("ready");
  await one.evaluate(tracked, looks("tents", 2));
  await two.evaluate(tracked, looks("tents", 3));
  assert.deepEqual(await one.evaluate(imported, file, SECRET), { imported: true });
  await two.evaluate(tracked, looks("tents", 1));
  await two.close();
  await one.goto(shop.url());
  await one.announced("ready");
  assert.equal(await one.evaluate(views), 11);
});

scene(
  "the file for moving is loaded when somebody moves, and not before",
  { said: [/push\(\): "(export|import)" is no command/] },
  async ({ site, open }) => {
    const shop = site({ config: config(), body, tag: granted });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await tab.evaluate(tracked, looks("boots"));
    assert.equal(await tab.evaluate(() => window.tailorbird.export().version), 1);
    // The queue takes only what needs no answer, and says so.
    await tab.evaluate(
      // @ts-expect-error: none of the two is a command
      (passphrase) => window.tailorbird.push(["export", { passphrase }], ["import", "{}", passphrase]),
      SECRET,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal((await tab.heard()).filter(({ text }) => /is no command/.test(text)).length, 2);
    assert.ok(!shop.engineRequests().includes(FILE));
    const file = await tab.evaluate(exported, SECRET);
    await tab.evaluate(imported, file, SECRET);
    assert.equal(shop.engineRequests().filter((where) => where === FILE).length, 1);
  },
);

scene(
  "a file that cannot be had, a short passphrase and a stopped engine are answers, not errors",
  { said: [/404|Failed to load|Loading (failed|module)|not here/i], missing: [FILE] },
  async ({ site, open }) => {
    const gone = site({
      config: config(),
      body,
      tag: granted,
      files: { [FILE]: { status: 404, type: "text/plain", body: "not here" } },
    });
    const tab = await open(gone.url());
    await tab.announced("ready");
    assert.equal(await tab.evaluate(exported, SECRET), null);
    assert.deepEqual(await tab.evaluate(imported, "{}", SECRET), { imported: false, reason: "unavailable" });
    assert.equal(await tab.evaluate(() => window.tailorbird.available), true);

    const shop = site({ config: config(), body, tag: granted });
    await tab.goto(shop.url());
    await tab.announced("ready");
    for (const passphrase of ["1234567", "", null, 12345678])
      assert.equal(await tab.evaluate(exported, passphrase), null);
    assert.deepEqual(
      // @ts-expect-error: options without a passphrase
      await tab.evaluate(() => Promise.all([window.tailorbird.export({}), window.tailorbird.export(7)])),
      [null, null],
    );
    // Also one that is stopped while at it.
    const answers = await tab.evaluate(async (passphrase) => {
      const pending = window.tailorbird.import("{}", passphrase);
      window.tailorbird.stop();
      return [
        await pending,
        await window.tailorbird.import("{}", passphrase),
        await window.tailorbird.export({ passphrase }),
        window.tailorbird.export(),
      ];
    }, SECRET);
    const unavailable = { imported: false, reason: "unavailable" };
    assert.deepEqual(answers, [unavailable, unavailable, null, {}]);
  },
);

scene(
  "on a page that is not secure nothing is encrypted and nothing opened, and so it is said",
  async ({ site, visitor }) => {
    const shop = site({ config: config(), body, tag: granted });
    const file = await fileOf(await (await visitor()).open(shop.url()));
    const tab = await (await visitor()).open(shop.url().replace(".localhost:", ".test:"));
    await tab.announced("ready");
    assert.equal(await tab.evaluate(() => isSecureContext), false);
    assert.equal(await tab.evaluate(exported, SECRET), null);
    assert.deepEqual(await tab.evaluate(imported, file, SECRET), { imported: false, reason: "unsupported" });
    // The rest goes on.
    await tab.evaluate(tracked, looks("tents"));
    assert.equal(await tab.evaluate(variant), "tents");
    assert.equal(await tab.evaluate(() => window.tailorbird.export().version), 1);
  },
);

scene("where nothing can be stored a file is made and none is taken in", async ({ site, visitor }) => {
  const pages = { "/blocked": { before: [blockStorage] }, "/full": { before: [fillStorage] } };
  const shop = site({ config: config(), body, tag: granted, pages });
  const tab = await (await visitor()).open(shop.url("/blocked"));
  const file = await fileOf(tab);
  assert.deepEqual(await tab.evaluate(imported, file, SECRET), { imported: false, reason: "unsupported" }, "blocked");
  await tab.goto(shop.url("/full"));
  await tab.announced("ready");
  assert.deepEqual(await tab.evaluate(imported, file, SECRET), { imported: false, reason: "unsupported" }, "full");
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  assert.deepEqual(await other.evaluate(imported, file, SECRET), { imported: true });
  assert.equal(await other.evaluate(variant), "boots");
});
