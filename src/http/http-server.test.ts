import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PlanCounts } from '../domain/session/plan-counts.js';
import { fakeOpening, playEvents } from '../domain/testing/play-session.js';
import { binding, startHttp as startFixture } from './testing/http-fixture.js';

const disable = {
  who: 'anna',
  why: 'it lags',
  change: { kind: 'disable', role: 'early-stopping' },
};
const startHttp = (token?: string, address?: string) =>
  startFixture(onTestFinished, token, address);
const CHANGES = '/api/configuration/changes';

describe('reading', () => {
  it('tells status, roles with latency, plugins, models, health and configuration', async () => {
    const { get } = await startHttp();
    const json = async (path: string) => (await get(path)).json();
    expect(await json('/api/status')).toMatchObject({
      instance: 'instance-1',
      state: 'serving',
      generation: 1,
      stop: null,
      roles: [{ role: 'early-stopping', plugin: 'plateau', health: 'ok', breaker: 'closed' }],
    });
    expect(await json('/api/roles')).toMatchObject([
      { latency: { p50Ms: 0.1, p99Ms: 0.2 }, outcomes: [{ outcome: 'applied', count: 3 }] },
    ]);
    expect(await json('/api/plugins')).toEqual([]);
    expect(await json('/api/models')).toEqual([]);
    expect(await json('/api/health')).toMatchObject({ watchers: 0, loopLagMs: { p99: 1 } });
    expect(await json('/api/configuration')).toMatchObject({
      generation: 1,
      text: 'version: 1 # as written\n',
      generations: [],
      refusals: [],
    });
    expect(await json('/api/configuration/1')).toMatchObject({ text: expect.any(String) });
  });

  it('tells plans, and one plan with everything', async () => {
    const { get, live } = await startHttp();
    const opening = fakeOpening();
    const plan = live.observe({
      sessionId: 's-1',
      opening,
      generation: 1,
      bindings: [binding],
      counts: new PlanCounts(),
    });
    playEvents(plan);
    expect(await (await get('/api/plans')).json()).toMatchObject([{ sessionId: 's-1' }]);
    expect(await (await get('/api/plans/s-1')).json()).toMatchObject({
      log: [],
      finish: null,
    });
  });

  it.each([
    ['/api/plans/unknown', 404, 'plan-missing'],
    ['/api/configuration/77', 404, 'generation-unknown'],
    ['/api/configuration/one', 404, 'page-missing'],
    ['/api/nothing', 404, 'page-missing'],
    ['/assets/../../package.json', 404, 'page-missing'],
  ])('answers %s with %i %s', async (path, status, code) => {
    const { get } = await startHttp();
    const response = await get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, message: expect.any(String) });
  });

  it('names the method that a path takes', async () => {
    const { get } = await startHttp();
    const response = await get('/api/status', { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(await response.json()).toMatchObject({
      message: '/api/status takes GET and HEAD, not DELETE.',
    });
    expect((await get(CHANGES)).status).toBe(405);
  });

  it('serves the page compressed, and lets a browser run nothing else', async () => {
    const { get } = await startHttp();
    const page = await get('/');
    expect(page.headers.get('content-type')).toMatch('text/html');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    const script = await get('/assets/page-1.js');
    expect(script.headers.get('content-encoding')).toMatch(/gzip|br/);
    expect(script.headers.get('cache-control')).toContain('immutable');
    expect((await get('/api/status')).headers.get('cache-control')).toBe('no-store');
  });
});

it('tells what two generations mean differently, and which question it cannot answer', async () => {
  const { get } = await startHttp();
  const path = '/api/configuration/diff';
  expect(await (await get(`${path}?from=1&to=2`)).json()).toMatchObject({
    differences: [{ path: 'roles.early-stopping.plugin' }],
  });
  expect((await get(`${path}?from=1&to=9`)).status).toBe(404);
  const wrong = await get(`${path}?from=1&to=-2`);
  expect(await wrong.json()).toMatchObject({ code: 'invalid-field' });
  expect((await get(path)).status).toBe(400);
});

