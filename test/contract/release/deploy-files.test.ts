// What hosts are deployed with says the same as what the project ships and documents.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { NEWEST, NODE_VERSIONS, OLDEST } from '../../../scripts/packaging/verify/nodes.mjs';
import { readConfig } from '../../../src/config/read-config.js';
import { PromMetrics } from '../../../src/observability/prometheus/metrics.js';
import { root } from '../../support/doc-examples.js';
import { temporaryFolder } from '../stream/testing/live-host.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('the container', () => {
  it('serves the roles that the project ships, in the same way', () => {
    const shipped = readConfig(join(root, 'config/host.yaml')).config;
    const container = readConfig(join(root, 'deploy/host.container.yaml')).config;
    expect(container.roles).toEqual(shipped.roles);
  });

  it('keeps its history and its journals on the volume that the compose file gives it', () => {
    const { history, journals } = readConfig(join(root, 'deploy/host.container.yaml')).config;
    const [, mounted = ''] = /- kept:(\S+)/.exec(read('deploy/compose.yaml')) ?? [];
    expect(mounted).not.toBe('');
    for (const { directory } of [history, journals]) {
      expect(directory.startsWith(`${mounted}/`), directory).toBe(true);
    }
    expect(read('Dockerfile')).toContain(`/app/deploy/state ${mounted}\n`);
  });

  it('runs the newest Node that artefacts are tried out with', () => {
    const [major] = NEWEST.split('.');
    const images = [...read('Dockerfile').matchAll(/^FROM node:(\d+)/gm)].map(([, node]) => node);
    expect(images).toEqual([major, major]);
  });
});

it('artefacts are tried out on every Node that packages admit', () => {
  const { engines } = JSON.parse(read('package.json')) as { readonly engines: { node: string } };
  const admitted = [...engines.node.matchAll(/(\d+)\.\d+\.\d+/g)].map(([, major]) => major);
  expect(NODE_VERSIONS.map(({ version }) => version.split('.')[0])).toEqual(admitted);
  expect(NODE_VERSIONS.map(({ version }) => version)).toEqual(
    expect.arrayContaining([OLDEST, NEWEST]),
  );
  expect(JSON.parse(read('src/plugin-sdk/package.json')).engines).toEqual(engines);
});

const hasSystemd = existsSync('/usr/bin/systemd-analyze');
describe('the unit of systemd', () => {
  it.skipIf(!hasSystemd)('is one, and shuts the host in', async () => {
    const unit = join(root, 'deploy/dh-advisor.service');
    const { stderr } = await execa('systemd-analyze', ['verify', unit], { reject: false });
    // The command is not installed where the tests run.
    const said = stderr.split('\n').filter((line) => line.includes('dh-advisor.service'));
    expect(said.filter((line) => !line.includes('is not executable'))).toEqual([]);
    const security = ['security', '--offline=true', '--threshold=25', unit];
    expect((await execa('systemd-analyze', security, { reject: false })).exitCode).toBe(0);
  });

  it('waits longer for the end of a host than the host takes to drain', () => {
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(read('deploy/dh-advisor.service')) ?? [];
    const { server } = readConfig(join(root, 'config/host.yaml')).config;
    expect(Number(seconds) * 1000).toBeGreaterThan(server.drainMs + 20_000);
  });
});

/** The commands of a checkout, as a shell finds them. */
describe.each(['dh-advisor', 'rtmodel', 'dh-train', 'dh-cases'])('bin/%s', (name) => {
  const program = join(root, 'bin', name);

  it('says what to do in a checkout that is not built, wherever it is linked from', async () => {
    const folder = temporaryFolder();
    await execa('mkdir', ['-p', join(folder, 'checkout/bin')]);
    await execa('cp', [program, join(folder, 'checkout/bin')]);
    await execa('ln', ['-s', join(folder, 'checkout/bin', name), join(folder, name)]);
    const { exitCode, stderr } = await execa(join(folder, name), ['--version'], { reject: false });
    expect(exitCode).toBe(127);
    expect(stderr).toContain(`run ${folder}/checkout/scripts/setup`);
  });

  const isBuilt = {
    'dh-advisor': 'dist/src/main.js',
    rtmodel: 'build/cpp/rtmodel/rtmodel',
  }[name];
  it.skipIf(!existsSync(join(root, isBuilt ?? '.venv')))(
    'runs what is built beside it',
    async () => {
      const { stdout } = await execa(program, ['--help'], { cwd: temporaryFolder() });
      expect(stdout).toMatch(/usage|options/i);
    },
  );
});

describe('the manifests for Kubernetes', () => {
  const folder = 'deploy/kubernetes';
  const names = readdirSync(join(root, folder)).filter((name) => name !== 'kustomization.yaml');
  const objects = names.flatMap((name) =>
    parseAllDocuments(read(`${folder}/${name}`)).map((document) => document.toJS()),
  );
  const ofKind = (kind: string) => objects.find((object) => object.kind === kind);
  const hosts = ofKind('StatefulSet');
  const [container] = hosts.spec.template.spec.containers;
  const { config } = readConfig(join(root, 'deploy/host.container.yaml'));

  it('fit the schemas of Kubernetes, and are all listed', async () => {
    const files = names.map((name) => join(root, folder, name));
    await execa(join(root, '.venv/bin/kubernetes-validate'), [
      '--strict',
      '--quiet',
      '-k',
      '1.34',
      ...files,
    ]);
    const { resources } = parse(read(`${folder}/kustomization.yaml`));
    expect([...resources].sort()).toEqual([...names].sort());
  });

  it('serve what the container serves, and are asked where it answers', () => {
    const portOf = (named: string) =>
      container.ports.find(({ name }: { name: string }) => name === named).containerPort;
    expect(config.server.address).toBe(`0.0.0.0:${portOf('plans')}`);
    expect(config.httpAddress).toBe(`0.0.0.0:${portOf('http')}`);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(container[probe].httpGet.path).toMatch(/^\/(healthz|readyz)$/);
      expect(container[probe].httpGet.port).toBe('http');
    }
    const mounts = container.volumeMounts.map((mount: { mountPath: string }) => mount.mountPath);
    for (const { directory } of [config.history, config.journals]) {
      expect(mounts.some((path: string) => directory.startsWith(`${path}/`))).toBe(true);
    }
  });

  it('let open plans finish, and more hosts come before the last one is full', () => {
    const { terminationGracePeriodSeconds: graceS } = hosts.spec.template.spec;
    expect(graceS * 1000).toBeGreaterThan(config.server.drainMs + 10_000);
    const [{ pods }] = ofKind('HorizontalPodAutoscaler').spec.metrics;
    expect(Number(pods.target.averageValue)).toBeLessThan(config.server.maxSessions);
    const metrics = new PromMetrics();
    expect(metrics.registry.getSingleMetric(pods.metric.name)).toBeDefined();
    metrics.dispose();
  });

  it('shut the host in, and choose the pods that they make', () => {
    const pod = hosts.spec.template;
    expect(pod.spec.securityContext.runAsNonRoot).toBe(true);
    expect(container.securityContext).toMatchObject({
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
    });
    const selectors = [
      hosts.spec.selector.matchLabels,
      ofKind('PodDisruptionBudget').spec.selector.matchLabels,
      ofKind('NetworkPolicy').spec.podSelector.matchLabels,
      ...objects.filter(({ kind }) => kind === 'Service').map(({ spec }) => spec.selector),
    ];
    expect(selectors).toHaveLength(5);
    for (const selector of selectors) expect(pod.metadata.labels).toMatchObject(selector);
  });
});
