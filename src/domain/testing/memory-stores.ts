import type {
  ExperimentStore,
  OutcomeOpening,
  OutcomeRecord,
  OutcomeStore,
  Promotion,
  PromotionStore,
  StoredExperiment,
} from '../experiments/experiments.js';
import type { EndingSpool, WaitingOutcome } from '../experiments/plan-ending.js';
import type { ExperimentStores } from '../experiments/plan-experiments.js';
import { MemoryAssignments } from './memory-assignments.js';

export class MemoryOutcomes implements OutcomeStore {
  readonly records: OutcomeRecord[] = [];

  async open(opening: OutcomeOpening): Promise<boolean> {
    if (this.#find(opening.experiment, opening.session) !== undefined) return false;
    const sequence = this.records.length + 1;
    const open = { status: 'open' as const, metrics: {}, endedAtMs: undefined };
    this.records.push({ ...opening, ...open, sequence });
    return true;
  }

  finish(...[experiment, session, metrics, endedAtMs]: Parameters<OutcomeStore['finish']>) {
    return this.#end(experiment, session, { status: 'finished', metrics, endedAtMs });
  }

  lose(...[experiment, session, endedAtMs]: Parameters<OutcomeStore['lose']>) {
    return this.#end(experiment, session, { status: 'lost', endedAtMs });
  }

  async reopen(experiment: string, session: string): Promise<boolean> {
    const record = this.#find(experiment, session);
    if (record === undefined || record.status === 'finished') return false;
    const open = { ...record, status: 'open' as const, endedAtMs: undefined };
    this.records[this.records.indexOf(record)] = open;
    return true;
  }

  async loseOpenedBefore(beforeMs: number, atMs: number): Promise<number> {
    const old = this.records.filter((record) => record.status === 'open' && record.atMs < beforeMs);
    for (const { experiment, session } of old) await this.lose(experiment, session, atMs);
    return old.length;
  }

  async outcomes(experiment: string): Promise<readonly OutcomeRecord[]> {
    return this.records.filter((record) => record.experiment === experiment);
  }

  async shadow(): Promise<boolean> {
    return false;
  }

  async shadows(): Promise<readonly never[]> {
    return [];
  }

  async #end(experiment: string, session: string, end: Partial<OutcomeRecord>): Promise<boolean> {
    const record = this.#find(experiment, session);
    if (record?.status !== 'open') return false;
    this.records[this.records.indexOf(record)] = { ...record, ...end };
    return true;
  }

  #find(experiment: string, session: string): OutcomeRecord | undefined {
    return this.records.find(
      (record) => record.experiment === experiment && record.session === session,
    );
  }
}

class MemoryExperiments implements ExperimentStore {
  readonly kept = new Map<string, StoredExperiment>();

  async put(...[experiment, ramp, updatedAtMs]: Parameters<ExperimentStore['put']>) {
    const stood = this.kept.get(experiment.id)?.ramp ?? ramp;
    this.kept.set(experiment.id, { experiment, ramp: stood, updatedAtMs });
  }

  async replaceRamp(...[id, from, to, updatedAtMs]: Parameters<ExperimentStore['replaceRamp']>) {
    const stored = this.kept.get(id);
    if (stored === undefined || JSON.stringify(stored.ramp) !== JSON.stringify(from)) return false;
    this.kept.set(id, { ...stored, ramp: to, updatedAtMs });
    return true;
  }

  async get(id: string) {
    return this.kept.get(id);
  }

  async list() {
    return [...this.kept.values()];
  }
}

class MemoryPromotions implements PromotionStore {
  readonly kept = new Map<string, Promotion>();

  async find(experiment: string, configuration: string) {
    return this.kept.get(`${experiment} ${configuration}`);
  }

  async replace(before: Promotion | undefined, next: Promotion) {
    const key = `${next.experiment} ${next.configuration}`;
    if (JSON.stringify(this.kept.get(key)) !== JSON.stringify(before)) return false;
    this.kept.set(key, next);
    return true;
  }
}

/** A disk in memory. */
export class MemorySpool implements EndingSpool {
  kept: WaitingOutcome[] = [];

  async append(ending: WaitingOutcome): Promise<void> {
    this.kept.push(ending);
  }

  async clear(): Promise<void> {
    this.kept = [];
  }
}

/** All of it in memory, for tests. Keys get a `~` where others would be hashed. */
export function memoryStores(isShared = false) {
  const outcomes = new MemoryOutcomes();
  let isFirst = true;
  const stores = {
    assignments: new MemoryAssignments(),
    outcomes,
    spool: new MemorySpool(),
    experiments: new MemoryExperiments(),
    promotions: new MemoryPromotions(),
    isShared,
    pseudonymous: ({ planKey, patientKey }) => ({
      planKey: planKey && `~${planKey}`,
      patientKey: patientKey && `~${patientKey}`,
    }),
    check: async () => undefined,
    // What is open when a host starts was an ended host's.
    takeOver: async (atMs) => {
      const lost = isFirst && !isShared ? await outcomes.loseOpenedBefore(Infinity, atMs) : 0;
      isFirst = false;
      return { stored: 0, lost, rejected: 0 };
    },
    close: async () => undefined,
  } satisfies ExperimentStores;
  return stores;
}
