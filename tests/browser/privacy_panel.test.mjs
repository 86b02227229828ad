// The privacy panel, as its visitors meet it: what it says in every state of consent, and what comes of each of its
// buttons.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { violations } from "./axe.mjs";
import { body, config, hero, keptKeys, looks, queued, tracked } from "./outdoor.mjs";
import { blockStorage } from "./rig/before.mjs";
import { rig } from "./rig/rig.mjs";

/** @import { Tab } from "./rig/types.js" */

const { scene, browser } = await rig();

const FILE = "/tailorbird-privacy.js";
const SECRET = "kestrel over wet heath";

/** Takes note of every file that the page hands to the visitor, in place of saving it. */
const catchDownloads = () => {
  /** @type {{ name: string, text: Promise<string> }[]} */
  const files = [];
  Object.defineProperty(window, "files", { value: files });
  /** @type {Map<string, Blob>} */
  const blobs = new Map();
  URL.createObjectURL = (/** @type {Blob} */ blob) => {
    blobs.set(`blob:${blobs.size}`, blob);
    return `blob:${blobs.size - 1}`;
  };
  HTMLAnchorElement.prototype.click = function click() {
    const blob = blobs.get(this.getAttribute("href") ?? "");
    if (blob) files.push({ name: this.download, text: blob.text() });
  };
};

/** A page with a panel, for somebody who looked at boots and tents. */
const page = (more = {}) => ({
  lang: "en",
  head: `<meta name="viewport" content="width=device-width"><style>body { font: 16px sans-serif; background: Canvas; color: CanvasText; color-scheme: light dark }</style>`,
  config: config({ slots: [hero(), hero({ id: "strip" })] }),
  tag: { "data-consent": "granted" },
  body: body.replace("<main>", "<main><tb-privacy>Without JavaScript nothing is stored.</tb-privacy>"),
  before: [[queued, [...looks("boots", 3), ...looks("tents", 1)]], catchDownloads],
  ...more,
});
const plain = { before: [catchDownloads] };

/** Runs in the page: the words of the panel that can be seen. */
const words = () =>
  /** @type {HTMLElement | null | undefined} */ (
    document.querySelector("tb-privacy")?.shadowRoot?.querySelector(".panel")
  )?.innerText;

/**
 * The panel is filled.
 *
 * @param {Tab} tab
 */
const filled = (tab) => tab.until(words);

/**
 * The panel says this by now.
 *
 * @param {Tab} tab
 * @param {string} text
 */
const says = (tab, text) =>
  tab.until(
    (wanted) =>
      /** @type {HTMLElement | null | undefined} */ (
        document.querySelector("tb-privacy")?.shadowRoot?.querySelector(".panel")
      )?.innerText.includes(wanted),
    text,
  );

/**
 * Runs in the page: the control with that name, in view; where a press would meet it.
 *
 * @param {string} name
 */
const control = (name) => {
  const root = document.querySelector("tb-privacy")?.shadowRoot;
  const controls = /** @type {HTMLInputElement[]} */ ([...(root?.querySelectorAll("input, button, summary") ?? [])]);
  const found = controls.find((each) => {
    const label = each.getAttribute("aria-label") ?? each.labels?.[0]?.textContent ?? each.textContent;
    return label?.trim() === name && each.getClientRects().length > 0;
  });
  if (!found) return null;
  found.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = found.getBoundingClientRect();
  return { x: x + width / 2, y: y + height / 2, value: found.value, on: found.checked };
};

/**
 * @param {Tab} tab
 * @param {string} name
 */
const press = async (tab, name) => {
  const { x, y } = await tab.until(control, name);
  await tab.press(x, y);
};

/** Runs in the page: what has the focus. */
const focused = () => {
  const found = /** @type {HTMLInputElement | null | undefined} */ (
    document.querySelector("tb-privacy")?.shadowRoot?.activeElement
  );
  return found && (found.getAttribute("aria-label") ?? found.labels?.[0]?.textContent ?? found.textContent);
};

/**
 * Moves the focus by the keyboard until it is on the control of that name.
 *
 * @param {Tab} tab
 * @param {string} name
 */
const tabTo = async (tab, name) => {
  for (let times = 0; times < 60; times += 1) {
    if ((await tab.evaluate(focused)) === name) return;
    await tab.key("Tab");
  }
  assert.fail(`"${name}" is not reached by the keyboard`);
};

