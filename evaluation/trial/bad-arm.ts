// An arm that is made bad on purpose, until the guardrail stops it; then its units come again.
import { join } from 'node:path';
import { SIGMAS, START_OPTIONS, STARTS } from './definitions.js';
import { Records, report, type ToldReport } from './evidence.js';
import type { TrialPlan } from './phantoms.js';
import { type LivePartWanted, runPlans } from './run-plans.js';
import { armIn, type Check } from './verify.js';

export interface BadArmResult {
  /** Plans that were made until the host was seen to have stopped the arm. */
  readonly plansUntilStop: number;
  readonly servedBadly: number;
  readonly unitsThatCameAgain: number;
  readonly checks: readonly Check[];
  readonly report: ToldReport;
}

const BAD = 'blurred';
/** Plans between two glances at the ramp. */
const CHUNK = 6;

export async function runBadArm(wanted: LivePartWanted): Promise<BadArmResult> {
  const { host, plans, jobs, folder, say } = wanted;
  const common = { host, jobs, say, options: START_OPTIONS };
  await host.start({ experiments: [{ ...STARTS, state: 'ended' }, SIGMAS] });
  const records = await Records.open(wanted.storage);
  const bad: TrialPlan[] = [];
  let made = 0;
  let isStopped = false;
  while (!isStopped && made < plans.length) {
    const chunk = plans.slice(made, made + CHUNK);
    made += chunk.length;
    const ended = await runPlans(chunk, { ...common, folder: join(folder, 'sigmas') });
    const served = ended.filter(({ said }) => armIn(SIGMAS.id, said?.arms ?? []) === BAD);
    bad.push(...chunk.filter(({ key }) => served.some((of) => of.key === key)));
    isStopped = (await records.read(SIGMAS.id)).ramp?.stoppedArms.includes(BAD) ?? false;
  }
  const again = bad.slice(0, 10);
  const later = await runPlans(again, { ...common, folder: join(folder, 'stopped') });
  await host.crash();
  const restarted = await runPlans(again, { ...common, folder: join(folder, 'restarted') });
  await records.close();
  await host.stop();
  const broken = [...later, ...restarted].flatMap(({ key, said, failure }) => {
    if (said === undefined) return [`${key}: ${failure}`];
    const arm = armIn(SIGMAS.id, said.arms);
    const isAdvised = (said.taken['histogram-sigma'] ?? 0) > 0;
    return arm === undefined && !isAdvised ? [] : [`${key} was served ${arm} after the stop`];
  });
  const stop = isStopped ? [] : [`the arm was not stopped within ${made} plans`];
  return {
    plansUntilStop: made,
    servedBadly: bad.length,
    unitsThatCameAgain: again.length,
    checks: [
      { name: 'the guardrail stopped the bad arm', broken: stop },
      { name: 'its units are not served it any more', broken },
    ],
    report: await report(wanted.configFile, SIGMAS.id),
  };
}
