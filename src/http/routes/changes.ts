import type { Context, Hono } from 'hono';
import { HostError } from '../../domain/errors/host-error.js';
import {
  type ChangeOrigin,
  type ConfigControl,
  type KillSwitchControl,
  type OperatorGuard,
  provenOrigin,
} from '../../domain/operations/operations.js';
import { ROLES, z } from '../../plugin-sdk/index.js';
import { admitChange } from './guard.js';
import { readBody } from './read-body.js';

const line = z.string().trim().min(1, 'must not be empty').max(500, 'is too long');
const itemName = z.string().trim().min(1, 'must not be empty').max(200, 'is too long');
const role = z.enum(ROLES, `must be one of ${ROLES.join(', ')}`);
const generation = z.int().min(1);
const origin = { who: line, why: line };

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

const originOnly = z.strictObject(origin);

async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  let sent: unknown;
  try {
    sent = JSON.parse(await readBody(c.req.raw.body));
  } catch (thrown) {
    if (HostError.is(thrown)) throw thrown;
    throw new HostError('request-not-json', { problem: 'it cannot be read' }, { cause: thrown });
  }
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = issue?.path.join('.') || 'body';
  throw new HostError('invalid-field', { field, problem: describe(issue?.message ?? '') });
}

/** zod's sentence in the house's form: `role` must be ... */
function describe(message: string): string {
  return message.replace(/^Invalid input: /, 'is not valid: ').replace(/\.$/, '');
}

export interface ChangeDependencies {
  readonly control: ConfigControl;
  readonly killSwitch: KillSwitchControl;
}

/** Everything that changes something. All of it is a POST with who and why. */
export function addChanges(
  app: Hono,
  { control, killSwitch }: ChangeDependencies,
  guard: OperatorGuard,
): void {
  const originOf = (
    { who, why }: { readonly who: string; readonly why: string },
    name: string | undefined,
  ): ChangeOrigin => provenOrigin({ who, why, via: 'page' }, name);
  app.post('/api/configuration/changes', async (c) => {
    const name = admitChange(c, guard);
    const asked = await bodyOf(c, changeRequest);
    const report = await control.change({
      change: asked.change,
      origin: originOf(asked, name),
      isDryRun: asked.dryRun,
      expectedGeneration: asked.expectedGeneration,
    });
    return c.json(report);
  });
  app.post('/api/advice/stop', async (c) => {
    const name = admitChange(c, guard);
    await killSwitch.stop(originOf(await bodyOf(c, originOnly), name));
    return c.json({ stop: killSwitch.stopped ?? null });
  });
  app.post('/api/advice/resume', async (c) => {
    const name = admitChange(c, guard);
    await killSwitch.resume(originOf(await bodyOf(c, originOnly), name));
    return c.json({ stop: killSwitch.stopped ?? null });
  });
}
