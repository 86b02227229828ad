/** Asking the visitor something. The dialog is a second file, loaded when there is something to ask. */

import type { Ask, Outcome } from "./boundary.js";
import { inField, modal } from "./leave.js";
import type { Visit } from "./visit.js";

/** The second file. */
export interface PromptFile {
  /** Shows the dialog and tells how it was answered; what comes back closes it without an answer. */
  show(ask: Ask, answered: (outcome: "accepted" | "declined" | "dismissed") => void): () => void;
}

export const asking = ({ send, guarded, atEnd, ended }: Visit, load: () => Promise<PromptFile>): ((ask: Ask) => void) => {
  let open = false;
  return ask => {
    const tell = (outcome: Outcome): void => send({ signal: "prompt", prompt: ask.prompt, outcome });
    if (open) return tell("failed");
    open = true;
    const close = guarded((outcome: Outcome) => {
      open = false;
      tell(outcome);
    });
    load()
      .then(({ show }) => {
        if (ended.aborted) return;
        // The file took its time; by now the visitor may be at something else.
        if (modal() || inField()) throw 0;
        atEnd(show(ask, close));
        tell("shown");
      })
      .catch(() => close("failed"));
  };
};
