import type { Server } from 'node:http';
import { createServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { listenError } from '../domain/errors/listen-error.js';
import type { HostCertificates, TlsMaterial } from '../domain/operations/certificates.js';
import { HealthSeries } from './live/health-series.js';
import { type AppDependencies, createApp } from './routes/app.js';

export interface HttpDependencies
  extends Omit<AppDependencies, 'isLoopback' | 'series' | 'address'> {
  readonly certificates: HostCertificates;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function contextOf({ certificate, key, clientCa }: TlsMaterial) {
  return { cert: certificate, key, ca: clientCa };
}

/** The operator's address over HTTP: metrics and probes, the interface of the page, and the page. */
export class OperatorHttp {
  readonly #app: Hono;
  readonly #certificates: HostCertificates;
  #server: Server | undefined;
  #isLoopback = false;
  #optimizers = '';
  readonly #series: HealthSeries;

  constructor(dependencies: HttpDependencies) {
    this.#certificates = dependencies.certificates;
    const { clock, wallMs, board, registry, figures, killSwitch, live } = dependencies;
    const series = new HealthSeries({
      clock,
      wallMs,
      roles: () => board.roles(),
      openPlans: () => registry.sessions().length,
      loopLagP99Ms: () => figures.loopLagMs().p99,
      rssBytes: () => process.memoryUsage.rss(),
      cpuSeconds,
    });
    this.#series = series;
    const followStop = () => live.adviceStopped(killSwitch.stopped !== undefined);
    followStop();
    killSwitch.onChange(followStop);
    this.#app = createApp({
      ...dependencies,
      series,
      isLoopback: () => this.#isLoopback,
      address: () => this.#optimizers,
    });
  }

  /** `optimizers`: where they call, for people. @returns the address as bound. @throws HostError `address-unusable` */
  listen(address: string, optimizers: string): Promise<string> {
    this.#optimizers = optimizers;
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replaceAll(/[[\]]/g, '');
    const server = this.#makeServer();
    this.#server = server;
    return new Promise((resolve, reject) => {
      const fail = (error: Error) => reject(listenError('http.address', address, error));
      server.once('error', fail);
      server.listen(Number(address.slice(colon + 1)), host, () => {
        const { port, address: bound } = server.address() as AddressInfo;
        this.#series.start();
        this.#isLoopback = bound === '::1' || bound.startsWith('127.');
        resolve(`${address.slice(0, colon)}:${port}`);
      });
    });
  }

  close(): Promise<void> {
    this.#series.stop();
    const server = this.#server;
    if (server === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  #makeServer(): Server {
    const options = { fetch: this.#app.fetch, overrideGlobalObjects: false };
    const certificates = this.#certificates.of('http');
    if (certificates === undefined) return createAdaptorServer(options) as Server;
    const material = certificates.current();
    const asksClients = material.clientCa !== undefined;
    const server = createAdaptorServer({
      ...options,
      createServer,
      serverOptions: {
        ...contextOf(material),
        requestCert: asksClients,
        rejectUnauthorized: asksClients,
      },
    }) as SecureServer;
    // Connections that are open go on with what they began with.
    certificates.onChange((renewed) => server.setSecureContext(contextOf(renewed)));
    return server;
  }
}
