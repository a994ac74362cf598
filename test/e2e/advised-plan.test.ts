import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult, roleOf } from '../support/rtmodel.js';

// Enough that dH comes near its own end on the small phantom: it is the whole plan that is compared.
const ITERATIONS = 60;

describe('a plan with the classical plugins', () => {
  const phantom = new PhantomCase();
  const host = new HostProcess(CLASSICAL);
  let alone: PlanResult;

  beforeAll(async () => {
    await Promise.all([phantom.create(), host.start()]);
    alone = await phantom.optimize([], ITERATIONS);
  });
  afterAll(async () => {
    phantom.dispose();
    expect(await host.stop()).toBe(0);
  });

  it('takes advice of every role, and ends no worse', async () => {
    const advised = await phantom.optimize(
      [`--advisor=${host.address}`, ...PATIENT_CLIENT],
      ITERATIONS,
    );
    for (const role of [
      'initialization',
      'histogram-sigma',
      'pyramid-sigma',
      'adaptive-variance',
      'step-direction',
    ]) {
      expect(roleOf(advised, role)?.accepted, role).toBeGreaterThan(0);
    }
    expect(advised.advice.status).toBe('ok');
    expect(advised.stages[0]).toMatchObject({ level: 0, histogram_sigma_gy: 30 });
    expect(advised.reference_objective).toBeLessThanOrEqual(1.01 * alone.reference_objective);
  });

  it('serves the lbfgs solver, too', async () => {
    const advised = await phantom.optimize([
      '--solver=lbfgs',
      `--advisor=${host.address}`,
      ...PATIENT_CLIENT,
    ]);
    expect(advised.advice.status).toBe('ok');
    expect(advised.advice.session?.answers).toBe(advised.advice.session?.questions);
  });

  it('changes no bit in shadow mode, yet asks and records', async () => {
    const shadowed = await phantom.optimize(
      [`--advisor=${host.address}`, ...PATIENT_CLIENT, '--advice-mode=shadow'],
      ITERATIONS,
    );
    expect(shadowed.final_weights).toEqual(alone.final_weights);
    expect(roleOf(shadowed, 'step-direction')?.verdicts['shadow']).toBeGreaterThan(0);
  });

  it('is deterministic', async () => {
    const once = await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT]);
    const again = await phantom.optimize([`--advisor=${host.address}`, ...PATIENT_CLIENT]);
    expect(again.final_weights).toEqual(once.final_weights);
  });

  it('shows in the metrics without naming plan or session', async () => {
    const metrics = await host.metrics();
    expect(metrics).toMatch(
      /dh_advisor_plugin_advice_total\{[^}]*role="step-direction"[^}]*\} [1-9]/,
    );
    expect(metrics).not.toContain('c-shape');
  });
});
