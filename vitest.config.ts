import { defineConfig } from 'vitest/config';

/** Tests run from source: the plugin SDK's name resolves through a condition among its exports. */
const fromSource = {
  resolve: { conditions: ['@dh-advisor/source'] },
  ssr: { resolve: { conditions: ['@dh-advisor/source'] } },
};

function project(name: string, include: readonly string[], limitMs = 30_000) {
  // Tests wait for events, not for time; the limit only bounds a hang on a busy machine.
  const limits = { testTimeout: limitMs, hookTimeout: limitMs };
  return {
    ...fromSource,
    test: { name, include: [...include], environment: 'node' as const, ...limits },
  };
}

export default defineConfig({
  test: {
    projects: [
      project('unit', [
        'src/**/*.test.ts',
        'plugins/**/*.test.ts',
        'bench/**/*.test.ts',
        'evaluation/**/*.test.ts',
        'dashboard/**/*.test.ts',
        'test/*.test.ts',
      ]),
      project('contract', ['test/contract/**/*.test.ts']),
      project('e2e', ['test/e2e/**/*.test.ts']),
      // A browser, a host and an optimizer share the processors.
      project('page', ['test/page/**/*.test.ts'], 90_000),
      project('faults', ['test/faults/**/*.test.ts']),
      project('replay', ['test/replay/**/*.test.ts']),
    ],
  },
});
