import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useLive, useRoute } from './live/hooks.js';
import type { LiveState } from './live/live-store.js';
import { ConfigurationPage } from './pages/configuration.js';
import { ExperimentPage } from './pages/experiment.js';
import { ExperimentsPage } from './pages/experiments.js';
import { HealthPage } from './pages/health.js';
import { PlanPage } from './pages/plan.js';
import { PlansPage } from './pages/plans.js';
import { RolesPage } from './pages/roles.js';
import { KillSwitch, StopBanner } from './parts/kill-switch.js';

const PAGES = [
  ['/plans', 'Plans'],
  ['/roles', 'Roles and models'],
  ['/experiments', 'Experiments'],
  ['/configuration', 'Configuration'],
  ['/health', 'Health'],
] as const;

function connectionText({ connection, restarts }: LiveState): string {
  switch (connection) {
    case 'connecting':
      return 'Connecting to the host…';
    case 'lost':
      return 'The host does not answer. Figures are as they last were; trying again…';
    case 'live':
      return restarts === 0 ? 'Live' : 'Live. The host was restarted; this is its new state.';
  }
}

interface PageProps {
  readonly route: string;
  readonly live: LiveState;
  readonly say: (text: string) => void;
}

function Page({ route, live, say }: PageProps) {
  const [, name, id = ''] = route.split('/');
  const { status } = live;
  if (status === undefined) return <p class="quiet">Nothing is known yet.</p>;
  switch (name) {
    case 'plans':
      return id === '' ? <PlansPage live={live} /> : <PlanPage live={live} sessionId={id} />;
    case 'roles':
      return <RolesPage status={status} say={say} />;
    case 'experiments':
      return id === '' ? (
        <ExperimentsPage status={status} />
      ) : (
        <ExperimentPage id={id} status={status} />
      );
    case 'configuration':
      return <ConfigurationPage status={status} say={say} />;
    case 'health':
      return <HealthPage status={status} />;
    default:
      return <p>There is no such page.</p>;
  }
}

/** The frame of every page: navigation, the kill switch, what was last said, and whether the host is there. */
export function App() {
  const live = useLive();
  const route = useRoute();
  const [said, setSaid] = useState('');
  const say = useCallback((text: string) => setSaid(text), []);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const { status } = live;
  useEffect(() => {
    document.title = `${PAGES.find(([path]) => route.startsWith(path))?.[1] ?? 'Page'} – dh-advisor`;
    if (!isFirst.current) main.current?.focus();
    isFirst.current = false;
  }, [route]);

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        To the content
      </button>
      <header>
        <strong class="name">dh-advisor</strong>
        <nav aria-label="Pages">
          {PAGES.map(([path, title]) => (
            <a
              key={path}
              href={`#${path}`}
              aria-current={route.startsWith(path) ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        {status !== undefined && <KillSwitch status={status} say={say} />}
      </header>
      {status !== undefined && <StopBanner status={status} />}
      <main ref={main} id="main" tabIndex={-1}>
        <p role="status" class="said">
          {said}
        </p>
        <Page route={route} live={live} say={say} />
      </main>
      <footer>
        <p role="status" class={`connection ${live.connection}`}>
          {connectionText(live)}
        </p>
        {status !== undefined && (
          <p class="quiet">
            Generation {status.generation} · version {status.version} · {status.state} · research
            software · <a href="/licenses.md">licences</a>
          </p>
        )}
      </footer>
    </>
  );
}
