/** Tells the page what happened, as DOM events named `tailorbird:...`. */

const type = (name: string): string => "tailorbird:" + name;

/** In Node there is no document. There each engine has a stage of its own, and hears only itself. */
export const newStage = (): EventTarget => (typeof document == "undefined" ? new EventTarget() : document);

export const announce = (
  name: string,
  detail: object,
  stage = globalThis.document as EventTarget | undefined,
): unknown => stage?.dispatchEvent(new CustomEvent(type(name), { detail }));

/** Hears one kind of announcement, until the function that comes back is called. */
export const hear = <Detail>(stage: EventTarget, name: string, heard: (detail: Detail) => void): (() => void) => {
  const listener = (event: Event): void => heard((event as CustomEvent<Detail>).detail);
  stage.addEventListener(type(name), listener);
  return () => stage.removeEventListener(type(name), listener);
};
