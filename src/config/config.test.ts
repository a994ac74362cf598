import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffConfig } from './diff-config.js';
import { parseConfig, readConfig } from './read-config.js';
import { configJsonSchema } from './schema/json-schema.js';
import { faultsOf } from './testing/faults-of.js';

const example = new URL('../../config/host.yaml', import.meta.url).pathname;
const profile = (solver: string) =>
  new URL(`../../config/profiles/${solver}.yaml`, import.meta.url).pathname;

describe('readConfig', () => {
  it('reads the committed example, whose values are the defaults', () => {
    const written = readConfig(example).raw;
    const bare = parseConfig('version: 1', example).raw;
    const ofPlugins =
      /^roles\.[a-z-]+\.(by_solver\.[a-z]+\.)?(plugin|qualities(\.\d+)?|settings\.[a-z_.]+)$/;
    const paths = diffConfig(bare, written).map((change) => change.path);
    expect(paths).toContain('roles.initialization.plugin');
    expect(paths.filter((path) => !ofPlugins.test(path))).toEqual([]);
  });

  it.each(['dh', 'lbfgs'] as const)(
    'reads the profile of solver %s, whose roles are for it alone',
    (solver) => {
      const { config } = readConfig(profile(solver));
      const on = Object.values(config.roles).filter(({ plugin }) => plugin !== 'off');
      expect(on.length).toBeGreaterThan(0);
      const other = solver === 'dh' ? 'lbfgs' : 'dh';
      for (const { bySolver } of on) expect(bySolver[other]?.plugin).toBe('off');
    },
  );

  it('names all of six faults at once, each with file, line and path', () => {
    const faults = faultsOf(
      [
        'version: 2',
        'server:',
        '  address: nowhere',
        '  max_sessions: -1',
        'sigma: { histogram: { min: 9, max: 1 } }',
        'roles:',
        '  early-stopping: { plugin: plateau, deadline: 5 }',
        '  late-stopping: {}',
      ].join('\n'),
    );
    expect(faults.map((fault) => fault.split(' ').slice(0, 2).join(' '))).toEqual([
      'host.yaml:1: version',
      'host.yaml:3: server.address',
      'host.yaml:4: server.max_sessions',
      'host.yaml:5: sigma.histogram.min',
      'host.yaml:7: roles.early-stopping.deadline',
      'host.yaml:8: roles.late-stopping',
    ]);
  });

  it('points at broken YAML and at a missing file', () => {
    expect(faultsOf('version: 1\nserver: [')[0]).toMatch(/^host\.yaml:2: is not valid YAML/);
    expect(() => readConfig('/no/such/file.yaml')).toThrow(/cannot be read/);
  });

  it.each([
    ['server.session_idle_ms', 'server: { session_idle_ms: 2147483648 }'],
    ['plugins.load_timeout_ms', 'plugins: { load_timeout_ms: 2592000000 }'],
    ['roles.initialization.deadline_ms', 'roles: { initialization: { deadline_ms: 2592000000 } }'],
    ['storage.analyse_every_ms', 'storage: { analyse_every_ms: 1.0e+12 }'],
  ])('refuses times that no timer holds: %s', (path, text) => {
    expect(faultsOf(`version: 1\n${text}`)).toEqual([
      expect.stringMatching(new RegExp(`^host\\.yaml:2: ${path} must be at most 2147483647`)),
    ]);
  });

  it.each([
    ['settings', '{ settings: { b: 3 } }', { plugin: 'p', settings: { a: 1, b: 3 } }],
    ['another plugin', '{ plugin: q, settings: { c: 1 } }', { plugin: 'q', settings: { c: 1 } }],
    ['nothing', '{ plugin: off }', { plugin: 'off', settings: {} }],
    ['a deadline', '{ deadline_ms: 7 }', { plugin: 'p', deadlineMs: 7, onFailure: 'none' }],
    ['qualities', '{ qualities: [fast] }', { plugin: 'p', qualities: ['fast'] }],
    ['a policy', '{ on_failure: hold_last }', { deadlineMs: 50, onFailure: 'hold_last' }],
  ])('reads what plans of a solver get in place of a role: %s', (_, dh, expected) => {
    const role = `plugin: p, settings: { a: 1, b: 2 }, on_failure: none, by_solver: { dh: ${dh} }`;
    const text = `version: 1\nroles: { early-stopping: { ${role} } }`;
    const { roles } = parseConfig(text, 'host.yaml').config;
    expect(roles['early-stopping'].bySolver).toEqual({ dh: expect.objectContaining(expected) });
    expect(roles['early-stopping']).toMatchObject({ plugin: 'p', settings: { a: 1, b: 2 } });
    expect(roles['step-direction'].bySolver).toEqual({});
  });

  it('knows solvers that are neither dH nor L-BFGS together as other', () => {
    const role = '{ plugin: p, by_solver: { other: { plugin: off } } }';
    const { roles } = parseConfig(
      `version: 1\nroles: { initialization: ${role} }`,
      'host.yaml',
    ).config;
    expect(roles.initialization.bySolver).toMatchObject({ other: { plugin: 'off' } });
  });

  it.each([
    ['a solver that nobody has', '{ newton: {} }', /by_solver\.newton is not a known key/],
    ['a list', '[dh]', /by_solver /],
    ['a quality that nobody has', '{ dh: { qualities: [good] } }', /strict/],
    ['no quality at all', '{ dh: { qualities: [] } }', /qualities/],
    ['a key that roles do not have', '{ dh: { plug: q } }', /by_solver\.dh\.plug is not a known/],
  ])('refuses by_solver with %s', (_, value, expected) => {
    const [fault] = faultsOf(`version: 1\nroles: { step-direction: { by_solver: ${value} } }`);
    expect(fault).toMatch(/^host\.yaml:2: roles\.step-direction\./);
    expect(fault).toMatch(expected);
  });

  it.each([
    ['the role', 'roles: { initialization: { plugin: off, by_solver: { dh: { plugin: q } } } }'],
    [
      'its switch',
      'optimization: { use_warm_start: false }\nroles: { initialization: { plugin: p, by_solver: { dh: { plugin: q } } } }',
    ],
  ])('has a role off for every solver when %s is off', (_, text) => {
    const { roles } = parseConfig(`version: 1\n${text}`, 'host.yaml').config;
    expect(roles.initialization).toMatchObject({ plugin: 'off', bySolver: {} });
  });

  it.each(['dh', 'lbfgs'] as const)('gives %s in host.yaml what its profile gives it', (solver) => {
    const served = (file: string) => {
      const { roles } = readConfig(file).config;
      return Object.entries(roles).map(([role, { bySolver, ...others }]) => {
        const { plugin, settings } = bySolver[solver] ?? others;
        return [role, plugin, plugin === 'off' ? {} : settings];
      });
    };
    expect(served(example)).toEqual(served(profile(solver)));
  });

  it('refuses a watchdog that would bite a busy machine', () => {
    expect(faultsOf('version: 1\nserver: { watchdog_ms: 5 }')).toEqual([
      'host.yaml:2: server.watchdog_ms must be 0, or at least 100',
    ]);
    expect(faultsOf('version: 1\nserver: { watchdog_ms: 0 }')).toEqual([]);
  });

  it('leaves no time of the schema without a bound', () => {
    const schema = JSON.stringify(configJsonSchema());
    const times = schema.match(/"\w+_ms":\{[^{}]*\}/g) ?? [];
    expect(times.length).toBeGreaterThan(10);
    for (const time of times) expect(time).toContain('"maximum":2147483647');
  });

  it('refuses ports that do not exist and addresses that two listeners share', () => {
    expect(faultsOf('version: 1\nhttp: { address: "127.0.0.1:70000" }')).toEqual([
      'host.yaml:2: http.address has a port above 65535',
    ]);
    const shared =
      'version: 1\nserver: { address: "127.0.0.1:5000" }\nhttp: { address: "127.0.0.1:5000" }';
    expect(faultsOf(shared)[0]).toMatch(/^host\.yaml:3: http\.address is the address of `server`/);
    expect(faultsOf(shared.replaceAll('5000', '0'))).toEqual([]);
  });

  it('points at aliases without an anchor, and at those that unfold without end', () => {
    expect(faultsOf('version: 1\n\nhttp: *nowhere')[0]).toMatch(/^host\.yaml:3: names an anchor/);
    const rows = Array.from({ length: 9 }, (_, i) =>
      i === 0
        ? 'a0: &a0 [x]'
        : `a${i}: &a${i} [${Array(9)
            .fill(`*a${i - 1}`)
            .join(',')}]`,
    );
    expect(faultsOf(['version: 1', ...rows].join('\n'))[0]).toMatch(
      /^host\.yaml:1: cannot be read as YAML/,
    );
  });

  it('lists some of thousands of faults, at once', () => {
    const keys = Array.from({ length: 40_000 }, (_, i) => `key${i}: 1`).join('\n');
    const faults = faultsOf(`version: 1\n${keys}`);
    expect(faults).toHaveLength(51);
    expect(faults[50]).toBe('and 39950 more');
  });

  it.each([
    [
      'not UTF-8',
      Buffer.from('version: 1\n# R\xfcckenmark\n', 'latin1'),
      /host\.yaml:2: holds bytes that are not UTF-8/,
    ],
    ['too large', Buffer.alloc(2 ** 20 + 1, '#'), /has 1048577 bytes/],
  ])('refuses a file that is %s', (_, bytes, problem) => {
    const folder = mkdtempSync(join(tmpdir(), 'dh-config-'));
    const file = join(folder, 'host.yaml');
    writeFileSync(file, bytes);
    expect(() => readConfig(file)).toThrow(problem);
    expect(() => readConfig(folder)).toThrow(/is a folder or a device/);
    expect(() => readConfig('/dev/zero')).toThrow(/is a folder or a device/);
    rmSync(folder, { recursive: true });
  });

  it('refuses duplicate keys', () => {
    expect(faultsOf('version: 1\nhttp: {}\nhttp: {}')[0]).toMatch(/^host\.yaml:3/);
  });

  it('takes plugin directories relative to the file', () => {
    const { config } = parseConfig(
      'version: 1\nplugins: { directories: [extra] }',
      '/etc/dh/host.yaml',
    );
    expect(config.plugins.directories).toEqual(['/etc/dh/extra']);
  });

  it('freezes what it returns', () => {
    const { config } = parseConfig('version: 1', 'host.yaml');
    expect(Object.isFrozen(config.roles['early-stopping'].settings)).toBe(true);
  });

  it('lets the switches of `optimization` override the roles', () => {
    const { config } = parseConfig(
      `${readFileSync(example, 'utf8').replace('use_warm_start: true', 'use_warm_start: false')}`,
      example,
    );
    expect(config.roles.initialization.plugin).toBe('off');
    expect(config.roles['adaptive-variance'].plugin).toBe('level-default');
  });
});

