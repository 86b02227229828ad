/** The events of an OpenFeature provider. The SDK has such a class, too; this one spares importing it. */

import type { AnyProviderEvent, EventDetails, EventHandler, Logger, ProviderEventEmitter } from "@openfeature/web-sdk";

export const emitter = (): ProviderEventEmitter<AnyProviderEvent> => {
  const handlers = new Map<AnyProviderEvent | undefined, EventHandler[]>();
  const of = (event: AnyProviderEvent): EventHandler[] => handlers.get(event) ?? [];
  let log: Logger = console;
  const events: ProviderEventEmitter<AnyProviderEvent> = {
    emit: (event, details) => {
      for (const handler of of(event)) {
        // What a handler throws, or rejects with later, is kept from the others and from us.
        (async () => handler(details as EventDetails))().catch(reason => log.error(reason));
      }
    },
    addHandler: (event, handler) => {
      handlers.set(event, [...of(event), handler]);
    },
    removeHandler: (event, handler) => {
      handlers.set(event, of(event).filter(other => other != handler));
    },
    removeAllHandlers: event => {
      if (event) handlers.delete(event);
      else handlers.clear();
    },
    getHandlers: of,
    setLogger: logger => {
      log = logger;
      return events;
    },
  };
  return events;
};