/** Runs in the page: what the panel has read out by now. */
const told = () =>
  [...(document.querySelector("tb-privacy")?.shadowRoot?.querySelectorAll("[role=status]") ?? [])]
    .map((status) => status.textContent)
    .join("");

/** Runs in the page: the share of an interest. */
const share = (/** @type {string} */ key) =>
  window.tailorbird.profile().interests.find((known) => known.key === key)?.share ?? null;

scene("its file is loaded where a page has a panel, and nowhere else", async ({ site, open }) => {
  const shop = site(page({ body }));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await pause(300);
  assert.ok(!shop.engineRequests().includes(FILE));
  // A framework may bring it at any time.
  await tab.evaluate(() => document.querySelector("main")?.append(document.createElement("tb-privacy")));
  await filled(tab);
  assert.equal(shop.engineRequests().filter((path) => path === FILE).length, 1);
  await tab.evaluate(() => document.querySelector("main")?.prepend(document.createElement("tb-privacy")));
  assert.match(String(await filled(tab)), /Your data on this site/, "a second one needs no other file");
  assert.equal(shop.engineRequests().filter((path) => path === FILE).length, 1);
});

/** What the panel says in each state, and which of its parts are there. */
const STATES = /** @type {const} */ ([
  ["unknown", {}, /You have not chosen yet/, ["Your interests", "in memory, until you leave this page"]],
  ["session", { "data-consent": "session" }, /gone when you close it/, ["Your interests", "in this tab"]],
  ["granted", { "data-consent": "granted" }, /kept on this device/, ["Your interests", "on this device"]],
  ["denied", { "data-consent": "denied" }, /You said no\. Nothing about you is stored/, []],
]);

for (const [name, tag, state, parts] of STATES) {
  scene(`with consent ${name} it says what that means, and axe finds nothing`, async ({ site, open }) => {
    const shop = site(page({ tag }));
    const tab = await open(shop.url());
    await tab.announced("ready");
    const said = String(await filled(tab));
    assert.match(said, state);
    for (const part of parts) assert.ok(said.includes(part), `${part}: ${said}`);
    assert.equal(said.includes("Your interests"), parts.length > 0);
    assert.ok(said.includes("Your choice") && said.includes("Why you see what you see"));
    assert.deepEqual(await violations(tab, "tb-privacy"), []);
    await tab.picture(`privacy-panel-${name}`);
  });
}

scene("paused and asked whether to erase, axe finds nothing either", async ({ site, open }) => {
  const tab = await open(site(page()).url());
  await tab.announced("ready");
  await press(tab, "Pause");
  await says(tab, "You have paused.");
  await press(tab, "Take it to another device");
  await press(tab, "On other pages");
  await press(tab, "Erase everything");
  await says(tab, "It cannot be brought back.");
  assert.deepEqual(await violations(tab, "tb-privacy"), []);
  await tab.picture("privacy-panel-open");
});

scene(
  "where the engine cannot run it says that nothing is stored",
  { said: [/config is refused|version is 2/] },
  async ({ site, open }) => {
    const tab = await open(site(page({ config: { version: 2 }, before: [catchDownloads] })).url());
    const said = String(await filled(tab));
    assert.match(said, /Personalization is not running on this page\. Nothing is stored and nothing is read\./);
    assert.ok(!said.includes("Your choice") && !said.includes("Your interests"));
    assert.deepEqual(await violations(tab, "tb-privacy"), []);
  },
);

scene("when the site stops the engine it says so, and goes on with the next", async ({ site, open }) => {
  const tab = await open(site(page({ before: [catchDownloads] })).url());
  await tab.announced("ready");
  await filled(tab);
  await tab.evaluate(() => window.tailorbird.stop());
  await says(tab, "Personalization is not running on this page.");
});

scene("where storage is blocked it works in memory", { said: [/storage/] }, async ({ site, open }) => {
  const tab = await open(site(page({ before: [blockStorage, [queued, looks("boots", 3)], catchDownloads] })).url());
  await tab.announced("ready");
  await filled(tab);
  await press(tab, "Forget Boots");
  await says(tab, "Boots is forgotten.");
  assert.equal(await tab.evaluate(share, "boots"), null);
});

