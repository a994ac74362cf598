import type { Hono } from 'hono';
import { type AccessGuard, CHANGE_NEEDS } from '../../domain/operations/access.js';
import type { ConfigControl, KillSwitchControl } from '../../domain/operations/operations.js';
import { ROLES, z } from '../../plugin-sdk/index.js';
import { bodyOf, itemName, line, origin, originOf, originOnly } from './change-body.js';
import { admitChange } from './guard.js';

const role = z.enum(ROLES, `must be one of ${ROLES.join(', ')}`);
const generation = z.int().min(1);

const change = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('enable'), role }),
  z.strictObject({ kind: z.literal('disable'), role }),
  z
    .strictObject({
      kind: z.literal('use'),
      role,
      plugin: itemName,
      pluginVersion: itemName.optional(),
      model: itemName.optional(),
    })
    // The change says undefined for what is left out.
    .transform(({ pluginVersion, model, ...rest }) => ({ ...rest, pluginVersion, model })),
  z.strictObject({ kind: z.literal('label'), model: itemName, label: itemName, version: itemName }),
  z.strictObject({ kind: z.literal('reload') }),
  z
    .strictObject({ kind: z.literal('rollback'), generation: generation.optional() })
    .transform(({ kind, generation: target }) => ({ kind, generation: target })),
]);

const changeRequest = z.strictObject({
  ...origin,
  change,
  dryRun: z.boolean().default(false),
  /** The generation the operator looked at. */
  expectedGeneration: generation.optional(),
});

/** Stopping is never a matter of filling in a form: who and why may follow. */
const stopRequest = z.strictObject({
  who: line.default('somebody at the page'),
  why: line.default('not said yet'),
});

export interface ChangeDependencies {
  readonly control: ConfigControl;
  readonly killSwitch: KillSwitchControl;
}

/** Everything that changes something. All of it is a POST with who and why, which the kill switch takes afterwards, too. */
export function addChanges(
  app: Hono,
  { control, killSwitch }: ChangeDependencies,
  guard: AccessGuard,
): void {
  app.post('/api/configuration/changes', async (c) => {
    const { name, require } = await admitChange(c, guard);
    const asked = await bodyOf(c, changeRequest);
    require(CHANGE_NEEDS[asked.change.kind]);
    const report = await control.change({
      change: asked.change,
      origin: originOf(asked, name),
      isDryRun: asked.dryRun,
      expectedGeneration: asked.expectedGeneration,
    });
    return c.json(report);
  });
  app.post('/api/advice/stop', async (c) => {
    const { name } = await admitChange(c, guard);
    await killSwitch.stop(originOf(await bodyOf(c, stopRequest), name));
    return c.json({ stop: killSwitch.stopped ?? null });
  });
  app.post('/api/advice/stop/reason', async (c) => {
    const { name } = await admitChange(c, guard);
    await killSwitch.explain(originOf(await bodyOf(c, originOnly), name));
    return c.json({ stop: killSwitch.stopped ?? null });
  });
  app.post('/api/advice/resume', async (c) => {
    const { name } = await admitChange(c, guard);
    await killSwitch.resume(originOf(await bodyOf(c, originOnly), name));
    return c.json({ stop: killSwitch.stopped ?? null });
  });
}
