import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RoleBoard, SessionRegistry } from '../domain/ports.js';

/** A text in the exposition format of Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface HttpDependencies {
  readonly page: MetricsPage;
  readonly board: RoleBoard;
  readonly registry: SessionRegistry;
}

interface Page {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

function json(status: number, value: unknown): Page {
  return { status, type: 'application/json', body: `${JSON.stringify(value)}\n` };
}

/** `/metrics` for Prometheus, `/healthz` (the process lives) and `/readyz` (new plans are welcome) for supervisors. */
export class OperatorHttp {
  readonly #dependencies: HttpDependencies;
  readonly #server: Server;

  constructor(dependencies: HttpDependencies) {
    this.#dependencies = dependencies;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => {
        // The page failed or the caller left; either way this answer is all that is left to give.
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
  }

  /** @returns the address as bound. */
  listen(address: string): Promise<string> {
    const colon = address.lastIndexOf(':');
    const host = address.slice(0, colon).replaceAll(/[[\]]/g, '');
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(Number(address.slice(colon + 1)), host, () => {
        const { port } = this.#server.address() as AddressInfo;
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

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, type, body } = await this.#page(request);
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  async #page({ method, url }: IncomingMessage): Promise<Page> {
    const { page, board, registry } = this.#dependencies;
    if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'only GET and HEAD' });
    switch ((url ?? '').split('?')[0]) {
      case '/metrics':
        return { status: 200, type: page.contentType, body: await page.metrics() };
      case '/healthz':
        return json(200, { status: 'alive' });
      case '/readyz': {
        const roles = Object.fromEntries(
          board
            .roles()
            .map(({ binding, isHealthy }) => [
              binding.role,
              isHealthy ? binding.plugin || 'off' : 'failing',
            ]),
        );
        // A failing role does not turn plans away: no advice is a valid answer.
        const isReady = !registry.isDraining;
        return json(isReady ? 200 : 503, { status: isReady ? 'ready' : 'draining', roles });
      }
      default:
        return json(404, { error: 'not found', try: ['/metrics', '/healthz', '/readyz'] });
    }
  }
}
