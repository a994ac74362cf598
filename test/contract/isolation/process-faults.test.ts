// What a plugin does to its process costs its own advice: other roles answer on, the process is ended where it does not end
// by itself, and plans that go on are advised again. In both languages.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endOf, isBack, linesOf, SteppedPlan, startFaulty, TWINS } from './testing/faulty-host.js';

function marker(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-isolation-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'has-failed');
}

/** What the fixture answers: events and questions that its session has seen, and iterations of its view. */
const seen = (observed: number, asked: number, iterations: number) =>
  observed * 10_000 + asked * 100 + iterations;

describe.each(TWINS)('%s', (plugin) => {
  it('is told of everything, and asked', async () => {
    const host = await startFaulty(plugin, {});
    const plan = await SteppedPlan.open(host);
    expect((await plan.next())?.predictedStandardDeviation).toBe(seen(3, 1, 1));
    expect((await plan.next())?.predictedStandardDeviation).toBe(seen(4, 2, 2));
  });

  it.each([
    ['exit', /status 7/],
    ['write-into-pipe', /no message/],
  ])(
    '%s in an answer: the plan goes on, and is advised as if nothing had been',
    async (fault, end) => {
      const host = await startFaulty(plugin, { fault, iteration: 2, marker: marker() });
      const plan = await SteppedPlan.open(host);
      expect(await plan.outcomes(2)).toEqual(['applied', 'applied']);
      expect(await plan.outcome()).toBe('failed plugin-process-ended');
      expect(await endOf(host)).toMatch(end);
      expect(await plan.outcome()).toBe('default plugin-restarting');
      await isBack(host);
      // Six events, the fifth iteration; the question that the process ended of is not asked again, and one never was.
      expect((await plan.next())?.predictedStandardDeviation).toBe(seen(7, 3, 5));
    },
  );

  it.each(['open', 'observe'])(
    'ends in `%s`: so does the next one, until the role is off for the plan',
    async (phase) => {
      const host = await startFaulty(plugin, { fault: 'exit', phase });
      const plan = await SteppedPlan.open(host);
      const outcomes = new Set<string>();
      for (let times = 1; times <= 3; times += 1) {
        outcomes.add(await plan.outcome());
        await isBack(host, times);
      }
      expect([...outcomes]).toContain('failed plugin-process-ended');
    },
  );

  it('hangs in an answer: it is ended, and back for the next', async () => {
    const settings = { fault: 'loop', iteration: 1, marker: marker() };
    const host = await startFaulty(plugin, settings, { hangMs: 1500 });
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcomes(2)).toEqual(['applied', 'failed plugin-process-ended']);
    expect(await endOf(host)).toMatch(/hung for 1500 ms/);
    await isBack(host);
    expect(await plan.outcome()).toBe('applied');
  });

  it('hangs beyond its deadline: the plan waits no longer than that', async () => {
    const settings = { fault: 'loop', iteration: 1, marker: marker() };
    const host = await startFaulty(plugin, settings, { hangMs: 1500 }, { deadlineMs: 300 });
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcomes(3)).toEqual(['applied', 'timeout late', 'timeout still-busy']);
    expect(await endOf(host)).toMatch(/hung for 1500 ms/);
  });

  it('never answers, and does not hang: its process goes on', async () => {
    const host = await startFaulty(plugin, { fault: 'never' }, {}, { deadlineMs: 300 });
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcomes(2)).toEqual(['timeout late', 'timeout still-busy']);
    const other = await SteppedPlan.open(host, 'plan-2');
    expect(await other.outcome()).toBe('timeout late');
    expect(linesOf(host, 'the process of a plugin has ended')).toEqual([]);
  });

  it('starts a message that it never ends: it is ended', async () => {
    const settings = { fault: 'half-a-message', marker: marker() };
    const host = await startFaulty(plugin, settings, { hangMs: 1500 });
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcome()).toBe('failed plugin-process-ended');
    await isBack(host);
    expect(await plan.outcome()).toBe('applied');
  });

  it.each(['heap', 'buffers'])(
    'takes all memory (%s): it is ended before the host feels it',
    async (fault) => {
      const settings = { fault, iteration: 1, marker: marker() };
      const host = await startFaulty(plugin, settings, { memoryMb: 300 });
      const plan = await SteppedPlan.open(host);
      expect(await plan.outcomes(2)).toEqual(['applied', 'failed plugin-process-ended']);
      expect(await endOf(host)).toMatch(/MB of memory|SIGABRT|heap/);
      await isBack(host);
      expect(await plan.outcome()).toBe('applied');
    },
  );

  it('prints without end: nobody waits for it, and the log is not flooded', async () => {
    const host = await startFaulty(plugin, { fault: 'print' });
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcomes(2)).toEqual(['applied', 'applied']);
    expect(linesOf(host, 'a plugin printed').length).toBeLessThanOrEqual(100);
  });

  it.each([
    ['exit', {}, /plugin-process-ended/],
    ['loop', { loadTimeoutMs: 1500 }, /plugin-create-timeout/],
    ['never', { loadTimeoutMs: 1500 }, /plugin-create-timeout/],
  ])('%s while it starts: it is refused, and the host serves', async (fault, plugins, code) => {
    const host = await startFaulty(plugin, { fault, phase: 'create' }, {}, {}, plugins);
    const refused = linesOf(host, 'plugin refused, role is off');
    expect(refused[0]?.fields['code']).toMatch(code);
    const plan = await SteppedPlan.open(host);
    expect(await plan.next()).toBeUndefined();
  });

  it('starts slowly: it is waited for', async () => {
    const host = await startFaulty(plugin, { fault: 'slow', phase: 'create' });
    expect(await (await SteppedPlan.open(host)).outcome()).toBe('applied');
  });

  it('loops while it is disposed of: the host ends all the same', async () => {
    const host = await startFaulty(plugin, { fault: 'loop', phase: 'dispose' }, { hangMs: 1500 });
    expect(await (await SteppedPlan.open(host)).outcome()).toBe('applied');
    await host.stop();
  });

  it('is not advised further where what it knew cannot be told again, and the plan is told why', async () => {
    const settings = { fault: 'exit', iteration: 1, marker: marker(), wants_gradient: true };
    const host = await startFaulty(plugin, settings);
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcomes(2)).toEqual(['applied', 'failed plugin-process-ended']);
    await isBack(host);
    const advice = await plan.next();
    expect(advice?.header?.reason).toBe('not-applicable');
    expect(advice?.header?.detail).toMatch(/started again/);
    const other = await SteppedPlan.open(host, 'plan-2');
    expect(await other.outcome()).toBe('applied');
  });

  it('leaves no advice of a plan beside it undone', async () => {
    const host = await startFaulty(plugin, { fault: 'exit', iteration: 1, marker: marker() });
    const plans = [await SteppedPlan.open(host), await SteppedPlan.open(host, 'plan-2')] as const;
    expect(await plans[1].outcome()).toBe('applied');
    expect(await plans[0].outcomes(2)).toEqual(['applied', 'failed plugin-process-ended']);
    await isBack(host);
    expect((await plans[1].next())?.predictedStandardDeviation).toBe(seen(4, 2, 2));
  });

  it('sees of the environment what its manifest names', async () => {
    const added = { PLUGIN_MAY_SEE: '1', DH_ADVISOR_OPERATOR_TOKEN: 'secret', OTHER_SECRET: 'x' };
    Object.assign(process.env, added);
    onTestFinished(() => {
      for (const name of Object.keys(added)) delete process.env[name];
    });
    const host = await startFaulty(plugin, { tells_environment: true });
    const advice = await (await SteppedPlan.open(host)).next();
    const names = advice?.explanation?.split(' ') ?? [];
    expect(names).toContain('PLUGIN_MAY_SEE');
    expect(names).toContain('PATH');
    expect(names.filter((name) => /SECRET|DH_ADVISOR/.test(name))).toEqual([]);
  });

  it('ends with the host, also while it loops', async () => {
    const file = marker();
    const host = await startFaulty(
      plugin,
      { fault: 'loop', marker: file },
      {},
      { deadlineMs: 200 },
    );
    const plan = await SteppedPlan.open(host);
    expect(await plan.outcome()).toBe('timeout late');
    expect(existsSync(file)).toBe(true);
    await host.stop();
  });
});
