// The types of the rig: what a scene is given, and what each browser has to answer.

import type { Page, SerializedAXNode } from "puppeteer-core";
import type { Decision, TailorbirdEvents } from "../../../www/loader/types.js";

export type BrowserName = "chromium" | "firefox" | "webkit";

export type EventName = keyof TailorbirdEvents;

/** The detail of an event. Whether a decision was applied is what scenes ask, so its cases are one here. */
export type Detail<Name extends EventName> = Name extends "decision"
  ? Decision & { readonly applied: boolean; readonly problem?: string }
  : TailorbirdEvents[Name];

/** A line of the console, or an exception that nobody caught. */
export interface Said {
  kind: string;
  text: string;
}

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Runs a function in the page. It reaches the page as text, its arguments and its result as JSON. */
export type Evaluate = <Given extends unknown[], Result>(
  fn: (...given: Given) => Result,
  ...given: Given
) => Promise<Awaited<Result>>;

/** One tab, as each browser has it. What a browser cannot do is answered with `false` or `null`. */
export interface BrowserTab {
  readonly browser: BrowserName;
  /** The page of Puppeteer; not in WebKit. */
  readonly page?: Page;
  /** Where the pointer was last. */
  at: Point;
  /** What pages said that have been left; only where the collector in the page is asked. */
  earlier?: Said[];
  /** All it said, once it is closed. */
  gone?: Said[];
  goto(url: string): Promise<void>;
  evaluate: Evaluate;
  /** What the console and the page's own errors said. */
  heard(): Promise<Said[]>;
  move(x: number, y: number): Promise<void>;
  press(x: number, y: number): Promise<void>;
  key(name: string, options?: { shift?: boolean }): Promise<void>;
  type(text: string): Promise<void>;
  /** Moves the pointer out of the page. */
  moveOut(x: number, y: number): Promise<boolean>;
  /** The size that the page has now. */
  viewport(width: number, height: number): Promise<Size>;
  /** Back to the window's own size, where that can be told from an emulated one. */
  ownViewport?(): Promise<void>;
  media(features: { dark?: boolean; calm?: boolean }): Promise<boolean>;
  /** Name and role of an element and what is in it, as assistive technology gets them. */
  spoken(selector: string): Promise<SerializedAXNode | null>;
  screenshot(file: string): Promise<void>;
  front(): Promise<void>;
  close(): Promise<void>;
}

/** What every tab can do besides, made from the browser's own methods. */
export interface Tab extends BrowserTab {
  /** Asks the page again and again until the function answers something true. */
  until<Given extends unknown[], Result>(
    fn: (...given: Given) => Result,
    ...given: Given
  ): Promise<Exclude<Awaited<Result>, null | undefined | false | 0 | "">>;
  /** The detail of the first announcement of that name, waited for. */
  announced<Name extends EventName>(name: Name): Promise<Detail<Name>>;
  /** All details of that name so far. */
  announcements<Name extends EventName>(name: Name): Promise<Detail<Name>[]>;
  text(selector: string): Promise<string | null>;
  /** The engine has started or has given up. */
  started(): Promise<true>;
  click(selector: string): Promise<void>;
  /** Ten seconds, unless told, of a visitor who is there, on a page whose clock the test holds. */
  engage(seconds?: number): Promise<void>;
  /** The mouse goes up and out through the top edge, as towards the tab strip. */
  exitTop(options?: { x?: number }): Promise<void>;
  /** Of the page as it is now, in `test-results`. */
  picture(name: string): Promise<void>;
}

/** A visitor on a device of their own, as each browser has it. */
export interface BrowserVisitor {
  open(): Promise<BrowserTab>;
  close(): Promise<unknown>;
  /** Keeps the session for the next scene, where beginning one takes long. */
  rest?(): Promise<void>;
}

