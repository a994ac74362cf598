import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fakePlan } from '@dh-advisor/plugin-sdk/testing';
import { onTestFinished } from 'vitest';
import { experimentStores } from '../../../../src/storage/experiments/experiment-stores.js';
import { type LiveOptions, startLiveHost } from './live-host.js';
import { wireStart } from './wire-run.js';

export type LiveHost = Awaited<ReturnType<typeof startLiveHost>>;

export const ROLES = 'roles:\n  initialization: { plugin: constant-start, deadline_ms: 2000 }\n';
export const EXPERIMENT = `experiments:
  - id: fuller-start
    unit: plan
    arms:
      - { id: shipped, weight: 1 }
      - id: fuller
        weight: 1
        roles:
          initialization: { settings: { fraction: 0.5 } }
    control: shipped
    primary: { metric: iterations }
`;
export const id = 'fuller-start';

export const start = (options: LiveOptions = {}) =>
  startLiveHost({ yaml: ROLES + EXPERIMENT, ...options });

/** The database of a host, as its file has it. */
export async function storesOf({ folder }: Pick<LiveHost, 'folder'>) {
  const open = experimentStores({}, {});
  const stores = await open(pathToFileURL(join(folder, 'experiments.db')).href);
  onTestFinished(() => stores.close());
  return stores;
}

export async function openPlan(
  host: LiveHost,
  planKey: string,
  headers: Record<string, string> = {},
) {
  const plan = host.client(headers);
  const accepted = (await plan.ask(wireStart(fakePlan(), { planKey })))?.accepted;
  return { plan, accepted };
}

/** A plan in each arm; keys are tried in order until both are there. */
export async function planPerArm(host: LiveHost) {
  const found = new Map<string, Awaited<ReturnType<typeof openPlan>> & { key: string }>();
  for (let n = 1; found.size < 2; n += 1) {
    const key = `plan-${n}`;
    const opened = await openPlan(host, key);
    const arm = opened.accepted?.arm ?? '';
    if (!found.has(arm)) found.set(arm, { ...opened, key });
  }
  return found;
}

/** Of the whole host: one line of /metrics. */
export async function metric({ httpAddress }: LiveHost, ...parts: string[]): Promise<number> {
  const text = await (await fetch(`http://${httpAddress}/metrics`)).text();
  const line = text
    .split('\n')
    .find((row) => !row.startsWith('#') && parts.every((part) => row.includes(part)));
  return Number(line?.split(' ').at(-1) ?? 0);
}
