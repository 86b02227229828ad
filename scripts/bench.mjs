/**
 * Measures us beside a peer: `npm run bench -- NAME`, `npm run bench -- NAME --json`.
 *
 * Progress goes to stderr; stdout has the figures and nothing else.
 */

/** @type {{ [name: string]: string }} */
const BENCHES = {
  boot: "./bench/boot.mjs",
  conditions: "./bench/conditions.mjs",
  "first-visit": "./bench/first_visit.mjs",
  "long-tasks": "./bench/long_tasks.mjs",
  recommend: "./bench/recommend.mjs",
  shards: "./bench/shards.mjs",
  track: "./bench/track.mjs",
};

/** @param {readonly string[]} given */
const main = async ([name, ...flags]) => {
  if (!BENCHES[name] || flags.some((flag) => flag != "--json")) {
    console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join("|")} [--json]`);
    return 2;
  }
  const { bench, table } = await import(BENCHES[name]);
  const figures = await bench();
  console.log(flags.includes("--json") ? JSON.stringify(figures) : table(figures));
  return 0;
};

process.exitCode = await main(process.argv.slice(2)).catch((error) => {
  console.error(`bench: ${error.message}`);
  return 1;
});
