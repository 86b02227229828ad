// Every recipe does what its sessions say, on its own page and with its own config. Each is played in one of the browsers:
// what recipes are made of is tested in all of them elsewhere.
import { readRecipes } from "../../scripts/docs/recipes.mjs";
import { play } from "./recipe_player.mjs";
import { rig } from "./rig/rig.mjs";

const { scene, browser } = await rig();

const BROWSERS = ["chromium", "firefox", "webkit"];
const ours = readRecipes().filter((_, index) => BROWSERS[index % BROWSERS.length] === browser);

for (const recipe of ours) {
  scene(`the recipe ${recipe.name} is shown when it should be, and not otherwise`, async ({ site, open }) => {
    const tab = await open();
    for (const session of recipe.sessions) await play({ site, tab }, recipe, session);
  });
}
