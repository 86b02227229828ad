// Runs the test files of its command line in one process, one after another. Node's own `--test` gives each a process.
import path from "node:path";
import { pathToFileURL } from "node:url";

for (const file of process.argv.slice(2)) await import(pathToFileURL(path.resolve(file)).href);
