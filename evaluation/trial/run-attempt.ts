import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExecaError, execa } from 'execa';
import { RTMODEL } from '../programs.js';
import type { Kill } from './kills.js';
import type { TrialPlan } from './phantoms.js';

/** What one run of the optimizer said, or that it was killed. */
export interface Attempt {
  readonly key: string;
  readonly isKilled: boolean;
  /** Why there is no plan; undefined when there is one, or the optimizer was killed. */
  readonly failure: string | undefined;
  readonly ms: number;
  /** Undefined without a result. */
  readonly said:
    | {
        /** Empty when no host was reached. */
        readonly session: string;
        /** `ok`: the host has summed the plan up. */
        readonly status: string;
        /** EXPERIMENT/ARM of each role that an experiment serves. */
        readonly arms: readonly string[];
        readonly callEquivalents: number;
        readonly referenceObjective: number;
        /** By role: advice taken and refused. */
        readonly taken: Readonly<Record<string, number>>;
      }
    | undefined;
}

interface Result {
  readonly reference_objective: number;
  readonly final_weights: readonly number[];
  readonly total: { readonly call_equivalents: number };
  readonly advice: {
    readonly session_id: string;
    readonly status: string;
    readonly bindings: readonly { readonly arm: string }[];
    readonly roles: readonly { readonly role: string; readonly accepted: number }[];
  };
}

export interface AttemptWanted {
  readonly plan: TrialPlan;
  readonly address: string;
  readonly options: readonly string[];
  readonly resultFile: string;
  /** Undefined: left alone. */
  readonly kill: Kill | undefined;
}

function read(file: string): NonNullable<Attempt['said']> {
  const result = JSON.parse(readFileSync(file, 'utf8')) as Result;
  if (result.final_weights.length === 0) throw new Error(`${file}: a result without a plan`);
  const { advice } = result;
  return {
    session: advice.session_id,
    status: advice.status,
    arms: [...new Set(advice.bindings.map(({ arm }) => arm))].filter((arm) => arm !== ''),
    callEquivalents: result.total.call_equivalents,
    referenceObjective: result.reference_objective,
    taken: Object.fromEntries(advice.roles.map(({ role, accepted }) => [role, accepted])),
  };
}

/** Runs the optimizer once. Never rejects for what the optimizer does. */
export async function runAttempt(wanted: AttemptWanted): Promise<Attempt> {
  const { plan, address, options, resultFile, kill } = wanted;
  mkdirSync(dirname(resultFile), { recursive: true });
  const started = performance.now();
  const child = execa(
    RTMODEL,
    [
      'optimize',
      plan.path,
      '--solver=lbfgs',
      ...options,
      ...plan.options,
      `--advisor=${address}`,
      `--plan-key=${plan.key}`,
      '--threads=1',
      '--quiet',
      '--iteration-deadline-ms=10000',
      '--start-deadline-ms=10000',
      `--out=${resultFile}`,
    ],
    { stdout: 'ignore', env: { OMP_WAIT_POLICY: 'passive' } },
  );
  const timer =
    kill === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), kill.afterMs);
  const end = { isKilled: false, failure: undefined, said: undefined };
  const tell = (changes: Partial<Attempt>): Attempt => ({
    ...end,
    key: plan.key,
    ms: performance.now() - started,
    ...changes,
  });
  try {
    await child;
    return tell({ said: read(resultFile) });
  } catch (thrown) {
    if (!(thrown instanceof ExecaError)) return tell({ failure: String(thrown) });
    if (thrown.signal === 'SIGKILL' && kill !== undefined) return tell({ isKilled: true });
    return tell({ failure: String(thrown.stderr).trim() || thrown.shortMessage });
  } finally {
    clearTimeout(timer);
  }
}
