// Plans that ask as soon as they are answered, in a process of their own. Told over IPC: { address, plans, ms }; says how many iterations each
// plan was answered, how streams ended, and times in milliseconds.
import type { PlanAdvisorClient } from '../../../src/generated/dh/advisor/v1/PlanAdvisor.js';
import { planClient } from '../../lib/plan-advisor.js';
import { PLAN_KINDS } from '../../lib/plan-kinds.js';

/** What this process is asked for. */
export interface LoopOrder {
  readonly address: string;
  readonly plans: number;
  /** Counted from when all plans are open. */
  readonly ms: number;
}

/** What it says: a plan that has opened, then, once, the whole. */
export type LoopReport =
  | { readonly isOpen: number }
  | {
      readonly answered: readonly number[];
      readonly ends: readonly (readonly [string, number])[];
      readonly timesMs: readonly number[];
    };

const timesMs: number[] = [];
const ends = new Map<string, number>();

function tell(report: LoopReport, done: () => void = () => undefined): void {
  process.send?.(report, done);
}

function run(
  client: PlanAdvisorClient,
  index: number,
  onOpen: () => void,
  endMs: () => number,
): Promise<number> {
  return new Promise((resolve) => {
    const { start, geometry, levelStart } = PLAN_KINDS.small;
    const call = client.advise();
    let [asked, answered, askedMs] = [0, 0, 0];
    const ask = () => {
      if (performance.now() >= endMs()) {
        call.write({ finish: { stopReason: 'STOP_REASON_TOLERANCE', iterations: asked } });
        return;
      }
      const objective = 100 / (1 + asked);
      askedMs = performance.now();
      call.write({
        iteration: { level: 0, stage: 0, iteration: asked, objective, gradientNorm: objective },
      });
      asked += 1;
    };
    call.on('data', (event) => {
      if (event.accepted) {
        onOpen();
        call.write({ geometry });
      } else if (event.geometry) call.write({ levelStart });
      else if (event.level) ask();
      else if (event.iteration) {
        answered += 1;
        timesMs.push(performance.now() - askedMs);
        ask();
      }
    });
    call.on('error', () => undefined);
    call.on('status', ({ code, metadata }) => {
      const end = `${code} ${metadata.get('dh-error-code')[0] ?? ''}`.trim();
      ends.set(end, (ends.get(end) ?? 0) + 1);
      resolve(answered);
    });
    call.write({ start: { ...start, planKey: `loop-${process.pid}-${index}` } });
  });
}

process.once('message', async (order) => {
  const { address, plans, ms } = order as LoopOrder;
  const clients = Array.from({ length: plans }, () => planClient(address));
  let opened = 0;
  let endMs = Number.POSITIVE_INFINITY;
  const onOpen = (index: number) => {
    opened += 1;
    if (opened === plans) endMs = performance.now() + ms;
    tell({ isOpen: index });
  };
  const answered = await Promise.all(
    clients.map((client, index) =>
      run(
        client,
        index,
        () => onOpen(index),
        () => endMs,
      ),
    ),
  );
  for (const client of clients) client.close();
  tell({ answered, ends: [...ends], timesMs }, () => process.disconnect());
});
process.on('disconnect', () => process.exit());
