import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import type {
  Assignment,
  OutcomeRecord,
  RampPosition,
} from '../../src/domain/experiments/experiments.js';
import type { ExperimentStores } from '../../src/domain/experiments/plan-experiments.js';
import { experimentStores } from '../../src/storage/experiments/experiment-stores.js';
import { HOST } from '../programs.js';

/** What a database knows of an experiment. */
export interface Stored {
  readonly ramp: RampPosition | undefined;
  readonly assignments: readonly Assignment[];
  readonly outcomes: readonly OutcomeRecord[];
}

/** Looks into the database beside the hosts that use it. */
export class Records {
  readonly #stores: ExperimentStores;

  private constructor(stores: ExperimentStores) {
    this.#stores = stores;
  }

  /** @param environment With the secret of hosts that share the database. */
  static async open(url: string, environment: NodeJS.ProcessEnv = process.env): Promise<Records> {
    return new Records(await experimentStores(environment, {})(url));
  }

  unitOf = (planKey: string): string =>
    this.#stores.pseudonymous({ planKey, patientKey: '' }).planKey;

  async read(experiment: string): Promise<Stored> {
    const { assignments, outcomes, experiments } = this.#stores;
    return {
      ramp: (await experiments.get(experiment))?.ramp,
      assignments: await assignments.assignments(experiment),
      outcomes: await outcomes.outcomes(experiment),
    };
  }

  close(): Promise<void> {
    return this.#stores.close();
  }
}

/** What is read of `experiment report --json`. */
export interface ToldReport {
  readonly analysed_plans: number;
  readonly repeated_plans: number;
  readonly checks: Readonly<
    Record<'shares' | 'losses', { readonly p_value: number; readonly is_fired: boolean }>
  >;
  readonly effects: readonly {
    readonly kind: string;
    readonly metric: { readonly name: string };
    readonly plans: number;
    readonly estimate: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly verdict: string;
    readonly decided_at_plans: number | null;
  }[];
  readonly decision: { readonly kind: string; readonly reason: string };
  readonly ramp: { readonly state: string; readonly reason: string };
}

/** `dh-advisor experiment report`, as an operator gets it. */
export async function report(configFile: string, experiment: string): Promise<ToldReport> {
  const args = ['experiment', 'report', experiment, '--config', configFile, '--json'];
  const { stdout } = await execa('node', [HOST, ...args]);
  return JSON.parse(stdout) as ToldReport;
}

export const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
