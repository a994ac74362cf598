// Whatever a host does wrong, the optimizer computes the bits it would compute without one.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult, roleOf } from '../support/rtmodel.js';
import { MisbehavingHost, type Misbehaviour } from './misbehaving-host.js';

const ITERATION_DEADLINE_MS = 60;
const START_DEADLINE_MS = 120;
const DEADLINES = [
  `--iteration-deadline-ms=${ITERATION_DEADLINE_MS}`,
  `--start-deadline-ms=${START_DEADLINE_MS}`,
];
// Questions left unanswered before the client falls silent.
const BREAKER_THRESHOLD = 3;

const phantom = new PhantomCase();
let off: PlanResult;
let host: MisbehavingHost | undefined;

beforeAll(async () => {
  await phantom.create();
  off = await phantom.optimize();
});
afterEach(() => host?.stop());
afterAll(() => phantom.dispose());

async function planAgainst(how: Misbehaviour, deadlines = PATIENT_CLIENT): Promise<PlanResult> {
  host = await new MisbehavingHost(how).start();
  return phantom.optimize([`--advisor=${host.address}`, ...deadlines]);
}

describe('final weights are bit for bit those without an advisor', () => {
  it('with --advice-mode off', async () => {
    const result = await phantom.optimize(['--advisor=127.0.0.1:9', '--advice-mode=off']);
    expect(result.final_weights).toEqual(off.final_weights);
  });

  it('with a dead address', async () => {
    const result = await phantom.optimize(['--advisor=127.0.0.1:9']);
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.status).toBe('unreachable');
  });

  it.each(['late', 'never', 'stops-reading'] as const)(
    'with a host that answers %s',
    async (how) => {
      const result = await planAgainst(how, DEADLINES);
      expect(result.final_weights).toEqual(off.final_weights);
      expect(result.advice.status).toBe('switched-off');
      expect(result.advice.session?.late).toBe(BREAKER_THRESHOLD);
      // One deadline for each refused question, and then silence.
      expect(result.advice.session?.waited_ms).toBeLessThan(
        BREAKER_THRESHOLD * START_DEADLINE_MS + 1000,
      );
    },
  );

  it('with a host that floods, whose question ends by itself', async () => {
    const result = await planAgainst('floods');
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.status).toBe('protocol-error');
    expect(result.advice.session?.late).toBe(0);
  });

  it('with a host that answers just in time, until the waiting budget is spent', async () => {
    const result = await planAgainst('just-in-time', [
      `--iteration-deadline-ms=${10 * ITERATION_DEADLINE_MS}`,
      '--advice-wait-share=0.1',
    ]);
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.status).toBe('switched-off');
    expect(result.advice.status_message).toContain('has waited');
  });

  it('with decisions and spaces that do not exist', async () => {
    const result = await planAgainst('unknown-numbers');
    expect(roleOf(result, 'early-stopping')?.accepted ?? 0).toBe(0);
    expect(roleOf(result, 'step-direction')?.accepted ?? 0).toBe(0);
  });

  it('with advice that is not a number', async () => {
    const result = await planAgainst('not-a-number');
    expect(result.final_weights).toEqual(off.final_weights);
    for (const role of [
      'initialization',
      'adaptive-variance',
      'step-direction',
      'early-stopping',
    ]) {
      expect(roleOf(result, role)?.verdicts['not-finite'], role).toBeGreaterThan(0);
      expect(roleOf(result, role)?.accepted, role).toBe(0);
    }
  });

  it('with vectors of the wrong length', async () => {
    const result = await planAgainst('wrong-length');
    expect(result.final_weights).toEqual(off.final_weights);
    for (const role of ['initialization', 'adaptive-variance', 'step-direction']) {
      expect(roleOf(result, role)?.verdicts['wrong-length'], role).toBeGreaterThan(0);
    }
  });

  it('with answers for another level', async () => {
    const result = await planAgainst('wrong-level');
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.session?.wrong_frames).toBe(BREAKER_THRESHOLD);
    expect(roleOf(result, 'initialization')?.verdicts['wrong-frame']).toBeGreaterThan(0);
  });

  it('with a tempting second answer to every question', async () => {
    const result = await planAgainst('duplicate');
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.status).toBe('ok');
    expect(result.advice.session?.duplicates).toBeGreaterThan(0);
  });

  it.each(['closes-cleanly', 'fails'] as const)('with a host that %s', async (how) => {
    const result = await planAgainst(how);
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.status).toBe(how === 'fails' ? 'refused' : 'closed');
  });

  it.each([3, 2, 1, 0])('with a host that dies in level %i', async (diesAtLevel) => {
    const result = await planAgainst({ diesAtLevel });
    expect(result.final_weights).toEqual(off.final_weights);
    expect(result.advice.status).not.toBe('ok');
  });

  it('with the real host killed in the middle of a plan', async () => {
    const real = await new HostProcess(CLASSICAL).start();
    const opened = real.says('session opened');
    const plan = phantom.optimize([
      `--advisor=${real.address}`,
      '--advice-mode=shadow',
      ...DEADLINES,
    ]);
    await opened;
    real.kill();
    expect((await plan).final_weights).toEqual(off.final_weights);
    await real.stop();
  });
});

describe('the same host, behaving', () => {
  it('would have changed the plan', async () => {
    const real = await new HostProcess(CLASSICAL).start();
    const advised = await phantom.optimize([`--advisor=${real.address}`, ...PATIENT_CLIENT]);
    expect(advised.final_weights).not.toEqual(off.final_weights);
    await real.stop();
  });
});