scene("a slider corrects an interest: now, in the page, and on the next page", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  await filled(tab);
  assert.equal(await tab.text("[data-tb-slot=hero] h1"), "Boots that know the way");
  await tab.evaluate(() => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("tb-privacy")?.shadowRoot);
    const slider = /** @type {HTMLInputElement} */ (
      [...root.querySelectorAll("input")].find((input) => input.labels?.[0]?.textContent === "Tents")
    );
    slider.value = "80";
    for (const type of ["input", "change"]) slider.dispatchEvent(new Event(type, { bubbles: true }));
  });
  await says(tab, "Tents: 80");
  await says(tab, "as you said");
  const near = (/** @type {unknown} */ found, /** @type {number} */ wanted) =>
    assert.ok(Math.abs(Number(found) - wanted) < 0.001, `${found}, expected ${wanted}`);
  near(await tab.evaluate(share, "tents"), 0.8);
  assert.ok(Number(await tab.evaluate(share, "boots")) < 0.2, "the others make room");
  await tab.until(() => window.tailorbird.peek("hero").variant === "tents");
  shop.spec = page(plain);
  await tab.goto(shop.url());
  await tab.announced("ready");
  await tab.until(() => window.tailorbird.profile().interests.some(({ key, stated }) => key === "tents" && stated));
  near(Math.round(Number(await tab.evaluate(share, "tents")) * 100) / 100, 0.8);
});

scene(
  "sliders, switches and buttons can be used by the keyboard alone, and focus is not lost",
  async ({ site, open }) => {
    const shop = site(page());
    const tab = await open(shop.url());
    await tab.announced("ready");
    await filled(tab);
    assert.equal(await tab.evaluate(told), "", "it says nothing before the visitor does something");

    await tabTo(tab, "Boots");
    const before = Number((await tab.until(control, "Boots")).value);
    await tab.key("ArrowRight");
    await says(tab, `Boots: ${before + 1}`);
    assert.equal(await tab.evaluate(focused), "Boots", "the slider keeps the focus");
    const slider = await tab.evaluate(() => {
      const found = /** @type {HTMLInputElement} */ (document.querySelector("tb-privacy")?.shadowRoot?.activeElement);
      return [found.type, found.value, found.getAttribute("aria-valuetext")];
    });
    assert.deepEqual(slider.slice(0, 2), ["range", String(before + 1)]);
    assert.match(String(slider[2]), new RegExp(`^${before + 1}\\s?%$`));
    await tab.key("ArrowLeft");
    await says(tab, `Boots: ${before}%`);
    await tab.key("Home");
    await says(tab, "Boots: 0%");
    assert.equal(await tab.evaluate(share, "boots"), 0);
    await tab.key("End");
    // The whole would leave no room for anything else.
    await tab.until((found) => window.tailorbird.profile().interests.some(({ share }) => share > found), 0.98);

    await tabTo(tab, "Forget Boots");
    await tab.key("Enter");
    await says(tab, "Boots is forgotten.");
    assert.equal(await tab.evaluate(focused), "Forget Tents", "the focus goes on to the next");
    await tab.key("Enter");
    await says(tab, "Tents is forgotten.");
    assert.equal(await tab.evaluate(focused), "Your interests", "and then to the heading");

    await tabTo(tab, "Pause");
    await tab.key(" ");
    await says(tab, "You have paused.");
    assert.equal(await tab.evaluate(focused), "Pause");
    await tab.key(" ");
    await says(tab, "Learning goes on.");

    await tabTo(tab, "Erase everything");
    await tab.key("Enter");
    assert.equal(await tab.evaluate(focused), "Keep", "who presses twice by mistake keeps it");
    await tab.key("Enter");
    assert.equal(await tab.evaluate(focused), "Erase everything");
    await tab.key("Enter");
    await tab.key("Tab");
    assert.equal(await tab.evaluate(focused), "Erase");
    await tab.key("Enter");
    await says(tab, "Everything is erased.");
    assert.equal(await tab.evaluate(focused), "Erase everything");
  },
);

