/** What every object inherits from. */
const SHARED = [Object, Array, Function, Promise, String, Number, Map, Set].map(
  ({ prototype }) => prototype as object,
);

/**
 * Nothing can be added any more to what all objects share: a plugin that writes `Object.prototype.kind` gets a TypeError, a
 * failure of its own, instead of changing every message of every plan. Methods can still be replaced.
 */
export function closeIntrinsics(): void {
  for (const prototype of SHARED) Object.preventExtensions(prototype);
}
