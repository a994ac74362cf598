// Every hazard has a control, and a test that is there and tests something.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../support/doc-examples.js';

interface Hazard {
  readonly hazard: string;
  readonly control: string;
  readonly tests: readonly string[];
}

function hazards(): readonly Hazard[] {
  const text = readFileSync(join(root, 'docs/hazards.md'), 'utf8');
  const [, , ...rows] = text.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) => {
    const [, hazard = '', control = '', shownBy = ''] = row.split('|').map((cell) => cell.trim());
    return {
      hazard,
      control,
      tests: [...shownBy.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path),
    };
  });
}

/** What begins a test in each language; a fuzzer is one by itself. */
const TEST = /\bit(\.each)?\(|\bTEST(_F)?\(|\bdef test_|LLVMFuzzerTestOneInput/;

describe('hazards', () => {
  it('are all there', () => {
    expect(hazards().length).toBeGreaterThan(20);
  });

  it.each(hazards().map((entry) => [entry.hazard, entry] as const))(
    '%s',
    (_hazard, { control, tests }) => {
      expect(control).not.toBe('');
      expect(tests.length).toBeGreaterThan(0);
      for (const path of tests) {
        expect(existsSync(join(root, path)), path).toBe(true);
        expect(readFileSync(join(root, path), 'utf8'), path).toMatch(TEST);
      }
    },
  );
});
