import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  benches,
  evaluation,
  handWritten,
  layerOf,
  page,
  plugins,
  root,
  type SourceFile,
  sources,
  target,
} from './support/source-files.js';

/** Who may import whom. A layer may always import itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'plugin-sdk': [],
  generated: [],
  domain: ['plugin-sdk'],
  system: ['domain', 'plugin-sdk'],
  config: ['domain', 'plugin-sdk', 'system'],
  experiments: ['domain', 'plugin-sdk'],
  host: ['domain', 'plugin-sdk'],
  shadow: ['domain', 'host', 'plugin-sdk'],
  inference: ['domain', 'plugin-sdk'],
  observability: ['domain', 'plugin-sdk'],
  http: ['domain', 'plugin-sdk'],
  storage: ['domain', 'plugin-sdk', 'system'],
  workers: [
    'domain',
    'experiments',
    'host',
    'inference',
    'plugin-sdk',
    'shadow',
    'storage',
    'system',
    'transport',
  ],
  transport: ['domain', 'plugin-sdk', 'generated'],
  composition: [
    'config',
    'domain',
    'experiments',
    'host',
    'http',
    'inference',
    'observability',
    'plugin-sdk',
    'shadow',
    'storage',
    'system',
    'transport',
    'workers',
  ],
  cli: [
    'composition',
    'config',
    'domain',
    'experiments',
    'host',
    'http',
    'observability',
    'plugin-sdk',
    'storage',
    'system',
    'transport',
    'workers',
  ],
  main: ['cli', 'domain'],
};

/** The only layers that may import a package. */
const importers: Readonly<Record<string, readonly string[]>> = {
  // The contract kit, which `plugin check` runs.
  '@dh-advisor/plugin-sdk': ['cli'],
  '@duckdb/node-api': ['storage'],
  '@node-rs/crc32': ['transport'],
  '@grpc/grpc-js': ['transport', 'generated'],
  '@grpc/proto-loader': ['transport', 'generated'],
  '@grpc/reflection': ['transport'],
  '@noble/hashes/sha2.js': ['domain'],
  '@noble/hashes/utils.js': ['domain'],
  '@stdlib/stats-base-dists-normal-quantile': ['experiments'],
  '@hono/node-server': ['http'],
  '@opentelemetry/api': ['observability'],
  '@opentelemetry/core': ['observability'],
  '@opentelemetry/exporter-trace-otlp-http': ['observability'],
  '@opentelemetry/resources': ['observability'],
  '@opentelemetry/sdk-trace-node': ['observability'],
  '@peculiar/x509': ['system'],
  'cli-progress': ['cli'],
  'cli-table3': ['cli'],
  commander: ['cli', 'main'],
  'd3-scale': ['experiments', 'http'],
  'd3-shape': ['experiments', 'http'],
  'fast-png': ['http'],
  'eventsource-parser': ['cli'],
  'grpc-health-check': ['transport'],
  hono: ['http'],
  hyparquet: ['storage'],
  'hyparquet-writer': ['storage'],
  inversify: ['composition'],
  kysely: ['storage'],
  libsql: ['storage'],
  jose: ['system'],
  'log-update': ['cli'],
  'markdown-table': ['experiments'],
  'nice-grpc-error-details': ['transport'],
  'nice-grpc-error-details/lib/proto/google/rpc/status.js': ['transport'],
  'onnxruntime-node': ['inference'],
  pg: ['storage'],
  pino: ['observability'],
  'pino-pretty': ['observability'],
  piscina: ['inference'],
  protobufjs: ['host', 'inference'],
  'prom-client': ['observability'],
  'reflect-metadata': ['system'],
  semver: ['host', 'plugin-sdk'],
  yaml: ['config', 'inference'],
  zod: ['plugin-sdk'],
};

/** Some packages are imported by their parts, such as `hono/compress`. */
function isAtHome(specifier: string, file: SourceFile): boolean {
  const parts = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1);
  const home = importers[specifier] ?? importers[parts.join('/')];
  return home?.includes(layerOf(file.path)) ?? false;
}

const testOnly = ['vitest', 'fast-check', '@growthbook/growthbook', 'simple-statistics'];

it('reads the files it judges', () => {
  expect(handWritten.length).toBeGreaterThan(400);
  expect(sources.length - handWritten.length).toBeGreaterThan(80);
  expect(plugins.length).toBeGreaterThanOrEqual(6);
  expect(sources.flatMap((file) => file.imports).length).toBeGreaterThan(2000);
});

it('knows every folder', () => {
  const layers = new Set(sources.map((file) => layerOf(file.path)));
  expect([...layers].sort()).toEqual(Object.keys(arrows).sort());
});

