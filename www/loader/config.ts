/** Fetching and reading the config's text. What it says is judged by the core. */

/** Of its text in UTF-8. A longer one is refused before it is read. */
const LIMIT_BYTES = 1_000_000;

/** Says in the console what the site owner got wrong. What the network got wrong is not said there. */
export const refuse = (problems: readonly string[]): never => {
  console.warn(["tailorbird: the config is refused, the page stays as it is", ...problems].join("\n  "));
  throw new Error("the config is refused: " + problems[0]);
};

const tooLong = (): never => refuse(["the config is too long, expected at most 1,000,000 bytes"]);

/** The tree in a text. */
export const parse = (text: string): unknown => {
  if (text.length > LIMIT_BYTES || new TextEncoder().encode(text).length > LIMIT_BYTES) tooLong();
  try {
    return JSON.parse(text);
  } catch (reason) {
    return refuse([`the config is no JSON: ${(reason as Error).message}`]);
  }
};

const fetched = async (address: string): Promise<unknown> => {
  const response = await fetch(address);
  const reader = response.body?.getReader();
  if (!response.ok || !reader) throw new Error("the config cannot be had: status " + response.status);
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return parse(text + decoder.decode());
    length += value.length;
    if (length > LIMIT_BYTES) {
      reader.cancel().catch(() => {});
      tooLong();
    }
    text += decoder.decode(value, { stream: true });
  }
};

/** The config as a tree: from an address, from an object, or the empty one. */
export const read = (config: object | string | undefined): unknown =>
  typeof config == "string"
    ? fetched(config)
    : // By way of its text, so that an object obeys the same limits and holds only what JSON can.
      parse(JSON.stringify(config ?? { version: 1 }));
