// A plugin that would take the host along: the plan is what it would be without advice of its role, and the host lives or ends with a
// reason, so that whoever supervises it starts it again.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { PATIENT_CLIENT, PhantomCase, type PlanResult } from '../support/rtmodel.js';

const phantom = new PhantomCase();
let off: PlanResult;
let host: HostProcess | undefined;

beforeAll(async () => {
  await phantom.create();
  off = await phantom.optimize();
});
afterEach(() => host?.stop());
afterAll(() => phantom.dispose());

function faulty(fault: string, watchdogMs = 1000): HostProcess {
  const roles = `  early-stopping: { plugin: faulty-stopping, settings: { fault: ${fault} }, deadline_ms: 10000 }\n`;
  host = new HostProcess(roles, '', {}, `watchdog_ms: ${watchdogMs}`);
  return host;
}

async function plan(of: HostProcess): Promise<PlanResult> {
  const result = await phantom.optimize([`--advisor=${of.address}`, ...PATIENT_CLIENT]);
  expect(result.final_weights).toEqual(off.final_weights);
  return result;
}

it.each(['throw', 'stray-rejection', 'overflow-the-stack', 'change-all-objects', 'leave-a-timer'])(
  'a plugin with `%s` leaves plan and host as they are, and SIGTERM ends the host',
  async (fault) => {
    const running = await faulty(fault).start();
    await plan(running);
    await plan(running);
    running.signal('SIGTERM');
    expect(await running.ended()).toEqual({ exitCode: 0, signal: undefined });
  },
);

it('a plugin that throws again and again outside a call lets open plans finish, then the host goes', async () => {
  const running = await faulty('stray-throws').start();
  const result = await plan(running);
  // Told of the drain, and not cut off.
  expect(result.advice.status).not.toBe('unreachable');
  expect(await running.ended()).toEqual({ exitCode: 1, signal: undefined });
  expect(running.log.filter(({ msg }) => msg === 'a throw nobody caught')[0]).toMatchObject({
    plugin: 'faulty-stopping',
  });
  expect(running.log).toContainEqual(expect.objectContaining({ msg: 'stopped' }));
});

it('a plugin that loops for ever is named, and the host ends to be started again', async () => {
  const running = await faulty('loop-for-ever').start();
  await plan(running);
  expect(await running.ended()).toEqual({ exitCode: undefined, signal: 'SIGABRT' });
  const told = {
    level: 60,
    plugin: 'faulty-stopping',
    msg: expect.stringMatching(/hangs/) as string,
  };
  expect(running.log).toContainEqual(expect.objectContaining(told));
});

it('a plugin that ends the process is named, and the end is no success', async () => {
  const running = await faulty('exit').start();
  await plan(running);
  expect(await running.ended()).toEqual({ exitCode: 1, signal: undefined });
  const told = { msg: 'the process was ended from inside', plugin: 'faulty-stopping' };
  expect(running.log).toContainEqual(expect.objectContaining(told));
});

it('a rejection while a plugin starts costs a line in the log, and the host serves', async () => {
  const running = await faulty('reject-while-starting').start();
  await plan(running);
  expect(running.log).toContainEqual(
    expect.objectContaining({ msg: 'a rejection nobody waited for' }),
  );
});

it.each([
  ['loop-while-starting', { exitCode: undefined, signal: 'SIGABRT' }],
  ['exit-while-starting', { exitCode: 1, signal: undefined }],
])('a plugin with `%s` is named as well', async (fault, end) => {
  const failing = faulty(fault);
  await expect(failing.start()).rejects.toThrow('the host has ended');
  expect(await failing.ended()).toEqual(end);
  const told = failing.log.filter(({ level }) => Number(level) >= 50);
  expect(told).toContainEqual(expect.objectContaining({ plugin: 'faulty-stopping' }));
});

it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('%s drains and ends the host', async (signal) => {
  const running = await faulty('quiet').start();
  running.signal(signal);
  expect(await running.ended()).toEqual({ exitCode: 0, signal: undefined });
  const life = running.log.filter(({ msg }) => msg === 'draining' || msg === 'stopped');
  expect(life).toMatchObject([{ msg: 'draining', signal }, { msg: 'stopped' }]);
});
