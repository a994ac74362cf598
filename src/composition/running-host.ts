import type { BoundAddresses } from '../transport/grpc-host.js';
import { createContainer, type Foundation } from './container.js';
import { tokens } from './tokens.js';

/** A host that serves. */
export interface RunningHost extends BoundAddresses {
  readonly httpAddress: string;
  readonly version: string;
  /** Drains and stops. Calling it again waits for the same end. */
  stop(): Promise<void>;
}

/** Starts in order: models and plugins, recordings, changes of the configuration, gRPC, HTTP. Stops in the reverse order. */
export async function startHost(foundation: Foundation): Promise<RunningHost> {
  const container = createContainer(foundation);
  const config = foundation.configSource.current();
  const models = container.get(tokens.modelRepository);
  const plugins = container.get(tokens.pluginHost);
  const experiments = container.get(tokens.experiments);
  const shadows = container.get(tokens.shadows);
  const activator = container.get(tokens.activation);
  const faults = await activator.start(config);
  const recordings = container.get(tokens.trajectoryStore);
  recordings.prepare(config.recording);
  const grpc = container.get(tokens.grpcHost);
  const http = container.get(tokens.operatorHttp);
  const metrics = container.get(tokens.metrics);
  const { live, log } = foundation;
  // Sooner than anybody can ask for a change.
  live?.start({ activator, metrics, log }, faults);
  const bound = await grpc.listen();
  const httpAddress = await http.listen(config.httpAddress);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await live?.stop();
    await grpc.drain(foundation.configSource.current().server.drainMs);
    await recordings.close();
    await shadows.dispose();
    await experiments.dispose();
    await http.close();
    await plugins.dispose();
    await models.dispose();
    metrics.dispose();
  };
  return {
    ...bound,
    httpAddress,
    version: container.get(tokens.packageFacts).version,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
