/**
 * What all changes of a page have in common: each is judged before the first is made, looked after while it
 * stands, and has an exact inverse.
 *
 * All methods are always there, because a page may have put a method of that name on `Object.prototype`.
 */

/** A change that was judged and can be made. */
export interface PlannedChange {
  /** The element whose content it replaces, if any. Two changes of one content are a mistake. */
  readonly content: Element | undefined;
  make(): AppliedChange;
}

/** Something that was changed, and what the page had there. */
export interface AppliedChange {
  /**
   * Whether it is still where the variant wants it. Otherwise it is undone and planned again. `isMeant` says whether
   * the elements that it moves are still those that the variant names.
   */
  isCurrent(isMeant: boolean): boolean;
  /**
   * Looks at what became of it after these mutations. Where the page restored its original the change is made
   * again, and the result is `true`. Where anybody wrote something else that stays, for good.
   */
  check(records: readonly MutationRecord[]): boolean;
  /** Puts the page's original back, unless somebody has changed it since. */
  undo(): void;
}

export const always = (): boolean => true;
