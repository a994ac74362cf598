/** `objectiveWeight` -> `objective_weight`: files and commands speak snake case, like results and the contract. */
type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;
export type Snake<T> = T extends readonly (infer Item)[]
  ? readonly Snake<Item>[]
  : T extends object
    ? { readonly [Key in keyof T as SnakeCase<Key & string>]: Snake<T[Key]> }
    : T;

function snakeKey(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The same value with such keys, at every depth. */
export function snake<T>(value: T): Snake<T> {
  if (Array.isArray(value)) return value.map(snake) as Snake<T>;
  if (typeof value !== 'object' || value === null) return value as Snake<T>;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [snakeKey(key), snake(part)]),
  ) as Snake<T>;
}
