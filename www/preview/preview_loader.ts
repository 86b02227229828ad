/** Says what is previewed: by a badge, a chunk of its own that is loaded while there is a preview. */

import type { Engine, PreviewNotice } from "../page/boundary.js";
import type { Guard } from "../page/guard.js";
import { keepInAddress } from "./preview_address.js";

/** The chunk `tailorbird-preview.js`. */
export interface PreviewModule {
  /** Shows a badge in a corner of the page. `leave` is called when the visitor ends the preview. */
  createBadge(leave: () => void): Badge;
}

export interface Badge {
  say(notice: PreviewNotice): void;
  remove(): void;
}

export interface Previews {
  say(notice: PreviewNotice): void;
  /** The page may be changed from now on. */
  begin(): void;
}

const isOver = ({ previews, problems }: PreviewNotice): boolean => !previews.length && !problems.length;

export const createPreviews = (engine: Engine, guard: Guard, load: () => Promise<PreviewModule>): Previews => {
  let badge: Badge | undefined;
  let said: PreviewNotice | undefined;
  let isReady = false;
  const leave = guard.run(() => engine.preview([]));
  const remove = (): void => {
    badge?.remove();
    badge = undefined;
  };
  guard.onEnd(remove);
  const show = (): void => {
    if (!said || !isReady) return;
    if (isOver(said)) remove();
    else if (badge) badge.say(said);
    else {
      load()
        .then(({ createBadge }) => {
          // Meanwhile it may have been left, or the engine may have ended.
          if (guard.signal.aborted || !said || isOver(said)) return;
          badge ??= createBadge(leave);
          badge.say(said);
        })
        .catch(() => {}); // The chunk failed to load: the preview goes on without a badge.
    }
  };
  return {
    say: (notice) => {
      said = notice;
      if (notice.address !== null) keepInAddress(notice.address);
      show();
    },
    begin: () => {
      isReady = true;
      show();
    },
  };
};
