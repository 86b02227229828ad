/**
 * Replaces a method of one of the page's own objects, such as `history.pushState` or the data
 * layer's `push`, to learn of its calls.
 *
 * The original is called first, with the same `this` and arguments, and its result is returned; an
 * exception of the original is the caller's, as before. This is script and not Rust because the
 * page needs its method also after the engine has failed.
 *
 * The returned function restores the original, unless somebody has replaced the replacement since:
 * then it stays and only calls through. `undefined` where the object does not allow it, as a frozen
 * data layer does.
 */
export const patchMethod = (
  holder: object,
  method: string,
  after: (args: unknown[]) => void,
): (() => void) | undefined => {
  const own = Object.getOwnPropertyDescriptor(holder, method);
  const original: unknown = Reflect.get(holder, method);
  if (typeof original != "function") return;
  let active = true;
  const replacement = function (this: unknown, ...args: unknown[]): unknown {
    const result: unknown = Reflect.apply(original, this, args);
    if (active) after(args);
    return result;
  };
  if (!Reflect.set(holder, method, replacement) || Reflect.get(holder, method) !== replacement) return;
  return () => {
    active = false;
    if (Reflect.get(holder, method) !== replacement) return;
    if (own) Reflect.set(holder, method, original);
    else Reflect.deleteProperty(holder, method);
  };
};
