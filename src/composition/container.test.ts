import type { ServiceIdentifier } from 'inversify';
import { expect, it } from 'vitest';
import { FakeLog } from '../domain/testing/fakes.js';
import { testConfig } from '../domain/testing/test-config.js';
import { FakeClock } from '../plugin-sdk/testing/index.js';
import { createContainer } from './container.js';
import { tokens } from './tokens.js';

const config = testConfig();

function container() {
  return createContainer({
    configSource: { current: () => config },
    clock: new FakeClock(),
    log: new FakeLog(),
    packagesFrom: process.cwd(),
    pluginDirectory: 'no-plugins-here',
  });
}

it('resolves every token, each once', async () => {
  const built = container();
  await built.get(tokens.activation).start(config);
  for (const identifier of Object.values(tokens) as ServiceIdentifier<object>[]) {
    const first = built.get(identifier);
    expect(first, String(identifier)).toBeDefined();
    expect(built.get(identifier)).toBe(first);
  }
  built.get(tokens.metrics).dispose();
});

it('says which model is missing on a host without models', async () => {
  const open = container().get(tokens.modelRepository).open('warm-start');
  await expect(open).rejects.toThrow(/No model `warm-start` .* Known: none/);
});
