import { dirname, resolve } from 'node:path';
import { isLoopback } from '../domain/loopback.js';
import {
  LISTENERS,
  type Listener,
  type ListenerSecurity,
} from '../domain/operations/certificates.js';
import { readTls, TlsFault } from '../system/tls/read-certificates.js';
import type { RawConfig } from './schema/config-schema.js';
import type { Path } from './yaml-document.js';

interface Problem {
  readonly path: Path;
  readonly problem: string;
}

/** What is wrong with the addresses of the listeners and with who could listen on the way. */
export function listenerProblems(raw: RawConfig): readonly Problem[] {
  return [...equalAddresses(raw), ...exposedAddresses(raw)];
}

/** Two listeners can't have one address; port 0 is a free one each time. */
function equalAddresses(raw: RawConfig): readonly Problem[] {
  const seen = new Map<string, string>();
  return LISTENERS.flatMap((name) => {
    const { address } = raw[name];
    const other = seen.get(address);
    if (address.endsWith(':0')) return [];
    seen.set(address, name);
    if (other === undefined) return [];
    const problem = `is the address of \`${other}\` as well; give each its own port`;
    return [{ path: [name, 'address'], problem }];
  });
}

function exposedAddresses(raw: RawConfig): readonly Problem[] {
  return LISTENERS.flatMap((name) => {
    const { address, tls, insecure } = raw[name];
    if (isLoopback(address) || tls !== undefined || insecure !== undefined) return [];
    const problem =
      'is not loopback, and without TLS everybody on the way can read and change what is said: ' +
      `add \`tls: { certificate: FILE, key: FILE }\` to \`${name}\`, or \`insecure: i-know\` where the network itself is private`;
    return [{ path: [name, 'address'], problem }];
  });
}

/** With absolute paths. */
export function securityOf(
  raw: RawConfig,
  file: string,
): Readonly<Record<Listener, ListenerSecurity>> {
  const folder = dirname(resolve(file));
  const securityFor = ({ tls, insecure }: RawConfig[Listener]): ListenerSecurity => ({
    isInsecureMeant: insecure !== undefined,
    tls: tls && {
      certificate: resolve(folder, tls.certificate),
      key: resolve(folder, tls.key),
      clientCa: tls.client_ca && resolve(folder, tls.client_ca),
    },
  });
  return {
    server: securityFor(raw.server),
    operator: securityFor(raw.operator),
    http: securityFor(raw.http),
  };
}

/** Files of certificates that cannot be used now, each with the key that names it. `nowMs`: since 1970. */
export async function certificateProblems(
  security: Readonly<Record<Listener, ListenerSecurity>>,
  nowMs: number,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const name of LISTENERS) {
    const { tls } = security[name];
    if (tls === undefined) continue;
    try {
      await readTls(tls, nowMs);
    } catch (thrown) {
      if (!(thrown instanceof TlsFault)) throw thrown;
      problems.push({
        path: [name, 'tls', thrown.part],
        problem: `names a file that cannot be used: ${thrown.message}`,
      });
    }
  }
  return problems;
}
