import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binding } from '../../domain/advice/advice.js';
import { HostError } from '../../domain/errors/host-error.js';
import type {
  ExperimentControl,
  PromoteRequest,
  PromotionReport,
} from '../../domain/experiments/experiment-control.js';
import type { ExperimentReader } from '../../domain/experiments/experiment-reader.js';
import type { HostCertificates } from '../../domain/operations/certificates.js';
import type { ChangeOrigin } from '../../domain/operations/operations.js';
import type { RoleBoard } from '../../domain/operations/role-board.js';
import type { SessionRegistry } from '../../domain/session/session-registry.js';
import {
  FakeConfigControl,
  FakeKillSwitch,
  fakeGuard,
  plainCertificates,
} from '../../domain/testing/fake-operations.js';
import { FakeLog } from '../../domain/testing/fakes.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { OperatorHttp } from '../http-server.js';
import { LiveBoard } from '../live/live-board.js';

export const binding: Binding = {
  role: 'early-stopping',
  plugin: 'plateau',
  pluginVersion: '1.0.0',
  model: '',
  modelSha256: '',
  arm: '',
  solver: undefined,
  deadlineMs: 50,
};

export const experimentEntry = {
  id: 'starts',
  state: 'full',
  reason: 'there is no ramp',
  unit: 'plan',
  control: 'a',
  arms: [{ id: 'a', weight: 1 }],
  changedAtMs: 1,
  primary: { name: 'iterations', direction: 'lower' },
};

const board: RoleBoard = {
  generation: () => 1,
  roles: () => [
    {
      binding,
      breaker: 'closed',
      isHealthy: true,
      outcomes: [{ role: 'early-stopping', outcome: 'applied', count: 3 }],
    },
  ],
  onChange: () => {},
};

const registry: SessionRegistry = {
  sessions: () => [],
  isDraining: false,
  drain: () => Promise.resolve(),
};

/** Knows one experiment. */
const fakeReader: ExperimentReader = {
  list: () => Promise.resolve({ atMs: 7, experiments: [experimentEntry] }),
  panel: (id) => {
    if (id === experimentEntry.id) {
      const decision = { kind: 'continue' as const, arm: null, reason: 'too few plans' };
      const empty = { armDecisions: [], tables: [], sequences: [], notes: [] };
      return Promise.resolve({ atMs: 7, entry: experimentEntry, decision, ...empty });
    }
    const known = experimentEntry.id;
    return Promise.reject(new HostError('experiment-unknown', { experiment: id, known }));
  },
};

const decision = { kind: 'continue', reason: 'too few plans' } as const;

/** Promotes its one experiment against the decision only, and remembers what was asked. */
export class FakeExperimentControl implements ExperimentControl {
  readonly promotions: PromoteRequest[] = [];
  readonly releases: ChangeOrigin[] = [];

  release(experiment: string, origin: ChangeOrigin) {
    if (experiment !== experimentEntry.id) return this.#unknown(experiment);
    this.releases.push(origin);
    return Promise.resolve({ state: 'ramping', reason: 'released' });
  }

  promote(request: PromoteRequest): Promise<PromotionReport> {
    const { experiment, arm, isOverride, isDryRun } = request;
    if (experiment !== experimentEntry.id) return this.#unknown(experiment);
    this.promotions.push(request);
    const { kind, reason } = decision;
    if (!isOverride && !isDryRun) {
      const parts = { experiment, arm, decision: kind, reason };
      return Promise.reject(new HostError('experiment-not-decided', parts));
    }
    const moves = [{ model: 'm', label: 'stable', version: '2' }];
    const isApplied = !isDryRun;
    const state = isApplied ? 'promoted' : 'full';
    return Promise.resolve({ state, reason, decision, isOverridden: isOverride, isApplied, moves });
  }

  #unknown(experiment: string): Promise<never> {
    const known = experimentEntry.id;
    return Promise.reject(new HostError('experiment-unknown', { experiment, known }));
  }
}

/** A folder with a page and a script that is worth compressing. */
function pageFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>page</title>');
  writeFileSync(join(folder, 'assets/page-1.js'), `${' '.repeat(2000)}// page\n`);
  return folder;
}

/** The HTTP side of a host on a free port, with fakes behind it. `atEnd` gets what closes it. */
export async function startHttp(
  atEnd: (cleanUp: () => Promise<void>) => void,
  token?: string,
  address = '127.0.0.1:0',
  certificates: HostCertificates = plainCertificates,
) {
  const folder = pageFolder();
  const live = new LiveBoard({ wallMs: () => 5 });
  const control = new FakeConfigControl();
  const killSwitch = new FakeKillSwitch();
  const experimentControl = new FakeExperimentControl();
  const log = new FakeLog();
  const http = new OperatorHttp({
    certificates,
    certificateHealth: () => certificates.health(),
    storage: () => ({ experiments: 'off', recordings: 'off', journals: 'off', outcomesWaiting: 0 }),
    board,
    registry,
    live,
    control,
    killSwitch,
    log,
    clock: new FakeClock(),
    page: { contentType: 'text/plain', metrics: () => Promise.resolve('one 1\n') },
    catalogue: { plugins: () => [] },
    experiments: fakeReader,
    experimentControl,
    models: { models: () => [] },
    figures: {
      latency: () => ({ count: 3, p50Ms: 0.1, p99Ms: 0.2 }),
      loopLagMs: () => ({ p50: 0, p99: 1 }),
    },
    instance: 'instance-1',
    version: '0.1.0',
    wallMs: () => 5,
    feedIntervalMs: 1,
    dashboardDirectory: folder,
    openInference: undefined,
    guard: fakeGuard(token),
  });
  const bound = await http.listen(address, '127.0.0.1:50151');
  atEnd(async () => {
    await http.close();
    rmSync(folder, { recursive: true });
  });
  const origin = `http://127.0.0.1:${bound.split(':').at(-1)}`;
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const get = (path: string, init?: RequestInit) => fetch(`${origin}${path}`, init);
  return { origin, live, control, killSwitch, experimentControl, log, post, get };
}
