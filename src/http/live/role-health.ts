import type { RoleState } from '../../domain/operations/role-board.js';
import type { RoleHealth } from '../api.js';
import type { HealthSeries } from './health-series.js';

/** Above this share of late answers a role is not well. */
const LATE_SHARE = 0.01;
const FAILED_SHARE = 0.01;

const percent = (share: number) => `${Number((100 * share).toPrecision(2))} %`;

/** How a role stands for plans that open now: what is switched off, broken, stopped or late of late is not "ok". */
export function roleHealth(
  state: RoleState,
  recent: ReturnType<HealthSeries['recent']>,
  isStopped: boolean,
): RoleHealth {
  const { binding, breaker, isHealthy } = state;
  const { role, solver = null, plugin, deadlineMs } = binding;
  const { asked, late, failed } = recent;
  const as = (health: RoleHealth['health'], why = ''): RoleHealth => {
    return { role, solver, plugin, health, breaker, why };
  };
  if (!isHealthy) {
    const why =
      breaker === 'closed'
        ? 'Its plugin was refused.'
        : 'It failed too often and is off for a while.';
    return as('failing', why);
  }
  if (plugin === '') return as('off');
  if (isStopped) return as('stopped', 'All advice is stopped.');
  if (asked > 0 && failed / asked >= FAILED_SHARE) {
    return as('failing', `${percent(failed / asked)} of the last 5 minutes' answers failed.`);
  }
  if (asked > 0 && late / asked >= LATE_SHARE) {
    const why = `${percent(late / asked)} of the last 5 minutes' answers missed ${deadlineMs} ms.`;
    return as('late', why);
  }
  return as('ok');
}
