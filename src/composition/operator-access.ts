import { createHash, timingSafeEqual } from 'node:crypto';
import { HostError } from '../domain/errors/host-error.js';
import type { AccessConfig, NamedToken } from '../domain/host-config.js';
import { isLoopback } from '../domain/loopback.js';
import { chain, type MaybePromise } from '../domain/maybe-promise.js';
import {
  type AccessGuard,
  type AccessRole,
  type Caller,
  isAllowed,
  type Shown,
} from '../domain/operations/access.js';
import { fits, namesOf } from '../system/access/certificate-names.js';
import { type JwtTokens, looksLikeJwt } from '../system/access/jwt-tokens.js';
import { readToken } from '../system/token-file.js';

/** The operators' secret: of the host that checks it and of the commands that show it. */
export const OPERATOR_TOKEN_VARIABLE = 'DH_ADVISOR_OPERATOR_TOKEN';

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** A key of the configuration, and the address it has, whatever later configurations say: a new one needs a restart. */
export interface ListenerAddress {
  readonly key: string;
  readonly address: string;
}

/** What callers may show, and what it lets them do. */
export interface AccessSecrets extends Pick<AccessConfig, 'reads' | 'plans' | 'certificates'> {
  /** Of the environment, for everything but plans; empty: none. */
  readonly token: string;
  /** Those with a name; read each time, so that a new token counts at once and a removed one no more. */
  readonly named: readonly NamedToken[];
  /** Undefined: none count. */
  readonly jwt: JwtTokens | undefined;
  /** Told of a file that holds no token now. */
  readonly onFaulty?: ((name: string, problem: string) => void) | undefined;
}

interface Identity {
  readonly name: string | undefined;
  readonly roles: readonly AccessRole[];
}

/** Where nobody has to show anything. */
const ANYONE: Caller = { name: undefined, require: () => undefined };

function callerOf({ name, roles }: Identity): Caller {
  return {
    name,
    require: (need) => {
      if (isAllowed(roles, need)) return;
      const has = roles.length === 0 ? 'none' : roles.join(', ');
      throw new HostError('access-role', { name: name ?? 'Whoever asks', need, roles: has });
    },
  };
}

/**
 * Who may do what on one listener. Changes are let through without proof only where nobody else can call and nobody has any: what another
 * listener can be reached from does not matter, so that on the machine itself the kill switch always works.
 */
export class OperatorAccess implements AccessGuard {
  readonly #expected: Buffer | undefined;
  readonly #secrets: AccessSecrets;
  readonly #listener: ListenerAddress;

  constructor(secrets: AccessSecrets, listener: ListenerAddress) {
    const { token } = secrets;
    this.#secrets = secrets;
    // Digests are equally long, so that the comparison tells nothing of the token, its length included.
    this.#expected = token === '' ? undefined : digest(token);
    this.#listener = listener;
  }

  get needsToken(): boolean {
    const { named, jwt } = this.#secrets;
    return this.#expected !== undefined || named.some(isOfOperators) || jwt !== undefined;
  }

  get refusal(): string | undefined {
    return this.#isOpen || this.#hasProof ? undefined : this.#unset().message;
  }

  admit(shown: Shown, need: AccessRole): MaybePromise<Caller> {
    const { reads, plans } = this.#secrets;
    if (need === 'viewer' && reads === 'open') return ANYONE;
    if (need === 'optimizer' && plans === 'open') return ANYONE;
    const isChange = need === 'operator' || need === 'admin';
    if (isChange && !this.#hasProof) {
      if (this.#isOpen) return ANYONE;
      throw this.#unset();
    }
    return this.#known(shown, need);
  }

  prove(shown: Shown): MaybePromise<Caller> {
    if (!this.#hasProof) {
      throw new HostError('operator-token-none', { variable: OPERATOR_TOKEN_VARIABLE });
    }
    return this.#known(shown, 'operator');
  }

  /** Whether nobody else can call. */
  get #isOpen(): boolean {
    return isLoopback(this.#listener.address);
  }

  /** Whether somebody can prove that he may change something. */
  get #hasProof(): boolean {
    return this.needsToken || this.#secrets.certificates.some(isOfOperators);
  }

  #unset(): HostError {
    const variable = OPERATOR_TOKEN_VARIABLE;
    return new HostError('operator-token-unset', { ...this.#listener, variable });
  }

  #known(shown: Shown, need: AccessRole): MaybePromise<Caller> {
    return chain(this.#identify(shown, need), (identity) => {
      const caller = callerOf(identity);
      caller.require(need);
      return caller;
    });
  }

  /** @throws HostError when nothing is shown that this host knows. A token that is wrong is refused, whatever else is shown. */
  #identify({ token, certificate }: Shown, need: AccessRole): MaybePromise<Identity> {
    const holder = certificate === undefined ? undefined : this.#holderOf(certificate);
    if (token === undefined || token === '') {
      // Files that hold no token are told of whatever is shown.
      this.#tokenOf(digest(''));
      if (holder === undefined) throw this.#refused('No token was given.', need);
      return holder;
    }
    return chain(this.#bearerOf(token), (bearer) => {
      if ('problem' in bearer) throw this.#refused(bearer.problem, need);
      const { name = holder?.name, roles } = bearer;
      return { name, roles: [...roles, ...(holder?.roles ?? [])] };
    });
  }

  #refused(problem: string, need: AccessRole): HostError {
    if (need === 'viewer' || need === 'optimizer') {
      return new HostError('access-none', { problem, need });
    }
    return new HostError('operator-token', { problem, variable: OPERATOR_TOKEN_VARIABLE });
  }

  #bearerOf(token: string): MaybePromise<Identity | { readonly problem: string }> {
    const { jwt } = this.#secrets;
    const shown = digest(token);
    if (this.#expected !== undefined && timingSafeEqual(shown, this.#expected)) {
      return { name: undefined, roles: ['admin'] };
    }
    const named = this.#tokenOf(shown);
    if (named !== undefined) return named;
    if (jwt !== undefined && looksLikeJwt(token)) return jwt.identify(token);
    return { problem: "This token is not the host's." };
  }

  /** Every file is compared, whichever it is: the time tells nothing. */
  #tokenOf(shown: Buffer): Identity | undefined {
    let found: Identity | undefined;
    for (const { name, file, roles } of this.#secrets.named) {
      const read = readToken(file);
      if ('problem' in read) this.#secrets.onFaulty?.(name, read.problem);
      else if (timingSafeEqual(shown, digest(read.token))) found ??= { name, roles };
    }
    return found;
  }

  /** Known by its name, though it may have no role. */
  #holderOf(certificate: Uint8Array): Identity | undefined {
    const { certificates } = this.#secrets;
    if (certificates.length === 0) return undefined;
    const { commonName, all } = namesOf(certificate);
    const roles = certificates
      .filter(({ match }) => all.some((name) => fits(match, name)))
      .flatMap((rule) => rule.roles);
    return { name: commonName || all[0], roles };
  }
}

function isOfOperators({ roles }: { readonly roles: readonly AccessRole[] }): boolean {
  return roles.some((role) => role !== 'optimizer');
}
