/**
 * Stands in for a method of one of the page's own objects. The replacement is made from the
 * original and must call it first. What comes back puts the original in place again, unless
 * somebody has replaced the replacement since: then it stays, as their original.
 */
export const override = <Name extends PropertyKey, Holder extends { [name in Name]: unknown }>(
  holder: Holder,
  name: Name,
  replace: (original: Holder[Name]) => Holder[Name],
): (() => void) => {
  const own = Object.prototype.hasOwnProperty.call(holder, name);
  const original = holder[name];
  const ours = replace(original);
  holder[name] = ours;
  return () => {
    if (holder[name] !== ours) return;
    if (own) holder[name] = original;
    else Reflect.deleteProperty(holder, name);
  };
};
