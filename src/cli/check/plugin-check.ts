import { resolve } from 'node:path';
import { SOLVERS } from '@dh-advisor/plugin-sdk';
import { contractRules, fakePlan, fakeServices } from '@dh-advisor/plugin-sdk/testing';
import { createContainer } from '../../composition/container.js';
import { tokens } from '../../composition/tokens.js';
import { FixedConfigSource } from '../../config/live/fixed-config-source.js';
import { parseConfig, readConfig } from '../../config/read-config.js';
import { describeThrown } from '../../domain/errors/host-error.js';
import type { HostConfig } from '../../domain/host-config.js';
import { isolatedDefinition } from '../../host/isolation/isolated-definition.js';
import { readCode } from '../../host/plugins/plugin-code.js';
import { readPlugin } from '../../host/plugins/plugin-discovery.js';
import { createPinoLog } from '../../observability/pino-log.js';
import { systemClock } from '../../system/system-clock.js';

export interface CheckOptions {
  readonly python?: string | undefined;
  /** A configuration: its models, and what a process may take. */
  readonly config?: string | undefined;
}

/** One rule of the contract, and what became of it. */
export interface CheckedRule {
  readonly name: string;
  /** Undefined when the plugin keeps it. */
  readonly problem: string | undefined;
}

function configOf({ config: file, python }: CheckOptions): HostConfig {
  const { config } = file === undefined ? parseConfig('version: 1', 'host.yaml') : readConfig(file);
  const isolation = { ...config.plugins.isolation, ...(python && { python }) };
  return { ...config, plugins: { ...config.plugins, isolation } };
}

/**
 * Plays the contract kit to a plugin that runs in a process of its own, as it would in a host, for plans of every solver.
 * @throws HostError when it cannot be started at all.
 */
export async function checkPlugin(
  folder: string,
  options: CheckOptions,
  onRule: (rule: CheckedRule) => void,
): Promise<void> {
  const config = configOf(options);
  const container = createContainer({
    configSource: new FixedConfigSource(config),
    clock: systemClock,
    log: createPinoLog('error', { write: () => undefined }),
    packagesFrom: process.cwd(),
    openExperimentStores: null,
  });
  const found = readPlugin(resolve(folder));
  const code = await readCode(found);
  const models = await container.get(tokens.modelRepository).prepare(config.models);
  const inference = models.view.lease();
  const isolation = container.get(tokens.pluginIsolation);
  const context = () => ({
    ...isolation,
    clock: systemClock,
    log: container.get(tokens.log),
    config,
    inference,
    code,
  });
  try {
    const isolated = await isolatedDefinition(found, context);
    for (const solver of SOLVERS) {
      const underTest = { manifest: found.written, plugin: isolated.definition };
      const kit = { plan: fakePlan({ solver }), services: () => fakeServices({ inference }) };
      for (const rule of contractRules(underTest, kit)) {
        const problem = await rule.check().then(() => undefined, describeThrown);
        onRule({ name: `${rule.name} (${solver})`, problem });
      }
    }
    await isolated.dispose();
  } finally {
    await inference.release();
    await models.discard();
    await container.get(tokens.modelRepository).dispose();
    container.get(tokens.metrics).dispose();
  }
}
