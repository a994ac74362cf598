import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { fixtureModels } from '../../support/model-repository.js';
import { fixtureFolder, startTestHost, type TestHost } from '../stream/testing/test-host.js';

/** Of an operator of the host below. */
export const TOKEN = 'a-token-of-an-operator';

export interface Golden {
  readonly shape: readonly number[];
  readonly data: string;
}

/** The first golden case of a fixture: a question, and what the training side got. */
function goldenOf(model: string): Record<'inputs' | 'outputs', Record<string, Golden>> {
  return JSON.parse(readFileSync(`${fixtureModels}/${model}/golden.json`, 'utf8')).cases[0];
}

export const golden = goldenOf('convergence/2');
export const bytesOf = ({ data }: Golden) => Buffer.from(data, 'base64');
export const floatsOf = (bytes: Buffer) => [...new Float32Array(new Uint8Array(bytes).buffer)];

/** A host whose plugin holds `convergence`, and that has one operator. */
export async function startInferenceHost(isEnabled = true): Promise<TestHost> {
  const folder = await mkdtemp(join(tmpdir(), 'dh-advisor-tokens-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'token');
  writeFileSync(file, TOKEN);
  return startTestHost(
    {
      roles: { 'early-stopping': { plugin: 'convergence', deadlineMs: 2000 } },
      models: { directory: fixtureModels },
      openInference: { enabled: isEnabled },
      operatorTokens: [{ name: 'physics', file, roles: ['operator'] }],
    },
    undefined,
    fixtureFolder('../../dist/plugins'),
  );
}
