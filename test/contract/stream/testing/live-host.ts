import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Metadata } from '@grpc/grpc-js';
import { expect, onTestFinished } from 'vitest';
import { startHost } from '../../../../src/composition/running-host.js';
import type { ConfigFiles } from '../../../../src/config/edit/config-files.js';
import { openLiveConfig } from '../../../../src/config/live/open-live-config.js';
import type { OpenExperimentStores } from '../../../../src/domain/experiments/plan-experiments.js';
import type { ConfigChange } from '../../../../src/domain/operations/operations.js';
import { FakeLog } from '../../../../src/domain/testing/fakes.js';
import { systemClock } from '../../../../src/system/system-clock.js';
import { OperatorClient } from '../../../../src/transport/operator/operator-client.js';
import { PlanClient } from './plan-client.js';
import { fixtureFolder } from './test-host.js';

const protoDirectory = fileURLToPath(new URL('../../../../proto', import.meta.url));

export interface LiveOptions {
  /** YAML after the addresses. */
  readonly yaml?: string;
  readonly token?: string;
  /** What the client shows; by default the host's own. */
  readonly shownToken?: string;
  readonly folder?: string;
  readonly files?: ConfigFiles;
  /** With further keys of `http`, such as `"0.0.0.0:0", insecure: i-know`. */
  readonly http?: string;
  /** Of another host that the operator's client asks. */
  readonly operatorAddress?: string;
  readonly openExperimentStores?: OpenExperimentStores;
}

export const early = (plugin: string) =>
  `roles:\n  early-stopping:\n    plugin: ${plugin}\n    deadline_ms: 2000\n`;

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-live-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A whole host over a configuration file that can change, with the fixture plugins, and an operator's client. */
export async function startLiveHost(options: LiveOptions = {}) {
  const folder = options.folder ?? temporaryFolder();
  const file = join(folder, 'host.yaml');
  const head = [
    'version: 1',
    'server: { address: "127.0.0.1:0", drain_ms: 100 }',
    'operator: { address: "127.0.0.1:0" }',
    `http: { address: ${options.http ?? '"127.0.0.1:0"'} }`,
    '',
  ].join('\n');
  const write = (yaml: string) => writeFileSync(file, head + yaml);
  if (options.yaml !== undefined) write(options.yaml);
  const log = new FakeLog();
  const wallMs = () => Date.now();
  const opened = await openLiveConfig({
    file,
    clock: systemClock,
    wallMs,
    log: () => log,
    files: options.files,
  });
  const host = await startHost({
    configSource: opened.live,
    live: opened.live,
    stopStore: opened.stopStore,
    clock: systemClock,
    log,
    packagesFrom: fixtureFolder(''),
    pluginDirectory: fixtureFolder('plugins'),
    // Tests share their processors, and are about other things.
    overload: () => undefined,
    operatorToken: options.token,
    openExperimentStores: options.openExperimentStores,
  });
  onTestFinished(() => host.stop());
  const token = options.shownToken ?? options.token ?? '';
  const address = options.operatorAddress ?? host.operatorAddress;
  const operator = new OperatorClient({ address, token, protoDirectory });
  onTestFinished(() => operator.close());
  const client = (headers: Readonly<Record<string, string>> = {}) => {
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(headers)) metadata.set(key, value);
    const plan = new PlanClient(host.address, metadata);
    onTestFinished(() => plan.cancel());
    return plan;
  };
  const change = (asked: ConfigChange, more: { expected?: number; dryRun?: boolean } = {}) =>
    operator.change({
      change: asked,
      origin: { who: 'tester', why: 'a test', via: 'command' },
      isDryRun: more.dryRun ?? false,
      expectedGeneration: more.expected,
    });
  const text = () => readFileSync(file, 'utf8');
  /** The code by which a change is refused. Makes sure that nothing has changed. */
  const refusal = async (asked: ConfigChange, more: { expected?: number } = {}) => {
    const before = [text(), host.operatorAddress, opened.live.current()];
    const thrown = await change(asked, more).then(
      () => expect.fail('it was made'),
      (reason: unknown) => reason as Error & { code: string },
    );
    expect([text(), host.operatorAddress, opened.live.current()]).toEqual(before);
    expect(opened.live.refusals()[0]).toMatchObject({ code: thrown.code, who: 'tester' });
    return `${thrown.code}: ${thrown.message}`;
  };
  return {
    ...host,
    refusal,
    folder,
    file,
    log,
    operator,
    client,
    change,
    write,
    text,
    live: opened.live,
  };
}
