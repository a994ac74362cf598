import { existsSync } from 'node:fs';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { compress } from 'hono/compress';
import { HostError } from '../../domain/errors/host-error.js';
import type { Log } from '../../domain/log.js';
import type { AccessGuard } from '../../domain/operations/access.js';
import { addChanges, type ChangeDependencies } from './changes.js';
import { EventStreams } from './events.js';
import { addExperiments, type ExperimentDependencies } from './experiments.js';
import { answerFault } from './faults.js';
import { guardOrigin, guardReads } from './guard.js';
import { addOpenInference, type ServedInference } from './open-inference/routes.js';
import { pageHeaders } from './page-headers.js';
import { addPlans, type PlanDependencies } from './plans.js';
import { addProbes, type ProbeDependencies } from './probes.js';
import { addState, hostStatus, type StateDependencies } from './state.js';

export interface AppDependencies
  extends ProbeDependencies,
    StateDependencies,
    PlanDependencies,
    ChangeDependencies,
    ExperimentDependencies {
  readonly guard: AccessGuard;
  /** Undefined while `open_inference` is off. */
  readonly openInference: ServedInference | undefined;
  /** Whether only this machine can call. */
  readonly isLoopback: () => boolean;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Least time between two updates of the live feed; absent: what a person can follow. */
  readonly feedIntervalMs?: number;
  /** The built page; need not be there. */
  readonly dashboardDirectory: string;
}

/** Everything the operator's address answers. */
export function createApp(dependencies: AppDependencies): Hono {
  const { log, instance, live, wallMs, feedIntervalMs, dashboardDirectory } = dependencies;
  const { guard, isLoopback } = dependencies;
  const app = new Hono();
  app.onError((thrown, c) => answerFault(c, thrown, log));
  app.notFound((c) => answerFault(c, new HostError('page-missing', { path: c.req.path }), log));
  app.use(pageHeaders);
  app.use(guardOrigin(isLoopback));
  app.use(guardReads(guard));

  const status = () => hostStatus(dependencies);
  const events = new EventStreams({ instance, live, status, wallMs }, feedIntervalMs);
  addProbes(app, dependencies);
  addState(app, dependencies, () => events.watchers);
  addPlans(app, dependencies);
  addExperiments(app, dependencies, guard);
  addChanges(app, dependencies, guard);
  events.addTo(app);
  if (dependencies.openInference) addOpenInference(app, dependencies, dependencies.openInference);
  addMethods(app);
  addPage(app, dashboardDirectory);
  return app;
}

/** Another method at a path that exists is told so. */
function addMethods(app: Hono): void {
  const methods = new Map<string, string>();
  for (const { path, method } of app.routes) {
    if (method !== 'ALL') methods.set(path, method);
  }
  for (const [path, method] of methods) {
    const allowed = method === 'GET' ? 'GET and HEAD' : method;
    app.all(path, (c) => {
      throw new HostError('method-not-allowed', {
        path: c.req.path,
        allowed,
        method: c.req.method,
      });
    });
  }
}

function addPage(app: Hono, root: string): void {
  // Not built, as in tests of something else: every page is missing then.
  if (!existsSync(root)) return;
  app.get('/assets/*', keep, compress(), serveStatic({ root }));
  app.get('/', compress(), serveStatic({ root, path: 'index.html' }));
  for (const path of ['favicon.svg', 'licenses.md']) {
    app.get(`/${path}`, serveStatic({ root, path }));
  }
}

/** Names of built files carry the hash of their content, so browsers may keep them. */
const keep: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.ok) c.header('cache-control', 'public, max-age=31536000, immutable');
};