scene("what is forgotten or erased is gone from storage, and what is paused is not learned", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  await filled(tab);
  await press(tab, "Forget Boots");
  await says(tab, "Boots is forgotten.");
  await press(tab, "Pause");
  await says(tab, "You have paused.");
  await tab.evaluate(tracked, looks("boots", 3));
  shop.spec = page(plain);
  await tab.goto(shop.url());
  await tab.announced("ready");
  await says(tab, "You have paused.");
  assert.equal(await tab.evaluate(share, "boots"), null, "neither what is forgotten nor what came in the pause");
  assert.equal(await tab.evaluate(() => window.tailorbird.peek("hero").variant), null);
  await press(tab, "Pause");
  await says(tab, "Learning goes on.");
  await tab.evaluate(tracked, looks("boots", 1));
  assert.ok(Number(await tab.evaluate(share, "boots")) > 0);

  assert.ok((await tab.evaluate(keptKeys)).some((key) => key?.startsWith("tailorbird.")));
  const seed = await tab.evaluate(() => window.tailorbird.export().seed);
  await press(tab, "Erase everything");
  await press(tab, "Erase");
  await says(tab, "Everything is erased.");
  await says(tab, "Nothing yet.");
  await tab.until((old) => window.tailorbird.export().seed !== old, seed);
  assert.deepEqual(await tab.evaluate(() => window.tailorbird.profile().interests), []);
});

scene("a pause in one tab holds in the others", async ({ site, open }) => {
  const shop = site(page());
  const first = await open(shop.url());
  await first.announced("ready");
  await filled(first);
  shop.spec = page(plain);
  const second = await open(shop.url());
  await second.announced("ready");
  await filled(second);
  await press(second, "Pause");
  await says(second, "You have paused.");
  // The panel follows by itself: the other tab tells nobody but the storage they share.
  await first.front();
  await first.until(() => window.tailorbird.profile().paused);
  await says(first, "You have paused.");
});

scene("each purpose has its switch, and objecting removes what is stored", async ({ site, open }) => {
  const shop = site(page({ tag: {} }));
  const tab = await open(shop.url());
  await tab.announced("ready");
  await filled(tab);
  assert.deepEqual(await tab.evaluate(keptKeys), []);
  const consent = () => [window.tailorbird.profile().consent, window.tailorbird.profile().measure];
  await press(tab, "Adapt pages to me");
  await says(tab, "Pages adapt to you from now on.");
  assert.deepEqual(await tab.evaluate(consent), ["granted", false], "one purpose does not imply the other");
  await tab.until(() => Object.keys(localStorage).length > 0);
  await press(tab, "Count which version I see");
  await says(tab, "Done.");
  assert.deepEqual(await tab.evaluate(consent), ["granted", true]);
  assert.deepEqual((await tab.announcements("consent")).at(-1), { personalize: true, measure: true, source: "site" });
  await press(tab, "Object");
  await says(tab, "What was stored is removed, and nothing is learned.");
  assert.deepEqual(await tab.evaluate(consent), ["withdrawn", false]);
  assert.deepEqual(await tab.evaluate(keptKeys), []);
  await says(tab, "You said no.");
  assert.equal(await tab.evaluate(focused), "Object");
  await press(tab, "Adapt pages to me");
  await says(tab, "Pages adapt to you from now on.");
  await press(tab, "Adapt pages to me");
  await says(tab, "You said no.");
  await tab.until(() => Object.keys(localStorage).length === 0);
});

scene("after a yes it shows what an earlier visit has stored", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  await tab.until(() => Object.keys(localStorage).length > 0);
  shop.spec = page({ tag: {}, ...plain });
  await tab.goto(shop.url());
  await tab.announced("ready");
  assert.match(String(await filled(tab)), /You have not chosen yet[^]*Nothing yet/);
  await press(tab, "Adapt pages to me");
  await tab.until(control, "Boots");
});

scene("a site that asks elsewhere leaves the switches out", async ({ site, open }) => {
  const own = page();
  const shop = site({ ...own, body: own.body.replace("<tb-privacy>", '<tb-privacy data-choice="elsewhere">') });
  const tab = await open(shop.url());
  const said = String(await filled(tab));
  assert.ok(!said.includes("Your choice") && said.includes("Your interests") && said.includes("Erase everything"));
});

