import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExecaError, execa } from 'execa';
import type { Arm } from '../arms/arms.js';
import { RTMODEL } from '../programs.js';
import { PATIENT_MS } from './host-configuration.js';
import { type KeptResult, keep, type Pass } from './run-record.js';

export interface PlanCommand {
  readonly arm: Arm;
  readonly casePath: string;
  readonly pass: Pass;
  readonly resultFile: string;
  /** Plan options, the same for every arm: geometry, threads. */
  readonly planOptions: readonly string[];
  readonly startFile?: string | undefined;
  readonly address?: string | undefined;
  /** By role: what the host of the arm must have given the session. */
  readonly plugins: ReadonlyMap<string, string>;
}

export interface PlanRun {
  readonly commandLine: readonly string[];
  readonly processMs: number;
  readonly result: KeptResult & { readonly program: string };
}

function argumentsOf(command: PlanCommand): readonly string[] {
  const { arm, pass, address } = command;
  const patience = [
    `--iteration-deadline-ms=${PATIENT_MS}`,
    `--start-deadline-ms=${PATIENT_MS}`,
  ] as const;
  return [
    'optimize',
    command.casePath,
    ...command.planOptions,
    `--solver=${arm.solver}`,
    ...arm.options,
    ...(command.startFile ? [`--start-from=${command.startFile}`] : []),
    ...(address ? [`--advisor=${address}`, ...(pass === 'counts' ? patience : [])] : []),
    // Not charged and not timed by the optimizer.
    '--trace-reference',
    '--quiet',
    `--out=${command.resultFile}`,
  ];
}

/** Runs the optimizer. Rejects with its own sentence when it fails, or when the advice was not the arm's. */
export async function runPlan(command: PlanCommand): Promise<PlanRun> {
  const commandLine = argumentsOf(command);
  mkdirSync(dirname(command.resultFile), { recursive: true });
  const started = performance.now();
  try {
    // Waiting threads must not take the core that the host answers on.
    await execa(RTMODEL, [...commandLine], {
      stdout: 'ignore',
      env: { OMP_WAIT_POLICY: 'passive' },
    });
  } catch (thrown) {
    if (!(thrown instanceof ExecaError)) throw thrown;
    throw new Error(String(thrown.stderr).trim() || thrown.shortMessage, { cause: thrown });
  }
  const processMs = performance.now() - started;
  const result = JSON.parse(readFileSync(command.resultFile, 'utf8')) as KeptResult & {
    plan: { beamlets: number };
    program: string;
  };
  checkAdvice(result, command.plugins);
  return {
    commandLine: ['rtmodel', ...commandLine],
    processMs,
    result: { ...keep(result), program: result.program },
  };
}

/** A plan goes on without its advisor. An arm that did so would be another arm. */
function checkAdvice({ advice }: KeptResult, plugins: ReadonlyMap<string, string>): void {
  if (plugins.size === 0) return;
  if (!advice.was_asked || advice.status !== 'ok') {
    throw new Error(`the session failed: ${advice.status} ${advice.status_message}`.trim());
  }
  for (const [role, plugin] of plugins) {
    const bound = advice.bindings.find((binding) => binding.role === role)?.plugin ?? 'no plugin';
    if (bound !== plugin) throw new Error(`the session got ${bound} for ${role}, not ${plugin}`);
  }
}
