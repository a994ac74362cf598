import type { HostHealth, HostStatus } from '../../../src/http/api.js';
import type { HealthSample } from '../../../src/http/live/health-series.js';
import { useHost } from '../live/hooks.js';
import { figure, milliseconds } from '../parts/figures.js';
import { SeriesPlot } from '../parts/series-plot.js';
import { Table } from '../parts/table.js';

const REFRESH_MS = 2000;
const MIB = 2 ** 20;

function uptime(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${figure(seconds / 3600)} h`;
}

function Series({ series }: { readonly series: readonly HealthSample[] }) {
  if (series.length < 2) {
    return (
      <p class="quiet">The last hour is shown here, from twenty seconds after the start on.</p>
    );
  }
  const atMs = series.map((sample) => sample.atMs);
  const column = (figureOf: (sample: HealthSample) => number) => series.map(figureOf);
  const curve = '--curve';
  return (
    <div class="grid thirds">
      <SeriesPlot
        title="Questions to roles"
        unit="a second"
        atMs={atMs}
        lines={[
          { name: 'asked', colour: curve, values: column(({ questionsPerS }) => questionsPerS) },
          { name: 'late', colour: '--warn', values: column(({ latePerS }) => latePerS) },
          { name: 'failed', colour: '--red', values: column(({ failedPerS }) => failedPerS) },
        ]}
      />
      <SeriesPlot
        title="Open plans"
        unit="plans"
        atMs={atMs}
        lines={[{ name: '', colour: curve, values: column(({ openPlans }) => openPlans) }]}
      />
      <SeriesPlot
        title="Processors"
        unit="in use"
        atMs={atMs}
        lines={[{ name: '', colour: curve, values: column(({ cpuShare }) => cpuShare) }]}
      />
      <SeriesPlot
        title="Event loop late by, p99"
        unit="ms"
        atMs={atMs}
        lines={[{ name: '', colour: curve, values: column(({ loopLagP99Ms }) => loopLagP99Ms) }]}
      />
      <SeriesPlot
        title="Memory"
        unit="MiB"
        atMs={atMs}
        lines={[{ name: '', colour: curve, values: column(({ rssBytes }) => rssBytes / MIB) }]}
      />
    </div>
  );
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
          ['event loop late, p50', milliseconds(health.loopLagMs.p50)],
          ['event loop late, p99', milliseconds(health.loopLagMs.p99)],
          ['open plans', String(status.openPlans)],
          ['open pages', String(health.watchers)],
          ['Node', health.node],
        ];
  return (
    <section aria-labelledby="health-title">
      <h1 id="health-title">
        Health <span class={`badge ${status.state}`}>{status.state}</span>
      </h1>
      <dl class="figures large">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {health !== undefined && <Series series={health.series} />}
      <Table caption="Roles" head={['role', 'plugin', 'health', 'breaker', 'why']}>
        {status.roles.map(({ role, solver, plugin, health: state, breaker, why }) => (
          <tr key={`${role} ${solver}`}>
            <th scope="row">{solver === null ? role : `${role} (${solver})`}</th>
            <td>{plugin || 'off'}</td>
            <td>
              <span class={`badge ${state}`}>{state}</span>
            </td>
            <td>{breaker}</td>
            <td>{why || '–'}</td>
          </tr>
        ))}
      </Table>
      <p class="quiet">
        Figures over time: <a href="/metrics">/metrics</a> for Prometheus.
      </p>
    </section>
  );
}
