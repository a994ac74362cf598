// The operators' commands as people and shells use them, on a host in a process of its own.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';

const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const host = new HostProcess('  early-stopping: { plugin: objective-floor } # the floor\n');
beforeAll(async () => {
  await host.start();
});
afterAll(async () => {
  expect(await host.stop()).toBe(0);
});

it('status, plugins, models and sessions: tables for people, JSON for programs', async () => {
  const status = await host.operate('status');
  expect(status).toMatch(/serving .*generation 1, 0 open plan/);
  expect(status).toMatch(/early-stopping +│ objective-floor +│ 0\.1\.0/);
  expect(JSON.parse(await host.operate('status', '--json'))).toMatchObject({
    state: 'serving',
    generation: 1,
    stopped: null,
    roles: expect.arrayContaining([
      expect.objectContaining({ binding: expect.objectContaining({ plugin: 'objective-floor' }) }),
    ]),
  });
  expect(await host.operate('plugin', 'list')).toMatch(/objective-floor .*active/);
  expect(JSON.parse(await host.operate('model', 'list', '--json'))).toContainEqual(
    expect.objectContaining({ id: 'warm-start', state: 'available', cost_ms: null }),
  );
  expect(await host.operate('model', 'list')).toMatch(/warm-start/);
  expect(await host.operate('session', 'list')).toBe('no open plans');
  // By its former name what a program reads is the same.
  expect(JSON.parse(await host.operate('models', '--json'))).toEqual(
    JSON.parse(await host.operate('model', 'list', '--json')),
  );
});

it('a change says what differs; who, when and why are kept; rollback takes it back', async () => {
  expect(await host.operate('role', 'off', 'early-stopping', '--dry-run')).toMatch(
    /a dry run, so generation 1 stays\n {2}roles\.early-stopping\.plugin: "objective-floor" -> "off"/,
  );
  const because = ['--as', 'physicist', '--reason', 'stops too soon'];
  const changed = await host.operate('role', 'off', 'early-stopping', ...because);
  expect(changed).toMatch(/^generation 2 is in force/);
  expect(await host.operate('role', 'off', 'early-stopping')).toMatch(
    /nothing differs; generation 2/,
  );
  const generations = await host.operate('config', 'history');
  expect(generations).toMatch(/2 .*physicist .*command .*disable early-stopping .*stops too soon/);
  expect(await host.operate('config', 'history', '2')).toContain('{ plugin: off } # the floor');
  const back = JSON.parse(await host.operate('config', 'rollback', '--json'));
  expect(back).toMatchObject({ generation: 3, is_applied: true, needs_restart: [] });
  const [newest] = JSON.parse(await host.operate('config', 'history', '--json', '--limit', '1'));
  expect(newest).toMatchObject({
    generation: 3,
    what: 'rollback',
    why: 'dh-advisor config rollback',
  });
  expect(newest.who).not.toBe('');
});

it('a refusal is one sentence with its code, status 1, and kept', async () => {
  const refused = await execa('node', [main, 'role', 'use', 'early-stopping', 'nowhere'], {
    env: { DH_ADVISOR_OPERATOR: host.operatorAddress },
    reject: false,
  });
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(
    /host\.yaml:\d+: roles\.early-stopping\.plugin .*\[config-refused\]$/s,
  );
  expect(refused.stderr).not.toContain('    at ');
  expect(await host.operate('config', 'history', '--refused')).toMatch(
    /use early-stopping nowhere/,
  );
});

it('the kill switch counts plans in a dry run, and is shown until it is taken back', async () => {
  expect(await host.operate('stop-advice', '--dry-run')).toMatch(/^this would leave 0 open/);
  expect(await host.operate('status')).not.toContain('STOPPED');
  await host.operate('stop-advice', '--as', 'physicist', '--reason', 'a look at it');
  expect(await host.operate('status')).toMatch(/ADVICE IS STOPPED since .* by physicist: a look/);
  await host.operate('resume-advice');
  expect(await host.operate('status')).not.toContain('STOPPED');
});

