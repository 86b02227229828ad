// Every recipe does what its sessions say, on its own page and with its own config.
import { readRecipes } from "../../scripts/docs/recipes.mjs";
import { play } from "./recipe_player.mjs";
import { rig } from "./rig/rig.mjs";

const { scene } = await rig();

for (const recipe of readRecipes()) {
  scene(`the recipe ${recipe.name} is shown when it should be, and not otherwise`, async ({ site, open }) => {
    const tab = await open();
    for (const session of recipe.sessions) await play({ site, tab }, recipe, session);
  });
}
