import type { Context } from 'hono';
import { HostError } from '../../domain/errors/host-error.js';
import { type ChangeOrigin, provenOrigin } from '../../domain/operations/operations.js';
import { z } from '../../plugin-sdk/index.js';
import { readBody } from './read-body.js';

export const line = z.string().trim().min(1, 'must not be empty').max(500, 'is too long');
export const itemName = z.string().trim().min(1, 'must not be empty').max(200, 'is too long');
export const origin = { who: line, why: line };
export const originOnly = z.strictObject(origin);

/** zod's sentence in the house's form: `role` must be ... */
function describe(message: string): string {
  return message.replace(/^Invalid input: /, 'is not valid: ').replace(/\.$/, '');
}

/** What a change asks for. @throws HostError `request-not-json`, `invalid-field` */
export async function bodyOf<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
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

/** Who asks for a change through the page; `name`: of the token that was shown, if it has one. */
export function originOf(
  { who, why }: { readonly who: string; readonly why: string },
  name: string | undefined,
): ChangeOrigin {
  return provenOrigin({ who, why, via: 'page' }, name);
}
