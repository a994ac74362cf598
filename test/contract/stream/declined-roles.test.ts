// A role that has nothing for a plan says so as early as it can, and then the optimizer sends nothing for it.
import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { expect, it } from 'vitest';
import type { TestConfigOptions } from '../../../src/domain/testing/test-config.js';
import type { Accepted } from '../../../src/generated/dh/advisor/v1/Accepted.js';
import { Role } from '../../../src/generated/dh/advisor/v1/Role.js';
import { TensorKind } from '../../../src/generated/dh/advisor/v1/TensorKind.js';
import { startLiveHost, temporaryFolder } from './testing/live-host.js';
import { startTestHost } from './testing/test-host.js';
import { firstIterations, wireStart } from './testing/wire-run.js';

const DIRECTION = Role.ROLE_STEP_DIRECTION;
const directionOnly = [
  { kind: TensorKind.TENSOR_KIND_GRADIENT, everyN: 1, roles: [DIRECTION] },
  { kind: TensorKind.TENSOR_KIND_WEIGHTS, everyN: 1, roles: [DIRECTION] },
];

function declining(declines: string, rest: Record<string, unknown> = {}): TestConfigOptions {
  const settings = { declines, ...rest };
  return { roles: { 'step-direction': { plugin: 'declining-direction', settings } } };
}

/** Opens a plan and asks about a few iterations. */
async function play(options: TestConfigOptions, iterations = 3) {
  const host = await startTestHost(options);
  const client = host.client();
  const accepted = (await client.ask(wireStart()))?.accepted;
  const answers: (readonly [reason: string, isFinal: boolean])[] = [];
  const details: string[] = [];
  for (const event of firstIterations(iterations)) {
    client.send(event);
    let answer = await client.next();
    // That a role goes off is told apart from the answers.
    while (answer?.notice) answer = await client.next();
    const header = answer?.iteration?.stepDirection?.header;
    if (header) answers.push([header.reason ?? '', header.isFinal ?? false]);
    if (header) details.push(header.detail ?? '');
  }
  return { host, accepted, answers, details };
}

const declinedBy = (accepted: Accepted | undefined | null) =>
  accepted?.bindings?.find(({ role }) => role === DIRECTION)?.declined ?? '';

it('asks for what a role wants, and says that the role alone wants it', async () => {
  const { accepted, answers } = await play(declining('never'));
  expect(accepted?.wanted).toEqual(directionOnly);
  expect(declinedBy(accepted)).toBe('');
  expect(answers).toEqual(Array(3).fill(['no-advice', false]));
});

it('asks for nothing of a role that declines as the plan opens, and says why', async () => {
  const { host, accepted, answers } = await play(declining('as-it-opens'));
  expect(accepted?.wanted ?? []).toEqual([]);
  expect(declinedBy(accepted)).toBe('has nothing for it');
  expect(answers).toEqual(Array(3).fill(['not-applicable', true]));
  expect(host.log.lines.filter(({ message }) => message === 'plugin failed')).toEqual([]);
  const [line] = host.log.lines.filter(({ message }) => message === 'plugin declined the plan');
  expect(line?.fields).toMatchObject({ role: 'step-direction', why: 'has nothing for it' });
});

it('says at the first answer that a role which declines only then is done', async () => {
  const { accepted, answers, details } = await play(declining('when-asked'));
  expect(details).toEqual(Array(3).fill('has nothing for it'));
  expect(accepted?.wanted).toEqual(directionOnly);
  expect(declinedBy(accepted)).toBe('');
  expect(answers).toEqual(Array(3).fill(['not-applicable', true]));
});

it('passes on what a plugin says of its input with every answer, and logs it once', async () => {
  const { host, answers, details } = await play(declining('input', { words: 'no column-norm' }));
  expect(answers).toEqual(Array(3).fill(['invalid-input', false]));
  expect(details).toEqual(Array(3).fill('no column-norm'));
  const lines = host.log.lines.filter(({ message }) => message === 'plugin gave no advice');
  expect(lines.map(({ fields }) => fields)).toEqual([
    expect.objectContaining({ reason: 'invalid-input', why: 'no column-norm' }),
  ]);
});

