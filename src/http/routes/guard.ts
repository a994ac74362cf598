import { TLSSocket } from 'node:tls';
import type { HttpBindings } from '@hono/node-server';
import type { Context, MiddlewareHandler } from 'hono';
import { HostError } from '../../domain/errors/host-error.js';
import type { AccessGuard, AccessRole, Caller, Shown } from '../../domain/operations/access.js';

/** Whether only this machine can call. */
export type IsLoopback = () => boolean;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;
/** What a page may show to people of other pages: itself, by a link to it. */
/** Has needs of its own, a route at a time. */
const OPEN_INFERENCE = /^\/v2(\/|$)/;
const OPEN = /^\/(assets\/.*|favicon\.svg|licenses\.md|healthz|readyz)?$/;

/**
 * Refuses what a page of somebody else asks through the operator's browser, reads as well as changes: the browser says so in
 * `Sec-Fetch-Site` or `Origin`. A page whose name was pointed at this machine looks like the host's own: at a loopback address its `Host`
 * gives it away, whatever it asks for.
 */
export function guardOrigin(isLoopback: IsLoopback): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header('host') ?? '';
    if (isLoopback() && !LOOPBACK.test(host)) throw new HostError('host-renamed', { host });
    if (!OPEN.test(c.req.path)) {
      const origin = foreignOrigin(c, host);
      if (origin !== undefined) throw new HostError('operator-origin', { origin });
    }
    await next();
  };
}

function foreignOrigin(c: Context, host: string): string | undefined {
  const origin = c.req.header('origin');
  const site = c.req.header('sec-fetch-site');
  const isForeign =
    site === undefined
      ? origin !== undefined && hostOf(origin) !== host
      : site !== 'same-origin' && site !== 'none';
  return isForeign ? (origin ?? host) : undefined;
}

/** What a request and its connection show. */
export function shownBy(c: Context): Shown {
  const [, token] = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '') ?? [];
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const socket = incoming?.socket;
  const isVerified = socket instanceof TLSSocket && socket.authorized;
  return { token, certificate: isVerified ? socket.getPeerCertificate().raw : undefined };
}

/** Lets those look who may: at everything but the page itself and the probes. */
export function guardReads(guard: AccessGuard): MiddlewareHandler {
  return async (c, next) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
    const { path } = c.req;
    if (isRead && !OPEN.test(path) && !OPEN_INFERENCE.test(path))
      await guard.admit(shownBy(c), 'viewer');
    await next();
  };
}

/**
 * Lets a change through that is JSON, which a page of another origin cannot send without asking, and that comes from an operator.
 * @throws HostError otherwise.
 */
export async function admitChange(
  c: Context,
  guard: AccessGuard,
  need: AccessRole = 'operator',
): Promise<Caller> {
  const [type] = (c.req.header('content-type') ?? '').split(';');
  if (type?.trim().toLowerCase() !== 'application/json') {
    throw new HostError('request-not-json', { problem: `it is ${type || 'not named'}` });
  }
  return guard.admit(shownBy(c), need);
}

function hostOf(origin: string): string {
  try {
    return new URL(origin).host;
  } catch {
    return '';
  }
}
