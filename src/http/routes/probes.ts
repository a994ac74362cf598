import type { Hono } from 'hono';
import { servedName } from '../../domain/advice/advice.js';
import type { CertificateHealth, Listener } from '../../domain/operations/certificates.js';
import type { RoleBoard } from '../../domain/operations/role-board.js';
import type { StorageHealth } from '../../domain/operations/storage-health.js';
import type { SessionRegistry } from '../../domain/session/session-registry.js';

/** A text in the exposition format of Prometheus. */
export interface MetricsPage {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface ProbeDependencies {
  readonly page: MetricsPage;
  readonly board: RoleBoard;
  readonly registry: SessionRegistry;
  readonly storage: () => StorageHealth;
  readonly certificateHealth: () => Readonly<Record<Listener, CertificateHealth>>;
}

/** `/metrics` for Prometheus, `/healthz` (the process lives) and `/readyz` (new plans are welcome) for supervisors. */
export function addProbes(app: Hono, dependencies: ProbeDependencies): void {
  const { page, board, registry, storage, certificateHealth } = dependencies;
  app.get('/metrics', async (c) =>
    c.body(await page.metrics(), 200, { 'content-type': page.contentType }),
  );
  app.get('/healthz', (c) => c.json({ status: 'alive' }));
  app.get('/readyz', (c) => {
    const roles = Object.fromEntries(
      board
        .roles()
        .map(({ binding, isHealthy }) => [
          servedName(binding),
          isHealthy ? binding.plugin || 'off' : 'failing',
        ]),
    );
    // Neither a failing role nor a full disk turns plans away: no advice is a valid answer.
    const isReady = !registry.isDraining;
    const status = isReady ? 'ready' : 'draining';
    const health = { status, roles, storage: storage(), certificates: certificateHealth() };
    return c.json(health, isReady ? 200 : 503);
  });
}
