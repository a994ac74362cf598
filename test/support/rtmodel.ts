import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = join(root, 'build/cpp/rtmodel/rtmodel');

/** What the tests read of `rtmodel optimize --out`; docs/result-format.md has all of it. */
export interface PlanResult {
  readonly reference_objective: number;
  readonly objective: number;
  readonly final_weights: readonly number[];
  readonly stop_reason: string;
  readonly total: {
    readonly iterations: number;
    readonly value_calls: number;
    readonly gradient_calls: number;
    readonly call_equivalents: number;
    readonly total_ms: number;
  };
  readonly safeguard: {
    readonly first_stage: number;
    readonly learned_reference: number;
    readonly classical_reference: number;
    readonly is_taken: boolean;
    readonly is_given_up: boolean;
  } | null;
  readonly stages: readonly {
    readonly level: number;
    readonly histogram_sigma_gy: number;
    readonly preparation_iterations: number;
  }[];
  readonly trace: Readonly<
    Record<'objective' | 'level' | 'stage' | 'iteration', readonly number[]>
  >;
  readonly advice: {
    readonly was_asked: boolean;
    readonly session_id: string;
    readonly status: string;
    readonly status_message: string;
    readonly configuration_generation: number;
    readonly provenance?: { readonly journal_sha256: string };
    readonly bindings: readonly { readonly role: string; readonly plugin: string }[];
    readonly roles: readonly {
      readonly role: string;
      readonly accepted: number;
      readonly refused: number;
      readonly verdicts: Readonly<Record<string, number>>;
    }[];
    readonly session?: {
      readonly questions: number;
      readonly answers: number;
      readonly late: number;
      readonly duplicates: number;
      readonly wrong_frames: number;
      readonly waited_ms: number;
    };
  };
}

/** Runs the optimizer; rejects with its own message when it fails. */
export function runRtmodel(args: readonly string[]) {
  if (!existsSync(binary)) throw new Error(`no ${binary}; run scripts/setup`);
  return execa(binary, [...args]);
}

/** A folder with one small phantom, removed by `dispose`. */
/** dH unless told, which asks every role; its incremental covariance takes a moment. */
function solverOf(args: readonly string[]): readonly string[] {
  const isTold = args.some((arg) => arg.startsWith('--solver') || arg.startsWith('--fidelity'));
  return isTold ? args : ['--solver=dh', '--covariance=incremental', ...args];
}

export class PhantomCase {
  readonly folder = mkdtempSync(join(tmpdir(), 'dh-advisor-'));
  readonly path = join(this.folder, 'case');

  async create(kind = 'c-shape', seed = 1): Promise<this> {
    await runRtmodel(['phantom', `--kind=${kind}`, `--seed=${seed}`, this.path]);
    return this;
  }

  /** Plans the case coarsely, so that a test takes a moment: wide beamlets, few iterations a stage. */
  async optimize(
    args: readonly string[] = [],
    maxIterations = 12,
    beamletMm = 10,
  ): Promise<PlanResult> {
    const out = join(this.folder, 'result.json');
    await runRtmodel([
      'optimize',
      this.path,
      `--beamlet-mm=${beamletMm}`,
      `--max-iterations=${maxIterations}`,
      '--threads=1',
      '--quiet',
      `--out=${out}`,
      ...solverOf(args),
    ]);
    return JSON.parse(readFileSync(out, 'utf8')) as PlanResult;
  }

  /** A plan that goes on until it is interrupted, for tests that watch one. */
  startLongPlan(args: readonly string[]) {
    const out = join(this.folder, 'long.json');
    const fixed = ['--beamlet-mm=5', '--max-iterations=100000', '--threads=1', '--quiet'];
    const running = runRtmodel([
      'optimize',
      this.path,
      ...fixed,
      `--out=${out}`,
      ...solverOf(args),
    ]);
    const ended = running.catch((thrown: { exitCode?: number }) => {
      // Interrupted, with the result written.
      if (thrown.exitCode !== 3) throw thrown;
    });
    return {
      interrupt: async (): Promise<PlanResult> => {
        running.kill('SIGINT');
        await ended;
        return JSON.parse(readFileSync(out, 'utf8')) as PlanResult;
      },
    };
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Deadlines that a busy machine keeps, for tests that are about answers. */
export const PATIENT_CLIENT = ['--iteration-deadline-ms=10000', '--start-deadline-ms=10000'];

export function roleOf(result: PlanResult, role: string) {
  return result.advice.roles.find((entry) => entry.role === role);
}
