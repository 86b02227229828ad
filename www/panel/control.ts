/** Pause, take along, erase. */

import type { Imported } from "../loader/types.js";
import { button, hint, make, makeSwitch, section, withId, type Panel, type Section } from "./parts.js";
import type { Texts } from "./texts/en.js";

/** The shortest passphrase of an encrypted file. */
const PASSPHRASE = 8;

/** What the visitor is told of a file that is not imported. */
const REFUSED: { readonly [reason in (Imported & { imported: false })["reason"]]: keyof Texts } = {
  passphrase: "wrong",
  damaged: "wrong",
  expired: "expired",
  foreign: "foreign",
  newer: "newer",
  "too-many": "refused",
  consent: "refused",
  unsupported: "refused",
  unavailable: "refused",
};

/** Hands the visitor a file, without a request: it is made in the page. */
const download = (name: string, text: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${location.hostname || "site"}-${name}.json`;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

/** Saving and opening the encrypted file that goes to another device. */
const createMove = ({ tailorbird, words: { say }, tell, refresh }: Panel): HTMLElement => {
  const field = (label: string, input: HTMLInputElement): HTMLElement => {
    const name = make("label", "label", label);
    name.htmlFor = withId(input).id;
    return make("div", "field", name, input);
  };
  const passphrase = make("input", "input");
  passphrase.type = "password";
  passphrase.autocomplete = "off";
  const file = make("input", "input");
  file.type = "file";
  file.accept = "application/json,.json";
  /** The passphrase, where it is one; else the visitor is told what is missing. */
  const passphraseOf = (): string | undefined => {
    if (passphrase.value.length >= PASSPHRASE) return passphrase.value;
    // Its label says what is missing.
    tell(say("passphrase"));
    passphrase.focus();
    return undefined;
  };
  const save = async (): Promise<void> => {
    const secret = passphraseOf();
    if (secret === undefined) return;
    const sealed = await tailorbird.export({ passphrase: secret });
    if (sealed === null) {
      tell(say("refused"));
      return;
    }
    download("profile", sealed);
    tell(say("downloaded"));
  };
  const open = async (): Promise<void> => {
    const [given] = file.files ?? [];
    if (!given) {
      tell(say("noFile"));
      file.focus();
      return;
    }
    const secret = passphraseOf();
    if (secret === undefined) return;
    const result = await tailorbird.import(given, secret);
    refresh();
    tell(say(result.imported ? "opened" : REFUSED[result.reason]));
  };
  return make(
    "details",
    "more",
    make("summary", "summary", say("move")),
    hint(say("moveWhy")),
    field(say("passphrase"), passphrase),
    make(
      "div",
      "buttons",
      button(say("save"), () => void save()),
    ),
    field(say("file"), file),
    make(
      "div",
      "buttons",
      button(say("open"), () => void open()),
    ),
  );
};

export const createControl = (panel: Panel): Section => {
  const { tailorbird, words, tell, refresh } = panel;
  const { say } = words;
  const pause = makeSwitch(say("pause"), say("pauseWhy"), (on) => {
    tailorbird.pause(on);
    refresh();
    tell(say(on ? "rests" : "resumed"));
  });
  const all = button(say("download"), () => {
    download("data", JSON.stringify(tailorbird.export(), null, 2));
    tell(say("downloaded"));
  });
  const means = hint(say("downloadWhy"));
  all.setAttribute("aria-describedby", means.id);

  // Asked once more in the page itself: it is the one thing here that cannot be undone.
  const ask = (asks: boolean): void => {
    question.hidden = !asks;
    erase.hidden = asks;
    (asks ? keep : erase).focus();
  };
  const erase = button(say("erase"), () => ask(true));
  const keep = button(say("eraseNo"), () => ask(false));
  const sure = withId(make("p", "sure", say("eraseSure")));
  const yes = button(say("eraseYes"), () => {
    tailorbird.erase();
    refresh();
    ask(false);
    tell(say("erased"));
  });
  const question = make("div", "question", sure, make("div", "buttons", keep, yes));
  question.setAttribute("role", "group");
  question.setAttribute("aria-labelledby", sure.id);
  question.hidden = true;
  return {
    element: section(say("control"), pause.element, all, means, createMove(panel), erase, question),
    refresh: () => pause.set(tailorbird.profile().paused === true),
  };
};
