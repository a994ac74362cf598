import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { PlanOpening } from '../../domain/session/plan-opening.js';
import type { ActiveSet } from '../plugins/active-set.js';

const TOKEN = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})[0-9a-f]{32}$/;

/** A secret that names its session, so that another host finds the journal without an index. Hexadecimal, 32 bytes. */
export function makeResumeToken(sessionId: string): string {
  return `${sessionId.replaceAll('-', '')}${randomBytes(16).toString('hex')}`;
}

/** The session that a token names; undefined for what is no token. */
export function sessionOfToken(token: string): string | undefined {
  return TOKEN.exec(token)?.slice(1).join('-');
}

/** In a time that tells nothing of either. */
export function isSameToken(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The same plan: its key, and the numbers that its vectors are counted by. */
export function shapeOf({ plan }: PlanOpening): string {
  return `${plan.structures.length}/${plan.levels.map((level) => level.beamletCount).join(',')}`;
}

/** Stands in the journal in place of the token: only who has token and plan can make it. */
export function resumeProof(token: string, opening: PlanOpening): string {
  const parts = [token, opening.planKey, shapeOf(opening), opening.plan.solver, opening.adviceMode];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Over all that is configured of the roles of a plan: plugins, settings, deadlines. */
export function rolesSha256({ roles }: ActiveSet): string {
  const configured = roles.map(({ role, config }) => [role, config]);
  return createHash('sha256').update(JSON.stringify(configured)).digest('hex');
}
