import type { Hono } from 'hono';
import type { Clock } from '../../domain/clock.js';
import { HostError } from '../../domain/errors/host-error.js';
import type { AccessGuard } from '../../domain/operations/access.js';
import type { HostFigures } from '../../domain/operations/metrics.js';
import type { ModelCatalogue } from '../../domain/operations/models.js';
import type { ConfigControl, KillSwitchControl } from '../../domain/operations/operations.js';
import type { PluginCatalogue, RoleBoard, RoleState } from '../../domain/operations/role-board.js';
import type { SessionRegistry } from '../../domain/session/session-registry.js';
import type { ConfigurationPanel, HostHealth, HostStatus, RoleHealth, RolePanel } from '../api.js';
import type { HealthSeries } from '../live/health-series.js';
import { roleHealth } from '../live/role-health.js';

export interface StateDependencies {
  /** Random, of this process. */
  readonly instance: string;
  readonly version: string;
  /** Where optimizers call. */
  readonly address: () => string;
  readonly board: RoleBoard;
  readonly catalogue: PluginCatalogue;
  readonly models: ModelCatalogue;
  readonly registry: SessionRegistry;
  readonly series: HealthSeries;
  readonly figures: HostFigures;
  readonly control: ConfigControl;
  readonly killSwitch: KillSwitchControl;
  readonly guard: AccessGuard;
  readonly clock: Clock;
}

function healthOf({ series, killSwitch }: StateDependencies, state: RoleState): RoleHealth {
  return roleHealth(state, series.recent(state), killSwitch.stopped !== undefined);
}

/** `GET /api/status`, and part of the live feed. */
export function hostStatus(dependencies: StateDependencies): HostStatus {
  const { instance, version, board, registry, killSwitch, guard } = dependencies;
  return {
    instance,
    version,
    address: dependencies.address(),
    needsToken: guard.needsToken,
    changesOff: guard.refusal ?? null,
    state: registry.isDraining ? 'draining' : 'serving',
    generation: board.generation(),
    openPlans: registry.sessions().length,
    stop: killSwitch.stopped ?? null,
    roles: board.roles().map((state) => healthOf(dependencies, state)),
  };
}

function rolePanel(dependencies: StateDependencies, state: RoleState): RolePanel {
  const { binding, outcomes } = state;
  const { figures } = dependencies;
  const { pluginVersion, model, deadlineMs } = binding;
  return {
    ...healthOf(dependencies, state),
    pluginVersion,
    model,
    deadlineMs,
    latency: figures.latency(binding) ?? null,
    outcomes: outcomes.map(({ outcome, count }) => ({ outcome, count })),
  };
}

function hostHealth(
  { clock, figures, series }: StateDependencies,
  startedMs: number,
  watchers: number,
): HostHealth {
  const { user, system } = process.cpuUsage();
  return {
    uptimeSeconds: (clock.nowMs() - startedMs) / 1000,
    rssBytes: process.memoryUsage.rss(),
    cpuSeconds: (user + system) / 1e6,
    loopLagMs: figures.loopLagMs(),
    node: process.version,
    watchers,
    series: series.samples(),
  };
}

/** What the host is doing, read only. `watchers`: pages that follow the live feed. */
export function addState(app: Hono, dependencies: StateDependencies, watchers: () => number): void {
  const { board, catalogue, models, control, clock } = dependencies;
  const startedMs = clock.nowMs();
  app.get('/api/status', (c) => c.json(hostStatus(dependencies)));
  app.get('/api/health', (c) => c.json(hostHealth(dependencies, startedMs, watchers())));
  app.get('/api/plugins', (c) => c.json(catalogue.plugins()));
  app.get('/api/models', (c) => c.json(models.models()));
  app.get('/api/roles', (c) =>
    c.json(board.roles().map((state) => rolePanel(dependencies, state))),
  );
  app.get('/api/configuration', (c) => {
    const generation = board.generation();
    const panel: ConfigurationPanel = {
      generation,
      text: control.textOf(generation) ?? null,
      generations: control.generations(),
      refusals: control.refusals(),
    };
    return c.json(panel);
  });
  app.get('/api/configuration/diff', (c) => {
    const [from, to] = (['from', 'to'] as const).map((field) => {
      const text = c.req.query(field) ?? '';
      if (/^[0-9]{1,9}$/.test(text)) return Number(text);
      const problem = `is ${text === '' ? 'missing' : 'no number'}, but must name a generation`;
      throw new HostError('invalid-field', { field, problem });
    });
    return c.json({ from, to, differences: control.differences(from ?? 0, to ?? 0) });
  });
  app.get('/api/configuration/:generation{[0-9]{1,9}}', (c) => {
    const asked = c.req.param('generation');
    const text = control.textOf(Number(asked));
    if (text === undefined) {
      // Which of them have texts is on the disk, where hundreds of files would be read to say it.
      const listed = control.generations().map(({ generation }) => generation);
      const known = listed.length === 0 ? 'none' : `the latest of ${listed.at(-1)} to ${listed[0]}`;
      throw new HostError('generation-unknown', { generation: asked, known });
    }
    return c.json({ generation: Number(asked), text });
  });
}
