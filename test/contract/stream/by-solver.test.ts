// One host for optimizers with different solvers: a role as plans of one of them get it.
import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { expect, it } from 'vitest';
import { Quality } from '../../../src/generated/dh/advisor/v1/Quality.js';
import {
  EXPERIMENT,
  id,
  type LiveHost,
  metric,
  start as startExperiment,
} from './testing/experiment-host.js';
import { startLiveHost } from './testing/live-host.js';
import { wireFinish, wireRun, wireStart } from './testing/wire-run.js';

const yaml = `roles:
  initialization:
    plugin: constant-start
    settings: { fraction: 0.25 }
    by_solver:
      dh: { settings: { fraction: 0.75 } }
  early-stopping:
    plugin: objective-floor
    by_solver:
      lbfgs: { plugin: off }
`;

type Solver = 'dh' | 'lbfgs';

const round = (fraction: number) => Math.round(1e6 * fraction) / 1e6;

/** What a plan of the solver starts from, as a fraction of the ceiling, and the plugins that serve it. */
async function planOf(host: Pick<LiveHost, 'client'>, solver: Solver, key = 'plan-1') {
  const plan = fakePlan({ solver });
  const client = host.client();
  const accepted = (await client.ask(wireStart(plan, { planKey: key })))?.accepted;
  const answers = await client.play(wireRun(1).slice(0, 2));
  const arm = accepted?.arm ?? '';
  const data = Buffer.from(answers.at(-1)?.level?.initialization?.weights?.data ?? []);
  const plugins = (accepted?.bindings ?? []).map(({ plugin }) => plugin ?? '');
  return {
    arm,
    plugins,
    start: data.length === 0 ? 0 : round(data.readDoubleLE(0) / plan.weightCeiling),
  };
}

it('serves plans of each solver with what is configured for it', async () => {
  const host = await startLiveHost({ yaml });
  const dh = await planOf(host, 'dh');
  expect(dh.start).toBeCloseTo(0.75);
  expect(dh.plugins).toEqual(['constant-start', '', '', '', '', 'objective-floor']);
  const lbfgs = await planOf(host, 'lbfgs');
  expect(lbfgs.start).toBeCloseTo(0.25);
  expect(lbfgs.plugins).toEqual(['constant-start', '', '', '', '', '']);
});

it('shows operators what plans of a solver get beside what all others get', async () => {
  const host = await startLiveHost({ yaml });
  const { roles } = await host.operator.status();
  expect(
    roles
      .filter(({ binding }) => binding.role === 'initialization' || binding.solver !== undefined)
      .map(({ binding: { role, solver, plugin } }) => [role, solver, plugin]),
  ).toEqual([
    ['initialization', undefined, 'constant-start'],
    ['initialization', 'dh', 'constant-start'],
    ['early-stopping', 'lbfgs', ''],
  ]);
});

it('counts answers of plans of each solver apart', async () => {
  const host = await startLiveHost({ yaml });
  await planOf(host, 'dh');
  await planOf(host, 'dh', 'plan-2');
  await planOf(host, 'lbfgs');
  const applied = (solver: string) =>
    metric(host, 'advice_total', 'role="initialization"', `solver="${solver}"`, 'applied');
  expect([await applied('dh'), await applied('')]).toEqual([2, 1]);
});

it('refuses a change that a plugin does not take for one solver, and says where', async () => {
  const host = await startLiveHost({ yaml });
  host.write(yaml.replace('fraction: 0.75', 'fraction: many'));
  const refusal = await host.operator
    .change({
      change: { kind: 'reload' },
      origin: { who: 'tester', why: 'a test', via: 'command' },
      isDryRun: false,
      expectedGeneration: undefined,
    })
    .then(
      () => expect.fail('it was made'),
      (reason: unknown) => String(reason),
    );
  expect(refusal).toMatch(/host\.yaml:\d+: roles\.initialization\.by_solver\.dh\.settings/);
  expect((await planOf(host, 'dh')).start).toBeCloseTo(0.75);
});

