import type { Counter } from 'prom-client';
import type { RecordingMetrics, RecordingResult } from '../../domain/operations/metrics.js';
import type { Instruments } from './instruments.js';

/** Figures of recordings. */
export class PromRecordingMetrics implements RecordingMetrics {
  readonly #recordings: Counter<'result'>;

  constructor(make: Instruments) {
    this.#recordings = make.counter('dh_advisor_recordings_total', 'What became of recordings.', [
      'result',
    ]);
  }

  recording(result: RecordingResult): void {
    this.#recordings.inc({ result });
  }
}
