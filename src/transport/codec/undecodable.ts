import type { ServiceDefinition } from '@grpc/grpc-js';
import { describeThrown } from '../../domain/errors/host-error.js';

/** Stands in the stream where a message was that cannot be decoded. */
export class Undecodable {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}

/**
 * The service with decoders that never throw; `check` looks at the bytes before. What grpc-js makes of a throw there ends a stream without a code, and one with later
 * messages under way not at all: so the stream's own handler is given the fault, in its turn.
 */
export function decodingSafely<S extends ServiceDefinition>(
  service: S,
  check: (bytes: Buffer) => void,
): S {
  const safe = Object.entries(service).map(([name, method]) => {
    const requestDeserialize = (bytes: Buffer): unknown => {
      try {
        check(bytes);
        return method.requestDeserialize(bytes);
      } catch (thrown) {
        return new Undecodable(describeThrown(thrown));
      }
    };
    return [name, { ...method, requestDeserialize }];
  });
  return Object.fromEntries(safe) as S;
}
