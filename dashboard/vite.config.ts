import { appendFileSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const outDir = pathOf('../dist/dashboard');

/** Licences of scripts are collected by the bundler, that of a font is not. */
function fontLicence(font: string): Plugin {
  const { resolve } = createRequire(import.meta.url);
  const text = readFileSync(resolve(`${font}/LICENSE`), 'utf8');
  return {
    name: 'font-licence',
    apply: 'build',
    closeBundle: () => appendFileSync(`${outDir}/licenses.md`, `\n## ${font}\n\n${text}`),
  };
}

/** Builds the operator's page into dist/dashboard, where the host serves it from. */
export default defineConfig({
  root: pathOf('.'),
  plugins: [fontLicence('@fontsource-variable/inter')],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    // The policy of the host allows no inline code and no data URLs.
    assetsInlineLimit: 0,
    // What was bundled, with its licences.
    license: { fileName: 'licenses.md' },
    modulePreload: { polyfill: false },
  },
  // `npx vite dashboard` beside a running host.
  server: { proxy: { '/api': 'http://127.0.0.1:9464' } },
});
