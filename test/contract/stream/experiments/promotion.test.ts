// What becomes of a configuration when an experiment promotes an arm, and what operators do to experiments of a running host.
import { appendFileSync, cpSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type PromoteOptions,
  promote,
  release,
} from '../../../../src/cli/experiments/experiment-commands.js';
import type { RampPosition } from '../../../../src/domain/experiments/experiments.js';
import { simulatedData } from '../../../../src/experiments/testing/simulated-data.js';
import { fixtureModels } from '../../../support/model-repository.js';
import { openPlan, storesOf } from '../testing/experiment-host.js';
import { type LiveOptions, startLiveHost, temporaryFolder } from '../testing/live-host.js';
import { fixtureFolder, until } from '../testing/test-host.js';

const id = 'newer';

/** Convergence 1 is served, 2 is tried; `models` lets a test spoil a version. */
const yaml = (
  more = 'promote: { label: stable }',
  models = fixtureModels,
) => `plugins: { directories: ['${fixtureFolder('../../dist/plugins')}'] }
models:
  directory: '${models}'
  inline_below_ms: 10000
  labels: { convergence: { stable: "1" } }
roles:
  early-stopping: { plugin: convergence, deadline_ms: 2000 }
experiments:
  - id: ${id}
    unit: plan
    arms:
      - { id: old, weight: 1 }
      - { id: new, weight: 1, roles: { early-stopping: { model: convergence@2 } } }
    control: old
    primary: { metric: iterations }
    ${more}
`;

type Host = Awaited<ReturnType<typeof startLiveHost>>;

async function start(text = yaml(), more: LiveOptions = {}) {
  const host = await startLiveHost({ yaml: text, ...more });
  await openPlan(host, 'plan-1');
  const stores = await storesOf(host);
  await until(async () => (await stores.experiments.get(id)) !== undefined);
  return { host, stores };
}

/** As an analysis of any host would move it. */
async function decide({ stores }: Awaited<ReturnType<typeof start>>, to: Partial<RampPosition>) {
  const ramp = (await stores.experiments.get(id))?.ramp;
  if (ramp === undefined) throw new Error('not stored');
  expect(await stores.experiments.replaceRamp(id, ramp, { ...ramp, ...to }, 1)).toBe(true);
}

/** Any change makes the host read where ramps stand. */
const edit = (host: Host, comment: string) =>
  host.write(`${host.text().slice(host.text().indexOf('plugins:'))}# ${comment}\n`);

const promoted = { state: 'promoted', reason: 'new is better.', promotedArm: 'new' } as const;
const stableOf = (host: Host) => host.live.current().models.labels['convergence']?.['stable'];
const promotionIn = (stores: Awaited<ReturnType<typeof storesOf>>, host: Host) =>
  stores.promotions.find(id, `${hostname()}:${host.live.current().history.directory}`);
const byExperiment = (host: Host) =>
  host.live.generations().filter(({ via }) => via === 'experiment');

it('moves the label in the file, with an entry in the audit log, and new plans get the better version', async () => {
  const running = await start();
  const { host, stores } = running;
  await decide(running, promoted);
  edit(host, 'looked at');
  await until(() => stableOf(host) === '2');
  expect(host.text()).toContain('stable: "2"');
  expect(byExperiment(host)).toMatchObject([
    {
      who: `experiment ${id}`,
      what: 'label convergence stable 2',
      why: 'arm new was promoted: new is better.',
    },
  ]);
  const { accepted } = await openPlan(host, 'plan-2');
  expect(accepted?.bindings?.[5]?.model).toBe('convergence/2');
  expect(accepted?.arm).toBe('');
  // An operator thinks otherwise: the promotion was made once and is not made again.
  await host.change({ kind: 'label', model: 'convergence', label: 'stable', version: '1' });
  await until(async () => (await promotionIn(stores, host))?.state === 'moved');
  edit(host, 'and again');
  await until(() => host.live.generations()[0]?.what === 'edit of the file');
  await new Promise((next) => setTimeout(next, 200));
  expect(stableOf(host)).toBe('1');
  expect(byExperiment(host)).toHaveLength(1);
});

