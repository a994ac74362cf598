// A plan that keeps the slow model of the inference benchmark running while its stream is open.
import { planClient } from '../lib/plan-advisor.js';
import { busyStart } from '../lib/plan-kinds.js';

/** Opens the plan; resolves to what ends it. */
export function openBusyPlan(address: string): Promise<() => Promise<void>> {
  const client = planClient(address);
  const call = client.advise();
  const close = () =>
    new Promise<void>((closed) => {
      call.once('status', () => {
        client.close();
        closed();
      });
      call.write({ finish: {} });
      call.end();
    });
  return new Promise((resolve, reject) => {
    call.once('data', () => resolve(close));
    call.on('error', reject);
    call.write({ start: busyStart });
  });
}
