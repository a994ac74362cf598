import { HostError } from '../../domain/errors/host-error.js';
import { parseConfig } from '../read-config.js';

/** The faults of a configuration, a line each; none when it can be read. */
export function faultsOf(text: string): readonly string[] {
  try {
    parseConfig(text, 'host.yaml');
    return [];
  } catch (thrown) {
    if (!HostError.is(thrown)) throw thrown;
    return String(thrown.params['faults']).split('\n');
  }
}
