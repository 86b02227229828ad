/** The recipes that open in the playground: campaigns with a config, a page, and a session that shows them at work. */

import type { Session } from "./session.js";

export interface Recipe {
  /** Its name in links. */
  readonly name: string;
  readonly title: string;
  /** The text of the config. */
  readonly config: string;
  /** The markup of the page's body. */
  readonly page: string;
  /** What visitors do, and what must be shown to them then: the first for whom it is made, the others for whom not. */
  readonly sessions: readonly Session[];
}

/** All of them, as `scripts/docs/playground.mjs` has written them. Rejects where the file cannot be loaded. */
export const loadRecipes = async (): Promise<readonly Recipe[]> => {
  const response = await fetch("recipes.json");
  if (!response.ok) throw new Error(`could not load recipes.json (${response.status})`);
  return (await response.json()) as readonly Recipe[];
};
