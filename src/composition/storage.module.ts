import { ContainerModule } from 'inversify';
import { TrajectoryStore } from '../storage/recordings/trajectory-store.js';
import { convertInWorker } from '../workers/convert-in-worker.js';
import { tokens } from './tokens.js';

/** What outlives the process. */
export const storageModule = new ContainerModule(({ bind }) => {
  bind(tokens.trajectoryStore)
    .toResolvedValue(
      (clock, log, metrics, files, paths) =>
        new TrajectoryStore({
          clock,
          log,
          metrics,
          files,
          environment: process.env,
          convert: convertInWorker(paths.convertScript),
        }),
      [tokens.clock, tokens.log, tokens.metrics, tokens.recordingFiles, tokens.packagePaths],
    )
    .inSingletonScope();
});