it('moves nothing that is not asked for; an operator with the token does it', async () => {
  const running = await start(yaml(''), { token: 'sesame' });
  const { host } = running;
  const ask = (token: string) => {
    process.env['DH_ADVISOR_OPERATOR_TOKEN'] = token;
    const options = { config: host.file, host: host.operatorAddress, as: 'physicist' };
    return promote(id, { ...options, arm: 'new', reason: 'looked into' }).finally(() => {
      delete process.env['DH_ADVISOR_OPERATOR_TOKEN'];
    });
  };
  await decide(running, promoted);
  edit(host, 'looked at');
  await until(() => host.live.current().generation === 2);
  await expect(ask('guess')).rejects.toThrow(/\[operator-token\]/);
  expect(stableOf(host)).toBe('1');
  expect(await ask('sesame')).toBe(
    `${id}: promoted, new promoted by physicist: looked into; convergence@stable is 2`,
  );
  expect(stableOf(host)).toBe('2');
  expect(host.live.generations()[0]).toMatchObject({ who: 'physicist', via: 'command' });
});

/** Plans of both arms, as a host stores them: those of `new` take `ratio` times as many iterations. */
async function plansOf({ stores }: Awaited<ReturnType<typeof start>>, ratio: number) {
  const { assignments, outcomes, experiments } = stores;
  const experiment = (await experiments.get(id))?.experiment;
  if (experiment === undefined) throw new Error('not stored');
  // Plans that are open hold up those behind them.
  for (const { session } of await outcomes.outcomes(id)) {
    await outcomes.finish(id, session, { iterations: 100 }, 1);
  }
  const made = simulatedData(experiment, 100, { new: { ratio } });
  await Promise.all(made.assignments.map((assignment) => assignments.assign(assignment)));
  for (const { session, metrics, ...opened } of made.outcomes) {
    await outcomes.open({ ...opened, session });
    const iterations = metrics['call_equivalents'] ?? 0;
    await outcomes.finish(id, session, { iterations }, 2000);
  }
}

describe('an operator who promotes', () => {
  const asking = (host: Host, more: Partial<PromoteOptions> = {}) =>
    promote(id, {
      config: host.file,
      host: host.operatorAddress,
      as: 'physicist',
      arm: 'new',
      reason: 'in a hurry',
      ...more,
    });
  const rampIn = async (stores: Awaited<ReturnType<typeof storesOf>>) =>
    (await stores.experiments.get(id))?.ramp;

  it('an arm that is not decided is refused, and nothing has changed', async () => {
    const { host, stores } = await start(yaml(''));
    const before = [host.text(), await rampIn(stores)];
    await expect(asking(host)).rejects.toThrow(
      /^Arm `new` of experiment `newer` is not promoted: the analysis decides `continue`\. new is neither better.* `--override` .*\[experiment-not-decided\]$/,
    );
    expect([host.text(), await rampIn(stores)]).toEqual(before);
    expect(host.live.generations()).toHaveLength(1);
  });

  it('an arm that is not decided with an override is told the decision, which the audit log keeps', async () => {
    const { host, stores } = await start(yaml(''));
    const told = await asking(host, { override: true });
    expect(told.split('\n')).toEqual([
      `${id}: promoted, new promoted by physicist: in a hurry; override: continue; convergence@stable is 2`,
      expect.stringMatching(/^overridden: the analysis decides `continue` for new: new is neither/),
    ]);
    expect(stableOf(host)).toBe('2');
    expect(host.live.generations()[0]?.why).toBe('in a hurry; override: continue');
    const audit = readFileSync(join(host.live.current().history.directory, 'audit.jsonl'), 'utf8');
    expect(audit).toContain('in a hurry; override: continue');
    expect(await rampIn(stores)).toMatchObject({
      state: 'promoted',
      overriddenDecision: 'continue',
    });
  });

  it('in a dry run is told what would move and what is decided, and nothing has changed', async () => {
    const { host, stores } = await start(yaml(''));
    const before = [host.text(), await rampIn(stores)];
    const told = (await asking(host, { dryRun: true })).split('\n');
    expect(told).toEqual([
      `${id}: a dry run, nothing has changed; it is full`,
      '  convergence@stable would be 2',
      expect.stringMatching(/^the analysis decides `continue` for new: /),
      'the promotion would be refused without --override',
    ]);
    const overriding = await asking(host, { dryRun: true, override: true });
    expect(overriding).toMatch(/\nnew would be promoted against the decision$/);
    const { reason } = JSON.parse(await asking(host, { dryRun: true, json: true }));
    expect(reason).toBe('would be promoted; convergence@stable is 2');
    expect([host.text(), await rampIn(stores)]).toEqual(before);
    expect(host.live.generations()).toHaveLength(1);
  });

  it('an arm that is better by its plans needs no override; one that is worse does', async () => {
    const better = await start(yaml('stop: { when_decided: false }'));
    await plansOf(better, 0.4);
    expect(await asking(better.host, { dryRun: true })).toMatch(
      /decides `promote` for new: new is better than control: iterations -.*\nnew would be promoted$/s,
    );
    expect(await asking(better.host)).toBe(
      `${id}: promoted, new promoted by physicist: in a hurry; convergence@stable is 2`,
    );
    expect((await rampIn(better.stores))?.overriddenDecision).toBeUndefined();
    const worse = await start(yaml('stop: { when_decided: false }'));
    await plansOf(worse, 2.5);
    await expect(asking(worse.host)).rejects.toThrow(/decides `stop`\. new is worse than control/);
  });
});

