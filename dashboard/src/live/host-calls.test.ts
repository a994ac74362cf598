import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { HostFault, post, read } from './host-calls.js';
import { hasToken, isSignedIn, onTokens, setToken, signIn, signOut } from './tokens.js';

afterEach(() => {
  vi.unstubAllGlobals();
  signOut();
});

function answering(status: number, body: unknown) {
  const calls: RequestInit[] = [];
  vi.stubGlobal('fetch', (_path: string, init: RequestInit) => {
    calls.push(init);
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return calls;
}

const failure = (job: Promise<unknown>) => job.catch((thrown: unknown) => thrown);

it('passes on the words of the host', async () => {
  answering(409, { code: 'config-conflict', message: 'Another generation is in force.' });
  const fault = await failure(post('/api/configuration/changes', {}));
  expect(fault).toBeInstanceOf(HostFault);
  expect(fault).toMatchObject({
    code: 'config-conflict',
    message: 'Another generation is in force.',
  });
});

it('says when the host does not answer, and when it answers something else', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('refused')));
  expect(await failure(read('/api/status'))).toMatchObject({ code: 'host-unreachable' });
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('<html>', { status: 502 })));
  expect(await failure(read('/api/status'))).toMatchObject({ code: '502' });
});

it('shows the token with changes, and forgets one that is refused', async () => {
  setToken('sesame');
  const [call] = [answering(200, {})];
  await post('/api/advice/stop', {});
  expect(call[0]?.headers).toMatchObject({ authorization: 'Bearer sesame' });
  answering(401, { code: 'operator-token', message: 'no' });
  await failure(post('/api/advice/stop', {}));
  expect(hasToken()).toBe(false);
});

it('shows the token of whoever is signed in whenever it reads, and a change with its own', async () => {
  signIn('looks');
  const [calls] = [answering(200, {})];
  await read('/api/status');
  await post('/api/advice/stop', {});
  setToken('changes');
  await post('/api/advice/stop', {});
  await read('/api/status');
  const shown = calls.map(({ headers }) => (headers as Record<string, string>)['authorization']);
  expect(shown).toEqual(['Bearer looks', 'Bearer looks', 'Bearer changes', 'Bearer looks']);
  answering(401, { code: 'operator-token', message: 'no' });
  await failure(post('/api/advice/stop', {}));
  expect(isSignedIn()).toBe(true);
  await failure(read('/api/status'));
  expect(isSignedIn()).toBe(false);
});

it('tells when the token of a change was taken, so that whoever could not look calls again', async () => {
  const told = vi.fn();
  onTestFinished(onTokens(told));
  setToken('changes');
  answering(200, {});
  await post('/api/advice/stop', {});
  await post('/api/advice/resume', {});
  expect(told).toHaveBeenCalledTimes(1);
});
