import { HostError } from '../errors/host-error.js';
import type { AccessGuard, Shown } from '../operations/access.js';
import type { CertificateHealth, HostCertificates } from '../operations/certificates.js';
import type {
  AdviceStop,
  ChangeOrigin,
  ChangeReport,
  ChangeRequest,
  ConfigControl,
  GenerationRecord,
  KillSwitchControl,
  RefusedChange,
  SettingDifference,
} from '../operations/operations.js';

/** Takes every change but that of generation 99, and remembers them. */
export class FakeConfigControl implements ConfigControl {
  readonly requests: ChangeRequest[] = [];
  readonly records: GenerationRecord[] = [];
  readonly refused: RefusedChange[] = [];

  change(request: ChangeRequest): Promise<ChangeReport> {
    this.requests.push(request);
    const { change, isDryRun } = request;
    if (change.kind === 'rollback' && change.generation === 99) {
      return Promise.reject(new HostError('generation-unknown', { generation: 99, known: 1 }));
    }
    const differences = [{ path: 'roles.early-stopping.plugin', before: 'plateau', after: 'off' }];
    const generation = isDryRun ? 1 : 2;
    return Promise.resolve({ generation, isApplied: !isDryRun, differences, needsRestart: [] });
  }

  generations(): readonly GenerationRecord[] {
    return this.records;
  }

  refusals(): readonly RefusedChange[] {
    return this.refused;
  }

  textOf(generation: number): string | undefined {
    return generation === 1 ? 'version: 1 # as written\n' : undefined;
  }

  differences(from: number, to: number): readonly SettingDifference[] {
    if (to > 2) throw new HostError('generation-unknown', { generation: to, known: '2, 1' });
    return from === to ? [] : [{ path: 'roles.early-stopping.plugin', before: 'a', after: 'b' }];
  }

  onChange(): void {}
}

/** Keeps its state in memory. */
export class FakeKillSwitch implements KillSwitchControl {
  stopped: AdviceStop | undefined;

  stop(origin: ChangeOrigin): Promise<void> {
    this.stopped = { ...origin, sinceMs: 7 };
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.stopped = undefined;
    return Promise.resolve();
  }

  explain(origin: ChangeOrigin): Promise<void> {
    if (this.stopped === undefined) return Promise.reject(new HostError('advice-not-stopped'));
    this.stopped = { ...origin, sinceMs: this.stopped.sinceMs };
    return Promise.resolve();
  }

  onChange(): void {}
}

/** Changes take this token only, or without one everything; looking is free. */
export function fakeGuard(token: string | undefined): AccessGuard {
  const caller = { name: undefined, require: () => undefined };
  const prove = (shown: Shown) => {
    if (token === undefined || shown.token === token) return caller;
    throw new HostError('operator-token', { problem: 'Wrong.', variable: 'TOKEN' });
  };
  return {
    needsToken: token !== undefined,
    refusal: undefined,
    admit: (shown, need) => (need === 'viewer' ? caller : prove(shown)),
    prove,
  };
}

const PLAIN: CertificateHealth = { state: 'off', expiresAtMs: null, problem: null };

/** No listener has TLS. */
export const plainCertificates: HostCertificates = {
  of: () => undefined,
  health: () => ({ server: PLAIN, operator: PLAIN, http: PLAIN }),
};
