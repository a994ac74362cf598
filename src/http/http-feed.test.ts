import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PlanCounts } from '../domain/session/plan-counts.js';
import { fakeOpening, playEvents } from '../domain/testing/play-session.js';
import type { LiveUpdate } from './api.js';
import { binding, startHttp as startFixture } from './testing/http-fixture.js';

const startHttp = () => startFixture(onTestFinished);

describe('the live feed', () => {
  it('starts with the whole state, follows, and leaves', async () => {
    const { get, live } = await startHttp();
    const opening = fakeOpening();
    const plan = live.observe({
      sessionId: 's-1',
      opening,
      generation: 1,
      bindings: [binding],
      counts: new PlanCounts(),
    });
    const leave = new AbortController();
    const response = await get('/api/events', { signal: leave.signal });
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const updates = readUpdates(response);
    const first = (await updates.next()).value;
    expect(first).toMatchObject({ instance: 'instance-1', members: ['s-1'], status: {} });
    playEvents(plan);
    const second = (await updates.next()).value;
    expect(second?.plans?.[0]?.curve.iterations.length).toBeGreaterThan(0);
    const watchers = async () =>
      ((await (await get('/api/health')).json()) as { watchers: number }).watchers;
    expect(await watchers()).toBe(1);
    leave.abort();
    while ((await watchers()) > 0) await new Promise(setImmediate);
  });
});

describe('a page that does not read', () => {
  it('is told nothing that it would have to be stored for, and the newest state when it reads again', async () => {
    const { live, origin } = await startHttp();
    const plans = Array.from({ length: 64 }, (_, k) =>
      live.observe({
        sessionId: `s-${k}`,
        opening: fakeOpening(),
        generation: 1,
        bindings: [binding],
        counts: new PlanCounts(),
      }),
    );
    let updates = 0;
    const { plans: listed } = live;
    live.plans = () => {
      updates += 1;
      return listed.call(live);
    };
    const socket = connect(Number(new URL(origin).port), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.pause();
    socket.write('GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    // The kernel takes some; then the host waits.
    let before = -1;
    while (updates === 0 || updates > before) {
      before = updates;
      for (let turn = 0; turn < 40; turn += 1) {
        for (const plan of plans) playEvents(plan, 1);
        await delay(5);
      }
    }
    let text = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    socket.resume();
    const { iterations } = live.plan('s-63')?.summary() ?? { iterations: 0 };
    while (!text.includes(`"iterations":${iterations},`)) await delay(5);
  }, 60_000);
});

it('follows no more pages than it can serve', async () => {
  const { get } = await startHttp();
  const leave = new AbortController();
  const open = () => get('/api/events', { signal: leave.signal });
  const opened = await Promise.all(Array.from({ length: 64 }, open));
  expect(opened.every(({ ok }) => ok)).toBe(true);
  const refused = await open();
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({ code: 'too-many-pages' });
  leave.abort();
  let again = await get('/api/events');
  while (!again.ok) again = await get('/api/events');
  await again.body?.cancel();
});

async function* readUpdates(response: Response): AsyncGenerator<LiveUpdate> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data: '));
      if (data !== undefined) yield JSON.parse(data.slice(6)) as LiveUpdate;
    }
  }
}
