/** Builds the site: `npm run docs -- --site`. VitePress renders the pages, and the playground is put beside them. */

import { existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "vitepress";
import { ROOT } from "../setup.mjs";
import { gatherPages } from "./site_pages.mjs";

/** What is served beside the shop: the site is below `docs/` in it. */
export const SITE = join(ROOT, "dist-docs/site");

/**
 * The builder of the playground, where there is one: writes a static page into a folder.
 *
 * @type {() => Promise<((folder: string) => Promise<void>) | null>}
 */
const playgroundBuilder = async () => {
  const builder = new URL("playground.mjs", import.meta.url);
  return existsSync(builder) ? (await import(builder.href)).buildPlayground : null;
};

/** Builds the whole site anew. What was built before is replaced at the end, and stays where building fails. */
export const buildSite = async () => {
  const fresh = join(ROOT, "dist-docs/fresh");
  await rm(fresh, { recursive: true, force: true });
  await gatherPages(join(ROOT, "dist-docs/pages"));
  await build(join(ROOT, "docs"), { outDir: join(fresh, "docs") });
  const buildPlayground = await playgroundBuilder();
  if (buildPlayground) await buildPlayground(join(fresh, "docs/playground"));
  await rm(SITE, { recursive: true, force: true });
  await rename(fresh, SITE);
};
