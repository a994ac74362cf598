import { dirname, resolve } from 'node:path';
import type { NamedToken } from '../../domain/host-config.js';
import { z } from '../../plugin-sdk/index.js';
import { readToken } from '../../system/token-file.js';
import type { Path } from '../yaml-document.js';
import { rolesSchema } from './access-roles.js';

export const tokensSchema = z
  .array(
    z.strictObject({
      name: z
        .string()
        .regex(/^[a-z][a-z0-9-]{0,62}$/, 'must be a name of small letters, such as "physics"'),
      file: z.string().min(1),
      roles: rolesSchema.default(['admin']),
    }),
  )
  .max(64)
  .superRefine((tokens, context) => {
    const names = tokens.map(({ name }) => name);
    names.forEach((name, index) => {
      if (names.indexOf(name) === index) return;
      context.addIssue({ code: 'custom', message: 'is there twice', path: [index, 'name'] });
    });
  })
  .default([])
  .describe(
    'Tokens by name, `{name, file, roles}`: files, relative to this one, that hold a token of at least 16 characters each; `roles` of viewer, operator, admin and optimizer, [admin] where absent. The audit log has the name. Read each time, so that a new token counts at once.',
  );

/** With absolute paths. */
export function namedTokens(
  tokens: z.output<typeof tokensSchema>,
  file: string,
): readonly NamedToken[] {
  const folder = dirname(resolve(file));
  return tokens.map((token) => ({
    name: token.name,
    file: resolve(folder, token.file),
    roles: token.roles,
  }));
}

/** Files that hold no token, or the same as one before. */
export function tokenProblems(
  tokens: readonly NamedToken[],
): readonly { readonly path: Path; readonly problem: string }[] {
  const seen = new Map<string, string>();
  return tokens.flatMap(({ name, file }, index) => {
    const path = ['operator', 'tokens', index, 'file'];
    const read = readToken(file);
    if ('problem' in read)
      return [{ path, problem: `names a file that cannot be used: ${read.problem}` }];
    const other = seen.get(read.token);
    seen.set(read.token, name);
    if (other === undefined) return [];
    return [{ path, problem: `holds the token of \`${other}\` as well; give each its own` }];
  });
}
