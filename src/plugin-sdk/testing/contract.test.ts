import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { definePlugin, z } from '../index.js';
import type { EarlyStoppingSession } from '../role-session.js';
import { contractRules } from './contract.js';

const manifest = {
  id: 'sample',
  version: '1.0.0',
  sdk: '^1.0.0',
  role: 'early-stopping',
  stability: 'stable',
  entry: 'index.js',
  description: 'A sample.',
};

const strict = z.strictObject({});

function plugin(session: () => EarlyStoppingSession, configSchema: z.ZodType = strict) {
  return definePlugin({
    role: 'early-stopping',
    configSchema,
    create: () => ({ openSession: session }),
  });
}

/** Names of the rules that a plugin breaks. */
async function broken(underTest: unknown, changes: object = {}): Promise<readonly string[]> {
  const names: string[] = [];
  for (const rule of contractRules({ manifest: { ...manifest, ...changes }, plugin: underTest })) {
    await rule.check().catch(() => names.push(rule.name));
  }
  return names;
}

const silent = plugin(() => ({ advise: () => undefined }));
let calls = 0;

it('finds nothing wrong with a plugin that says nothing', async () => {
  expect(await broken(silent)).toEqual([]);
});

it.each<[string, unknown, object?]>([
  ['has a valid manifest', silent, { stability: 'perfect' }],
  ['is written for this SDK', silent, { sdk: '^9.0.0' }],
  ['has one role in manifest and code', silent, { role: 'initialization' }],
  ['accepts an empty configuration', plugin(silentSession, z.strictObject({ a: z.number() }))],
  ['refuses an unknown setting', plugin(silentSession, z.object({}))],
  [
    'wants known tensors and requires known services',
    { ...silent, wants: () => [{ kind: 'entropy', everyN: 1 }] },
  ],
  [
    'bears a session without events, and events without tensors',
    plugin(() => ({
      advise: ({ tensors }) => {
        if (tensors.gradient === undefined) throw new TypeError('no gradient');
        return undefined;
      },
    })),
  ],
  [
    'does not stop a run that has only begun',
    plugin(() => ({ advise: () => ({ decision: 'stop-all', explanation: 'done' }) })),
  ],
  [
    'gives finite advice of the right length',
    plugin(() => ({
      advise: () => ({ decision: 'continue', predictedFinalObjective: Number.NaN }),
    })),
  ],
  [
    'answers the same when the seed is the same',
    plugin(() => ({
      advise: () => {
        calls += 1;
        return { decision: 'continue', predictedFinalObjective: calls };
      },
    })),
  ],
  [
    'leaves what it is given as it was',
    plugin(() => ({
      advise: ({ tensors }) => {
        if (tensors.gradient) (tensors.gradient.data as Float64Array)[0] = 7;
        return undefined;
      },
    })),
  ],
  [
    'settles soon after its signal aborts',
    plugin(() => ({
      advise: (_question, signal) => delay(signal.aborted ? 1500 : 1500, undefined, { ref: false }),
    })),
  ],
  [
    'leaves no timer behind when disposed',
    plugin(() => {
      setInterval(() => undefined, 1000);
      return { advise: () => undefined };
    }),
  ],
])('notices a breach of: %s', async (rule, underTest, changes) => {
  const only = contractRules({ manifest: { ...manifest, ...changes }, plugin: underTest });
  await expect(only.find(({ name }) => name === rule)?.check()).rejects.toThrow();
});

function silentSession(): EarlyStoppingSession {
  return { advise: () => undefined };
}
