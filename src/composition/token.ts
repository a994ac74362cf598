import type { ServiceIdentifier } from 'inversify';

/**
 * A typed name of a binding. The declared return type matters: without it the type narrows to `symbol` and bindings are
 * no longer checked.
 */
export function token<T>(name: string): ServiceIdentifier<T> {
  return Symbol.for(`dh-advisor/${name}`);
}
