import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { describe, expect, it } from 'vitest';
import { root } from './support/source-files.js';

describe('ARCHITECTURE.md', () => {
  const text = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
  const map = /^```\n([\s\S]*?)^```$/m.exec(text)?.[1] ?? '';
  /** What stands at the left of the map's lines: `cpp/sdk`, `plugins/<id>/`, or two of them in one line. */
  const named = map
    .split('\n')
    .flatMap((line) => /^\S+/.exec(line)?.[0] ?? [])
    .map((path) => path.replace(/\/?(<.*)?$/, ''));
  const tracked = execaSync('git', ['ls-files'], { cwd: root }).stdout.split('\n');
  const folders = (depth: number) =>
    new Set(
      tracked
        .map((path) => path.split('/').slice(0, -1))
        .filter((parts) => parts.length >= depth && !parts[0]?.startsWith('.'))
        .map((parts) => parts.slice(0, depth).join('/')),
    );

  it('fits on two screens', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(100);
  });

  it('names nothing that is not there', () => {
    expect(named.length).toBeGreaterThan(25);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('has every folder at the top, and every room of src', () => {
    const tops = [...folders(1)].filter((top) => !new RegExp(`(^|\\s)${top}/`, 'm').test(map));
    expect(tops).toEqual([]);
    const rooms = [...folders(2)].filter((path) => path.startsWith('src/'));
    expect(rooms.length).toBeGreaterThan(10);
    expect(rooms.filter((room) => !named.includes(room))).toEqual([]);
  });
});
