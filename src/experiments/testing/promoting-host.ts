import type { HostError } from '../../domain/errors/host-error.js';
import type { RampPosition } from '../../domain/experiments/experiments.js';
import type { ChangeRequest } from '../../domain/operations/operations.js';
import { FakeConfigControl } from '../../domain/testing/fake-operations.js';
import { FakeLog } from '../../domain/testing/fakes.js';
import { memoryStores } from '../../domain/testing/memory-stores.js';
import { testExperiment } from '../../domain/testing/test-experiment.js';
import { Promotions } from '../promotions.js';
import { startRamp } from '../ramp.js';

export const experiment = testExperiment({ promote: { label: 'stable' } });

export const promoted: RampPosition = {
  ...startRamp(experiment, 0),
  state: 'promoted',
  reason: 'new is better.',
  promotedArm: 'new',
};

/** A configuration that refuses changes while `refuses` is set, and keeps those it takes. */
export class MemoryConfiguration extends FakeConfigControl {
  refuses: HostError | undefined;

  override async change(request: ChangeRequest) {
    if (this.refuses !== undefined) throw this.refuses;
    const { origin, change } = request;
    const report = await super.change(request);
    if (change.kind === 'label') {
      const what = `label ${change.model} ${change.label} ${change.version}`;
      this.records.unshift({ ...origin, generation: 2, atMs: 0, what, differences: [] });
    }
    return report;
  }
}

/** What promotes, with a configuration that takes changes in memory, and a clock to be set. */
export function host(stores = memoryStores(), control = new MemoryConfiguration()) {
  const state = { nowMs: 1_000_000 };
  const log = new FakeLog();
  const promotions = new Promotions({
    control,
    configuration: 'here',
    log,
    wallMs: () => state.nowMs,
  });
  return { promotions, control, log, state, stores };
}