scene("all that is stored can be downloaded, and taken to another device", async ({ site, visitor }) => {
  const shop = site(page());
  const tab = await (await visitor()).open(shop.url());
  await tab.announced("ready");
  await filled(tab);
  await press(tab, "Download");
  await says(tab, "The file is in your downloads.");
  const file = (/** @type {number} */ at) =>
    tab.evaluate(async (index) => {
      const { name, text } = /** @type {any} */ (window).files[index];
      return { name, text: await text };
    }, at);
  const data = await file(0);
  assert.match(data.name, /-data\.json$/);
  const read = JSON.parse(data.text);
  assert.deepEqual([read.version, read.attributes.visitor.events.view_item, read.paused], [1, 4, false]);

  await press(tab, "Take it to another device");
  await press(tab, "Save a locked file");
  await tab.until(
    () => document.querySelector("tb-privacy")?.shadowRoot?.activeElement?.getAttribute("type") === "password",
  );
  await tab.type(SECRET);
  await press(tab, "Save a locked file");
  await tab.until(() => /** @type {any} */ (window).files.length === 2);
  const sealed = await file(1);
  assert.match(sealed.name, /-profile\.json$/);
  assert.ok(!sealed.text.includes("boots"), "it is encrypted");

  shop.spec = page(plain);
  const other = await (await visitor()).open(shop.url());
  await other.announced("ready");
  await filled(other);
  await press(other, "Take it to another device");
  await press(other, "Open the file");
  await says(other, "Choose a file first.");
  await other.evaluate((text) => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("tb-privacy")?.shadowRoot);
    const input = /** @type {HTMLInputElement} */ (root.querySelector("input[type=file]"));
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], "profile.json", { type: "application/json" }));
    input.files = transfer.files;
  }, sealed.text);
  await press(other, "Passphrase, at least 8 characters");
  await other.type("not that one");
  await press(other, "Open the file");
  await says(other, "The passphrase is wrong, or the file is damaged.");
  await other.evaluate((secret) => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("tb-privacy")?.shadowRoot);
    /** @type {HTMLInputElement} */ (root.querySelector("input[type=password]")).value = secret;
  }, SECRET);
  await press(other, "Open the file");
  await says(other, "What the file holds is added.");
  await says(other, "Boots");
});

scene("once it is there it asks the network for nothing", async ({ site, open }) => {
  const shop = site(page());
  const tab = await open(shop.url());
  await tab.announced("ready");
  await filled(tab);
  await pause(500);
  if (browser === "chromium") await tab.page?.setOfflineMode(true);
  const before = shop.requests.length;
  await press(tab, "Forget Boots");
  await says(tab, "Boots is forgotten.");
  await press(tab, "Download");
  await says(tab, "The file is in your downloads.");
  await press(tab, "Pause");
  await says(tab, "Paused.");
  await press(tab, "Object");
  await says(tab, "You said no.");
  assert.equal(shop.requests.length, before);
  if (browser === "chromium") await tab.page?.setOfflineMode(false);
});

/** In each language: the title, and a slider's name with its button. */
const LANGUAGES = /** @type {const} */ ([
  ["en-GB", "en", "Your data on this site", "Forget Boots"],
  ["de-AT", "de", "Ihre Daten auf dieser Website", "Boots vergessen"],
  ["fr", "fr", "Vos données sur ce site", "Oublier Boots"],
  ["es-MX", "es", "Sus datos en este sitio", "Olvidar Boots"],
]);

for (const [lang, spoken, title, forget] of LANGUAGES) {
  scene(`on a page in ${lang} it speaks ${spoken}, and axe finds nothing`, async ({ site, open }) => {
    const tab = await open(site(page({ lang })).url());
    await tab.announced("ready");
    assert.ok(String(await filled(tab)).startsWith(title));
    await tab.until(control, forget);
    const language = () =>
      document.querySelector("tb-privacy")?.shadowRoot?.querySelector(".panel")?.getAttribute("lang");
    assert.equal(await tab.evaluate(language), spoken);
    assert.deepEqual(await violations(tab, "tb-privacy"), []);
    await tab.picture(`privacy-panel-${spoken}`);
  });
}

scene("the site adds languages, changes texts and gives names", async ({ site, open }) => {
  const panel = {
    texts: { it: { title: "I tuoi dati", forgetOne: "Dimentica {name}" }, en: { title: "Your data at Larkfell" } },
    names: { it: { "category:boots": "Scarponi", hero: "In alto", "hero:boots": "scarponi" } },
  };
  const shop = site(page({ lang: "it", config: config({ privacy: { panel } }) }));
  const tab = await open(shop.url());
  await tab.announced("ready");
  const said = String(await filled(tab));
  assert.ok(said.startsWith("I tuoi dati"), said);
  assert.ok(said.includes("Your interests"), "what is missing is said in English");
  assert.match(said, /In alto: scarponi/);
  await press(tab, "Dimentica Scarponi");
  await tab.until(() => !window.tailorbird.profile().interests.some(({ key }) => key === "boots"));
  shop.spec = page({ config: config({ privacy: { panel } }), ...plain });
  await tab.goto(shop.url());
  assert.ok(String(await filled(tab)).startsWith("Your data at Larkfell"));
});

