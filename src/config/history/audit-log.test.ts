import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { AuditLog } from './audit-log.js';

it('goes on after a line that a full disk cut short', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-audit-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'audit.jsonl');
  const log = new AuditLog(file);
  const entry = { event: 'advice-stopped', atMs: 1, who: 'a', why: 'b', via: 'command' } as const;
  mkdirSync(file);
  await expect(log.add(entry)).rejects.toThrow(/EISDIR/);
  rmdirSync(file);
  writeFileSync(file, '{"event":"advice-sto');
  await log.add(entry);
  expect(await log.read()).toEqual([entry]);
});
