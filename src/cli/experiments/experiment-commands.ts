import { userInfo } from 'node:os';
import Table from 'cli-table3';
import { readConfig } from '../../config/read-config.js';
import { describeThrown, HostError } from '../../domain/errors/host-error.js';
import type { ExperimentState } from '../../domain/experiments/experiment-control.js';
import type { ExperimentReport } from '../../domain/experiments/experiment-report.js';
import type { StoredExperiment } from '../../domain/experiments/experiments.js';
import type { ChangeOrigin } from '../../domain/operations/operations.js';
import { analyse } from '../../experiments/analysis/analyse.js';
import { findExperiment, releaseExperiment } from '../../experiments/experiment-operations.js';
import { htmlReport } from '../../experiments/report/html-report.js';
import { markdownReport } from '../../experiments/report/markdown-report.js';
import { type PowerQuestion, planSize } from '../../experiments/statistics/power.js';
import {
  isDatabaseMade,
  type ReadableExperiments,
  readExperiments,
} from '../../storage/experiments/experiment-stores.js';
import { writeWhole } from '../../system/whole-file.js';
import { type OperatorClient, Refusal } from '../../transport/operator/operator-client.js';
import { asJson } from '../as-json.js';
import type { TlsOptions } from '../connect-options.js';
import { operatorClient } from '../operator-commands.js';
import { plainTable } from '../plain-table.js';
import { promotionText } from './promotion-text.js';

export interface DatabaseOptions {
  readonly config: string;
  readonly json?: boolean | undefined;
}

export interface ReportOptions extends DatabaseOptions {
  readonly html?: string | undefined;
  readonly markdown?: boolean | undefined;
}

export interface ReleaseOptions extends DatabaseOptions, TlsOptions {
  readonly reason: string;
  readonly as?: string | undefined;
  /** Of the host's OperatorService; by default as the configuration has it. */
  readonly host?: string | undefined;
  /** No host runs: the database is changed itself. */
  readonly offline?: boolean | undefined;
}

export interface PromoteOptions extends ReleaseOptions {
  readonly arm: string;
  readonly label?: string | undefined;
  /** Although the analysis does not decide so. */
  readonly override?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
}

/** As `PowerQuestion`, but `effect` is the relative change of the geometric mean, above -1 and not 0. */
export interface PlanOptions extends PowerQuestion {
  readonly json?: boolean | undefined;
}

