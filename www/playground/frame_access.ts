/** What the playground and the page in its frame call of each other. Both are of one origin. */

import type { Attributes, Tailorbird, TailorbirdEvents } from "../loader/types.js";
import type { PageStep, Session, StatedConsent } from "./session.js";

/** One page view in the frame. */
export interface FrameScene {
  /** The text of the config. */
  readonly config: string;
  /** The markup of the page's body. */
  readonly page: string;
  /** The path and query that the page seems to have. */
  readonly address: string;
  /** The address that led to it; empty where none did. */
  readonly referrer: string;
  /** By how many milliseconds the visitor's clock is ahead of the real one; below 0 where it is behind. */
  readonly aheadMs: number;
  /** What the site states; nothing where it states nothing. */
  readonly consent: StatedConsent | undefined;
  readonly attributes: Attributes;
  /** What the visitor's browser is set to. */
  readonly browser: NonNullable<Session["browser"]>;
  /** Its random bytes; its own where missing. */
  readonly seed: readonly number[] | undefined;
  readonly namespace: string;
}

/** Any `tailorbird:` event. */
export type Announced = {
  [Name in keyof TailorbirdEvents]: { readonly name: Name; readonly detail: TailorbirdEvents[Name] };
}[keyof TailorbirdEvents];

/** What the frame tells. */
export interface FrameListener {
  announced(event: Announced): void;
  /** The engine said this in the console, without the `tailorbird: ` before it. */
  warned(text: string): void;
  /** The visitor follows a link on the page: a path with its query, or an address elsewhere. */
  followed(address: string): void;
  /** What a recipe expects was compared with the page; `wrong` is empty where it holds. */
  compared(wrong: readonly string[]): void;
}

/** The page in the frame. */
export interface FramePage {
  /** Shows a page view; once for each document. Resolves when the engine has started or has given up. */
  begin(scene: FrameScene, listener: FrameListener): Promise<void>;
  /** Nothing before it has loaded. */
  readonly engine: Tailorbird | undefined;
  /** Moves the visitor's clock. */
  advance(ms: number): void;
  /** Resolves when the step is done and the engine had the time to notice. */
  perform(step: PageStep): Promise<void>;
}

declare global {
  interface Window {
    /** Set by the script of the frame. */
    framePage?: FramePage;
  }
}
