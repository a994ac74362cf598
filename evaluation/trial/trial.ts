// Old against new, both arms at once against one host, with hosts and optimizers killed at random.
import { join } from 'node:path';
import { START_OPTIONS, STARTS } from './definitions.js';
import { Records, report, type ToldReport } from './evidence.js';
import { Kills } from './kills.js';
import type { Attempt } from './run-attempt.js';
import { type LivePartWanted, runPlans } from './run-plans.js';
import { type Check, type Counts, count, verify } from './verify.js';

export interface TrialWanted extends LivePartWanted {
  readonly seed: number;
  readonly hostKills: number;
  readonly optimizerKills: number;
}

export interface TrialResult {
  readonly hostKills: number;
  readonly counts: Counts;
  readonly checks: readonly Check[];
  /** Plans in which a learned start was taken, by arm. */
  readonly startsTaken: Readonly<Record<string, number>>;
  readonly report: ToldReport;
}

function startsTaken(attempts: readonly Attempt[]): Readonly<Record<string, number>> {
  const taken: Record<string, number> = {};
  for (const { said } of attempts) {
    for (const label of said?.arms ?? []) {
      taken[label] = (taken[label] ?? 0) + (said?.taken['initialization'] ?? 0);
    }
  }
  return taken;
}

export async function runTrial(wanted: TrialWanted): Promise<TrialResult> {
  const { host, plans, jobs, folder, say, seed } = wanted;
  const hostKills = new Kills(seed, wanted.hostKills, plans.length);
  const optimizerKills = new Kills(seed + 1, wanted.optimizerKills, plans.length);
  await host.start({ experiments: [STARTS] });
  const common = { host, jobs, say, options: START_OPTIONS };
  const kills = { hostKills, optimizerKills };
  const first = await runPlans(plans, { ...common, ...kills, folder: join(folder, 'first') });
  // A tenth of the units come again, to a host that never saw them.
  await host.crash();
  const again = plans.slice(0, Math.ceil(plans.length / 10));
  const second = await runPlans(again, { ...common, folder: join(folder, 'again') });
  const killed = host.kills;
  await host.stop();

  const attempts = [...first, ...second];
  const records = await Records.open(wanted.storage);
  const stored = await records.read(STARTS.id);
  const evidence = {
    experiment: STARTS.id,
    plans,
    attempts,
    logged: host.sessions(),
    assignments: stored.assignments,
    outcomes: stored.outcomes,
    unitOf: records.unitOf,
  };
  await records.close();
  const left = hostKills.left + optimizerKills.left;
  const hits = { name: 'every kill hit', broken: left > 0 ? [`${left} kills missed`] : [] };
  return {
    hostKills: killed,
    counts: count(evidence),
    checks: [...verify(evidence), hits],
    startsTaken: startsTaken(attempts),
    report: await report(wanted.configFile, STARTS.id),
  };
}
