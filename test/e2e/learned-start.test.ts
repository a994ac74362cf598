// The committed warm-start model advises the real optimizer: its start is tried, and L-BFGS has a safeguard beside it.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, roleOf } from '../support/rtmodel.js';

const phantom = new PhantomCase();
const host = new HostProcess('  initialization: { plugin: warm-start, deadline_ms: 10000 }\n');

beforeAll(async () => {
  await Promise.all([phantom.create('head-neck'), host.start()]);
});
afterAll(async () => {
  phantom.dispose();
  expect(await host.stop()).toBe(0);
});

function plan(...args: readonly string[]) {
  return phantom.optimize(
    ['--solver=lbfgs', `--advisor=${host.address}`, ...PATIENT_CLIENT, ...args],
    500,
    5,
  );
}

it('keeps the better of two descents, and the session through both', async () => {
  const guarded = await plan('--safeguard-iterations=500');
  const alone = await plan('--no-safeguard');
  expect(roleOf(guarded, 'initialization')?.accepted).toBe(1);
  expect(alone.safeguard).toBeNull();
  expect(guarded.safeguard?.learned_reference).toBe(alone.reference_objective);
  expect(guarded.reference_objective).toBe(
    Math.min(alone.reference_objective, guarded.safeguard?.classical_reference ?? Number.NaN),
  );
  // The trial, the descent from the learned start, the one beside it; either start was prepared.
  expect(guarded.stages.map((stage) => stage.histogram_sigma_gy)).toEqual([2.5, 2.5, 2.5]);
  expect(guarded.stages.map((stage) => stage.preparation_iterations)).toEqual([10, 0, 15]);
  expect(guarded.advice.status).toBe('ok');
  expect(guarded.advice.session?.answers).toBe(guarded.advice.session?.questions);
});

it('interrupts the learned descent, and goes on with it only when it leads, in the same session', async () => {
  const result = await plan('--safeguard-iterations=5');
  const { safeguard, stages, trace } = result;
  expect(result.reference_objective).toBe(
    Math.min(safeguard?.learned_reference ?? 0, safeguard?.classical_reference ?? 0),
  );
  // The trial, five iterations of the learned descent, the other, and the rest of the learned one where that leads.
  expect(stages).toHaveLength(safeguard?.is_given_up ? 3 : 4);
  expect(trace.stage.filter((stage) => stage === 1)).toHaveLength(5);
  expect(result.advice.status).toBe('ok');
  expect(result.advice.session?.answers).toBe(result.advice.session?.questions);
});