it('says nothing of a defect but that there was one', async () => {
  const { details } = await play(declining('fails'));
  expect(details).toEqual(Array(3).fill(''));
});

it('asks for nothing of a role whose plugin fails to open', async () => {
  const { accepted, answers } = await play(declining('fails-as-it-opens'));
  expect(accepted?.wanted ?? []).toEqual([]);
  expect(answers).toEqual(Array(3).fill(['plugin-error', true]));
});

it('says that a role is done once it has failed too often for this plan', async () => {
  const { answers } = await play(declining('fails'), 5);
  expect(answers).toEqual([
    ['plugin-error', false],
    ['plugin-error', false],
    ['plugin-error', true],
    ...Array(2).fill(['breaker-plan', true]),
  ]);
});

it.each([
  ['dh', '', []],
  ['lbfgs', 'declining-direction', directionOnly],
] as const)(
  'asks nothing of a role that is off for the solver: %s',
  async (solver, plugin, wanted) => {
    const { roles } = declining('never');
    const role = { onFailure: 'default', deadlineMs: 50, settings: {} } as const;
    const bySolver = { dh: { ...role, plugin: 'off' } };
    const host = await startTestHost({
      ...declining('never'),
      roles: { 'step-direction': { ...roles?.['step-direction'], bySolver } },
    });
    const accepted = (await host.client().ask(wireStart(fakePlan({ solver }))))?.accepted;
    expect(accepted?.bindings?.find(({ role: one }) => one === DIRECTION)?.plugin).toBe(plugin);
    expect(accepted?.wanted ?? []).toEqual(wanted);
  },
);

it.each([
  ['other', ''],
  ['lbfgs', 'declining-direction'],
] as const)('serves a solver of another name by what is off for %s', async (solver, plugin) => {
  const { roles } = declining('never');
  const role = { onFailure: 'default', deadlineMs: 50, settings: {}, plugin: 'off' } as const;
  const host = await startTestHost({
    roles: { 'step-direction': { ...roles?.['step-direction'], bySolver: { [solver]: role } } },
  });
  const plan = fakePlan({ solver: 'other', solverName: 'scipy trust-constr' });
  const accepted = (await host.client().ask(wireStart(plan)))?.accepted;
  expect(accepted?.bindings?.find(({ role: one }) => one === DIRECTION)?.plugin).toBe(plugin);
});

it('refuses a solver of no kind and no name', async () => {
  const host = await startTestHost(declining('never'));
  const client = host.client();
  await client.ask(wireStart(fakePlan({ solver: 'other', solverName: '' })));
  expect(await client.status).toMatchObject({
    details: expect.stringContaining('`start.solver_name` is empty'),
  });
});

it('names no role for what a recording wants as well', async () => {
  const recording = { enabled: true, tensors: ['gradient'], directory: temporaryFolder() } as const;
  const host = await startTestHost({ ...declining('never', { every_n: 2 }), recording });
  const start = wireStart(undefined, { mayRecord: true, patientKey: 'patient-1' });
  const accepted = (await host.client().ask(start))?.accepted;
  expect(accepted?.wanted?.map(({ everyN, roles = [] }) => [everyN, roles])).toEqual([
    [1, []],
    [2, [DIRECTION]],
  ]);
});

it('is done with all roles once operators have stopped advice', async () => {
  const host = await startLiveHost({
    yaml: 'roles: { step-direction: { plugin: steepest-descent } }',
  });
  const client = host.client();
  await client.ask(wireStart());
  const isFinal = async (iterations: number, from: number) => {
    const answers = await client.play(firstIterations(iterations).slice(from));
    return answers.at(-1)?.iteration?.stepDirection?.header?.isFinal ?? false;
  };
  expect(await isFinal(1, 0)).toBe(false);
  await host.operator.stopAdvice({ who: 'tester', why: 'it looks wrong', via: 'command' });
  expect(await isFinal(2, -1)).toBe(true);
});

it.each(['', 'x'.repeat(100_000)])('bears no words and too many', async (words) => {
  const { accepted } = await play(declining('as-it-opens', { words }), 0);
  const said = declinedBy(accepted);
  expect(said).toMatch(/^no reason given$|^x+\.\.\. \(100000 characters\)$/);
  expect(said.length).toBeLessThan(300);
});
