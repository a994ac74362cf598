import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readBounded, readBoundedSync } from './bounded-file.js';
import { readTls } from './tls/read-certificates.js';
import { readToken } from './token-file.js';

const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-bounded-'));
const at = (name: string) => join(folder, name);
const bound = { kind: 'note', maxBytes: 10 };

beforeAll(() => {
  writeFileSync(at('fits'), '0123456789');
  writeFileSync(at('long'), '0123456789a');
  writeFileSync(at('sparse'), '');
  truncateSync(at('sparse'), 2 ** 40);
  mkdirSync(at('folder'));
  symlinkSync('/dev/zero', at('device'));
  // Opening it waits for a writer, who never comes.
  execFileSync('mkfifo', [at('pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true }));

it('reads what fits', async () => {
  expect(readBoundedSync(at('fits'), bound).toString()).toBe('0123456789');
  expect((await readBounded(at('fits'), bound)).toString()).toBe('0123456789');
});

describe.each([
  ['long', /has 11 bytes, which no note has/],
  ['sparse', /has 1099511627776 bytes, which no note has/],
  ['folder', /folder/],
  ['device', /device/],
  ['pipe', /device/],
  ['none', /ENOENT/],
])('%s', (name, problem) => {
  it('is refused at once, as a token and as a certificate, too', async () => {
    expect(() => readBoundedSync(at(name), bound)).toThrow(problem);
    await expect(readBounded(at(name), bound)).rejects.toThrow(problem);
    expect(readToken(at(name))).toHaveProperty('problem');
    const tls = { certificate: at(name), key: at(name), clientCa: undefined };
    await expect(readTls(tls, Date.now())).rejects.toThrow(at(name));
  });
});
