// What reads the page's interface from a terminal: `top` and `report`, against a host that runs; and a host started before a person.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { CLASSICAL, HostProcess } from '../support/host-process.js';
import { scriptedPlan, wholeFinish } from '../support/scripted-plans.js';
import type { PlanClient } from './stream/testing/plan-client.js';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-page-commands-'));
const host = new HostProcess(CLASSICAL);
const clients: PlanClient[] = [];

const page = () => `http://${host.httpAddress}`;
const run = (...args: string[]) => execa('node', [main, ...args], { reject: false, cwd: folder });

beforeAll(async () => {
  await host.start();
  const labels = { a: 'head and neck 12', b: 'lung 9', c: 'lung 9' };
  for (const [planKey, label] of Object.entries(labels)) {
    clients.push(await scriptedPlan(host.address, { planKey, label }));
  }
  await clients[0]?.ask({ finish: wholeFinish });
});
afterAll(async () => {
  for (const client of clients) client.cancel();
  await host.stop();
  rmSync(folder, { recursive: true });
});

it('top prints every plan once where nobody watches, with its state and curve', async () => {
  const { stdout, exitCode } = await run('top', '--page', page());
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^dh-advisor \S+, serving, generation 1, 2 open\n/);
  expect(stdout).toMatch(/lung 9 +│ advised +│ lbfgs +│ 0, level 1 +│ █▂▁▁ +│ 4 /);
  expect(stdout).toMatch(/head and neck 12 +│ ended/);
  expect(stdout).not.toContain('\u001b');
});

it('top says what is wrong first', async () => {
  await host.operate('stop-advice', '--reason', 'plans look odd', '--as', 'night shift');
  onTestFinished(async () => {
    await host.operate('resume-advice', '--reason', 'a test');
  });
  const { stdout } = await run('top', '--once', '--page', page());
  expect(stdout).toContain('ADVICE IS STOPPED by night shift: plans look odd');
  expect(stdout.match(/│ stopped/g)).toHaveLength(2);
});

it('top gives programs the status and the plans', async () => {
  const { stdout } = await run('top', '--json', '--page', page());
  const { status, plans } = JSON.parse(stdout) as {
    status: { generation: number };
    plans: { label: string; standing: { kind: string } }[];
  };
  expect(status.generation).toBe(1);
  expect(plans.map(({ label }) => label)).toEqual(['lung 9', 'lung 9', 'head and neck 12']);
});

it('top draws anew on a terminal until Ctrl-C', async () => {
  // `script` gives it a terminal, whose size has to be said.
  const command = `stty rows 40 cols 200; node ${main} top --page ${page()}`;
  const terminal = execa('script', ['-qfec', command, '/dev/null'], { reject: false });
  let drawn = '';
  terminal.stdout.on('data', (chunk: Buffer) => {
    const wasDrawn = drawn.includes('lung 9');
    drawn += chunk.toString();
    if (!wasDrawn && drawn.includes('lung 9')) terminal.stdin?.write('\u0003');
  });
  const { exitCode } = await terminal;
  expect(exitCode).toBe(130);
  // The cursor is shown again.
  expect(drawn.lastIndexOf('\u001b[?25h')).toBeGreaterThan(drawn.lastIndexOf('lung 9'));
});

it.each(['session report', 'report'])('%s writes a plan found by its label', async (command) => {
  const words = command.split(' ');
  const { stdout } = await run(...words, 'head and neck 12', '--page', page(), '--out', 'a.html');
  expect(stdout).toBe('a.html is written');
  const html = readFileSync(join(folder, 'a.html'), 'utf8');
  expect(html).toContain('<h1>Plan head and neck 12</h1>');
  expect(html).toContain('67.1 <span class="quiet">(66.2)</span>');
  expect(html.match(/data:image\/png/g)).toHaveLength(3);
});

it('report takes no plan for another', async () => {
  const twice = await run('report', 'lung 9', '--page', page());
  expect(twice.exitCode).toBe(1);
  expect(twice.stderr).toMatch(/More than one plan is called `lung 9`: .* Say which session/);
  const none = await run('report', 'pelvis', '--page', page());
  expect(none.stderr).toContain('The host has no plan pelvis');
});

it.each([
  [
    'nobody',
    'http://127.0.0.1:1',
    /does not answer at http:\/\/127\.0\.0\.1:1: ECONNREFUSED.*--page/,
  ],
  ['no address', 'somewhere', /it is no address/],
])('top and %s says what to do', async (_who, address, message) => {
  const { exitCode, stderr } = await run('top', '--page', address);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(message);
});

it('top and somebody else says so', async () => {
  const other = createServer((_request, response) => response.writeHead(404).end('<html>'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const { stderr } = await run('top', '--page', `http://127.0.0.1:${port}`);
  expect(stderr).toContain('no dh-advisor host');
});

it('serve tells a person where it is, what advises and what is off', async () => {
  const config = join(folder, 'host.yaml');
  const listeners = ['server', 'operator', 'http'].map(
    (key) => `${key}: { address: '127.0.0.1:0' }`,
  );
  const roles = [
    'roles:',
    '  early-stopping: { plugin: plateau, deadline_ms: 1000 }',
    '  step-direction: { plugin: nonsense }',
  ];
  writeFileSync(config, ['version: 1', ...listeners, ...roles, ''].join('\n'));
  const child = execa('node', [main, 'serve', '-c', config, '--log', 'text'], { reject: false });
  let text = '';
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk.toString();
    if (text.includes('Ctrl-C ends it')) break;
  }
  child.kill('SIGTERM');
  await child;
  expect(text).toMatch(
    /dh-advisor \S+ serves\. .*host\.yaml, generation \d+\. Research software\./,
  );
  expect(text).toMatch(/optimizers call +│ 127\.0\.0\.1:\d+/);
  expect(text).toMatch(/page +│ http:\/\/127\.0\.0\.1:\d+\//);
  expect(text).toMatch(/early-stopping +│ plateau 1\.0\.0 +│ +│ 1000 ms/);
  expect(text).toMatch(/step-direction +│ off: its plugin was refused/);
  expect(text).toMatch(/initialization +│ off, as configured/);
  expect(text).toMatch(/ERROR.*nonsense/);
  expect(text).not.toContain('{"level"');
});
