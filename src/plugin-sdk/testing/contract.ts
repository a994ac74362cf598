import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import semver from 'semver';
import { mapTensors } from '../internal/event-tensors.js';
import { questionFor } from '../internal/question.js';
import { manifestSchema, SDK_VERSION } from '../manifest.js';
import type { PlanView } from '../plan-view.js';
import { isPluginDefinition, type PluginDefinition } from '../plugin-definition.js';
import { PluginError } from '../plugin-error.js';
import type { SessionEvent } from '../role-session.js';
import { services } from '../services.js';
import { TENSOR_KINDS } from '../tensor.js';
import { checkAdvice } from './advice-check.js';
import { type FakeServices, fakeServices } from './fake-services.js';
import { createPlugin, fakeSession, openUnlessDeclined, playRun } from './play-run.js';
import { fakePlan, recordedRun } from './recorded-run.js';
import { timersLeftBy } from './timer-watch.js';

/** A plugin as found: the parsed `plugin.json` and what its entry exports as `plugin`. */
export interface PluginUnderTest {
  readonly manifest: unknown;
  readonly plugin: unknown;
}

/** One rule of the contract. `check` rejects with a reason when the plugin breaks it. */
export interface ContractRule {
  readonly name: string;
  check(): Promise<void>;
}

export interface ContractOptions {
  /** Makes the services a plugin is created with, once for each plugin created. Default: fakes without models. */
  readonly services?: () => FakeServices;
  /** The plan that is played. */
  readonly plan?: PlanView;
}

const SETTLE_MS = 1000;

/** What every plugin must keep, for use with any test runner: one test per rule. */
export function contractRules(
  underTest: PluginUnderTest,
  options: ContractOptions = {},
): readonly ContractRule[] {
  const { plan = fakePlan(), services: createServices = fakeServices } = options;
  const events = recordedRun({ plan });
  const definition = (): PluginDefinition => {
    assert.ok(isPluginDefinition(underTest.plugin), 'the entry must export `plugin`');
    return underTest.plugin;
  };
  const asksEveryN = (of: PluginDefinition) => of.asksEveryN?.(of.configSchema.parse({})) ?? 0;
  const play = async (seed: number, run: readonly SessionEvent[] = events) => {
    const of = definition();
    const plugin = await createPlugin(of, {}, createServices());
    const answers = await playRun(of.role, plugin, run, { plan, seed, asksEveryN: asksEveryN(of) });
    await plugin.dispose?.();
    return answers;
  };
  const rule = (name: string, check: () => void | Promise<void>): ContractRule => ({
    name,
    check: async () => check(),
  });

  return [
    rule('has a valid manifest', () => {
      manifestSchema.parse(underTest.manifest);
    }),
    rule('is written for this SDK', () => {
      const { sdk } = manifestSchema.parse(underTest.manifest);
      assert.ok(semver.satisfies(SDK_VERSION, sdk), `SDK ${SDK_VERSION} is outside "${sdk}"`);
    }),
    rule('has one role in manifest and code', () => {
      assert.equal(definition().role, manifestSchema.parse(underTest.manifest).role);
    }),
    rule('accepts an empty configuration', () => {
      definition().configSchema.parse({});
    }),
    rule('refuses an unknown setting', () => {
      const parsed = definition().configSchema.safeParse({ 'no-such-setting': 1 });
      assert.equal(parsed.success, false, 'configSchema must be a strict object');
    }),
    rule('wants known tensors and requires known services', () => {
      const of = definition();
      for (const { kind, everyN } of of.wants?.(of.configSchema.parse({})) ?? []) {
        assert.ok(TENSOR_KINDS.includes(kind), `unknown tensor "${kind}"`);
        assert.ok(Number.isInteger(everyN) && everyN >= 0, 'everyN must be a whole number');
      }
      const known = new Set<string>(Object.values(services).map((token) => token.id));
      for (const token of Object.values(of.requires ?? {})) {
        assert.ok(known.has(token.id), `unknown service "${token.id}"`);
      }
    }),
    rule('bears a session without events, and events without tensors', async () => {
      await play(1, []);
      await play(
        1,
        events.map((event) => mapTensors(event, () => ({}))),
      );
    }),
    rule('does not stop a run that has only begun', async () => {
      const begun = events.slice(0, events.findIndex((event) => event.kind === 'iteration') + 1);
      for (const { advice } of await play(1, begun)) {
        const decision = (advice as { decision?: string } | undefined)?.decision;
        assert.ok(decision === undefined || decision === 'continue', `said "${decision}"`);
      }
    }),
    rule('gives finite advice of the right length', async () => {
      for (const { event, advice } of await play(1)) {
        if (advice !== undefined) checkAdvice(definition().role, advice, plan, event);
      }
    }),
    rule('answers the same when the seed is the same', async () => {
      assert.deepEqual(await play(42), await play(42));
    }),
    rule('leaves what it is given as it was', async () => {
      const before = structuredClone(events);
      await play(1);
      assert.deepEqual(events, before);
    }),
    rule('settles soon after its signal aborts', () =>
      checkAbort(definition(), plan, createServices(), asksEveryN),
    ),
    rule('leaves no timer behind when disposed', async () => {
      const left = await timersLeftBy(async () => void (await play(1)));
      assert.equal(left, 0, `${left} timers still run`);
    }),
  ];
}

async function checkAbort(
  definition: PluginDefinition,
  plan: PlanView,
  fakes: FakeServices,
  asksEveryN: (of: PluginDefinition) => number,
): Promise<void> {
  const plugin = await createPlugin(definition, {}, fakes);
  const view = fakeSession(plan);
  const session = openUnlessDeclined(plugin, view);
  if (session === undefined) return;
  for (const event of recordedRun({ plan })) {
    view.add(event);
    session.observe?.(event);
    const question = questionFor(definition.role, event, asksEveryN(definition));
    if (question === undefined) continue;
    const controller = new AbortController();
    const limit = new AbortController();
    const ask = session.advise as (q: unknown, s: AbortSignal) => unknown;
    const settled = (async () => ask.call(session, question, controller.signal))().catch(
      (thrown: unknown) => {
        // An abort may surface as a plugin error or as the signal's own reason.
        if (!PluginError.is(thrown) && thrown !== controller.signal.reason) throw thrown;
      },
    );
    controller.abort();
    const late = Symbol('late');
    const first = await Promise.race([
      settled,
      delay(SETTLE_MS, late, { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
    assert.notEqual(first, late, `still busy ${SETTLE_MS} ms after the abort`);
    break;
  }
  session.dispose?.();
  await plugin.dispose?.();
}
