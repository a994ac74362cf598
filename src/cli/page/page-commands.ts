import { setTimeout as delay } from 'node:timers/promises';
import { createLogUpdate } from 'log-update';
import { HostError } from '../../domain/errors/host-error.js';
import type { PlanSummary } from '../../http/live/plan-views.js';
import { writeWhole } from '../../system/whole-file.js';
import { asJson } from '../as-json.js';
import { LivePlans } from './live-plans.js';
import { PageClient, type PageOptions } from './page-client.js';
import { topText } from './top-text.js';

export interface TopOptions extends PageOptions {
  readonly once?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export interface ReportOptions extends PageOptions {
  readonly out?: string | undefined;
}

const RETRY_MS = 1000;
/** Lines that are no plans: head, borders, what is left out. */
const FRAME_LINES = 9;
const MOST_ROWS = 1000;

/** One state of the host: what the first event of its feed has. */
async function snapshot(client: PageClient): Promise<LivePlans> {
  const live = new LivePlans();
  const leave = new AbortController();
  for await (const update of client.updates(leave.signal)) {
    live.take(update);
    break;
  }
  leave.abort();
  return live;
}

/** Live plans, drawn anew until Ctrl-C; once where nobody watches. */
export async function top(options: TopOptions, write: (line: string) => void): Promise<void> {
  const client = new PageClient(options);
  const { stdout } = process;
  if (options.json) {
    const live = await snapshot(client);
    write(asJson({ status: live.status, plans: live.plans().map(({ summary }) => summary) }));
    return;
  }
  if (options.once || !stdout.isTTY) {
    write(topText(await snapshot(client), MOST_ROWS));
    return;
  }
  const leave = new AbortController();
  const draw = createLogUpdate(stdout);
  process.once('SIGINT', () => leave.abort());
  const live = new LivePlans();
  const show = (more = '') => {
    const text = topText(live, Math.max(1, stdout.rows - FRAME_LINES));
    draw(more === '' ? text : `${text}\n${more}`);
  };
  let isFirst = true;
  while (!leave.signal.aborted) {
    try {
      for await (const update of client.updates(leave.signal)) {
        live.take(update);
        show();
      }
    } catch (thrown) {
      // Nothing was there to begin with: say so and end. A host that goes away may come back.
      if (isFirst && live.status === undefined) throw thrown;
      if (!HostError.is(thrown)) throw thrown;
    }
    isFirst = false;
    if (leave.signal.aborted) break;
    show('THE HOST IS GONE; figures are as they last were. Trying again…');
    await delay(RETRY_MS, undefined, { signal: leave.signal }).catch(() => undefined);
  }
  draw.done();
}

/** The plan that is meant: by session, the beginning of one, or its label. @throws Error */
async function find(client: PageClient, wanted: string): Promise<PlanSummary> {
  const plans = await client.json<readonly PlanSummary[]>('/api/plans');
  const found = plans.filter(
    ({ sessionId, label }) => sessionId.startsWith(wanted) || label === wanted,
  );
  const [plan] = found;
  if (plan === undefined) throw new HostError('plan-missing', { session: wanted });
  if (found.length > 1) {
    const known = found.map(({ sessionId, label }) => `${sessionId} ${label}`.trim()).join(', ');
    throw new HostError('plan-ambiguous', { wanted, known });
  }
  return plan;
}

/** Writes everything of a plan as one HTML file. */
export async function reportPlan(wanted: string, options: ReportOptions): Promise<string> {
  const client = new PageClient(options);
  const { sessionId } = await find(client, wanted);
  const html = await client.text(`/api/plans/${encodeURIComponent(sessionId)}/report`);
  const file = options.out ?? `plan-${sessionId.slice(0, 8)}.html`;
  await writeWhole(file, html);
  return `${file} is written`;
}
