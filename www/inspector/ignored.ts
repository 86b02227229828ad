/** The inspector's own element: what happens in it is nothing that the visitor does. */

let ignored: EventTarget | undefined;

/** From now on events of this element are ignored, and of no other. */
export const ignore = (element: EventTarget | undefined): void => {
  ignored = element;
};

/** Whether something is an event of that element. What is in its shadow tree has the element as target. */
export const isIgnored = (event: unknown): boolean =>
  ignored !== undefined && event instanceof Event && event.target === ignored;