describe('changes', () => {
  it('passes a change on with who, why and what the operator looked at', async () => {
    const { post, control } = await startHttp();
    const response = await post(CHANGES, { ...disable, expectedGeneration: 1, dryRun: true });
    expect(await response.json()).toMatchObject({ isApplied: false, generation: 1 });
    expect(control.requests).toEqual([
      {
        change: { kind: 'disable', role: 'early-stopping' },
        origin: { who: 'anna', why: 'it lags', via: 'page' },
        isDryRun: true,
        expectedGeneration: 1,
      },
    ]);
  });

  it('stops advice before anybody says who and why, which is told afterwards', async () => {
    const origin = { who: 'night shift', why: 'plans look odd' };
    const { get, post } = await startHttp();
    expect((await post('/api/advice/stop/reason', origin)).status).toBe(409);
    const stopped = (await (await post('/api/advice/stop', {})).json()) as { stop: object };
    expect(stopped.stop).toMatchObject({ who: 'somebody at the page', why: 'not said yet' });
    expect((await post('/api/advice/stop', { who: ' ' })).status).toBe(400);
    expect((await post('/api/advice/stop/reason', { who: 'night shift' })).status).toBe(400);
    await post('/api/advice/stop/reason', origin);
    expect(await (await get('/api/status')).json()).toMatchObject({
      stop: { ...origin, via: 'page' },
      roles: [{ health: 'stopped', why: 'All advice is stopped.' }],
    });
  });

  it('stops and resumes advice', async () => {
    const { post, get } = await startHttp();
    const origin = { who: 'anna', why: 'odd plans' };
    expect(await (await post('/api/advice/stop', origin)).json()).toMatchObject({ stop: origin });
    expect(await (await get('/api/status')).json()).toMatchObject({ stop: { via: 'page' } });
    expect(await (await post('/api/advice/resume', origin)).json()).toEqual({ stop: null });
  });

  it('passes a refusal on as it is', async () => {
    const { post } = await startHttp();
    const change = { kind: 'rollback', generation: 99 };
    const response = await post(CHANGES, { ...disable, change });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'generation-unknown' });
  });

  it.each([
    ['no reason', { ...disable, why: ' ' }, /`why` must not be empty/],
    ['nobody', { ...disable, who: undefined }, /`who`/],
    [
      'another role',
      { ...disable, change: { kind: 'disable', role: 'cook' } },
      /change\.role.*one of init/,
    ],
    ['another kind', { ...disable, change: { kind: 'destroy' } }, /`change\.kind`/],
    ['more than is known', { ...disable, force: true }, /force/],
    ['a text that is no JSON', '{', /cannot be read/],
    ['a body beyond the limit', { ...disable, why: 'x'.repeat(20_000) }, /too long/],
  ])('refuses %s and changes nothing', async (_what, body, message) => {
    const { post, control } = await startHttp();
    const response = await post(CHANGES, body);
    expect([400, 415]).toContain(response.status);
    expect(((await response.json()) as { message: string }).message).toMatch(message);
    expect(control.requests).toEqual([]);
  });

  it('needs the token when there is one', async () => {
    const { post, get, control } = await startHttp('secret');
    expect(await (await get('/api/status')).json()).toMatchObject({ needsToken: true });
    expect((await post(CHANGES, disable)).status).toBe(401);
    const wrong = await post(CHANGES, disable, { authorization: 'Bearer other' });
    expect(await wrong.json()).toMatchObject({ code: 'operator-token' });
    expect(control.requests).toEqual([]);
    expect((await post(CHANGES, disable, { authorization: 'Bearer secret' })).status).toBe(200);
  });

  it.each([
    ['the browser says so', { 'sec-fetch-site': 'cross-site' }],
    ['it says same-site, which is not the same origin', { 'sec-fetch-site': 'same-site' }],
    ['its origin is another', { origin: 'http://evil.example' }],
    ['its origin is opaque', { origin: 'null' }],
  ])('refuses a page of elsewhere: %s', async (_what, headers) => {
    const { post, control } = await startHttp();
    const response = await post(CHANGES, disable, headers);
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'operator-origin' });
    expect(control.requests).toEqual([]);
  });

  it('refuses a name that was pointed at this machine', async () => {
    const { origin, control } = await startHttp();
    const body = JSON.stringify(disable);
    const headers = {
      host: 'evil.example',
      origin: 'http://evil.example',
      'sec-fetch-site': 'same-origin',
      'content-type': 'application/json',
      'content-length': String(body.length),
    };
    const status = await new Promise((resolve, reject) => {
      const call = request(`${origin}${CHANGES}`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject).end(body);
    });
    expect(status).toBe(403);
    expect(control.requests).toEqual([]);
  });

  it("takes a change from the host's own page", async () => {
    const { post, origin } = await startHttp();
    expect((await post(CHANGES, disable, { origin, 'sec-fetch-site': 'same-origin' })).status).toBe(
      200,
    );
  });

  it('takes JSON only', async () => {
    const { post } = await startHttp();
    const response = await post(CHANGES, disable, { 'content-type': 'text/plain' });
    expect(response.status).toBe(415);
  });

  it('keeps what it does not know to its log', async () => {
    const { post, control, log } = await startHttp();
    control.change = () => Promise.reject(new Error('a secret path'));
    const response = await post(CHANGES, disable);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(log.lines.map(({ message }) => message)).toContain('incident');
  });
});
