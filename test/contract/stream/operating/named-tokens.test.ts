// Operators' tokens with a name: who made a change is in what is kept of it, and no token is anywhere.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { early, startLiveHost, temporaryFolder } from '../testing/live-host.js';

const TOKENS = { physics: 'a-secret-of-physics-alone', nights: 'a-secret-of-nights-alone' };
const origin = { who: 'anna', why: 'a test', via: 'command' } as const;
const disable = { kind: 'disable', role: 'early-stopping' } as const;
const asked = { change: disable, origin, isDryRun: false, expectedGeneration: undefined };

async function startNamed(shownToken: string) {
  const folder = temporaryFolder();
  for (const [name, token] of Object.entries(TOKENS)) writeFileSync(join(folder, name), token);
  const files = Object.keys(TOKENS).map((name) => `{ name: ${name}, file: ${name} }`);
  const operator = `, tokens: [${files.join(', ')}]`;
  return startLiveHost({ folder, operator, shownToken, yaml: early('objective-floor') });
}

/** Every text below a folder. */
function textsIn(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !(entry.name in TOKENS))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

it('a change, the kill switch and a refusal have the name of the token, and what its holder says', async () => {
  const host = await startNamed(TOKENS.physics);
  const { operator } = host;
  const who = 'physics (says anna)';
  expect(await operator.change(asked)).toMatchObject({ generation: 2 });
  await operator.stopAdvice(origin);
  expect((await operator.status()).stopped).toMatchObject({ who });
  const unknown = { kind: 'use', role: 'early-stopping', plugin: 'nowhere' } as const;
  const change = { ...unknown, pluginVersion: undefined, model: undefined };
  await expect(operator.change({ ...asked, change })).rejects.toThrow(/nowhere/);
  const { generations, refusals } = await operator.generations(0);
  expect(generations[0]).toMatchObject({ generation: 2, who });
  expect(refusals[0]).toMatchObject({ who });

  const stop = await fetch(`http://${host.httpAddress}/api/advice/resume`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKENS.nights}` },
    body: JSON.stringify({ who: 'nights', why: 'b' }),
  });
  expect(stop.status).toBe(200);

  const paths = ['api/status', 'api/configuration', 'api/configuration/1', 'api/health', 'metrics'];
  const shown = await Promise.all(
    paths.map(async (path) => (await fetch(`http://${host.httpAddress}/${path}`)).text()),
  );
  const kept = textsIn(host.folder);
  expect(kept).toContain(who);
  const everything = [...shown, kept, JSON.stringify(host.log.lines), await operator.textOf(1)];
  for (const token of Object.values(TOKENS)) expect(everything.join('\n')).not.toContain(token);
});

it.each(['', 'physics', 'a-secret-of-physics-alone.'])('%j is nobody', async (shown) => {
  const { operator } = await startNamed(shown);
  const unauthenticated = { code: 'operator-token', cause: { code: 16 } };
  await expect(operator.change(asked)).rejects.toMatchObject(unauthenticated);
  await expect(operator.stopAdvice(origin)).rejects.toMatchObject(unauthenticated);
  await expect(operator.resumeAdvice(origin)).rejects.toMatchObject(unauthenticated);
  await expect(operator.release('none', origin)).rejects.toMatchObject(unauthenticated);
  const promotion = { experiment: 'none', arm: 'a', label: undefined, origin };
  await expect(
    operator.promote({ ...promotion, isOverride: false, isDryRun: true }),
  ).rejects.toMatchObject(unauthenticated);
});
