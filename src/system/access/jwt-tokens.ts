import { errors, type JWTPayload, jwtVerify } from 'jose';
import { cutText } from '../../domain/cut-text.js';
import type { JwtConfig } from '../../domain/host-config.js';
import { ACCESS_ROLES, type AccessRole } from '../../domain/operations/access.js';
import { WatchedKeySet } from './key-set.js';

/** Signatures by a private key that only the identity provider has. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const LONGEST = 16_384;

export interface JwtIdentity {
  readonly name: string;
  readonly roles: readonly AccessRole[];
}

/** Three parts in base64url, as no token of a file needs to be. */
export function looksLikeJwt(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(token);
}

const has = (value: unknown, name: string): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name);

/** Words of a claim that are roles; others are of other programs. */
export function rolesIn(payload: JWTPayload, claim: string): readonly AccessRole[] {
  let value: unknown = payload;
  for (const name of claim.split('.')) {
    if (!has(value, name)) return [];
    value = value[name];
  }
  const words: readonly unknown[] = typeof value === 'string' ? value.split(' ') : [value].flat();
  return ACCESS_ROLES.filter((role) => words.includes(role));
}

/** Why a token is not taken, in words that tell nothing of the keys. */
function problemOf(thrown: unknown): string {
  if (thrown instanceof errors.JWTExpired)
    return 'This token has ended, or was issued too long ago.';
  if (thrown instanceof errors.JWTClaimValidationFailed) {
    return `This token is not for this host, or not yet valid: its \`${thrown.claim}\` does not fit.`;
  }
  if (thrown instanceof errors.JOSEError)
    return 'This token is not signed by a key of `access.jwt.jwks`.';
  return 'This token cannot be verified now; the log says why.';
}

export interface JwtServices {
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** The keys cannot be read now. */
  readonly onFaulty: (problem: string) => void;
}

/** Tokens that an identity provider signed for this host. */
export class JwtTokens {
  readonly #config: JwtConfig;
  readonly #services: JwtServices;
  readonly #keys: WatchedKeySet;

  constructor(config: JwtConfig, services: JwtServices) {
    this.#config = config;
    this.#services = services;
    this.#keys = new WatchedKeySet(config.jwks, services.onFaulty);
  }

  /** Whom a token is of, or why it is not taken. Never rejects. */
  async identify(token: string): Promise<JwtIdentity | { readonly problem: string }> {
    const { issuer, audience, clockSkewS, maxAgeS, rolesClaim } = this.#config;
    if (token.length > LONGEST) return { problem: 'This token is too long.' };
    try {
      const { payload } = await jwtVerify(token, this.#keys.current(), {
        issuer,
        audience,
        algorithms: ALGORITHMS,
        clockTolerance: clockSkewS,
        maxTokenAge: maxAgeS,
        requiredClaims: ['exp', 'sub', 'iat'],
        currentDate: new Date(this.#services.wallMs()),
      });
      return { name: cutText(String(payload.sub), 63), roles: rolesIn(payload, rolesClaim) };
    } catch (thrown) {
      const isTokens = thrown instanceof errors.JOSEError;
      if (!isTokens) this.#services.onFaulty(thrown instanceof Error ? thrown.message : '');
      return { problem: problemOf(thrown) };
    }
  }
}
