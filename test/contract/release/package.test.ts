// What `npm pack` packs is what a host needs, and no more.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { root } from '../../support/doc-examples.js';

it('the package holds host, plugins, models, page, contract and configuration; no tests, no sources', async () => {
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await execa('npm', pack, { cwd: root });
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { readonly path: string }[] }];
  const paths = files.map(({ path }) => path);
  const models = readdirSync(join(root, 'models/warm-start')).map(
    (version) => `models/warm-start/${version}/model.onnx`,
  );
  expect(paths).toEqual(
    expect.arrayContaining([
      'package.json',
      'README.md',
      'LICENSE',
      'docs/operate.md',
      'config/host.yaml',
      'dist/src/main.js',
      'dist/src/workers/report-worker.js',
      'dist/dashboard/index.html',
      'dist/plugins/warm-start/plugin.json',
      'proto/dh/advisor/v1/operator.proto',
      'deploy/healthcheck.mjs',
      ...models,
      // The host's own plugins import it by name, and no registry has it.
      ...['package.json', 'dist/index.js'].map(
        (path) => `node_modules/@dh-advisor/plugin-sdk/${path}`,
      ),
    ]),
  );
  const own = paths.filter((path) => !path.startsWith('node_modules/'));
  const extra = own.filter((path) =>
    /^(cpp|python|test|bench|evaluation|src|scripts|dashboard)\/|\.test\./.test(path),
  );
  expect(extra).toEqual([]);
});
