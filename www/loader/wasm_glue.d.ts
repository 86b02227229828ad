/**
 * The modules that wasm-bindgen writes next to the wasm. A pattern is used only where the file itself is
 * missing: once `pkg/` has been built, its own `tailorbird.d.ts` counts.
 */
declare module "*/pkg/tailorbird.js" {
  /** Compiles and instantiates at once. */
  export function initSync(module: { module: BufferSource | WebAssembly.Module }): unknown;
  /** The same without blocking, streamed where it is given a response. */
  export default function init(module: {
    module_or_path: BufferSource | Response | WebAssembly.Module;
  }): Promise<unknown>;
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
