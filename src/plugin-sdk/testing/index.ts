/** For tests of plugins: fakes of the host's services, small runs, and the contract every plugin must keep. */
export {
  type ContractOptions,
  type ContractRule,
  contractRules,
  type PluginUnderTest,
} from './contract.js';
export { FakeClock } from './fake-clock.js';
export {
  FakeInference,
  type FakeServices,
  fakeModel,
  fakeServices,
  pickServices,
  RecordingLogger,
} from './fake-services.js';
export {
  createPlugin,
  createWithModel,
  fakeSession,
  type PlayedAnswer,
  type PlayOptions,
  playRun,
} from './play-run.js';
export { readPluginFolder } from './plugin-folder.js';
export { fakePlan, type RecordedRunOptions, recordedRun } from './recorded-run.js';
