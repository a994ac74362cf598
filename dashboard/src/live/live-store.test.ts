import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HostStatus, LiveUpdate } from '../../../src/http/api.js';
import type { PlanSummary } from '../../../src/http/live/plan-views.js';
import { LiveStore } from './live-store.js';

/** What a browser has, as far as the store uses it. */
class FakeSource {
  static readonly CLOSED = 2;
  static readonly made: FakeSource[] = [];
  readyState = 1;
  onmessage: (event: { data: string }) => void = () => {};
  onerror: () => void = () => {};

  constructor() {
    FakeSource.made.push(this);
  }

  say(update: Partial<LiveUpdate>): void {
    this.onmessage({ data: JSON.stringify({ instance: 'one', sentAtMs: 1, ...update }) });
  }
}

function plan(sessionId: string, from: number, iterations: readonly number[], epoch = 0) {
  const summary = { sessionId, state: 'open' } as PlanSummary;
  return { ...summary, curve: { epoch, from, iterations, objectives: iterations } };
}

beforeEach(() => {
  FakeSource.made.length = 0;
  vi.stubGlobal('EventSource', FakeSource);
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function connected() {
  const store = new LiveStore('/api/events');
  store.connect();
  const [source] = FakeSource.made;
  if (source === undefined) throw new Error('no source');
  return { store, source };
}

it('puts plans together from what is new', () => {
  const { store, source } = connected();
  const status = { generation: 3 } as HostStatus;
  source.say({ status, members: ['a', 'b'], plans: [plan('a', 0, [1, 2]), plan('b', 0, [1])] });
  source.say({ plans: [plan('a', 1, [2, 3, 4])] });
  expect(store.state).toMatchObject({ connection: 'live', status: { generation: 3 } });
  const [a, b] = store.state.plans;
  expect(a?.curve.iterations).toEqual([1, 2, 3, 4]);
  expect(b?.curve.iterations).toEqual([1]);
  // Thinned by the host: from the beginning.
  source.say({ plans: [plan('a', 0, [1, 3, 5], 1)] });
  expect(store.state.plans[0]?.curve.iterations).toEqual([1, 3, 5]);
});

it('drops plans that are gone', () => {
  const { store, source } = connected();
  source.say({ members: ['a', 'b'], plans: [plan('a', 0, [1]), plan('b', 0, [1])] });
  source.say({ members: ['b'] });
  expect(store.state.plans.map(({ summary }) => summary.sessionId)).toEqual(['b']);
});

it('forgets everything of a host that was restarted, and counts it', () => {
  const { store, source } = connected();
  source.say({ members: ['a'], plans: [plan('a', 0, [1])] });
  source.onerror();
  expect(store.state.connection).toBe('lost');
  expect(store.state.plans).toHaveLength(1);
  source.say({ instance: 'two', members: [] });
  expect(store.state).toMatchObject({ connection: 'live', plans: [], restarts: 1 });
});

it('calls again where a browser would not', () => {
  const { store, source } = connected();
  source.onerror();
  vi.advanceTimersByTime(10_000);
  expect(FakeSource.made).toHaveLength(1);
  source.readyState = FakeSource.CLOSED;
  source.onerror();
  vi.advanceTimersByTime(10_000);
  expect(FakeSource.made).toHaveLength(2);
  FakeSource.made[1]?.say({});
  expect(store.state.connection).toBe('live');
});