/** @throws HostError `config-invalid`, `experiment-store` */
async function reading<T>(
  { config: file }: DatabaseOptions,
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

async function analyseNow(stores: ReadableExperiments, id: string): Promise<ExperimentReport> {
  const { experiment, ramp } = await findExperiment(stores, id);
  const { assignments, outcomes } = stores;
  const data = {
    experiment,
    ramp,
    assignments: await assignments.assignments(id),
    outcomes: await outcomes.outcomes(id),
    shadows: await outcomes.shadows(id),
  };
  return analyse(data, Date.now());
}

const NO_EXPERIMENTS = 'no experiments yet; docs/experiments.md tells how to define one';

const inWords = ({ experiment, ramp }: Omit<StoredExperiment, 'updatedAtMs'>) =>
  experiment.state === 'ended' ? 'ended' : ramp.state;

export async function list(options: DatabaseOptions): Promise<string> {
  // Nobody has tried anything yet: no reason to fail.
  if (!isDatabaseMade(readConfig(options.config).config.storage.url)) {
    return options.json ? asJson([]) : NO_EXPERIMENTS;
  }
  return reading(options, async ({ experiments }) => {
    const stored = await experiments.list();
    if (options.json) return asJson(stored);
    if (stored.length === 0) return NO_EXPERIMENTS;
    const head = ['experiment', 'state', 'arms', 'primary', 'changed'];
    const table = new Table({ head, ...plainTable });
    for (const storedExperiment of stored) {
      const { experiment, updatedAtMs } = storedExperiment;
      const arms = experiment.arms.map(({ id, weight }) => `${id} ${weight}`).join(', ');
      const changed = new Date(updatedAtMs).toISOString();
      table.push([
        experiment.id,
        inWords(storedExperiment),
        arms,
        experiment.primary.name,
        changed,
      ]);
    }
    return table.toString();
  });
}

export function show(id: string, options: DatabaseOptions): Promise<string> {
  return reading(options, async (stores) => {
    const { experiment, ramp, arms, excluded, decision } = await analyseNow(stores, id);
    if (options.json) return asJson({ experiment, ramp, arms, excluded, decision });
    const head = ['arm', 'weight', 'overrides', 'units', 'forced', 'open', 'finished', 'lost'];
    const table = new Table({ head, ...plainTable });
    for (const arm of arms) {
      const defined = experiment.arms.find((candidate) => candidate.id === arm.id);
      const roles = Object.entries(defined?.roles ?? {}).map(
        ([role, { plugin, model, settings }]) =>
          `${role}: ${JSON.stringify({ plugin, model, ...settings })}`,
      );
      const name = `${arm.id}${arm.isControl ? ' (control)' : ''}${arm.isStopped ? ' (stopped)' : ''}`;
      table.push([
        name,
        defined?.weight ?? '-',
        roles.join('\n') || 'as configured',
        arm.units,
        arm.forcedUnits,
        arm.open,
        arm.finished,
        arm.lost,
      ]);
    }
    const left = Object.entries(excluded).map(([reason, count]) => `${count} ${reason}`);
    return [
      `${id}: ${inWords({ experiment, ramp })}, ${ramp.reason}`,
      `unit ${experiment.unit}, primary metric ${experiment.primary.name} (${experiment.primary.direction} is better)`,
      table.toString(),
      `in no arm: ${left.join(', ') || 'none'}; not counted here: plans without a ${experiment.unit} key (dh_advisor_experiment_plans_total{reason="no-unit-key"} of the hosts)`,
      `${decision.kind}: ${decision.reason}`,
    ].join('\n');
  });
}

export function report(id: string, options: ReportOptions): Promise<string> {
  return reading(options, async (stores) => {
    const seen = await analyseNow(stores, id);
    if (options.json) return asJson(seen);
    if (options.html === undefined) return markdownReport(seen).trimEnd();
    await writeWhole(options.html, htmlReport(seen));
    return `${options.html} is written`;
  });
}

/** Asks the host, with the operators' token. @throws HostError `host-unreachable`, and whatever the host refuses */
async function asking<T>(
  options: ReleaseOptions,
  work: (client: OperatorClient, origin: ChangeOrigin) => Promise<T>,
): Promise<T> {
  const { config, host, as, reason: why } = options;
  const address = host ?? readConfig(config).config.operatorAddress;
  const origin = { who: as ?? userInfo().username, why, via: 'command' } as const;
  const client = operatorClient(address, options);
  try {
    return await work(client, origin);
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown;
    throw new Error(`${thrown.message} [${thrown.code}]`, { cause: thrown });
  } finally {
    client.close();
  }
}

const standing = (id: string, { state, reason }: ExperimentState) => `${id}: ${state}, ${reason}`;

/** Lets a held ramp go on, for all hosts. */
export async function release(id: string, options: ReleaseOptions): Promise<string> {
  if (options.offline !== true) {
    return standing(id, await asking(options, (client, origin) => client.release(id, origin)));
  }
  const origin = { who: options.as ?? userInfo().username, why: options.reason };
  return reading(options, async (stores) =>
    standing(id, await releaseExperiment(stores, id, origin, Date.now())),
  );
}

/** Moves the labels of an arm's models, in the configuration of the host that is asked. */
export async function promote(id: string, options: PromoteOptions): Promise<string> {
  const { arm, label, override: isOverride = false, dryRun: isDryRun = false } = options;
  const report = await asking(options, (client, origin) =>
    client.promote({ experiment: id, arm, label, origin, isOverride, isDryRun }),
  );
  return options.json ? asJson(report) : promotionText(id, arm, report, isDryRun);
}

/** @throws RangeError */
export function plan({ effect, json: isJson, ...question }: PlanOptions): string {
  if (!(effect > -1)) throw new RangeError('the effect must be above -1, which is 100 % less');
  const size = planSize({ ...question, effect: Math.log1p(effect) });
  if (isJson) return asJson(size);
  const { alpha, power } = question;
  return [
    `To see ${(100 * effect).toFixed(1)} % with alpha ${alpha} and power ${power}, plans of both arms together:`,
    `  ${size.sequentialPlans} with an analysis after every plan; half of such experiments have decided by ${size.medianPlans}`,
    `  ${size.fixedPlans} with one analysis at the end, which this host does not do`,
  ].join('\n');
}