scene("from right to left it stands as the page does", async ({ site, open }) => {
  const panel = { texts: { ar: { title: "بياناتك" } } };
  const own = page({ lang: "ar", config: config({ privacy: { panel } }) });
  const tab = await open(
    site({ ...own, head: `${own.head}<script>document.documentElement.dir = "rtl"</script>` }).url(),
  );
  await tab.announced("ready");
  await filled(tab);
  const looksLike = () => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("tb-privacy")?.shadowRoot);
    const left = (/** @type {string} */ selector) => root.querySelector(selector)?.getBoundingClientRect().left ?? 0;
    return {
      direction: root.querySelector(".panel")?.getAttribute("dir"),
      mirrored: left(".interest .button") < left(".slider"),
    };
  };
  assert.deepEqual(await tab.evaluate(looksLike), { direction: "rtl", mirrored: true });
  assert.deepEqual(await violations(tab, "tb-privacy"), []);
  await tab.picture("privacy-panel-rtl");
});

scene("on a small screen, by night and without movement it can be used", async ({ site, open }) => {
  const tab = await open();
  const { width } = await tab.viewport(browser === "webkit" ? 460 : 320, 700);
  await tab.media({ dark: true, calm: true });
  await tab.goto(site(page({ lang: "de" })).url());
  await tab.announced("ready");
  await filled(tab);
  const box = () => {
    const root = /** @type {ShadowRoot} */ (document.querySelector("tb-privacy")?.shadowRoot);
    const small = [...root.querySelectorAll("button, input, summary")]
      .filter((each) => each.getClientRects().length > 0)
      .filter((each) => {
        const { width: wide, height } = each.getBoundingClientRect();
        return wide < 24 || height < 24;
      });
    return { wide: document.documentElement.scrollWidth, small: small.map((each) => each.outerHTML) };
  };
  const { wide, small } = await tab.evaluate(box);
  assert.ok(wide <= width, `${wide} on ${width}`);
  assert.deepEqual(small, [], "every control is large enough for a finger");
  assert.deepEqual(await violations(tab, "tb-privacy"), []);
  await tab.picture("privacy-panel-small-dark");
});

for (const theme of ["plain", "warm", "bold", "inherit"]) {
  scene(`in the theme ${theme} it is legible`, async ({ site, open }) => {
    const own = page();
    const shop = site({ ...own, body: own.body.replace("<tb-privacy>", `<tb-privacy data-theme="${theme}">`) });
    const tab = await open(shop.url());
    await tab.announced("ready");
    await filled(tab);
    assert.deepEqual(await violations(tab, "tb-privacy"), []);
    await tab.picture(`privacy-panel-${theme}`);
  });
}

scene(
  "a page that unsets and hides everything does not reach it, and properties of the site's do",
  async ({ site, open }) => {
    const own = page();
    const style = `<style>* { all: unset } div, section { display: none } html { font-size: 8px }
    tb-privacy { --tailorbird-surface: rgb(1, 2, 3); --tailorbird-text: rgb(250, 250, 250) }
    tb-privacy::part(title) { font-family: Georgia }</style>`;
    const tab = await open(site({ ...own, head: own.head + style }).url());
    await tab.announced("ready");
    await filled(tab);
    const drawn = () => {
      const root = /** @type {ShadowRoot} */ (document.querySelector("tb-privacy")?.shadowRoot);
      const of = (/** @type {string} */ selector) =>
        getComputedStyle(/** @type {Element} */ (root.querySelector(selector)));
      return [of(".panel").backgroundColor, of(".panel").color, of(".title").fontFamily, of(".state").fontSize];
    };
    assert.deepEqual(await tab.evaluate(drawn), ["rgb(1, 2, 3)", "rgb(250, 250, 250)", "Georgia", "16px"]);
  },
);
