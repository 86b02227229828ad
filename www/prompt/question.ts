/** What a prompt offers and asks for besides yes or no. */

import type { PromptAsk, PromptCoupon } from "../page/boundary.js";
import { button, make, row } from "./elements.js";
import type { PromptAnswer } from "./prompt_loader.js";
import { addListener } from "../loader/record.js";

/** A code, with a button that copies it. */
export const offerCoupon = ({ code, copy, copied }: PromptCoupon): HTMLElement => {
  const text = make("code", "code", code);
  const copies = button("copy", copy);
  // There before it says something, or no screen reader says it.
  const said = make("span", "copied");
  said.setAttribute("role", "status");
  const select = (): void => getSelection()?.selectAllChildren(text);
  addListener(copies, "click", () => {
    // Where the page may not write to the clipboard, the code is selected for the visitor to copy.
    const { clipboard } = navigator as Partial<Navigator>;
    if (!clipboard) {
      select();
      return;
    }
    clipboard.writeText(code).then(() => {
      said.textContent = copied;
    }, select);
  });
  return row("coupon", text, copies, said);
};

/** How a question stands in a prompt. */
interface Question {
  /** What stands below the words. */
  readonly fields: readonly Node[];
  /** The buttons. */
  readonly answers: readonly Node[];
  /** Puts words and buttons into what holds them together. */
  around(words: Node, answers: Node): Node;
}

const beside = (words: Node, answers: Node): Node => {
  const both = document.createDocumentFragment();
  both.append(words, answers);
  return both;
};

/** What is asked for; `yes` and `no` are the buttons that say so. */
export const askFor = (
  ask: PromptAsk | null | undefined,
  yes: HTMLElement | undefined,
  no: HTMLElement,
  answer: (given: PromptAnswer) => void,
): Question => {
  if (ask && "email" in ask && yes) return askForEmail(ask.email, yes, no, answer);
  if (yes) addListener(yes, "click", () => answer({ outcome: "accepted" }));
  if (ask && "choices" in ask) {
    const choices = ask.choices.map(({ id, label }) => answering("choice", label, id, answer));
    return { fields: [], answers: [...choices, no], around: beside };
  }
  if (ask && "scale" in ask) {
    const { from, to, low, high } = ask.scale;
    const steps = row("scale");
    for (let step = from; step <= to; step++) {
      const button = answering("step", String(step), String(step), answer);
      if (step == from) button.setAttribute("aria-label", `${step}, ${low}`);
      if (step == to) button.setAttribute("aria-label", `${step}, ${high}`);
      steps.append(button);
    }
    const ends = row("ends", make("span", "low", low), make("span", "high", high));
    // The buttons at the ends say it.
    ends.setAttribute("aria-hidden", "true");
    return { fields: [steps, ends], answers: [no], around: beside };
  }
  return { fields: [], answers: yes ? [yes, no] : [no], around: beside };
};

const answering = (
  part: string,
  label: string,
  answer: string,
  answered: (given: PromptAnswer) => void,
): HTMLButtonElement => {
  const element = button(part, label);
  element.id = `${part}-${answer}`;
  addListener(element, "click", () => answered({ answer }));
  return element;
};

/** The browser judges the address, in the visitor's language. */
const askForEmail = (
  { label, action }: { readonly label: string; readonly action: string | null },
  yes: HTMLElement,
  no: HTMLElement,
  answer: (given: PromptAnswer) => void,
): Question => {
  const field = make("input", "email");
  field.type = "email";
  field.name = "email";
  field.required = true;
  field.autocomplete = "email";
  const labels = make("label", "label", label);
  labels.htmlFor = field.id;
  const form = make("form", "form");
  // A link leads away before the form is sent.
  const submit = button("accept", yes.textContent || "");
  submit.type = "submit";
  if (action) {
    form.action = action;
    form.method = "post";
  }
  addListener(form, "submit", (event: Event) => {
    const given = { email: field.value };
    if (action) {
      // A form that is removed is not sent.
      setTimeout(() => answer(given));
    } else {
      event.preventDefault();
      answer(given);
    }
  });
  return {
    fields: [row("field", labels, field)],
    answers: [submit, no],
    around: (words, answers) => {
      form.append(words, answers);
      return form;
    },
  };
};
