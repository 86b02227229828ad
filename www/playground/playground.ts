/** The playground: an editor for config and page on the left, the page with the real engine on the right. */

import { createEditor } from "./editor.js";
import { eventSentence, explained, promptExplained } from "./event_sentences.js";
import { createLog } from "./log.js";
import { placesOf, syntaxProblem } from "./problem_places.js";
import { createProblemList } from "./problem_list.js";
import { loadRecipes, type Recipe } from "./recipes.js";
import { LOOK_AT_BOOTS, MOVE_TO_LEAVE, PUT_IN_BASKET, sentenceOf, type Step } from "./session.js";
import { fromFragment, LinkError, toFragment } from "./share.js";
import { createViews } from "./views.js";
import { createVisit, type Site } from "./visit.js";

/** How long nothing must have been typed before the page is shown again. */
const TYPED_MS = 400;

const find = <Type extends HTMLElement>(id: string, type: new () => Type): Type => {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no #${id}`);
};

const notice = find("notice", HTMLElement);
const menu = find("recipe", HTMLSelectElement);
const address = find("address", HTMLInputElement);
const inspect = find("inspect", HTMLButtonElement);
const playForm = find("play", HTMLFormElement);
const sessionMenu = find("session", HTMLSelectElement);

const log = createLog(find("log", HTMLElement), document.querySelector<HTMLOListElement>("#log > ol")!);
const openView = createViews(document.querySelector("main")!);

/** The recipes by name. */
let recipes = new Map<string, Recipe>();
/** The name of what is edited: a recipe's, or what a link says. */
let name = "";
/** The fragment that stands for what is in the editors. */
let fragment = "";
/** The address holds a link that could not be read; it is not overwritten, but left in the browser's history. */
let isLinkBroken = false;
/** What the engine says is wrong with the config that the page has. */
let problems: string[] = [];
/** The slots of which this page view has announced a decision. */
const decided = new Set<string>();

const config = createEditor(find("config", HTMLElement), {
  language: "json",
  label: "Config",
  hint: "Ctrl+Space completes. Tab leaves the editor; while a list is open, press Escape first.",
  onChange: () => edited(),
});
const page = createEditor(find("page", HTMLElement), {
  language: "html",
  label: "Page",
  hint: "Tab leaves the editor.",
  onChange: () => edited(),
});
const problemList = createProblemList(find("problem-count", HTMLElement), find("problems", HTMLElement), (place) => {
  openView("config");
  config.reveal(place);
});

const explainSlots = (): void => {
  const slots = visit.engine()?.explain() ?? [];
  for (const slot of slots) if (!decided.has(slot.slot)) log.add("engine", explained(slot), visit.now());
};

const visit = createVisit(find("frame", HTMLElement), {
  began: (again) => {
    problems = [];
    decided.clear();
    address.value = visit.address();
    if (again) log.add("visitor", { text: "The page is shown again, as it was edited." }, visit.now());
  },
  did: (step) => {
    const text = sentenceOf(step);
    if (text) log.add("visitor", { text }, visit.now());
  },
  announced: (event) => {
    if (event.name == "decision") decided.add(event.detail.slot);
    const sentence = eventSentence(event);
    if (sentence) log.add("engine", sentence, visit.now());
    if (event.name == "ready") {
      explainSlots();
      inspect.disabled = typeof visit.engine()?.inspect != "function";
    }
  },
  warned: (text) => {
    const [title, ...lines] = text.split("\n  ");
    // Problems have their places in the config.
    problems.push(...lines);
    log.add("warning", { text: `The engine says in the console: ${title ?? ""}.` }, visit.now());
  },
  compared: (wrong) => {
    if (wrong.length) log.add("warning", { text: "This is not what the recipe expects.", reasons: wrong }, visit.now());
    else log.add("engine", { text: "This is what the recipe expects." }, visit.now());
  },
  followed: (to) => {
    if (to.startsWith("/")) void play([{ view: to }]);
    else log.add("visitor", { text: `A link leads to ${to}, which the playground does not open.` }, visit.now());
  },
});

const site = (): Site => ({ config: config.text(), page: page.text() });

/** Shows where the problems are. A config that is no JSON has one. */
const showProblems = (): void => {
  const text = config.text();
  const syntax = syntaxProblem(text);
  const places = syntax ? [syntax] : placesOf(text, problems);
  config.mark(places);
  problemList.show(places, syntax ? 0 : problems.length - places.length);
};

/** Runs what the user asked for; a failure is told, and leaves everything as it is. */
const attempt = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (reason) {
    notice.textContent = `That failed: ${reason instanceof Error ? reason.message : String(reason)}.`;
  }
};

const play = (steps: readonly Step[]): Promise<void> => attempt(() => visit.play(steps));

/** The fragment for what is in the editors: of a recipe as it is, its name. */
const link = (): Promise<string> | string => {
  const { config: text, page: markup } = site();
  const recipe = recipes.get(name);
  return recipe?.config == text && recipe.page == markup ? `#${name}` : toFragment({ name, ...site() });
};

