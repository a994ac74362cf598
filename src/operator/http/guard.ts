import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { HostError } from '../../domain/host-error.js';

export interface GuardOptions {
  /** Undefined: changes need none, and are taken from this machine only. */
  readonly token: string | undefined;
  readonly bound: () => BoundHttp;
}

/** Where the server listens. */
export interface BoundHttp {
  readonly address: string;
  /** Whether only this machine can call. */
  readonly isLoopback: boolean;
}

const OPERATOR_TOKEN = 'DH_ADVISOR_OPERATOR_TOKEN';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Lets a change through when it comes from the host's own page or from a program, and from the operator. A page of
 * another origin can send requests through the operator's browser: the browser says so in `Sec-Fetch-Site` or `Origin`,
 * and JSON cannot be sent that way without asking. A page whose name was pointed at this machine looks like the
 * host's own: at a loopback address its `Host` gives it away.
 */
export function guardChanges({ token, bound }: GuardOptions): MiddlewareHandler {
  const expected = token === undefined ? undefined : digest(token);
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    const isForeign =
      site === undefined
        ? origin !== undefined && hostOf(origin) !== host
        : site !== 'same-origin' && site !== 'none';
    const isRenamed = origin !== undefined && bound().isLoopback && !LOOPBACK.test(host);
    if (isForeign || isRenamed) throw new HostError('operator-origin', { origin: origin ?? host });
    const [type] = (c.req.header('content-type') ?? '').split(';');
    if (type?.trim().toLowerCase() !== 'application/json') {
      throw new HostError('request-not-json', { problem: `it is ${type || 'not named'}` });
    }
    if (expected === undefined) {
      const { address, isLoopback } = bound();
      if (!isLoopback) {
        const params = { key: 'http.address', address, variable: OPERATOR_TOKEN };
        throw new HostError('operator-token-unset', params);
      }
    } else {
      const [, given = ''] = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '') ?? [];
      if (!timingSafeEqual(digest(given), expected))
        throw new HostError('operator-token', { variable: OPERATOR_TOKEN });
    }
    await next();
  };
}

function hostOf(origin: string): string {
  try {
    return new URL(origin).host;
  } catch {
    return '';
  }
}
