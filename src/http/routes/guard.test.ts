// Who may ask for what: every kind of route, as the host's own page, a program, another page, and a name pointed at this machine.
import { request } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { startHttp } from '../testing/http-fixture.js';

type Headers = Readonly<Record<string, string>>;

/** Status and code. `fetch` would not let a test choose its `Host`. */
function ask(origin: string, method: string, path: string, headers: Headers): Promise<string> {
  const isChange = method === 'POST';
  const body = isChange ? '{"who":"a","why":"b"}' : '';
  const sent = isChange ? { ...headers, 'content-type': 'application/json' } : headers;
  return new Promise((resolve, reject) => {
    const call = request(`${origin}${path}`, { method, headers: sent, agent: false }, (answer) => {
      let text = '';
      const { statusCode } = answer;
      // The feed has no end.
      if (statusCode === 200) {
        answer.destroy();
        resolve('200');
        return;
      }
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      answer.on('end', () => resolve(`${statusCode} ${JSON.parse(text).code}`));
    });
    call.on('error', reject).end(body);
  });
}

const READS = [
  '/api/status',
  '/api/health',
  '/api/plugins',
  '/api/models',
  '/api/roles',
  '/api/plans',
  '/api/configuration',
  '/api/experiments',
  '/api/events',
  '/metrics',
].map((path) => ['GET', path] as const);
const CHANGES = ['/api/advice/stop', '/api/advice/resume'].map((path) => ['POST', path] as const);
const OPEN = ['/', '/assets/page-1.js', '/healthz', '/readyz'].map(
  (path) => ['GET', path] as const,
);

const FOREIGN: readonly Headers[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'http://evil.example' },
  { origin: 'null' },
];

it.each([...READS, ...CHANGES])('%s %s is for the own page and programs', async (method, path) => {
  const { origin } = await startHttp(onTestFinished);
  const own = { origin, 'sec-fetch-site': 'same-origin' };
  for (const headers of [{}, own, { 'sec-fetch-site': 'none' }]) {
    expect(await ask(origin, method, path, headers)).toBe('200');
  }
  for (const headers of FOREIGN) {
    expect(await ask(origin, method, path, headers)).toBe('403 operator-origin');
  }
});

it.each(OPEN)('%s %s may be linked to', async (method, path) => {
  const { origin } = await startHttp(onTestFinished);
  for (const headers of FOREIGN) expect(await ask(origin, method, path, headers)).toBe('200');
});

it.each([...READS, ...CHANGES, ...OPEN])(
  '%s %s: no name that was pointed at this machine',
  async (method, path) => {
    const { origin } = await startHttp(onTestFinished);
    const { port } = new URL(origin);
    const names = [
      'evil.example',
      `evil.example:${port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      '10.0.0.7',
    ];
    for (const host of names) {
      const headers = { host, 'sec-fetch-site': 'same-origin' };
      expect(await ask(origin, method, path, headers)).toBe('403 host-renamed');
    }
    for (const host of [`localhost:${port}`, '127.0.0.1', '127.8.0.1:1', `[::1]:${port}`]) {
      expect(await ask(origin, method, path, { host })).toBe('200');
    }
  },
);

it('elsewhere than on loopback a host has names that it does not know', async () => {
  const { origin } = await startHttp(onTestFinished, undefined, '0.0.0.0:0');
  expect(await ask(origin, 'GET', '/api/status', { host: 'advisor.example' })).toBe('200');
});
