/** The recipes are whole: each has the slots of its config on its page, sessions both ways, and its place in the index. */

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { GOALS, readRecipes, recipeFolders } from "../../scripts/docs/recipes.mjs";
import { isRecipe, PAGES, root } from "./snippets.mjs";

/** @import { Expectation, Session } from "../../scripts/docs/recipes.mjs" */

const RECIPES = readRecipes();

test("every folder of recipes/ is in the index once, and every page of docs/recipes/ is of a recipe", () => {
  const listed = GOALS.flatMap(({ names }) => names).sort();
  assert.deepEqual(listed, recipeFolders());
  const pages = PAGES.filter(isRecipe);
  assert.deepEqual(
    pages,
    listed.map((name) => `docs/recipes/${name}.md`),
  );
});

/**
 * Everything that a session expects.
 *
 * @param {Session} session
 */
const expectations = ({ steps }) => steps.flatMap(({ expect }) => expect ?? []);

/** @param {Expectation} expectation */
const shows = ({ slots = {}, prompts = {}, texts = {} }) =>
  Object.values(slots).some((variant) => variant !== null) ||
  Object.values(prompts).includes(true) ||
  (Object.keys(slots).length === 0 && Object.keys(texts).length > 0);

test("links between the texts of recipes lead to files; what stands behind # is checked in docs/recipes/", () => {
  const broken = RECIPES.flatMap(({ name, readme }) =>
    [...readme.matchAll(/\]\(([^)#\s]+)/g)]
      .map(([, target]) => join("recipes", name, target))
      .filter((file) => !existsSync(join(root, file))),
  );
  assert.deepEqual(broken, []);
});

for (const { name, config, page, sessions } of RECIPES) {
  test(`the page of ${name} has the slots of its config, and needs no policy for scripts and styles`, () => {
    const { slots = [] } = /** @type {{ slots?: { id: string }[] }} */ (config);
    const there = [...page.matchAll(/data-tb-slot="([^"]+)"/g)].map(([, slot]) => slot);
    assert.deepEqual(there.sort(), slots.map(({ id }) => id).sort());
    assert.doesNotMatch(page, /<script|<style|\s(style|on[a-z]+)=/);
  });

  test(`the sessions of ${name} show when it is seen, and end where it is not`, () => {
    assert.ok(sessions.length >= 2);
    assert.ok(expectations(sessions[0]).some(shows), "the first one shows it");
    for (const session of sessions) {
      assert.ok(expectations(session).length > 0, session.title);
      assert.ok(session.steps.at(-1)?.expect, `“${session.title}” ends with what is expected`);
      for (const step of session.steps) {
        const keys = Object.keys(step).filter((key) => key !== "params");
        assert.equal(keys.length, 1, `one thing a step: ${keys.join(", ")}`);
      }
    }
    const last = expectations(sessions[sessions.length - 1]);
    const isBandit = name === "bandit-headline";
    assert.ok(isBandit || last.some((expectation) => !shows(expectation)), "the last one does not show it");
  });
}
