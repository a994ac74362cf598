import { ContainerModule } from 'inversify';
import { JournalStore } from '../storage/journals/journal-store.js';
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
          metrics: metrics.recordings,
          files,
          environment: process.env,
          convert: convertInWorker(paths.convertScript),
        }),
      [tokens.clock, tokens.log, tokens.metrics, tokens.recordingFiles, tokens.packagePaths],
    )
    .inSingletonScope();
  bind(tokens.journals)
    .toResolvedValue(
      (clock, log, metrics, files, paths) =>
        new JournalStore({
          clock,
          log,
          files,
          wallMs: Date.now,
          metrics: metrics.journals,
          host: `dh-advisor ${paths.version}`,
        }),
      [tokens.clock, tokens.log, tokens.metrics, tokens.journalFiles, tokens.packagePaths],
    )
    .inSingletonScope();
});
