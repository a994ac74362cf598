import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PhantomCase } from '../support/rtmodel.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const demo = (args: readonly string[], env: Record<string, string> = {}) =>
  execa('node', ['scripts/demo.mjs', ...args], { cwd: root, env, reject: false });

describe('the demo', () => {
  const phantom = new PhantomCase();
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  const config = join(folder, 'taken.yaml');
  // Stands for another host on the ports of the configuration.
  let other: Server;

  const write = (roles: string): void => {
    const { port } = other.address() as AddressInfo;
    const address = `127.0.0.1:${port}`;
    writeFileSync(
      config,
      `version: 1
server: { address: "${address}" }
operator: { address: "${address}" }
http: { address: "${address}" }
logging: { level: info }
roles: ${roles}
`,
    );
  };

  beforeAll(async () => {
    await phantom.create();
    other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
  });
  afterAll(() => {
    other.close();
    phantom.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('runs beside a host that has its ports, and behind a proxy', async () => {
    write('{ initialization: { plugin: uniform } }');
    const out = join(folder, 'out');
    const { exitCode, stderr } = await demo([phantom.path, '--config', config, '--out', out], {
      http_proxy: 'http://127.0.0.1:9',
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const { arms } = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
    expect(arms).toHaveLength(4);
  }, 120_000);

  it('fails when an advised arm had no session', async () => {
    // The start of a plan is larger than this host takes.
    write('{ initialization: { plugin: uniform } }');
    writeFileSync(
      config,
      readFileSync(config, 'utf8').replace('server: {', 'server: { max_structures: 1,'),
    );
    const out = join(folder, 'refused');
    const { exitCode, stderr } = await demo([phantom.path, '--config', config, '--out', out]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('dh-advised had no session of the host: the host refused the plan');
  }, 120_000);
});
