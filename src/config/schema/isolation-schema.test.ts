import { expect, it } from 'vitest';
import { HostError } from '../../domain/errors/host-error.js';
import { parseConfig } from '../read-config.js';

const isolationOf = (text: string) =>
  parseConfig(`version: 1\nplugins: { isolation: ${text} }`, '/etc/dh/host.yaml').config.plugins
    .isolation;

it('runs plugins of third parties in processes unless it is told', () => {
  expect(isolationOf('{}')).toEqual({
    default: 'process',
    inline: [],
    process: [],
    memoryMb: 2048,
    hangMs: 10_000,
    python: 'python3',
  });
});

it('finds an interpreter from the file, and leaves a command what it is', () => {
  expect(isolationOf('{ python: .venv/bin/python }').python).toBe('/etc/dh/.venv/bin/python');
  expect(isolationOf('{ python: python3.12 }').python).toBe('python3.12');
});

it('refuses a plugin that is to run in both', () => {
  try {
    isolationOf('{ inline: [a, b], process: [b] }');
    expect.unreachable();
  } catch (thrown) {
    expect(HostError.is(thrown) && thrown.message).toContain(
      ':2: plugins.isolation.inline names `b`, which `process` names, too',
    );
  }
});
