import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { useLive, useRoute } from './live/hooks.js';
import type { LiveState } from './live/live-store.js';
import { isSignedIn, signOut } from './live/tokens.js';
import { ConfigurationPage } from './pages/configuration.js';
import { ExperimentPage } from './pages/experiment.js';
import { ExperimentsPage } from './pages/experiments.js';
import { HealthPage } from './pages/health.js';
import { PlanPage } from './pages/plan.js';
import { PlansPage } from './pages/plans.js';
import { RolesPage } from './pages/roles.js';
import { KillSwitch } from './parts/kill-switch.js';
import { SignIn } from './parts/sign-in.js';
import { StatusBar } from './parts/status-bar.js';

const PAGES = [
  ['/plans', 'Plans'],
  ['/roles', 'Roles'],
  ['/experiments', 'Experiments'],
  ['/configuration', 'Configuration'],
  ['/health', 'Health'],
] as const;

interface PageProps {
  readonly route: string;
  readonly live: LiveState;
  readonly say: (text: string) => void;
}

function Page({ route, live, say }: PageProps) {
  const [, name, id = ''] = route.split('/');
  const { status } = live;
  if (live.connection === 'denied') return <SignIn denial={live.denial} />;
  if (status === undefined) return <p class="quiet">Nothing is known yet.</p>;
  switch (name) {
    case 'plans':
      return id === '' ? (
        <PlansPage live={live} status={status} />
      ) : (
        <PlanPage live={live} status={status} sessionId={id} />
      );
    case 'roles':
      return <RolesPage status={status} say={say} />;
    case 'experiments':
      return id === '' ? (
        <ExperimentsPage status={status} />
      ) : (
        <ExperimentPage id={id} status={status} say={say} />
      );
    case 'configuration':
      return <ConfigurationPage status={status} say={say} />;
    case 'health':
      return <HealthPage status={status} />;
    default:
      return <p>There is no such page.</p>;
  }
}

/** Who is not known may stop advice all the same, with an operator's token. */
const UNSEEN = { stop: null, needsToken: true, changesOff: null };

/** What was done stays for as long as it takes to read, and is gone before it is out of date. */
const SAID_MS = 8000;

/** The frame of every page: whether all is well, the kill switch, navigation, and what was last said. */
export function App() {
  const live = useLive();
  const route = useRoute();
  const [said, setSaid] = useState('');
  const say = useCallback((text: string) => setSaid(text), []);
  const main = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const { status } = live;
  const switchable = live.connection === 'denied' ? UNSEEN : status;
  useEffect(() => {
    document.title = `${PAGES.find(([path]) => route.startsWith(path))?.[1] ?? 'Page'} – dh-advisor`;
    if (!isFirst.current) {
      // A page begins at its top, with whatever it has to say first.
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [route]);
  useEffect(() => {
    if (said === '') return;
    const timer = setTimeout(() => setSaid(''), SAID_MS);
    return () => clearTimeout(timer);
  }, [said]);

  return (
    <>
      <button type="button" class="skip" onClick={() => main.current?.focus()}>
        To the content
      </button>
      <header>
        <strong class="product">dh-advisor</strong>
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
        <StatusBar live={live} />
        {switchable !== undefined && <KillSwitch status={switchable} say={say} />}
      </header>
      <main ref={main} id="main" tabIndex={-1} class={live.connection}>
        <Page route={route} live={live} say={say} />
      </main>
      <p role="status" class="said">
        {said}
      </p>
      <footer>
        {status !== undefined && (
          <p class="quiet">
            dh-advisor {status.version} · research software, not for treatment ·{' '}
            <a href="/licenses.md">licences</a>
            {isSignedIn() && (
              <>
                {' · '}
                <button type="button" class="plain" onClick={signOut}>
                  Sign out
                </button>
              </>
            )}
          </p>
        )}
      </footer>
    </>
  );
}
