/** What sources of consent state. */

/** An answer for each purpose; what is missing was not answered, and `null` takes an answer back. */
export interface Answer {
  readonly personalize?: boolean | null;
  readonly measure?: boolean;
}

/** The names of sources, as `tailorbird:consent` tells them: `src/signal/consent.rs` has all. */
export type SourceName =
  "cookieconsent" | "onetrust" | "cookiebot" | "tcf" | "gpp" | "global-privacy-control" | "do-not-track";

export type State = (answer: Answer) => void;

/** Which of a consent tool's own categories stand for the purposes. */
export interface Categories {
  readonly personalize: string | undefined;
  readonly measure: string | undefined;
}

/** What a source may use. */
export interface SourceContext {
  readonly state: State;
  readonly categories: Categories;
  /** Listens to an event of the window, as long as the engine lives. */
  on(type: string, listener: (event: Event) => void): void;
}

/**
 * A source: looks for its tool on the page, and listens to it. Called again when the page has loaded, until it answers
 * that it has found what it needs. What it throws is the tool's fault, and ends nothing.
 */
export type Source = (context: SourceContext) => boolean;
