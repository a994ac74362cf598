import { fileURLToPath } from 'node:url';
import { type TestConfigOptions, testConfig } from '../../../../src/domain/testing/test-config.js';
import type { EarlyStoppingAdvice } from '../../../../src/generated/dh/advisor/v1/EarlyStoppingAdvice.js';
import { Outcome } from '../../../../src/generated/dh/advisor/v1/Outcome.js';
import type { PlanClient } from '../../stream/testing/plan-client.js';
import {
  fixtureFolder,
  startTestHost,
  type TestHost,
  until,
} from '../../stream/testing/test-host.js';
import { wireRun, wireStart } from '../../stream/testing/wire-run.js';

/** The same plugin, as badly behaved, in both languages. */
export const TWINS = ['faulty-process', 'faulty-process-python'];

/** With `dh-advisor-plugin`, as scripts/setup makes it. */
const python = fileURLToPath(new URL('../../../../.venv/bin/python', import.meta.url));

export type Role = NonNullable<NonNullable<TestConfigOptions['roles']>['early-stopping']>;

/** A host whose `early-stopping` is a plugin that harms its process; patient where nothing is about time. */
export function startFaulty(
  plugin: string,
  settings: Readonly<Record<string, unknown>>,
  isolation: TestConfigOptions['isolation'] = {},
  role: Partial<Role> = {},
  plugins: { readonly loadTimeoutMs?: number } = {},
): Promise<TestHost> {
  const options: TestConfigOptions = {
    directories: [fixtureFolder('isolated-plugins')],
    roles: {
      'early-stopping': { plugin, settings, deadlineMs: 20_000, ...role },
      'adaptive-variance': { plugin: 'constant-variance', deadlineMs: 20_000 },
    },
    isolation: { default: 'process', python, ...isolation },
  };
  const config = testConfig(options);
  return startTestHost({
    ...config,
    plugins: { ...config.plugins, loadTimeoutMs: 20_000, ...plugins },
  });
}

/** A plan that is played iteration by iteration. */
export class SteppedPlan {
  readonly #client: PlanClient;
  readonly #iterations;

  private constructor(client: PlanClient, iterations: ReturnType<typeof wireRun>) {
    this.#client = client;
    this.#iterations = [...iterations];
  }

  static async open(host: TestHost, key = 'plan-1'): Promise<SteppedPlan> {
    const client = host.client();
    await client.ask(wireStart(undefined, { planKey: key }));
    const [geometry = {}, levelStart = {}, ...rest] = wireRun(24);
    await client.play([geometry, levelStart]);
    return new SteppedPlan(client, rest);
  }

  async next(): Promise<EarlyStoppingAdvice | undefined> {
    const event = this.#iterations.shift();
    if (event?.iteration === undefined) throw new Error('no more iterations');
    this.#client.send(event);
    for (;;) {
      const answer = await this.#client.next();
      if (answer?.notice) continue;
      return answer?.iteration?.earlyStopping ?? undefined;
    }
  }

  /** `outcome reason` of the next answer. */
  async outcome(): Promise<string> {
    const advice = await this.next();
    const { outcome, reason = '' } = advice?.header ?? {};
    const [name = ''] = Object.entries(Outcome).find(([, value]) => value === outcome) ?? [];
    return `${name.slice('OUTCOME_'.length).toLowerCase()} ${reason}`.trim();
  }

  async outcomes(count: number): Promise<readonly string[]> {
    const outcomes: string[] = [];
    while (outcomes.length < count) outcomes.push(await this.outcome());
    return outcomes;
  }
}

export const linesOf = (host: TestHost, message: string) =>
  host.log.lines.filter((line) => line.message === message);

export const isBack = (host: TestHost, times = 1) =>
  until(() => linesOf(host, 'the process of a plugin is back').length >= times);

/** Why the process ended, in the words of the log. */
export async function endOf(host: TestHost): Promise<string> {
  const message = 'the process of a plugin has ended';
  await until(() => linesOf(host, message).length > 0);
  return String(linesOf(host, message)[0]?.fields['reason']);
}
