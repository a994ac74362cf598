import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type Kills, noKills } from './kills.js';
import type { TrialPlan } from './phantoms.js';
import { type Attempt, runAttempt } from './run-attempt.js';
import type { TrialHost } from './trial-host.js';

/** What every part of the trial gets. */
export interface PartWanted {
  /** For result files. */
  readonly folder: string;
  readonly plans: readonly TrialPlan[];
  readonly jobs: number;
  readonly say: (line: string) => void;
}

/** What a part with an experiment on the trial's host gets. */
export interface LivePartWanted extends PartWanted {
  readonly host: TrialHost;
  readonly configFile: string;
  readonly storage: string;
}

export interface RunPlans extends Omit<PartWanted, 'plans'> {
  readonly host: TrialHost;
  readonly options: readonly string[];
  /** None unless given. */
  readonly hostKills?: Kills;
  readonly optimizerKills?: Kills;
}

/** Makes all plans, several at a time, while hosts and optimizers are killed; returns every run of an optimizer. */
export async function runPlans(
  plans: readonly TrialPlan[],
  wanted: RunPlans,
): Promise<readonly Attempt[]> {
  const { host, options, jobs, folder, say } = wanted;
  const { hostKills = noKills(), optimizerKills = noKills() } = wanted;
  const attempts: Attempt[] = [];
  const hits: Promise<unknown>[] = [];
  let outageOf = host.kills;

  /** Of the plans due while there is no host one begins all the same; the others would only say it again. */
  const comeToHost = async () => {
    while (!host.isUp) {
      const isFirst = outageOf !== host.kills;
      outageOf = host.kills;
      if (isFirst) return;
      await host.up;
    }
  };
  const hitHost = (index: number) => {
    const kill = hostKills.hit(index);
    if (kill === undefined) return;
    const hit = setTimeout(kill.afterMs).then(async () => {
      if (host.isUp) await host.crash();
      else hostKills.missed(kill);
    });
    hits.push(hit);
    // Told by the last wait of all.
    hit.catch(() => undefined);
  };
  const make = async (plan: TrialPlan, index: number) => {
    for (let attempt = 0; ; attempt += 1) {
      await comeToHost();
      hitHost(index);
      const kill = optimizerKills.hit(index);
      const resultFile = join(folder, `${plan.key}-${attempt}.json`);
      const wish = { plan, address: host.address, options, resultFile, kill };
      const ended = await runAttempt(wish);
      attempts.push(ended);
      if (!ended.isKilled && kill !== undefined) optimizerKills.missed(kill);
      if (!ended.isKilled) {
        optimizerKills.took(ended.ms);
        hostKills.took(ended.ms);
        if (attempts.length % 20 === 0) say(`${attempts.length} runs of the optimizer`);
        return;
      }
    }
  };
  const limit = pLimit(jobs);
  await Promise.all(plans.map((plan, index) => limit(make, plan, index)));
  await Promise.all(hits);
  await host.up;
  return attempts;
}
