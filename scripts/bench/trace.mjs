/** Reads what Chromium has traced. */

/**
 * An event of a trace, times in microseconds: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * @typedef {object} TraceEvent
 * @property {string} name
 * @property {string} ph
 * @property {number} pid
 * @property {number} tid
 * @property {string} [id] what tells a pair of events from others of the same name
 * @property {number} ts
 * @property {number} [dur]
 * @property {number} [tdur]
 * @property {{ data?: { url?: string, stackTrace?: { url?: string }[] }, fileName?: string, name?: string }} [args]
 */

/**
 * What a tracing has written, once it is ended.
 *
 * @param {import("puppeteer-core").CDPSession} session
 * @returns {Promise<{ traceEvents: TraceEvent[] }>}
 */
export const endTracing = async (session) => {
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  const { stream: handle } = await complete;
  let text = "";
  for (;;) {
    const { data, eof } = await session.send("IO.read", { handle });
    text += data;
    if (eof) return JSON.parse(text);
  }
};
