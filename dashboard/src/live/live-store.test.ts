import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { HostStatus, LiveUpdate } from '../../../src/http/api.js';
import type { PlanSummary } from '../../../src/http/live/plan-views.js';
import { HostFault } from './host-calls.js';
import { LiveStore, type ReadFeed } from './live-store.js';

/** The feed as a host would answer each call. */
class FakeFeed {
  readonly calls: { readonly signal: AbortSignal; readonly end: (fault?: Error) => void }[] = [];
  #take: (update: LiveUpdate) => void = () => {};

  readonly read: ReadFeed = (take, signal) => {
    this.#take = take;
    return new Promise((resolve, reject) => {
      const end = (fault?: Error) => (fault === undefined ? resolve() : reject(fault));
      this.calls.push({ signal, end });
    });
  };

  say(update: Partial<LiveUpdate>): void {
    this.#take({ instance: 'one', sentAtMs: 1, ...update });
  }

  /** The newest call ends. */
  async end(fault?: Error): Promise<void> {
    this.calls.at(-1)?.end(fault);
    await vi.advanceTimersByTimeAsync(0);
  }
}

function plan(sessionId: string, from: number, iterations: readonly number[], epoch = 0) {
  const summary = { sessionId, state: 'open' } as PlanSummary;
  return { ...summary, curve: { epoch, from, iterations, objectives: iterations } };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function connected() {
  const source = new FakeFeed();
  const store = new LiveStore(source.read);
  store.connect();
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

it('forgets everything of a host that was restarted, and counts it', async () => {
  const { store, source } = connected();
  source.say({ members: ['a'], plans: [plan('a', 0, [1])] });
  await source.end();
  expect(store.state.connection).toBe('lost');
  expect(store.state.plans).toHaveLength(1);
  source.say({ instance: 'two', members: [] });
  expect(store.state).toMatchObject({ connection: 'live', plans: [], restarts: 1 });
});

it('calls again until the host is back', async () => {
  const { store, source } = connected();
  await source.end(new HostFault({ code: 'host-unreachable', message: 'gone' }));
  expect(store.state.connection).toBe('lost');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(source.calls).toHaveLength(2);
  source.say({});
  expect(store.state).toMatchObject({ connection: 'live', lostAtMs: 0 });
});

it('shows nothing to somebody whom the host does not know, and asks it no more until he signs in', async () => {
  const { store, source } = connected();
  const status = { generation: 3 } as HostStatus;
  source.say({ status, members: ['a'], plans: [plan('a', 0, [1])] });
  const denial = new HostFault({ code: 'access-none', message: 'who calls?' });
  await source.end(denial);
  expect(store.state).toMatchObject({ connection: 'denied', denial, status: undefined, plans: [] });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(source.calls).toHaveLength(1);
  store.connect();
  source.say({ status, members: ['a'], plans: [plan('a', 0, [1])] });
  expect(store.state).toMatchObject({ connection: 'live', denial: undefined });
  expect(store.state.plans).toHaveLength(1);
});

it('hears nothing more of a call that another has taken the place of', async () => {
  const { store, source } = connected();
  const [first] = source.calls;
  store.connect();
  expect(first?.signal.aborted).toBe(true);
  source.say({});
  first?.end(new Error('aborted'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(store.state.connection).toBe('live');
  expect(source.calls).toHaveLength(2);
});