export interface OpenedBrowser {
  readonly name: BrowserName;
  readonly version: string;
  /** Nothing kept, nothing shared with another visitor. `first` is the first one of its scene. */
  visitor(options?: { first?: boolean }): Promise<BrowserVisitor>;
  close(): Promise<void>;
}

export interface Visitor {
  open(url?: string): Promise<Tab>;
}

/** Runs in the page before the tag: a function, or a list of one and its arguments. */
export type Step = ((...given: never[]) => unknown) | readonly unknown[];

/** Attributes of an element. */
export type TagAttributes = { readonly [name: string]: string | number | boolean | undefined };

/** A page of a test. */
export interface PageSpec {
  /** Its path. */
  where?: string;
  lang?: string;
  title?: string;
  charset?: string;
  head?: string;
  body?: string;
  /** The config, or text in its place. */
  config?: object | string;
  /** Puts the config into the page. */
  inline?: boolean;
  /** Attributes of the script tag; `false` leaves it out. */
  tag?: TagAttributes | boolean;
  before?: readonly Step[];
  /** The page's Content-Security-Policy. */
  csp?: string;
}

/** What the server answers. */
export interface Answer {
  body?: string | Uint8Array;
  type?: string;
  status?: number;
  headers?: { readonly [name: string]: string };
  /** Milliseconds before the answer. */
  delay?: number;
  /** Only this many bytes of the body are sent. */
  cut?: number;
  /** The connection breaks after them. */
  hangUp?: boolean;
  /** The site has nothing at this path. */
  unknown?: boolean;
}

/** A test's site: its front page, and what else there is. */
export interface SiteSpec extends PageSpec {
  /** More pages by path, each on top of the front page. */
  pages?: { readonly [path: string]: PageSpec };
  /** Answers by path, which go before everything else; without a `body` they change how a file is served. */
  files?: { [path: string]: Answer | undefined };
  /** Folders by the beginning of the path. */
  roots?: { readonly [prefix: string]: string };
  /** Rewrites a page from a folder. */
  html?: (path: string, text: string) => string;
  /** Another build than `dist/`. */
  dist?: string;
  /** The Cache-Control of everything, else `no-store`, with which no browser keeps a page whole. */
  caching?: string;
}

export interface SiteRequest {
  method: string;
  path: string;
  query: string;
  status: number;
  bytes: number;
  /** It did not come through the proxy. */
  bypassed: boolean;
  /** The site has nothing at this path. */
  unknown?: boolean;
}

export interface Site {
  readonly name: string;
  readonly origin: string;
  /** Read anew for each request: a scene may change it. */
  spec: SiteSpec;
  requests: SiteRequest[];
  url(path?: string): string;
  /** Paths of what the engine itself asked for, in order. */
  engineRequests(): string[];
}

/** What the rig tolerates in a scene. */
export interface SceneOptions {
  /** What the console may say. */
  said?: readonly RegExp[];
  /** Paths that may be missing. */
  missing?: readonly string[];
  /** Paths to which the page's own forms are sent. */
  forms?: readonly string[];
  /** Hosts that may be asked for. */
  hosts?: readonly string[];
  /** Milliseconds. */
  timeout?: number;
}

export interface SceneTools {
  readonly browser: BrowserName;
  /** A site of this scene. */
  site(spec: SiteSpec): Site;
  visitor(): Promise<Visitor>;
  /** A tab of the scene's first visitor. */
  open(url?: string): Promise<Tab>;
}

export type Tell = (tools: SceneTools) => Promise<void>;

/** One test. */
export interface Scene {
  (name: string, tell: Tell): void;
  (name: string, options: SceneOptions, tell: Tell): void;
}

export interface Rig {
  readonly browser: BrowserName;
  readonly scene: Scene;
}

/** What WebKitGTK needs: see `scripts/setup.mjs`. */
export interface FoundBrowsers {
  chromium: string | null;
  firefox: string | null;
  webkit: { driver: string; browser: string; xvfb: string } | null;
}
