import { dirname, resolve } from 'node:path';
import type { AccessConfig, NamedToken } from '../../domain/host-config.js';
import type { Listener, ListenerSecurity } from '../../domain/operations/certificates.js';
import { z } from '../../plugin-sdk/index.js';
import { KeySetFault, readKeySet } from '../../system/access/key-set.js';
import { section } from '../schema/config-values.js';
import type { Path } from '../yaml-document.js';
import { rolesSchema } from './access-roles.js';

const MATCH = /^(CN|DNS|URI|EMAIL):[^\s]+$/;
const DAY_S = 86_400;

export const accessSchema = section({
  reads: z
    .enum(['open', 'viewer'])
    .default('open')
    .describe(
      'Who may look, by command, page and metrics: whoever reaches the address, or the role viewer.',
    ),
  plans: z
    .enum(['open', 'optimizer'])
    .default('open')
    .describe('Who may open plans: whoever reaches the address, or the role optimizer.'),
  certificates: z
    .array(
      z.strictObject({
        match: z
          .string()
          .max(200)
          .regex(MATCH, 'must be CN:, DNS:, URI: or EMAIL: and a name, such as "CN:physics-*"'),
        roles: rolesSchema,
      }),
    )
    .max(64)
    .default([])
    .describe(
      'Roles by the certificate that a client shows, `{match, roles}`: a name of its subject (CN:) or among its alternative names (DNS:, URI:, EMAIL:); * stands for letters other than / and comma.',
    ),
  jwt: z
    .strictObject({
      issuer: z.string().min(1).describe('What `iss` must be.'),
      audience: z.string().min(1).describe('What `aud` must be or hold: this host.'),
      jwks: z
        .string()
        .min(1)
        .describe('File of public keys (JWKS), relative to this one. Read again when it changes.'),
      roles_claim: z
        .string()
        .regex(/^\w[\w-]*(\.\w[\w-]*)*$/, 'must be a name, such as "realm_access.roles"')
        .default('roles')
        .describe('Claim that holds the roles, words in a list or in a text; dots lead inside.'),
      clock_skew_s: z
        .int()
        .min(0)
        .max(300)
        .default(30)
        .describe('Seconds that two clocks may differ.'),
      max_age_s: z
        .int()
        .min(1)
        .max(365 * DAY_S)
        .default(DAY_S)
        .describe('A token issued longer ago is refused, whenever it ends.'),
    })
    .optional()
    .describe('Tokens that an identity provider signs. Absent: none count.'),
});

type RawAccess = z.output<typeof accessSchema>;

/** With absolute paths. */
export function accessOf(
  { reads, plans, certificates, jwt }: RawAccess,
  file: string,
): AccessConfig {
  return {
    reads,
    plans,
    certificates,
    jwt: jwt && {
      issuer: jwt.issuer,
      audience: jwt.audience,
      jwks: resolve(dirname(resolve(file)), jwt.jwks),
      rolesClaim: jwt.roles_claim,
      clockSkewS: jwt.clock_skew_s,
      maxAgeS: jwt.max_age_s,
    },
  };
}

interface Problem {
  readonly path: Path;
  readonly problem: string;
}

export interface AccessParts {
  readonly access: AccessConfig;
  readonly operatorTokens: readonly NamedToken[];
  readonly security: Readonly<Record<Listener, ListenerSecurity>>;
}

/** What asks for a role that nobody can show. */
export function accessProblems({
  access,
  operatorTokens,
  security,
}: AccessParts): readonly Problem[] {
  const problems: Problem[] = [];
  const { certificates, plans, jwt } = access;
  const asksClients = Object.values(security).some(({ tls }) => tls?.clientCa !== undefined);
  if (certificates.length > 0 && !asksClients) {
    const problem =
      'has no effect: no listener asks for certificates; add `client_ca` to its `tls`, or leave this out';
    problems.push({ path: ['access', 'certificates'], problem });
  }
  const isShownByCertificate =
    security.server.tls?.clientCa !== undefined &&
    certificates.some(({ roles }) => roles.includes('optimizer'));
  const isShownByToken = operatorTokens.some(({ roles }) => roles.includes('optimizer'));
  if (plans === 'optimizer' && !isShownByCertificate && !isShownByToken && jwt === undefined) {
    const problem =
      'would let no plan in: give the role optimizer to a certificate (with `server.tls.client_ca`), to a token of `operator.tokens`, or name `access.jwt`';
    problems.push({ path: ['access', 'plans'], problem });
  }
  return problems;
}

/** A file of keys that cannot be used now. */
export function keySetProblems({ jwt }: AccessConfig): readonly Problem[] {
  if (jwt === undefined) return [];
  try {
    readKeySet(jwt.jwks);
    return [];
  } catch (thrown) {
    if (!(thrown instanceof KeySetFault)) throw thrown;
    const problem = `names a file that cannot be used: ${thrown.message}`;
    return [{ path: ['access', 'jwt', 'jwks'], problem }];
  }
}