describe('layers', () => {
  it.each(Object.keys(arrows))('%s imports only what it may', (layer) => {
    const allowed = [layer, ...(arrows[layer] ?? [])];
    const breaches = sources
      .filter((file) => layerOf(file.path) === layer)
      .flatMap((file) =>
        file.imports
          .filter((specifier) => specifier.startsWith('.'))
          .filter((specifier) => !allowed.includes(layerOf(target(file, specifier))))
          .map((specifier) => `${file.path} -> ${specifier}`),
      );
    expect(breaches).toEqual([]);
  });

  it('name files that exist', () => {
    const missing = sources.flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !existsSync(join(root, target(file, specifier))))
        .map((specifier) => `${file.path} -> ${specifier}`),
    );
    expect(missing).toEqual([]);
  });

  it('import a package only where it is at home', () => {
    const breaches = sources.flatMap((file) =>
      file.imports
        .filter((specifier) => !/^(\.|node:)/.test(specifier))
        .filter((specifier) =>
          file.path.includes('.test.')
            ? !testOnly.includes(specifier) && !isAtHome(specifier, file)
            : !isAtHome(specifier, file),
        )
        .map((specifier) => `${file.path} -> ${specifier}`),
    );
    expect(breaches).toEqual([]);
  });

  it('of the page take types of the host, and nothing that runs', () => {
    const breaches = page
      .filter(({ path }) => path.startsWith('dashboard/src/') && !path.includes('.test.'))
      .flatMap((file) => [
        ...file.imports
          .filter((specifier) => !/^(\.|preact|uplot|eventsource-parser)/.test(specifier))
          .map((specifier) => `${file.path} -> ${specifier}`),
        ...[...file.text.matchAll(/^import (?!type\b).*from '([^']*\/src\/[^']*)'/gm)].map(
          ([, specifier]) => `${file.path} runs ${specifier}`,
        ),
      ]);
    expect(page.length).toBeGreaterThan(15);
    expect(breaches).toEqual([]);
  });

  it('of tests stay out of what ships', () => {
    const breaches = handWritten
      .filter((file) => !/\.test\.|\/testing\//.test(file.path))
      .flatMap((file) =>
        file.imports
          .filter((specifier) => specifier.includes('/testing/'))
          .map((specifier) => `${file.path} -> ${specifier}`),
      );
    expect(breaches).toEqual([]);
  });
});

it('plugins import the plugin SDK and their own folder only', () => {
  const breaches = plugins.flatMap((file) => {
    const isTest = file.path.includes('.test.');
    return file.imports
      .filter((specifier) => {
        if (specifier.startsWith('./')) return specifier.includes('..');
        if (specifier === '@dh-advisor/plugin-sdk') return false;
        const isForTests =
          specifier === '@dh-advisor/plugin-sdk/testing' || testOnly.includes(specifier);
        return !(isTest && (isForTests || specifier.startsWith('node:')));
      })
      .map((specifier) => `${file.path} -> ${specifier}`);
  });
  expect(breaches).toEqual([]);
});

it('has no import cycles', () => {
  const graph = new Map(
    [...handWritten, ...evaluation].map((file) => [
      file.path,
      file.imports.filter((s) => s.startsWith('.')).map((s) => target(file, s)),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  expect(cycles).toEqual([]);
});

/** From raw runs to tables and pictures; what lies beside the rooms is used by several. */
const evaluationArrows: Readonly<Record<string, readonly string[]>> = {
  arms: [],
  runs: ['arms'],
  measures: ['arms', 'runs'],
  tables: ['arms', 'measures', 'runs'],
  plots: ['measures', 'tables'],
  ood: ['arms', 'measures', 'runs', 'tables'],
  trial: ['arms', 'measures', 'runs'],
};

it('evaluation goes from runs to measures to tables', () => {
  const roomOf = (path: string) => path.split('/').slice(0, -1)[1] ?? '';
  const rooms = new Set(evaluation.map(({ path }) => roomOf(path)));
  expect([...rooms].sort()).toEqual(['', ...Object.keys(evaluationArrows)].sort());
  const breaches = evaluation
    .filter(({ path }) => roomOf(path) !== '' && !path.includes('.test.'))
    .flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => target(file, specifier))
        .filter((path) => path.startsWith('evaluation/'))
        .filter((path) => !['', roomOf(file.path)].includes(roomOf(path)))
        .filter((path) => !evaluationArrows[roomOf(file.path)]?.includes(roomOf(path)))
        .map((path) => `${file.path} -> ${path}`),
    );
  expect(breaches).toEqual([]);
});

it('benchmarks share bench/lib, and nothing of one another', () => {
  const roomOf = (path: string) => path.split('/').slice(0, 2).join('/');
  const written = benches.filter(({ path }) => !path.includes('/plugins/'));
  expect(new Set(written.map(({ path }) => roomOf(path))).size).toBeGreaterThan(12);
  expect(written.filter(({ path }) => !path.endsWith('.ts'))).toEqual([]);
  const breaches = written.flatMap((file) =>
    file.imports
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => target(file, specifier))
      .filter((path) => path.startsWith('bench/') || !existsSync(join(root, path)))
      .filter((path) => ![roomOf(file.path), 'bench/lib'].includes(roomOf(path)))
      .map((path) => `${file.path} -> ${path}`),
  );
  expect(breaches).toEqual([]);
});

it('keeps the domain free of clocks, timers and I/O', () => {
  const forbidden = /\bDate\.now\b|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\b|'node:/;
  const breaches = handWritten
    .filter((file) => layerOf(file.path) === 'domain' && !file.path.includes('.test.'))
    .filter((file) => forbidden.test(file.text))
    .map((file) => file.path);
  expect(breaches).toEqual([]);
});
