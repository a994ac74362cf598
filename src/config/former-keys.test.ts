import { expect, it } from 'vitest';
import { HostError } from '../domain/errors/host-error.js';
import { parseConfig } from './read-config.js';

function faultsOf(text: string): string {
  try {
    parseConfig(text, 'host.yaml');
    return '';
  } catch (thrown) {
    return HostError.is(thrown) ? String(thrown.params['faults']) : String(thrown);
  }
}

it('takes a key of the release before, and says what it is called now', () => {
  const { config, notices } = parseConfig(
    'version: 1\nstorage:\n  look_every_ms: 7000\n',
    'host.yaml',
  );
  expect(config.storage.analyseEveryMs).toBe(7000);
  expect(notices).toEqual([
    'host.yaml:3: storage.look_every_ms is called `analyse_every_ms` now; the next release refuses the former name',
  ]);
  const present = parseConfig('version: 1\nstorage: { analyse_every_ms: 7000 }', 'host.yaml');
  expect(present.notices).toEqual([]);
  expect(present.raw).toEqual(parseConfig('version: 1\nstorage: { look_every_ms: 7000 }', '').raw);
});

it('names a fault by the key that the file has', () => {
  expect(faultsOf('version: 1\nstorage:\n  look_every_ms: never\n')).toMatch(
    /^host\.yaml:3: storage\.look_every_ms /,
  );
});

it('refuses a setting under both of its names', () => {
  const text = 'version: 1\nstorage:\n  analyse_every_ms: 1000\n  look_every_ms: 2000\n';
  expect(faultsOf(text)).toBe(
    'host.yaml:4: storage.look_every_ms is the former name of `analyse_every_ms`, which is there as well; remove it',
  );
});

it.each(['', 'storage: 7', 'storage: null', '- 1', 'storage: [look_every_ms]'])(
  'leaves to others what is no section: %j',
  (text) => {
    expect(() => parseConfig(`version: 1\n${text}`, 'host.yaml')).not.toThrow(TypeError);
  },
);
