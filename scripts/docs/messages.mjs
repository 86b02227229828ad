/**
 * Every message that a developer can meet, from `docs/messages.json`: the page `docs/messages.md`, and the test
 * whether a text is one of them.
 *
 * In a message `{name}` stands for anything; where it may be missing the page says `{name?}`.
 */

import { readFileSync } from "node:fs";

const PLACEHOLDER = /\{[a-z]+\??\}/;

/** @type {{ title: string, about: string, messages: { message: string, cause: string, remedy: string }[] }[]} */
const catalogue = JSON.parse(readFileSync(new URL("../../docs/messages.json", import.meta.url), "utf8"));

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/**
 * A message as a regular expression of the whole text.
 *
 * @param {string} message
 */
const patternOf = (message) => new RegExp(`^${message.split(PLACEHOLDER).map(escaped).join("[^]*")}$`);

const entries = catalogue.flatMap(({ messages }) => messages);
const patterns = entries.map(({ message }) => patternOf(message));

/** All messages, as they are written in the catalogue. */
export const MESSAGES = entries.map(({ message }) => message);

/** What follows a message in the console where nothing of the config is used. */
const CONSEQUENCE = "; the page stays as it is";

/**
 * Whether the catalogue has a text, given without the prefix `tailorbird: `.
 *
 * @param {string} text
 */
export const isKnownMessage = (text) => {
  const message = text.endsWith(CONSEQUENCE) ? text.slice(0, -CONSEQUENCE.length) : text;
  return message === "the config is refused" || patterns.some((pattern) => pattern.test(message));
};

/** @param {string} text */
const cell = (text) => text.replaceAll("|", "\\|");

/** The page. */
export const messagesPage = () => {
  const head = `# Messages

Made from [\`messages.json\`](messages.json) by \`npm run docs\`. Every message that a developer can meet, with its cause and
what to do. In the console each begins with \`tailorbird: \` and is printed once; where nothing of the config is used it ends
with \`; the page stays as it is\`. Words in braces stand for what the message names.
`;
  const sections = catalogue.map(({ title, about, messages }) => {
    const rows = messages.map(
      ({ message, cause, remedy }) =>
        `| \`${cell(message.replaceAll(/\{([a-z]+)\??\}/g, "{$1}"))}\` | ${cell(cause)} | ${cell(remedy)} |`,
    );
    return `## ${title}\n\n${about}\n\n| message | cause | remedy |\n|---|---|---|\n${rows.join("\n")}\n`;
  });
  return [head, ...sections].join("\n");
};
