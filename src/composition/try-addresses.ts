import { createServer } from 'node:net';
import { listenError } from '../domain/errors/listen-error.js';
import type { HostConfig } from '../domain/host-config.js';

function tryListening(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve()));
  });
}

/**
 * Listens at each address for a moment, so that one that is taken is told before models are loaded and not after.
 * @throws HostError `address-unusable`
 */
export async function tryAddresses(config: HostConfig): Promise<void> {
  const { server, operatorAddress, httpAddress } = config;
  const listeners = {
    'server.address': server.address,
    'operator.address': operatorAddress,
    'http.address': httpAddress,
  };
  for (const [key, address] of Object.entries(listeners)) {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replaceAll(/[[\]]/g, '');
    try {
      await tryListening(host, Number(address.slice(colon + 1)));
    } catch (thrown) {
      throw listenError(key, address, thrown);
    }
  }
}