it('says so when no host is there', async () => {
  const { exitCode, stderr } = await execa('node', [main, 'status', '--host', '127.0.0.1:1'], {
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^No host answers at 127\.0\.0\.1:1: .*ECONNREFUSED 127\.0\.0\.1:1\. Start /,
  );
  expect(stderr).not.toMatch(/Resolution note|undefined/);
});

it('says so when another address of the host is asked', async () => {
  const asked = execa('node', [main, 'status', '--host', host.address], { reject: false });
  const { exitCode, stderr } = await asked;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^No host answers at .*: what answers there does not know this call.*--host/,
  );
});

it('logs the address of its page for whoever opens a browser', () => {
  expect(host.page).toBe(`http://${host.httpAddress}/`);
});

it('a host that finds its address taken names key and address and how to fix it, before any model is loaded', async () => {
  const serve = ['serve', '--config', host.configFile, '--listen', host.address];
  const { exitCode, stdout, stderr } = await execa('node', [main, ...serve], { reject: false });
  expect(exitCode).toBe(1);
  expect(stderr).toBe(
    `The host cannot listen at ${host.address} (\`server.address\`): address already in use: another program listens there, perhaps another host. End it, or give this key another port (0 takes a free one) (EADDRINUSE).`,
  );
  expect(stdout).not.toMatch(/model|plugin/);
});

describe('with a proxy in the environment that answers nobody', () => {
  const proxy = 'http://127.0.0.1:9';
  const env = {
    http_proxy: proxy,
    HTTP_PROXY: proxy,
    https_proxy: proxy,
    HTTPS_PROXY: proxy,
    grpc_proxy: proxy,
    all_proxy: proxy,
    ALL_PROXY: proxy,
    no_proxy: '',
    NO_PROXY: '',
  };

  it('commands reach a host on this machine', async () => {
    const asked = execa('node', [main, 'status', '--host', host.operatorAddress], { env });
    expect((await asked).stdout).toMatch(/serving .*generation/);
  });

  it('so does the probe of the container', async () => {
    const probe = fileURLToPath(new URL('../../deploy/healthcheck.mjs', import.meta.url));
    const { exitCode } = await execa('node', [probe], {
      env: { ...env, DH_ADVISOR_HTTP: host.httpAddress },
      reject: false,
    });
    expect(exitCode).toBe(0);
  });
});

describe('completion', () => {
  const script = (shell: string) =>
    execFileSync('node', [main, 'completion', shell], { encoding: 'utf8' });

  /** What bash would offer for a line; the last word is the one being typed. */
  function offered(...words: string[]): readonly string[] {
    const typed = words.map((word) => `'${word}'`).join(' ');
    const run = `COMP_WORDS=(dh-advisor ${typed}); COMP_CWORD=${words.length}; _dh_advisor; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const answer = execFileSync('bash', ['-c', `${script('bash')}\n${run}`], { encoding: 'utf8' });
    return answer.split('\n').filter((word) => word !== '');
  }

  it('of bash knows commands, roles, options and choices', () => {
    expect(offered('st')).toEqual(['status', 'stop-advice']);
    expect(offered('role', 'off', 'st')).toEqual(['step-direction']);
    expect(offered('role', 'off', '--d')).toEqual(['--dry-run']);
    expect(offered('config', '')).toEqual(
      expect.arrayContaining(['check', 'diff', 'history', 'reload', 'rollback']),
    );
    expect(offered('chec')).toEqual([]);
    expect(offered('trajectory', '')).toContain('export');
    expect(offered('trajectory', 'export', '--format', '')).toEqual(['jsonl', 'seed-json']);
    expect(offered('role', 'off', '--reason', '')).toEqual([]);
  });

  it('of zsh is the same, of fish names every command', () => {
    expect(script('zsh')).toMatch(/^autoload -U \+X bashcompinit/);
    expect(script('zsh')).toContain(script('bash').trimEnd());
    const fish = script('fish');
    expect(fish).toMatch(/-a off -d 'switch a role off/);
    expect(fish).toMatch(
      /__fish_seen_subcommand_from role; and __fish_seen_subcommand_from off' -f -a early-stopping/,
    );
    // Options of one `list` are not offered for another.
    expect(fish).toMatch(/_from trajectory; and __fish_seen_subcommand_from list' -l json/);
    expect(fish).toMatch(/-l format -r -f -a 'jsonl seed-json'/);
  });
});
