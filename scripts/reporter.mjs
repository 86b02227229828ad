// What `node --test` found out, one line of JSON for each test and each message. `scripts/test.mjs`
// reads it.

const told = (error) => {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause?.message ?? cause);
};

export default async function* reporter(source) {
  for await (const {type, data} of source) {
    if (type === "test:pass" || type === "test:fail") {
      if (data.details?.type === "suite") continue;
      const skipped = data.skip !== undefined && data.skip !== false;
      yield `${JSON.stringify({
        outcome: skipped ? "skipped" : type === "test:pass" ? "passed" : "failed",
        name: data.name,
        file: data.file,
        ms: Math.round(data.details?.duration_ms ?? 0),
        error: type === "test:fail" ? told(data.details?.error) : undefined,
        why: skipped && typeof data.skip === "string" ? data.skip : undefined,
      })}\n`;
    } else if (type === "test:start" && data.nesting === 0) {
      yield `${JSON.stringify({starts: data.name})}\n`;
    } else if (type === "test:stdout" || type === "test:stderr") {
      yield `${JSON.stringify({says: data.message})}\n`;
    }
  }
}
