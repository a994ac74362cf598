import type { Hono } from 'hono';
import { HostError } from '../../domain/errors/host-error.js';
import type { LiveBoard } from '../live/live-board.js';
import type { LivePlan } from '../live/live-plan.js';
import { planReport } from '../report/plan-report.js';
import { slicePicture } from '../report/slice-picture.js';

export interface PlanDependencies {
  readonly live: LiveBoard;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** Plans, and one of them with everything: as figures, as pictures of its dose, as one file to keep or print. */
export function addPlans(app: Hono, { live, version, wallMs }: PlanDependencies): void {
  const find = (session: string): LivePlan => {
    const plan = live.plan(session);
    if (plan === undefined) throw new HostError('plan-missing', { session });
    return plan;
  };
  app.get('/api/plans', (c) => c.json(live.plans().map((plan) => plan.summary())));
  app.get('/api/plans/:session', (c) => c.json(find(c.req.param('session')).view()));
  app.get('/api/plans/:session/slices/:plane', (c) => {
    const { session, plane } = c.req.param();
    const plan = find(session);
    const slice = plan.slice(plane);
    if (slice === undefined) {
      const known = plan.slices.map((other) => other.plane).join(', ') || 'none';
      throw new HostError('slice-missing', { session, plane, known });
    }
    return c.body(new Uint8Array(slicePicture(slice)), 200, { 'content-type': 'image/png' });
  });
  app.get('/api/plans/:session/report', (c) => {
    const plan = find(c.req.param('session'));
    const html = planReport(plan.view(), plan.slices, { version, atMs: wallMs() });
    // To be kept, and with styles of its own, which the policy of the page would not let it have here.
    const name = `plan-${plan.sessionId.slice(0, 8)}.html`;
    return c.body(html, 200, {
      'content-type': 'text/html; charset=utf-8',
      'content-disposition': `attachment; filename="${name}"`,
    });
  });
}