it('tells once of a plugin that is nowhere', async () => {
  const host = await startLiveHost({ yaml });
  const named = { role: 'initialization', plugin: 'nowhere' } as const;
  const rest = { pluginVersion: undefined, model: undefined };
  const refusal = await host.refusal({ kind: 'use', ...named, ...rest });
  expect(refusal).toContain(' 1 part(s) of it');
  expect(refusal).toMatch(/roles\.initialization\.plugin Role/);
});

it('is off for all solvers once an operator has switched the role off, and back as it was', async () => {
  const host = await startLiveHost({ yaml });
  await host.change({ kind: 'disable', role: 'initialization' });
  expect((await planOf(host, 'dh')).plugins[0]).toBe('');
  await host.change({ kind: 'enable', role: 'initialization' });
  expect((await planOf(host, 'dh', 'plan-2')).start).toBeCloseTo(0.75);
});

it('lets an arm change what plans of a solver have, and not what they do without', async () => {
  const role = (bySolver: string) =>
    `roles: { initialization: { plugin: constant-start, deadline_ms: 2000, by_solver: ${bySolver} } }\n`;
  const arms = EXPERIMENT.replace('weight: 1 }', 'weight: 1, roles: { initialization: {} } }');
  const both = async (bySolver: string) => {
    const host = await startExperiment({ yaml: role(bySolver) + arms });
    const seen = new Map<string, number>();
    for (let n = 1; seen.size < 2; n += 1) {
      const { arm, start, plugins } = await planOf(host, 'dh', `plan-${n}`);
      seen.set(arm, plugins[0] === '' ? 0 : start);
    }
    return [seen.get(`${id}/shipped`), seen.get(`${id}/fuller`)];
  };
  expect(await both('{ dh: { settings: { fraction: 0.75 } } }')).toEqual([0.75, 0.5]);
  expect(await both('{ dh: { plugin: off } }')).toEqual([0, 0]);
});

const byQuality = `roles:
  initialization: { plugin: constant-start, qualities: [fast, balanced] }
  early-stopping:
    plugin: objective-floor
    by_solver: { lbfgs: { qualities: [fast] } }
`;

it.each([
  ['QUALITY_FAST', ['constant-start', '', '', '', '', 'objective-floor'], []],
  ['QUALITY_BALANCED', ['constant-start', '', '', '', '', ''], [5]],
  // What says nothing is taken for balanced.
  ['QUALITY_UNSPECIFIED', ['constant-start', '', '', '', '', ''], [5]],
  ['QUALITY_STRICT', ['', '', '', '', '', ''], [0, 5]],
] as const)(
  'serves a plan of %s with the roles that are for it, and says why not others',
  async (quality, plugins, declining) => {
    const host = await startLiveHost({ yaml: byQuality });
    const client = host.client();
    const plan = fakePlan({ solver: 'lbfgs' });
    const accepted = (await client.ask(wireStart(plan, { quality })))?.accepted;
    expect(accepted?.bindings?.map(({ plugin }) => plugin)).toEqual(plugins);
    for (const [at, { declined }] of (accepted?.bindings ?? []).entries())
      expect(declined).toMatch(
        (declining as readonly number[]).includes(at) ? /^serves plans of quality / : /^$/,
      );
    expect(accepted?.wanted ?? []).toEqual([]);
    const answers = await client.play([...wireRun(2), wireFinish]);
    const provenance = answers.at(-1)?.summary?.provenance;
    expect(provenance?.bindings).toEqual(accepted?.bindings);
    expect(provenance?.quality).toBe(
      quality === 'QUALITY_UNSPECIFIED' ? Quality.QUALITY_BALANCED : Quality[quality],
    );
    expect(provenance).toMatchObject({
      sessionId: accepted?.sessionId,
      host: expect.stringMatching(/^dh-advisor \d/),
      resumptions: 0,
      answers: answers.length - 1,
    });
  },
);
