/** The core behind its four exports: trees go in and out by way of its memory. */

import type { NewEngine } from "./boundary.js";
import { platform } from "./platform.js";
import { pack, unpack } from "./tree.js";

interface Core {
  memory: WebAssembly.Memory;
  room(length: number): number;
  open(low: number, high: number): number;
  receive(engine: number, now: number): number;
  free(engine: number): void;
}

/** What an instance imports, and how engines are made once it is there. */
export const tie = (): { imports: WebAssembly.Imports; engines: (instance: WebAssembly.Instance) => NewEngine } => {
  let core: Core;
  let bytes = new Uint8Array();
  // Memory that has grown is another buffer, and nothing is left in the old one.
  const memory = (): Uint8Array => (bytes.length ? bytes : (bytes = new Uint8Array(core.memory.buffer)));
  let box = 0;
  let space = 0;
  const post = (tree: unknown): void => {
    const bytes = pack(tree);
    // One box serves until a message does not fit.
    if (bytes.length > space) box = core.room((space = bytes.length));
    memory().set(bytes, box);
  };
  return {
    imports: { tailorbird: { ask: (question: number) => post(platform(unpack(memory(), question) as never[])) } },
    engines: instance => {
      core = instance.exports as unknown as Core;
      return (config, low, high) => {
        post(config);
        const engine = core.open(low, high);
        return {
          receive: (message: unknown, now: number) => {
            post(message);
            const answer = core.receive(engine, now);
            return unpack(memory(), answer) as never;
          },
          free: () => core.free(engine),
        };
      };
    },
  };
};
