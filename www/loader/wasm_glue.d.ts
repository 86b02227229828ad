/**
 * The modules that wasm-bindgen writes next to the wasm. A pattern is used only where the file itself is
 * missing: once `pkg/` has been built, its own `tailorbird.d.ts` counts.
 */
declare module "*/pkg/tailorbird.js" {
  /** Answers with the exports of the instance. */
  export function initSync(module: { module: BufferSource | WebAssembly.Module }): { memory: WebAssembly.Memory };
  /** Compiles and instantiates without blocking, streamed where it is given a response. */
  export default function init(module: {
    module_or_path: BufferSource | Response | WebAssembly.Module;
  }): Promise<{ memory: WebAssembly.Memory }>;
  /** Makes another instance of the module. Objects of the one before throw. */
  export function __wbg_reset_state(): void;
  export const Engine: import("../page/boundary.js").EngineConstructor;
}

declare module "*/pkg/tailorbird_recommend.js" {
  /** Compiles and instantiates without blocking. */
  export default function init(module: { module_or_path: BufferSource }): Promise<unknown>;
  /** `recommend/src/web.rs`. Throws where the bytes are no model. */
  export class SiteModel {
    constructor(bytes: Uint8Array);
    damaged(): string[];
    ids(): string[];
    rank(kind: string, history: Uint32Array, count: number): Float64Array;
    missingFile(kind: string, history: Uint32Array): string | undefined;
    addFile(bytes: Uint8Array): void;
    nextItems(item: number): Float64Array;
    next_pages(history: string[], count: number): unknown;
  }
}
