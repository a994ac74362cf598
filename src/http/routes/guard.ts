import type { MiddlewareHandler } from 'hono';
import { HostError } from '../../domain/errors/host-error.js';
import type { OperatorGuard } from '../../domain/operations/operations.js';

export interface GuardOptions {
  /** Who may change something. */
  readonly guard: OperatorGuard;
  /** Whether only this machine can call. */
  readonly isLoopback: () => boolean;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/**
 * Lets a change through when it comes from the host's own page or from a program, and from the operator. A page of
 * another origin can send requests through the operator's browser: the browser says so in `Sec-Fetch-Site` or `Origin`,
 * and JSON cannot be sent that way without asking. A page whose name was pointed at this machine looks like the
 * host's own: at a loopback address its `Host` gives it away.
 */
export function guardChanges({ guard, isLoopback }: GuardOptions): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    const origin = c.req.header('origin');
    const site = c.req.header('sec-fetch-site');
    const isForeign =
      site === undefined
        ? origin !== undefined && hostOf(origin) !== host
        : site !== 'same-origin' && site !== 'none';
    const isRenamed = origin !== undefined && isLoopback() && !LOOPBACK.test(host);
    if (isForeign || isRenamed) throw new HostError('operator-origin', { origin: origin ?? host });
    const [type] = (c.req.header('content-type') ?? '').split(';');
    if (type?.trim().toLowerCase() !== 'application/json') {
      throw new HostError('request-not-json', { problem: `it is ${type || 'not named'}` });
    }
    const [, token] = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '') ?? [];
    guard.check(token);
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
