import type { EarlyStoppingAdvice } from '../../../../src/generated/dh/advisor/v1/EarlyStoppingAdvice.js';
import { Outcome } from '../../../../src/generated/dh/advisor/v1/Outcome.js';
import type { PlanClient } from './plan-client.js';
import { firstIterations, wireStart } from './wire-run.js';

/** Plays iterations and returns `outcome reason` of the early-stopping advice of each, then `notice` for each notice. */
export async function stoppingOutcomes(
  client: PlanClient,
  iterations: number,
): Promise<readonly string[]> {
  await client.ask(wireStart());
  const seen: EarlyStoppingAdvice[] = [];
  const notices: string[] = [];
  for (const event of firstIterations(iterations)) {
    client.send(event);
    for (;;) {
      const answer = await client.next();
      if (answer?.notice) {
        notices.push('notice');
        continue;
      }
      if (answer?.iteration?.earlyStopping) seen.push(answer.iteration.earlyStopping);
      break;
    }
  }
  const names = Object.entries(Outcome);
  const words = seen.map(({ header }) => {
    const name = names.find(([, value]) => value === header?.outcome)?.[0] ?? '';
    return `${name.slice('OUTCOME_'.length).toLowerCase()} ${header?.reason}`.trim();
  });
  return [...words, ...notices];
}
