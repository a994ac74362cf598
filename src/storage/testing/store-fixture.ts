import type { RecordingRequest } from '../../domain/session/session-observer.js';
import { CountingMetrics, FakeLog } from '../../domain/testing/fakes.js';
import { fakeBasis, fakeOpening } from '../../domain/testing/play-session.js';
import { testConfig } from '../../domain/testing/test-config.js';
import { convertRecording } from '../recordings/convert-recording.js';
import { nodeAppendFiles } from '../recordings/journal/recording-log.js';
import { type StoreServices, TrajectoryStore } from '../recordings/trajectory-store.js';

export const SECRET = 'a secret of the tests';

/** A host's store over a real directory. */
export function storeAt(directory: string, services: Partial<StoreServices> = {}) {
  const log = new FakeLog();
  const metrics = new CountingMetrics();
  const store = new TrajectoryStore({
    clock: { nowMs: () => 0 },
    log,
    metrics,
    files: nodeAppendFiles,
    convert: async (paths) => convertRecording(paths),
    environment: { DH_ADVISOR_RECORDING_SECRET: SECRET },
    ...services,
  });
  const config = testConfig({ recording: { enabled: true, directory } }).recording;
  const request = (sessionId: string, overrides: Partial<RecordingRequest> = {}) => ({
    sessionId,
    opening: fakeOpening(),
    generation: 3,
    bindings: [],
    config,
    basis: fakeBasis(),
    seed: 7,
    ...overrides,
  });
  const counted = (result: string) => metrics.counts.get(`recording ${result}`) ?? 0;
  return { directory, store, log, config, request, counted };
}
