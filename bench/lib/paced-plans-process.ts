// The process that PacedPlans starts: plans that ask at a steady pace, and what they measured.
import type { PlanAdvisorClient } from '../../src/generated/dh/advisor/v1/PlanAdvisor.js';
import type { FromPlans, PacedLoad, ToPlans } from './paced-messages.js';
import { PacedPlan } from './paced-plan.js';
import { planClient } from './plan-advisor.js';
import { PlanRecord } from './plan-record.js';

const record = new PlanRecord(() => tell({ kind: 'open' }));

function tell(message: FromPlans, onSent: () => void = () => {}): void {
  process.send?.(message, undefined, {}, onSent);
}

async function runPlans(client: PlanAdvisorClient, index: number, load: PacedLoad): Promise<void> {
  while (!record.isOver) await new PacedPlan(client, index, load, record).run();
}

async function runStreams(load: PacedLoad): Promise<void> {
  const clients = Array.from({ length: load.plans }, () => planClient(load.address));
  await Promise.all(clients.map((client, index) => runPlans(client, index, load)));
  for (const client of clients) client.close();
  tell({ kind: 'answer', answer: record.answer() }, () => process.disconnect());
}

process.on('message', (message: ToPlans) => {
  switch (message.kind) {
    case 'load':
      void runStreams(message.load);
      return;
    case 'phase':
      record.phase = message.phase;
      return;
    case 'stopped':
      record.stoppedMs = message.atMs;
      return;
    case 'ask-stop':
      tell({ kind: 'stop', stop: record.stop() });
      return;
    case 'end':
      record.isOver = true;
  }
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());
