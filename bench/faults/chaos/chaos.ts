import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { FaultHost } from '../fault-host.js';
import type { FaultRow } from '../summary.js';
import { keptProblem, outcomesOf } from './kept.js';
import { type Kind, makeKinds, optimize, type Played } from './plan-result.js';
import { rage, Target } from './target.js';

export interface ChaosTask {
  readonly plans: number;
  readonly seed: number;
  readonly isShort: boolean;
}

const PLANS_AT_ONCE = 3;
/** Half of the plans wait longer, so that a busy machine leaves some advised. */
const PATIENT = [
  '--iteration-deadline-ms=1500',
  '--start-deadline-ms=5000',
  '--advice-wait-share=inf',
];

const sameBits = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

async function playPlan(
  target: Target,
  folder: string,
  kinds: readonly Kind[],
  n: number,
): Promise<Played> {
  const kind = kinds[n % kinds.length] as Kind;
  const mode = n % 3 === 0 ? 'shadow' : 'advise';
  await target.ready;
  const { relay } = target;
  const flippedBefore = relay.flipped;
  const more = [
    `--advisor=${relay.address}`,
    `--advice-mode=${mode}`,
    `--plan-key=chaos-${n}`,
    ...(n % 2 === 0 ? PATIENT : []),
  ];
  const base = { kind: kind.name, mode };
  try {
    const { final_weights: weights, advice } = await optimize(
      kind,
      more,
      join(folder, `plan-${n}.json`),
    );
    const wasFlipped = relay.flipped > flippedBefore || relay.weather.flipsNext;
    const endedMs = performance.now();
    return { ...base, weights, problem: undefined, advice, endedMs, wasFlipped };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    const nothing = { weights: undefined, advice: undefined, endedMs: performance.now() };
    return { ...base, ...nothing, problem, wasFlipped: true };
  }
}

function row(name: string, runs: number, problems: readonly string[], note: string): FaultRow {
  const first = problems.length === 0 ? '' : `; first: ${problems[0]}`;
  return { name, runs, failures: problems.length, note: `${note}${first}` };
}

/** Plans while host, plugins, database and network are broken at random by a schedule of a seed. */
export async function tryChaos(
  folder: string,
  { plans, seed, isShort }: ChaosTask,
): Promise<readonly FaultRow[]> {
  mkdirSync(folder, { recursive: true });
  const kinds = await makeKinds(folder, isShort);
  const baselines = new Map<string, readonly number[]>();
  for (const kind of kinds) {
    const { final_weights } = await optimize(kind, [], join(folder, 'alone.json'));
    baselines.set(kind.name, final_weights);
  }
  const own = join(folder, 'host');
  const target = await Target.start(own);
  const played: Played[] = [];
  let [next, isOver] = [0, false];
  const raging = rage(target, seed, () => isOver);
  await Promise.all(
    Array.from({ length: PLANS_AT_ONCE }, async () => {
      while (next < plans) {
        const n = next;
        next += 1;
        played.push(await playPlan(target, folder, kinds, n));
      }
    }),
  );
  isOver = true;
  const counts = await raging;
  await target.host.stop();
  // The last host stores what those before it left.
  const last = await FaultHost.start(own, { more: 'journals: { directory: journals }' });
  const told = played.flatMap(({ advice, wasFlipped }) =>
    advice?.provenance?.arm && !wasFlipped ? [advice.session_id] : [],
  );
  await last.waitForOutcomes(join(own, 'experiments.db'), told);
  await last.stop();
  await target.relay.stop();
  const outcomes = outcomesOf(own);
  const { killsMs } = target;
  const kept = await Promise.all(
    played.map((plan) => keptProblem(own, plan, { outcomes, killsMs })),
  );
  const accepted = ({ advice }: Played) =>
    advice?.roles.reduce((sum, { accepted: count }) => sum + count, 0) ?? 0;
  const unadvised = played.filter((plan) => plan.problem === undefined && accepted(plan) === 0);
  const others = unadvised.filter(
    ({ kind, weights = [] }) => !sameBits(weights, baselines.get(kind) ?? []),
  );
  const resumed = played.reduce((sum, { advice }) => sum + (advice?.session?.resumptions ?? 0), 0);
  const happened = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
  return [
    row(
      'chaos: every plan finishes',
      played.length,
      played.flatMap(({ problem }) => problem ?? []),
      `seed ${seed}; ${happened}; ${resumed} streams taken up again`,
    ),
    row(
      'chaos: plans without advice are the baseline bit for bit',
      unadvised.length,
      others.map(({ kind, mode }) => `${kind} ${mode}`),
      `${unadvised.length} of ${played.length} plans took no advice`,
    ),
    row(
      'chaos: nothing recorded is lost or doubled, journals verify',
      played.filter(({ advice }) => advice?.provenance).length,
      kept.flatMap((problem) => problem ?? []),
      `${told.length} outcomes were told to plans of experiments, ${outcomes.size} sessions have one`,
    ),
  ];
}
