import type { HostHealth, HostStatus } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { figure } from '../parts/figures.js';
import { Table } from '../parts/table.js';

const REFRESH_MS = 2000;
const MIB = 2 ** 20;

function uptime(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${figure(seconds / 3600)} h`;
}

/** Whether the host is well. */
export function HealthPage({ status }: { readonly status: HostStatus }) {
  const { value: health } = useHost<HostHealth>('/api/health', status.instance, REFRESH_MS);
  const figures: readonly (readonly [string, string])[] =
    health === undefined
      ? []
      : [
          ['up for', uptime(health.uptimeSeconds)],
          ['memory', `${figure(health.rssBytes / MIB)} MiB`],
          ['processor time', uptime(health.cpuSeconds)],
          ['event loop late by, p50', `${figure(health.loopLagMs.p50)} ms`],
          ['event loop late by, p99', `${figure(health.loopLagMs.p99)} ms`],
          ['open plans', String(status.openPlans)],
          ['open pages', String(health.watchers)],
          ['Node', health.node],
        ];
  return (
    <section aria-labelledby="health-title">
      <h1 id="health-title">Health</h1>
      <p>
        The host is <span class={`badge ${status.state}`}>{status.state}</span>
      </p>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Table caption="Roles" head={['role', 'plugin', 'health', 'breaker']}>
        {status.roles.map(({ role, solver, plugin, health: state, breaker }) => (
          <tr key={`${role} ${solver}`}>
            <th scope="row">{solver === null ? role : `${role} (${solver})`}</th>
            <td>{plugin || 'off'}</td>
            <td>
              <span class={`badge ${state}`}>{state}</span>
            </td>
            <td>{breaker}</td>
          </tr>
        ))}
      </Table>
      <p class="quiet">
        Figures over time: <a href="/metrics">/metrics</a> for Prometheus.
      </p>
    </section>
  );
}
