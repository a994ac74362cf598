import { describe, expect, it } from 'vitest';
import { HostError } from '../../domain/errors/host-error.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { analyse } from '../analysis/analyse.js';
import { fullRamp, simulatedData } from '../testing/simulated-data.js';
import { CachedReader, type ReadExperiments } from './cached-reader.js';
import { experimentEntry, experimentPanel } from './experiment-panel.js';
import type { ExperimentPanel } from './panel.js';

const metric = { name: 'reference_objective', direction: 'lower', scale: 'ratio' } as const;
const experiment = testExperiment({
  guardrails: [{ ...metric, range: undefined, margin: 0.05, action: 'stop' }],
});
const stored = { experiment, ramp: fullRamp, updatedAtMs: 3 };

describe('a panel', () => {
  it('has the decision in words, the tables of the report, and what is to be drawn', () => {
    const data = simulatedData(experiment, 300, { new: { ratio: 0.8 } });
    const panel = experimentPanel(analyse(data, 9), stored);
    expect(panel).toMatchObject({
      atMs: 9,
      entry: { id: 'warm-start-2', state: 'full', control: 'old' },
      decision: { kind: 'promote', arm: 'new', reason: expect.stringContaining('better') },
    });
    expect(panel.tables.map(({ title }) => title)).toEqual([
      'Arms',
      'Checks of the experiment',
      'Effects',
    ]);
    const [primary, guardrail] = panel.sequences;
    expect(primary).toMatchObject({
      title: 'primary: call_equivalents, new',
      isRatio: true,
      none: 1,
      margin: null,
    });
    expect(primary?.points.at(-1)?.plans).toBe(300);
    expect(primary?.points.every(({ low, high }) => low < high)).toBe(true);
    expect(guardrail?.margin).toBeCloseTo(1.05, 12);
    // It travels as JSON.
    expect(JSON.parse(JSON.stringify(panel))).toEqual(panel);
  });

  it('draws nothing before there is an interval, and is readable when it has ended', () => {
    const ended = { ...experiment, state: 'ended' as const };
    const panel = experimentPanel(analyse(simulatedData(ended, 10), 9), {
      ...stored,
      experiment: ended,
    });
    expect(panel.sequences).toEqual([]);
    expect(panel.entry.state).toBe('ended');
  });
});

/** A reader whose database counts how often it is read. */
function reader() {
  const clock = new FakeClock();
  const reads: string[] = [];
  const state = { isAway: false, running: 0, most: 0, tookMs: 0 };
  const reading = async <T>(what: string, value: T): Promise<T> => {
    reads.push(what);
    state.running += 1;
    state.most = Math.max(state.most, state.running);
    await new Promise(setImmediate);
    clock.advance(state.tookMs);
    state.running -= 1;
    if (state.isAway) throw new HostError('experiment-store', { problem: 'it is away' });
    return value;
  };
  const entries = Array.from({ length: 40 }, (_, i) => ({
    ...experimentEntry(stored),
    id: `e-${i}`,
  }));
  const read: ReadExperiments = {
    list: () => reading('list', { atMs: clock.nowMs(), experiments: entries }),
    panel: (_url, id) => reading(id, { atMs: clock.nowMs() } as ExperimentPanel),
  };
  const storage = () => ({ url: 'file:///x', analyseEveryMs: 60_000 });
  return { clock, reads, state, cached: new CachedReader({ clock, read, storage }) };
}

describe('between analyses', () => {
  it('all pages get the same answer, and one thread works at a time', async () => {
    const { cached, clock, reads, state } = reader();
    await Promise.all([cached.panel('e-1'), cached.panel('e-1'), cached.panel('e-2')]);
    await cached.list();
    expect(reads).toEqual(['list', 'e-1', 'e-2']);
    expect(state.most).toBe(1);
    clock.advance(60_001);
    expect((await cached.panel('e-1')).atMs).toBe(60_001);
    expect(reads).toEqual(['list', 'e-1', 'e-2', 'e-1']);
  });

  it('an analysis that costs more is kept longer, so that pages never get more than a fifth of a processor', async () => {
    const { cached, clock, reads, state } = reader();
    state.tookMs = 30_000;
    await cached.list();
    clock.advance(119_999);
    await cached.list();
    expect(reads).toEqual(['list']);
    clock.advance(2);
    await cached.list();
    expect(reads).toEqual(['list', 'list']);
  });

  it('nothing is read for an experiment that is not there', async () => {
    const { cached, reads } = reader();
    for (let n = 0; n < 5; n += 1) {
      await expect(cached.panel(`nothing-${n}`)).rejects.toThrow(/no experiment `nothing-/);
    }
    expect(reads).toEqual(['list']);
  });

  it('a bounded number is kept, the one asked for longest ago goes', async () => {
    const { cached, reads } = reader();
    for (let n = 0; n < 40; n += 1) await cached.panel(`e-${n}`);
    reads.length = 0;
    await cached.panel('e-39');
    expect(reads.filter((read) => read !== 'list')).toEqual([]);
    await cached.panel('e-0');
    expect(reads).toContain('e-0');
  });

  it('a database that is away is tried again sooner', async () => {
    const { cached, clock, reads, state } = reader();
    state.isAway = true;
    await expect(cached.list()).rejects.toThrow('it is away');
    await expect(cached.list()).rejects.toThrow('it is away');
    expect(reads).toHaveLength(1);
    state.isAway = false;
    clock.advance(5001);
    expect((await cached.list()).experiments).toHaveLength(40);
  });
});
