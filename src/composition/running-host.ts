import type { AdviceStop } from '../domain/operations/operations.js';
import type { PluginState, RoleState } from '../domain/operations/role-board.js';
import type { BoundAddresses } from '../transport/grpc-host.js';
import { createContainer, type Foundation } from './container.js';
import { tokens } from './tokens.js';
import { refuseExposed, tryAddresses } from './try-addresses.js';

/** A host that serves. */
export interface RunningHost extends BoundAddresses {
  readonly httpAddress: string;
  readonly version: string;
  /** As it started: what serves each role, what was found and refused, and whether advice is stopped. */
  readonly roles: readonly RoleState[];
  readonly plugins: readonly PluginState[];
  readonly stopped: AdviceStop | undefined;
  /** The plugin whose code a stack goes through, if any. */
  ownerOf(stack: string): string | undefined;
  /** Drains and stops, every part whatever becomes of the others; rejects when one failed. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Starts in order: addresses that are free, certificates, models and plugins, recordings, changes of the configuration, gRPC, HTTP. Stops in the reverse order. */
export async function startHost(foundation: Foundation): Promise<RunningHost> {
  const config = foundation.configSource.current();
  refuseExposed(config);
  await tryAddresses(config);
  const container = createContainer(foundation);
  const certificates = container.get(tokens.certificates);
  // Sooner than models are loaded, which takes longer.
  await certificates.open(config.security);
  const models = container.get(tokens.modelRepository);
  const plugins = container.get(tokens.pluginHost);
  const experiments = container.get(tokens.experiments);
  const shadows = container.get(tokens.shadows);
  const activator = container.get(tokens.activation);
  const faults = await activator.start(config);
  const recordings = container.get(tokens.trajectoryStore);
  recordings.prepare(config.recording);
  const journals = container.get(tokens.journals);
  journals.prepare(config.journals);
  const grpc = container.get(tokens.grpcHost);
  const http = container.get(tokens.operatorHttp);
  const metrics = container.get(tokens.metrics);
  const { live, log } = foundation;
  // Sooner than anybody can ask for a change.
  live?.start({ activator, metrics: metrics.control, log }, faults);
  const bound = await grpc.listen();
  const httpAddress = await http.listen(config.httpAddress, bound.address);
  let stopping: Promise<void> | undefined;
  const steps: readonly (readonly [string, () => void | Promise<void>])[] = [
    ['configuration', () => live?.stop()],
    ['plans', () => grpc.drain(foundation.configSource.current().server.drainMs)],
    ['recordings', () => recordings.close()],
    ['journals', () => journals.close()],
    ['shadow arms', () => shadows.dispose()],
    ['experiments', () => experiments.dispose()],
    ['http', () => http.close()],
    ['certificates', () => certificates.close()],
    ['plugins', () => plugins.dispose()],
    ['models', () => models.dispose()],
    ['metrics', () => metrics.dispose()],
  ];
  const stop = async () => {
    const failures: unknown[] = [];
    for (const [part, end] of steps) {
      try {
        await end();
      } catch (thrown) {
        log.error('a part of the host did not stop as it should', { part, err: thrown });
        failures.push(thrown);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures, 'parts of the host failed to stop');
  };
  return {
    ...bound,
    httpAddress,
    version: container.get(tokens.packagePaths).version,
    roles: plugins.roles(),
    plugins: plugins.plugins(),
    stopped: container.get(tokens.killSwitch).stopped,
    ownerOf: (stack) => plugins.ownerOf(stack),
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
