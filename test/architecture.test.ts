import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Who may import whom. A layer may always import itself. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'plugin-sdk': [],
  generated: [],
  domain: ['plugin-sdk'],
  system: ['domain'],
  config: ['domain', 'plugin-sdk', 'system'],
  experiments: ['domain', 'plugin-sdk'],
  host: ['domain', 'plugin-sdk'],
  shadow: ['domain', 'host', 'plugin-sdk'],
  inference: ['domain', 'plugin-sdk'],
  observability: ['domain', 'plugin-sdk'],
  http: ['domain', 'plugin-sdk'],
  storage: ['domain', 'plugin-sdk', 'system'],
  workers: [
    ...['domain', 'experiments', 'host', 'inference', 'plugin-sdk', 'shadow', 'storage', 'system'],
  ],
  transport: ['domain', 'plugin-sdk', 'generated'],
  composition: [
    ...['config', 'domain', 'experiments', 'host', 'http', 'inference', 'observability'],
    ...['plugin-sdk', 'shadow', 'storage', 'system', 'transport', 'workers'],
  ],
  cli: [
    ...['composition', 'config', 'domain', 'experiments', 'host', 'observability', 'plugin-sdk'],
    ...['storage', 'system', 'transport', 'workers'],
  ],
  main: ['cli', 'domain'],
};

/** The only layers that may import a package. */
const importers: Readonly<Record<string, readonly string[]>> = {
  '@aws-crypto/crc32c': ['transport'],
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
  'cli-progress': ['cli'],
  'cli-table3': ['cli'],
  commander: ['cli', 'main'],
  'd3-scale': ['experiments'],
  'd3-shape': ['experiments'],
  'grpc-health-check': ['transport'],
  hono: ['http'],
  hyparquet: ['storage'],
  'hyparquet-writer': ['storage'],
  inversify: ['composition'],
  kysely: ['storage'],
  libsql: ['storage'],
  'markdown-table': ['experiments'],
  'onnxruntime-node': ['inference'],
  pg: ['storage'],
  pino: ['observability'],
  piscina: ['inference'],
  protobufjs: ['inference'],
  'prom-client': ['observability'],
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

interface SourceFile {
  /** Relative to the root, such as `src/host/role-desk.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

/** What `npm run build` puts into the package of the plugin SDK. */
const built = join(root, 'src/plugin-sdk/dist');

function read(folder: string): readonly SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|js|mjs)$/.test(entry.name))
    .filter((entry) => !entry.parentPath.startsWith(built))
    .map((entry) => {
      const file = join(entry.parentPath, entry.name);
      const text = readFileSync(file, 'utf8');
      const statements = text.matchAll(
        /^(?:import|export)\b(?:[^;'"]*?\bfrom)?\s*['"]([^'"]+)['"]/gm,
      );
      return {
        path: relative(root, file),
        text,
        imports: [...statements].map((match) => match[1] ?? ''),
      };
    });
}

/** The file behind a relative import. */
function target(file: SourceFile, specifier: string): string {
  return join(dirname(file.path), specifier).replace(/\.js$/, '.ts');
}

function layerOf(path: string): string {
  const [, folder = ''] = path.split('/');
  return folder === 'main.ts' ? 'main' : folder;
}

const sources = read('src');
const handWritten = sources.filter((file) => layerOf(file.path) !== 'generated');
const plugins = read('plugins');
const tests = read('test');
const page = read('dashboard');

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
          .filter((specifier) => !/^(\.|preact|uplot)/.test(specifier))
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
    handWritten.map((file) => [
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

/** To be cut: nothing is added to them, and whoever cuts one takes it off the list. */
const full = ['src/host', 'src/plugin-sdk', 'src/transport'];

it('has no folder with more than 20 files flat', () => {
  const files = new Map<string, number>();
  for (const { path } of [...handWritten, ...plugins]) {
    files.set(dirname(path), (files.get(dirname(path)) ?? 0) + 1);
  }
  const beyond = [...files].filter(([, count]) => count > 20).map(([folder]) => folder);
  expect(files.size).toBeGreaterThan(50);
  expect(beyond.sort()).toEqual(full);
});

/** Read by entries and not at one sitting. */
const tables = ['src/domain/errors/error-codes.ts'];

it('has no file beyond 300 lines but tables', () => {
  const long = [...handWritten, ...plugins, ...tests, ...page]
    .map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }))
    .filter((file) => file.lines > 300 && !tables.includes(file.path));
  expect(long).toEqual([]);
  expect(tables.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('keeps the domain free of clocks, timers and I/O', () => {
  const forbidden = /\bDate\.now\b|\bperformance\.now\b|\bset(Timeout|Interval|Immediate)\b|'node:/;
  const breaches = handWritten
    .filter((file) => layerOf(file.path) === 'domain' && !file.path.includes('.test.'))
    .filter((file) => forbidden.test(file.text))
    .map((file) => file.path);
  expect(breaches).toEqual([]);
});

it('is described in ARCHITECTURE.md, folder by folder', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const folders = Object.keys(arrows).filter((layer) => layer !== 'main');
  expect(folders.filter((folder) => !text.includes(`src/${folder}`))).toEqual([]);
});
