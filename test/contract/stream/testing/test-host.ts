import { fileURLToPath } from 'node:url';
import type { Metadata } from '@grpc/grpc-js';
import { onTestFinished } from 'vitest';
import { type RunningHost, startHost } from '../../../../src/composition/running-host.js';
import { FixedConfigSource } from '../../../../src/config/live/fixed-config-source.js';
import type { Clock } from '../../../../src/domain/clock.js';
import type { HostConfig } from '../../../../src/domain/host-config.js';
import type { SessionObserverFactory } from '../../../../src/domain/session/session-observer.js';
import { FakeLog } from '../../../../src/domain/testing/fakes.js';
import { type TestConfigOptions, testConfig } from '../../../../src/domain/testing/test-config.js';
import type { AppendFiles } from '../../../../src/storage/recordings/journal/recording-log.js';
import { systemClock } from '../../../../src/system/system-clock.js';
import { PlanClient } from './plan-client.js';

export function fixtureFolder(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
}

export interface TestHost extends RunningHost {
  readonly log: FakeLog;
  client(metadata?: Metadata): PlanClient;
  /** One figure of /metrics, the sum of all series whose line contains every part. */
  metric(name: string, ...parts: string[]): Promise<number>;
}

/** A whole host on free ports with the fixture plugins as its own. Stopped when the test ends. */
export async function startTestHost(
  options: TestConfigOptions | HostConfig = {},
  clock: Clock = systemClock,
  pluginDirectory = fixtureFolder('plugins'),
  recordingFiles?: AppendFiles,
  observerFactories?: readonly SessionObserverFactory[],
): Promise<TestHost> {
  const config =
    'generation' in options
      ? options
      : testConfig({ directories: [fixtureFolder('faulty-plugins')], ...options });
  const log = new FakeLog();
  const host = await startHost({
    clock,
    log,
    observerFactories,
    recordingFiles,
    configSource: new FixedConfigSource(config),
    packagesFrom: fixtureFolder(''),
    pluginDirectory,
  });
  onTestFinished(() => host.stop());
  const clients: PlanClient[] = [];
  onTestFinished(() => {
    for (const client of clients) client.cancel();
  });
  return {
    ...host,
    log,
    client: (metadata) => {
      const client = new PlanClient(host.address, metadata);
      clients.push(client);
      return client;
    },
    metric: async (name, ...parts) => {
      const response = await fetch(`http://${host.httpAddress}/metrics`);
      return (await response.text())
        .split('\n')
        .filter((line) => line.startsWith(name) && parts.every((part) => line.includes(part)))
        .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
  };
}

/** Resolves once `isSo` holds, polling between turns of the event loop. The test's own time limit bounds it. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(setImmediate);
}
