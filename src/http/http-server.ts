import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { listenError } from '../domain/errors/listen-error.js';
import { type AppDependencies, createApp } from './routes/app.js';

export type HttpDependencies = Omit<AppDependencies, 'isLoopback'>;

/** The operator's address over HTTP: metrics and probes, the interface of the page, and the page. */
export class OperatorHttp {
  readonly #server: Server;
  #isLoopback = false;

  constructor(dependencies: HttpDependencies) {
    const app = createApp({ ...dependencies, isLoopback: () => this.#isLoopback });
    this.#server = createAdaptorServer({
      fetch: app.fetch,
      overrideGlobalObjects: false,
    }) as Server;
  }

  /** @returns the address as bound. @throws HostError `address-unusable` */
  listen(address: string): Promise<string> {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replaceAll(/[[\]]/g, '');
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(listenError('http.address', address, error));
      this.#server.once('error', fail);
      this.#server.listen(Number(address.slice(colon + 1)), host, () => {
        const { port, address: bound } = this.#server.address() as AddressInfo;
        this.#isLoopback = bound === '::1' || bound.startsWith('127.');
        resolve(`${address.slice(0, colon)}:${port}`);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}
