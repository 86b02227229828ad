// What `node --test` found out, one line of JSON for each test and each message. `scripts/test.mjs`
// reads it.

/** @param {Error | undefined} error */
const told = (error) => {
  const cause = error?.cause ?? error;
  return String(cause instanceof Error ? (cause.stack ?? cause.message) : cause);
};

/** @param {AsyncIterable<import("node:test/reporters").TestEvent>} source */
export default async function* reporter(source) {
  for await (const { type, data } of source) {
    if (type === "test:pass" || type === "test:fail") {
      if (data.details?.type === "suite") continue;
      const isSkipped = data.skip !== undefined && data.skip !== false;
      yield `${JSON.stringify({
        outcome: isSkipped ? "skipped" : type === "test:pass" ? "passed" : "failed",
        name: data.name,
        file: data.file,
        ms: Math.round(data.details?.duration_ms ?? 0),
        error: type === "test:fail" ? told(data.details?.error) : undefined,
      })}\n`;
    } else if (type === "test:start" && data.nesting === 0) {
      yield `${JSON.stringify({ starts: data.name })}\n`;
    } else if (type === "test:stdout" || type === "test:stderr") {
      yield `${JSON.stringify({ says: data.message })}\n`;
    }
  }
}
