/** The page: everything that is heard from it, and everything that is done to it. */

import type { Consent, StartOptions } from "../loader/types.js";
import { announce } from "./announce.js";
import { asking, type PromptFile } from "./ask.js";
import type { Effect, Engine, Merging } from "./boundary.js";
import { dataLayer } from "./data_layer.js";
import { leave } from "./leave.js";
import { listen } from "./listen.js";
import { pageViews } from "./page_view.js";
import { slots } from "./slots.js";
import { storing, type Storing } from "./storage.js";
import { visibility } from "./visibility.js";
import type { Visit } from "./visit.js";

export interface Page {
  apply(effect: Effect): void;
  /** Tells what page this is, and hears what was said before. */
  hear(): void;
  /** Hears what was said where nobody could listen yet. */
  catchUp(): void;
  /** Lets the slots change. */
  change(): void;
  /** What is kept on the device. */
  storage: Storing;
}

export const page = (
  visit: Visit,
  engine: Engine,
  known: readonly { id: string; target?: string | null }[],
  { dataLayer: layer, namespace }: StartOptions,
  load: () => Promise<PromptFile>,
  merging: () => Promise<Merging>,
): Page => {
  const sight = visibility(visit);
  const places = slots(visit, known, sight);
  const storage = storing(visit, engine, namespace ? "tailorbird-" + namespace : "tailorbird", merging);
  const ask = asking(visit, load);
  const { hear, push } = dataLayer(visit, layer || "dataLayer");

  return {
    apply: effect => {
      switch (effect.effect) {
        case "show":
          return places.show(effect);
        case "revert":
          return places.revert(effect.slot);
        case "prompt":
          return ask(effect);
        case "restore":
          return storage.restore(effect.area);
        case "save":
          return storage.save(effect.text);
        case "append":
          return storage.append(effect.text);
        case "erase":
          return storage.erase();
        case "set-aside":
          return storage.setAside(effect.keys);
        case "fold":
          return storage.fold();
        case "whole":
          return storage.whole();
        case "push":
          return push(effect.entry);
        case "redirect":
          // Two redirects that lead to each other would never end.
          if (effect.to != document.referrer) location.replace(effect.to);
          return;
        case "announce":
          if (effect.name == "consent" && !(effect.detail as Consent).personalize) storage.leave();
          announce(effect.name, effect.detail);
      }
    },
    hear: () => {
      pageViews(visit, () => {
        hear();
        sight.again();
      });
      hear();
      visit.listen(document, "DOMContentLoaded", hear);
      visit.listen(window, "load", hear);
      listen(visit, hear);
      leave(visit);
    },
    // A site may make its data layer after us, as tag managers that wait for consent do, or anew.
    catchUp: hear,
    change: () => {
      visit.send({ signal: "ready" });
      places.begin();
    },
    storage,
  };
};