it('diffs by meaning, not by text', () => {
  const a = parseConfig('version: 1 # a comment\nserver: { drain_ms: 10000 }', 'a.yaml').raw;
  const b = parseConfig('version: 1\nserver: { drain_ms: 5 }', 'b.yaml', 2).raw;
  expect(diffConfig(a, a)).toEqual([]);
  expect(diffConfig(a, b)).toEqual([{ path: 'server.drain_ms', before: 10000, after: 5 }]);
});

describe('storage.url', () => {
  const urlOf = (url: string) =>
    parseConfig(`version: 1\nstorage: { url: "${url}" }`, '/etc/dh/host.yaml').config.storage.url;

  it('is a file beside the configuration, or a server', () => {
    expect(parseConfig('version: 1', '/etc/dh/host.yaml').config.storage.url).toBe(
      'file:///etc/dh/experiments.db',
    );
    expect(urlOf('data/e.db')).toBe('file:///etc/dh/data/e.db');
    expect(urlOf('/var/e.db')).toBe('file:///var/e.db');
    expect(urlOf('postgres://dh@db/dh')).toBe('postgres://dh@db/dh');
  });

  it('holds no password, and is of a database that is known', () => {
    for (const [url, problem] of [
      ['postgres://dh:secret@db/dh', /must not hold a password/],
      ['mysql://db/dh', /must be the path of a file/],
      ['postgres://[', /must be the path of a file/],
    ] as const) {
      const [fault, ...more] = faultsOf(`version: 1\nstorage: { url: "${url}" }`);
      expect(fault).toMatch(/^host\.yaml:2: storage\.url /);
      expect(fault).toMatch(problem);
      expect(fault).not.toContain('secret');
      expect(more).toEqual([]);
    }
  });
});

it('an arm overrides no role that `optimization` switches off', () => {
  const text = [
    'version: 1',
    'optimization: { use_warm_start: false }',
    'experiments:',
    '  - id: e',
    '    unit: plan',
    '    control: a',
    '    primary: { metric: iterations }',
    '    arms:',
    '      - { id: a, weight: 1 }',
    '      - { id: b, weight: 1, roles: { initialization: { plugin: uniform } } }',
  ].join('\n');
  expect(faultsOf(text)).toEqual([
    'host.yaml:10: experiments[0].arms[1].roles.initialization is of a role that `optimization` switches off',
  ]);
  expect(faultsOf(text.replace('false', 'true'))).toEqual([]);
});