/** Writes what is in the editors into the address. A new entry of the history keeps what was there. */
const writeLink = async (isNew: boolean): Promise<void> => {
  fragment = await link();
  history[isNew || isLinkBroken ? "pushState" : "replaceState"](null, "", fragment);
  isLinkBroken = false;
};

let typing: ReturnType<typeof setTimeout> | undefined;
const edited = (): void => {
  clearTimeout(typing);
  typing = setTimeout(() => {
    typing = undefined;
    void attempt(async () => {
      notice.textContent = "";
      await writeLink(false);
      // What is no JSON yet is marked, and the page goes on with what it had.
      if (!syntaxProblem(config.text())) await visit.edit(site());
      showProblems();
    });
  }, TYPED_MS);
};

const openAsNewVisitor = async (): Promise<void> => {
  log.clear();
  log.add("visitor", { text: "Somebody of whom nothing is known opens the page. They have consented." }, Date.now());
  await visit.newVisitor(site());
};

/** Puts something else into the editors, and a new visitor onto its page. */
const open = async (what: { readonly name: string } & Site): Promise<void> => {
  clearTimeout(typing);
  typing = undefined;
  name = what.name;
  const recipe = recipes.get(name);
  menu.value = recipe ? name : "";
  playForm.hidden = !recipe?.sessions.length;
  sessionMenu.replaceChildren(...(recipe?.sessions ?? []).map(({ title }, at) => new Option(title, String(at))));
  config.replace(what.config);
  page.replace(what.page);
  await openAsNewVisitor();
  showProblems();
};

/** Opens what the address holds, a recipe by its name too; the first recipe where it holds nothing. */
const openLink = async (): Promise<void> => {
  const first = recipes.values().next().value;
  try {
    const recipe = location.hash.length > 1 ? recipes.get(location.hash.slice(1)) : first;
    if (recipe) await open(recipe);
    else await open(await fromFragment(location.hash));
    fragment = location.hash;
    notice.textContent = "";
  } catch (reason) {
    if (!(reason instanceof LinkError)) throw reason;
    isLinkBroken = true;
    if (!name && first) await open(first);
    notice.textContent = `This link cannot be opened: ${reason.message}. Nothing was replaced by it.`;
  }
};

const onClick = (id: string, work: () => Promise<void>): void => {
  find(id, HTMLButtonElement).addEventListener("click", () => void attempt(work));
};

onClick("look", () => visit.play(LOOK_AT_BOOTS));
onClick("basket", () => visit.play(PUT_IN_BASKET));
onClick("leave", async () => {
  await visit.play(MOVE_TO_LEAVE);
  const prompts = visit.engine()?.explain("prompts") ?? [];
  if (!prompts.length) log.add("engine", { text: "The config has no prompt that could be shown." }, visit.now());
  for (const prompt of prompts) {
    const sentence = promptExplained(prompt);
    if (sentence) log.add("engine", sentence, visit.now());
  }
});
onClick("next-day", () => visit.play([{ wait: "1d" }, { view: visit.address() }]));
onClick("new-visitor", openAsNewVisitor);
onClick("inspect", async () => {
  await visit.engine()?.inspect();
});
onClick("share", async () => {
  await writeLink(false);
  try {
    await navigator.clipboard.writeText(location.href);
    notice.textContent = "The link is copied. It holds the config and the page itself; nothing was sent.";
  } catch {
    // No permission, or a page that is not secure.
    notice.textContent = "The address of this page is the link. It holds the config and the page itself.";
  }
});

const onSubmit = (form: HTMLFormElement, work: () => Promise<void>): void => {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(work);
  });
};

onSubmit(find("open", HTMLFormElement), () => visit.play([{ view: `/${address.value.replace(/^\/+/, "")}` }]));
onSubmit(playForm, async () => {
  const session = recipes.get(name)?.sessions[Number(sessionMenu.value)];
  if (!session) return;
  log.clear();
  await visit.playSession(session);
});
menu.addEventListener("change", () => {
  const recipe = recipes.get(menu.value);
  if (!recipe) return;
  void attempt(async () => {
    notice.textContent = "";
    // What was typed last is not in the browser's history yet.
    if (typing !== undefined) await writeLink(false);
    await open(recipe);
    await writeLink(true);
  });
});
addEventListener("hashchange", () => {
  if (location.hash != fragment) return void attempt(openLink);
  // Back from a link that could not be read.
  isLinkBroken = false;
  notice.textContent = "";
});

await attempt(async () => {
  recipes = new Map((await loadRecipes()).map((recipe) => [recipe.name, recipe]));
  const other = new Option("From a link", "");
  other.hidden = true;
  menu.replaceChildren(other, ...Array.from(recipes.values(), (recipe) => new Option(recipe.title, recipe.name)));
  await openLink();
});
document.documentElement.dataset["ready"] = "";
