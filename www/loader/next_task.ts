/** Gives the page its turn: what comes after this runs in a task of its own. */

/** `scheduler` of browsers that have it: Chrome from 129, Firefox from 142. */
interface Scheduler {
  yield?(): Promise<void>;
}

/** Resolves in a new task, as soon as what the browser has to do before is done. At once where there is no page. */
export const nextTask = async (): Promise<void> => {
  if (typeof document == "undefined") return;
  const { scheduler } = globalThis as { scheduler?: Scheduler };
  if (scheduler?.yield) return scheduler.yield();
  // A timer would wait for at least a millisecond, and in a background tab for a second.
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
};
