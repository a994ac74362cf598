import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const pathOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the operator's page into dist/dashboard, where the host serves it from. */
export default defineConfig({
  root: pathOf('.'),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: pathOf('../dist/dashboard'),
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
