/** Plays a session of a recipe on a page of the rig, and judges what it expects. */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { clock, entropy } from "./rig/before.mjs";

/** @import { Expectation, Recipe, Session, Step } from "../../scripts/docs/recipes.mjs" */
/** @import { PromptExplanation } from "../../www/loader/types.js" */
/** @import { SceneTools, Site, Tab } from "./rig/types.js" */

const STARTS = "2026-06-10T10:00";
/** What is expected comes a moment after its cause, on a busy machine much later. */
const PATIENCE = 10_000;
/** Room to scroll, as a real page has it. */
const HEAD = "<style>main { min-height: 250vh }</style>";
/** The pages of a session load the engine once, as with any server that lets it be cached. */
const FILES = { "/tailorbird.js": { headers: { "cache-control": "max-age=600" } } };

/** @type {{ [unit: string]: number }} */
const MILLISECONDS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** @param {string} time */
const milliseconds = (time) => Number.parseInt(time, 10) * MILLISECONDS[time.slice(-1)];

/**
 * Runs in the page before the tag: what the browser is set to.
 *
 * @param {{ language?: string, timeZone?: string }} settings
 */
const settings = ({ language, timeZone }) => {
  const { resolvedOptions } = Intl.DateTimeFormat.prototype;
  Intl.DateTimeFormat.prototype.resolvedOptions = function () {
    return { ...resolvedOptions.call(this), ...(timeZone ? { timeZone } : {}) };
  };
  if (language) Object.defineProperty(Navigator.prototype, "language", { get: () => language });
};

/**
 * Runs in the page before the tag: what the site states on every page.
 *
 * @param {Parameters<typeof window.tailorbird.push>} commands
 */
const stated = (commands) => {
  window.tailorbird = window.tailorbird || [];
  for (const command of commands) window.tailorbird.push(command);
};

/**
 * Runs in the page: as much of it as is expected.
 *
 * @param {Expectation} wanted
 */
const found = ({ slots, levels, prompts, because, texts, dataLayer }) => {
  /**
   * @template Wanted, Found
   * @param {{ [name: string]: Wanted } | undefined} named
   * @param {(name: string) => Found} find
   */
  const each = (named, find) => named && Object.fromEntries(Object.keys(named).map((name) => [name, find(name)]));
  /** @param {string} slot */
  const variant = (slot) => {
    const [last] = window.seen.events
      .filter(({ name, detail }) => name === "decision" && detail.slot === slot)
      .slice(-1);
    const peeked = window.tailorbird.peek(slot).variant;
    const applied = last?.detail.applied ? last.detail.variant : null;
    return peeked === applied ? applied : `decides for ${peeked}, and shows ${applied}`;
  };
  /** @returns {PromptExplanation[]} */
  const explained = () => window.tailorbird.explain("prompts");
  /** @param {string} id */
  const isShown = (id) =>
    window.seen.events.some(
      ({ name, detail }) => name === "prompt" && detail.prompt === id && detail.outcome === "shown",
    ) ||
    // It is about to be.
    (explained().some(({ prompt, due, reasons }) => prompt === id && due && reasons.length === 0) && "waits");
  /** @param {string} name */
  const reason = (name) => {
    /** @type {{ reasons: readonly string[] }} */
    const { reasons } = explained().find(({ prompt }) => prompt === name) ?? window.tailorbird.explain(name);
    return reasons.find((text) => text.includes(because?.[name] ?? "")) ? because?.[name] : reasons;
  };
  /**
   * What a variant has put away is hidden.
   *
   * @param {string} selector
   */
  const text = (selector) =>
    [...document.querySelectorAll(selector)]
      .find((element) => element.getClientRects().length > 0)
      ?.textContent.trim()
      .replaceAll(/\s+/g, " ") ?? null;
  return JSON.parse(
    JSON.stringify({
      slots: each(slots, variant),
      levels: each(levels, (slot) => window.tailorbird.peek(slot).level),
      prompts: each(prompts, isShown),
      because: each(because, reason),
      texts: each(texts, text),
      dataLayer: dataLayer && (window.dataLayer ?? []).filter(({ exp_variant_string }) => exp_variant_string),
    }),
  );
};

