// Plans that ask as soon as they are answered, in a process of their own. Told over IPC: { address, plans, ms }; says how many iterations each
// plan was answered, how streams ended, and times in milliseconds.
import { credentials } from '@grpc/grpc-js';
import { smallPlan } from '../../lib/paced-plan-kinds.mjs';
import { planAdvisor } from '../../lib/plan-advisor.mjs';

const OPTIONS = { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_http_proxy': 0 };
const timesMs = [];
const ends = new Map();

function run(client, index, untilMs) {
  return new Promise((resolve) => {
    const { start, geometry, levelStart } = smallPlan;
    const call = client.advise();
    let [asked, answered, askedMs] = [0, 0, 0];
    const ask = () => {
      if (performance.now() >= untilMs()) {
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
        process.send({ isOpen: index });
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

process.on('message', async ({ address, plans, ms }) => {
  const PlanAdvisor = planAdvisor({ enums: String });
  const clients = Array.from(
    { length: plans },
    () => new PlanAdvisor(address, credentials.createInsecure(), OPTIONS),
  );
  // Counted from when all are open.
  let opened = 0;
  let endMs = Number.POSITIVE_INFINITY;
  const send = process.send.bind(process);
  process.send = (message) => {
    if ('isOpen' in message && ++opened === plans) endMs = performance.now() + ms;
    return send(message);
  };
  const answered = await Promise.all(
    clients.map((client, index) => run(client, index, () => endMs)),
  );
  for (const client of clients) client.close();
  send({ answered, ends: [...ends], timesMs }, () => process.disconnect());
});
process.on('disconnect', () => process.exit());
