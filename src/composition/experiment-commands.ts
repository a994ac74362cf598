import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import Table from 'cli-table3';
import { readConfig } from '../config/read-config.js';
import type { ExperimentReport } from '../domain/experiment-report.js';
import type { StoredExperiment } from '../domain/experiments.js';
import { describeThrown, HostError } from '../domain/host-error.js';
import { analyse } from '../experiments/analyse.js';
import { releaseRamp } from '../experiments/ramp.js';
import { htmlReport } from '../experiments/report/html-report.js';
import { markdownReport } from '../experiments/report/markdown-report.js';
import { type PowerQuestion, planSize } from '../experiments/statistics/power.js';
import { type ReadableExperiments, readExperiments } from '../storage/experiment-stores.js';
import { asJson } from './as-json.js';
import { plainTable } from './plain-table.js';

export interface LookOptions {
  readonly config: string;
  readonly json?: boolean | undefined;
}

export interface ReportOptions extends LookOptions {
  readonly html?: string | undefined;
  readonly markdown?: boolean | undefined;
}

export interface ReleaseOptions extends LookOptions {
  readonly reason: string;
  readonly as?: string | undefined;
}

/** As `PowerQuestion`, but `effect` is the relative change of the geometric mean, above -1 and not 0. */
export interface PlanOptions extends PowerQuestion {
  readonly json?: boolean | undefined;
}

/** @throws HostError `config-invalid`, `experiment-store` */
async function reading<T>(
  { config: file }: LookOptions,
  work: (stores: ReadableExperiments) => Promise<T>,
): Promise<T> {
  const { storage } = readConfig(file).config;
  let stores: ReadableExperiments;
  try {
    stores = await readExperiments(storage.url, process.env);
  } catch (thrown) {
    throw new HostError('experiment-store', { problem: describeThrown(thrown) }, { cause: thrown });
  }
  try {
    return await work(stores);
  } finally {
    await stores.close();
  }
}

async function find(stores: ReadableExperiments, id: string): Promise<StoredExperiment> {
  const stored = await stores.experiments.get(id);
  if (stored !== undefined) return stored;
  const known = (await stores.experiments.list()).map(({ experiment }) => experiment.id);
  throw new HostError('experiment-unknown', { experiment: id, known: known.join(', ') || 'none' });
}

async function lookAt(stores: ReadableExperiments, id: string): Promise<ExperimentReport> {
  const { experiment, ramp } = await find(stores, id);
  const { assignments, outcomes } = stores;
  const data = {
    ...{ experiment, ramp, assignments: await assignments.assignments(id) },
    ...{ outcomes: await outcomes.outcomes(id), shadows: await outcomes.shadows(id) },
  };
  return analyse(data, Date.now());
}

const inWords = ({ experiment, ramp }: Omit<StoredExperiment, 'updatedAtMs'>) =>
  experiment.state === 'ended' ? 'ended' : ramp.state;

export function list(options: LookOptions): Promise<string> {
  return reading(options, async ({ experiments }) => {
    const stored = await experiments.list();
    if (options.json) return asJson(stored);
    if (stored.length === 0) return 'no experiments';
    const head = ['experiment', 'state', 'arms', 'primary', 'changed'];
    const table = new Table({ head, ...plainTable });
    for (const one of stored) {
      const { experiment, updatedAtMs } = one;
      const arms = experiment.arms.map(({ id, weight }) => `${id} ${weight}`).join(', ');
      const changed = new Date(updatedAtMs).toISOString();
      table.push([experiment.id, inWords(one), arms, experiment.primary.name, changed]);
    }
    return table.toString();
  });
}

export function show(id: string, options: LookOptions): Promise<string> {
  return reading(options, async (stores) => {
    const { experiment, ramp, arms, excluded, decision } = await lookAt(stores, id);
    if (options.json) return asJson({ experiment, ramp, arms, excluded, decision });
    const head = ['arm', 'weight', 'overrides', 'units', 'forced', 'open', 'finished', 'lost'];
    const table = new Table({ head, ...plainTable });
    for (const arm of arms) {
      const defined = experiment.arms.find((one) => one.id === arm.id);
      const roles = Object.entries(defined?.roles ?? {}).map(
        ([role, { plugin, model, settings }]) =>
          `${role}: ${JSON.stringify({ plugin, model, ...settings })}`,
      );
      const name = `${arm.id}${arm.isControl ? ' (control)' : ''}${arm.isStopped ? ' (stopped)' : ''}`;
      table.push([
        ...[name, defined?.weight ?? '-', roles.join('\n') || 'as configured'],
        ...[arm.units, arm.forcedUnits, arm.open, arm.finished, arm.lost],
      ]);
    }
    const left = Object.entries(excluded).map(([reason, count]) => `${count} ${reason}`);
    return [
      `${id}: ${inWords({ experiment, ramp })}, ${ramp.reason}`,
      `unit ${experiment.unit}, primary metric ${experiment.primary.name} (${experiment.primary.direction} is better)`,
      table.toString(),
      `in no arm: ${left.join(', ') || 'none'}`,
      `${decision.kind}: ${decision.reason}`,
    ].join('\n');
  });
}

export function report(id: string, options: ReportOptions): Promise<string> {
  return reading(options, async (stores) => {
    const seen = await lookAt(stores, id);
    if (options.json) return asJson(seen);
    if (options.html === undefined) return markdownReport(seen).trimEnd();
    await writeFile(options.html, htmlReport(seen));
    return `${options.html} is written`;
  });
}

/** Lets a held ramp go on, for all hosts. @throws HostError `experiment-not-held` */
export function release(id: string, options: ReleaseOptions): Promise<string> {
  const who = options.as ?? userInfo().username;
  return reading(options, async (stores) => {
    const { experiment, ramp } = await find(stores, id);
    const nowMs = Date.now();
    const to = releaseRamp(experiment, ramp, `released by ${who}: ${options.reason}`, nowMs);
    if (to === ramp || !(await stores.experiments.moveRamp(id, ramp, to, nowMs))) {
      throw new HostError('experiment-not-held', { experiment: id, state: ramp.state });
    }
    return `${id}: ${inWords({ experiment, ramp: to })}, ${to.reason}`;
  });
}

/** @throws RangeError */
export function plan({ effect, json: isJson, ...question }: PlanOptions): string {
  if (!(effect > -1)) throw new RangeError('the effect must be above -1, which is 100 % less');
  const size = planSize({ ...question, effect: Math.log1p(effect) });
  if (isJson) return asJson(size);
  const { alpha, power } = question;
  return [
    `To see ${(100 * effect).toFixed(1)} % with alpha ${alpha} and power ${power}, plans of both arms together:`,
    `  ${size.sequentialPlans} with a look after every plan; half of such experiments have decided by ${size.medianPlans}`,
    `  ${size.fixedPlans} with one look at the end, which this host does not do`,
  ].join('\n');
}