/** One visitor's session, on a site of its own. */
class Player {
  /**
   * @param {Site} site
   * @param {Tab} tab
   * @param {Session} session
   */
  constructor(site, tab, session) {
    this.site = site;
    this.tab = tab;
    this.session = session;
    this.now = new Date(session.starts ?? STARTS).getTime();
    /** Time that has passed with the visitor away, of which the page does not know yet. */
    this.away = 0;
    this.isOpen = false;
    /** @type {Step["consent"]} */
    this.consent = undefined;
    this.attributes = {};
  }

  /** @param {string} where */
  async view(where) {
    if (this.isOpen) this.now = (await this.tab.evaluate(() => Date.now())) + 1_000;
    this.now += this.away;
    this.away = 0;
    const { consent, attributes } = this;
    const { seed, browser = {} } = this.session;
    const commands = [
      ...(typeof consent === "object" ? [["consent", consent]] : []),
      ...(Object.keys(attributes).length > 0 ? [["attributes", attributes]] : []),
    ];
    this.site.spec = {
      ...this.site.spec,
      pages: { ...this.site.spec.pages, [where.split("?")[0]]: {} },
      tag: typeof consent === "string" ? { "data-consent": consent } : {},
      before: [[clock, this.now, false], ...(seed ? [[entropy, seed]] : []), [settings, browser], [stated, commands]],
    };
    await this.tab.goto(this.site.url(where));
    await this.tab.started();
    this.isOpen = true;
  }

  /** The page learns how much time has passed. */
  async catchUp() {
    const { away } = this;
    this.away = 0;
    if (away > 0) await this.tab.evaluate((ms) => window.clock.advance(ms), away);
  }

  /** @param {Step} step */
  async perform(step) {
    const { tab } = this;
    if (step.consent !== undefined) this.consent = step.consent;
    if (step.attributes) Object.assign(this.attributes, step.attributes);
    if (step.wait) this.away += milliseconds(step.wait);
    if (step.view) return this.view(step.view);
    if (step.consent !== undefined || step.attributes || step.wait) return undefined;
    await this.catchUp();
    if (step.event) {
      return tab.evaluate((name, params) => window.tailorbird.track(name, params), step.event, step.params ?? {});
    }
    if (step.engage) return tab.engage(milliseconds(step.engage) / 1_000);
    if (step.scroll) {
      return tab.evaluate(async (share) => {
        const { scrollHeight } = document.documentElement;
        window.scrollTo({ top: share * scrollHeight - window.innerHeight, behavior: "instant" });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }, step.scroll);
    }
    if (step.leave) {
      await tab.exitTop();
      return tab.announced("exit-intent");
    }
    if (step.answer) {
      return tab.until((part) => {
        const shown = document.querySelector("tailorbird-prompt")?.shadowRoot;
        const button = /** @type {HTMLElement | null | undefined} */ (shown?.querySelector(`[part~=${part}]`));
        button?.click();
        return Boolean(button);
      }, step.answer);
    }
    return this.expect(step.expect ?? {});
  }

  /** @param {Expectation} wanted */
  async expect(wanted) {
    const deadline = Date.now() + PATIENCE;
    for (;;) {
      const answer = await this.tab.evaluate(found, wanted);
      try {
        assert.deepEqual(answer, wanted, this.session.title);
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
      await pause(30);
    }
  }
}

/**
 * Plays one session of a recipe. `where` is the scene, and its tab.
 *
 * @param {{ site: SceneTools["site"], tab: Tab }} where
 * @param {Recipe} recipe
 * @param {Session} session
 */
export const play = async ({ site, tab }, { config, page }, session) => {
  const player = new Player(site({ config, body: page, head: HEAD, inline: true, files: FILES }), tab, session);
  for (const [at, step] of session.steps.entries()) {
    await player.perform(step).catch((/** @type {Error} */ error) => {
      error.message = `“${session.title}”, step ${at + 1}: ${error.message}`;
      throw error;
    });
  }
};
