import { createServer } from 'node:net';
import { HostError } from '../domain/errors/host-error.js';
import { listenError } from '../domain/errors/listen-error.js';
import type { HostConfig } from '../domain/host-config.js';
import { isLoopback } from '../domain/loopback.js';
import { LISTENERS, type Listener } from '../domain/operations/certificates.js';

function tryListening(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

function addressesOf(config: HostConfig): Readonly<Record<Listener, string>> {
  const { server, operatorAddress, httpAddress } = config;
  return { server: server.address, operator: operatorAddress, http: httpAddress };
}

/**
 * Plain text is for this machine alone, unless somebody has said that it is meant. The file was checked as it was read; an address of the
 * command line was not.
 * @throws HostError `listener-exposed`
 */
export function refuseExposed(config: HostConfig): void {
  const addresses = addressesOf(config);
  for (const listener of LISTENERS) {
    const address = addresses[listener];
    const { tls, isInsecureMeant } = config.security[listener];
    if (tls !== undefined || isInsecureMeant || isLoopback(address)) continue;
    throw new HostError('listener-exposed', { key: `${listener}.address`, address, listener });
  }
}

/**
 * Listens at each address for a moment, so that one that is taken is told before models are loaded and not after.
 * @throws HostError `address-unusable`
 */
export async function tryAddresses(config: HostConfig): Promise<void> {
  for (const [listener, address] of Object.entries(addressesOf(config))) {
    const key = `${listener}.address`;
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replaceAll(/[[\]]/g, '');
    try {
      await tryListening(host, Number(address.slice(colon + 1)));
    } catch (thrown) {
      throw listenError(key, address, thrown);
    }
  }
}