it('a version that does not become ready leaves the last good configuration, and is told', async () => {
  const models = join(temporaryFolder(), 'models');
  cpSync(fixtureModels, models, { recursive: true });
  const running = await start(yaml('promote: { label: stable }', models));
  const { host, stores } = running;
  // Spoilt since it was loaded: as a label it is another model, which is checked anew.
  appendFileSync(join(models, 'convergence/2/model.yaml'), '# exported again, badly\n');
  appendFileSync(join(models, 'convergence/2/card.md'), 'another card');
  await decide(running, promoted);
  await until(() => host.live.refusals().some(({ via }) => via === 'experiment'));
  expect(host.live.refusals()[0]?.problem).toMatch(/not ready/);
  expect(stableOf(host)).toBe('1');
  expect(host.text()).toContain('stable: "1"');
  await until(async () => (await promotionIn(stores, host))?.state === 'failed');
  expect((await promotionIn(stores, host))?.problem).toMatch(/not ready/);
});

it('releases by the host, with its token; without a host by the database', async () => {
  const running = await start(yaml(), { token: 'sesame' });
  const { host, stores } = running;
  const options = {
    config: host.file,
    host: host.operatorAddress,
    reason: 'looked into',
    as: 'me',
  };
  await decide(running, { state: 'held', reason: 'losses' });
  await expect(release(id, options)).rejects.toThrow(/\[operator-token\]/);
  process.env['DH_ADVISOR_OPERATOR_TOKEN'] = 'sesame';
  try {
    expect(await release(id, options)).toBe(`${id}: full, released by me: looked into`);
  } finally {
    delete process.env['DH_ADVISOR_OPERATOR_TOKEN'];
  }
  await decide(running, { state: 'held', reason: 'losses' });
  await host.stop();
  await expect(release(id, options)).rejects.toThrow(/No host answers/);
  expect(await release(id, { ...options, offline: true })).toMatch(/full, released by me/);
  expect((await stores.experiments.get(id))?.ramp.state).toBe('full');
});

it.each([
  ['salt', '    salt: other\n'],
  ['layer', '    layer: { name: starts, from: 0, to: 500 }\n'],
])('another %s under the same id is refused once there are units', async (what, line) => {
  const { host } = await start();
  const changed = yaml().replace('    control: old\n', `    control: old\n${line}`);
  host.write(changed);
  await until(() => host.live.refusals().length > 0);
  expect(host.live.refusals()[0]?.problem).toMatch(
    new RegExp(`experiments\\[0\\]\\.${what} Experiment .${id}. takes no plans: its ${what}`),
  );
  expect((await openPlan(host, 'plan-2')).accepted?.arm).not.toBe('');
  await host.stop();
  const again = await startLiveHost({ yaml: changed, folder: host.folder });
  expect((await openPlan(again, 'plan-3')).accepted?.arm).toBe('');
  expect(again.log.lines.map(({ message }) => message)).toContain('experiment takes no plans');
});
