import { expect, it } from 'vitest';
import { parseConfig } from '../read-config.js';
import { faultsOf } from '../testing/faults-of.js';

it('takes the models directory relative to the file, and labels of versions only', () => {
  const models = 'models: { directory: ../models, labels: { convergence: { stable: "1" } } }';
  const { config } = parseConfig(`version: 1\n${models}\n`, '/etc/dh/host.yaml');
  expect(config.models.directory).toBe('/etc/models');
  expect(config.models.labels).toEqual({ convergence: { stable: '1' } });
  expect(parseConfig('version: 1\n', 'host.yaml').config.models.directory).toBeUndefined();
  const wrong = 'version: 1\nmodels: { labels: { convergence: { stable: newest } } }\n';
  expect(faultsOf(wrong)).toEqual([
    expect.stringContaining('models.labels.convergence.stable must be a version in quotes'),
  ]);
});

it("reads Triton's version policies, and says how one is written", () => {
  const policies =
    'version_policy: { a: { latest: {} }, b: { specific: { versions: ["1", "2.1"] } }, c: { all: {} } }';
  const { config } = parseConfig(`version: 1\nmodels: { ${policies} }\n`, 'host.yaml');
  expect(config.models.versionPolicies).toEqual({
    a: { kind: 'latest', count: 1 },
    b: { kind: 'specific', versions: ['1', '2.1'] },
    c: { kind: 'all' },
  });
  const faultsOfPolicy = (policy: string) =>
    faultsOf(`version: 1\nmodels: { version_policy: { a: ${policy} } }\n`);
  for (const wrong of ['{ newest: {} }', '{ latest: {}, all: {} }']) {
    expect(faultsOfPolicy(wrong)).toEqual([
      expect.stringMatching(/models\.version_policy\.a.*\{latest: \{num_versions: N\}\}/),
    ]);
  }
  expect(faultsOfPolicy('{ specific: { versions: [] } }')).toEqual([
    expect.stringContaining('models.version_policy.a.specific.versions must name a version'),
  ]);
});

it('reads servers that answer models, and refuses plain text to another machine', () => {
  const remote = (settings: string) =>
    `version: 1\nmodels: { remote: { warm-start: ${settings} } }\n`;
  const full =
    '{ address: "gpu.example:8001", model: ws, version: "", deadline_ms: 50, tls: { ca: gpu.pem } }';
  expect(parseConfig(remote(full), '/etc/dh/host.yaml').config.models.remote).toEqual({
    'warm-start': {
      address: 'gpu.example:8001',
      model: 'ws',
      version: '',
      deadlineMs: 50,
      tls: { ca: '/etc/dh/gpu.pem', certificate: undefined, key: undefined },
    },
  });
  expect(faultsOf(remote('{ address: "127.0.0.1:8001" }'))).toEqual([]);
  expect(faultsOf(remote('{ address: "gpu.example:8001", insecure: i-know }'))).toEqual([]);
  expect(faultsOf(remote('{ address: "gpu.example:8001" }'))).toEqual([
    expect.stringMatching(/models\.remote\.warm-start\.address is not loopback/),
  ]);
  expect(faultsOf(remote('{ address: "127.0.0.1:1", tls: { key: a } }'))).toEqual([
    expect.stringContaining('needs certificate and key, or neither'),
  ]);
});
