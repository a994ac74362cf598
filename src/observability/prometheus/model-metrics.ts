import { Counter, Gauge, type Registry } from 'prom-client';
import type {
  ModelGauges,
  ModelMeter,
  ModelMetrics,
  Placement,
} from '../../domain/operations/models.js';
import type { ModelIdentity } from '../../plugin-sdk/index.js';
import { LatencyHistogram } from './latency-histogram.js';
import { SECONDS } from './seconds.js';

const MODEL_LABELS = ['model', 'version', 'placement'] as const;
const QUESTIONS = [1, 2, 4, 8, 16, 32, 64, 128];
/** Reading, checking and trying out a model takes from milliseconds to many seconds. */
const LOAD_SECONDS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

/** Prometheus figures of models and of the threads they run in. Labels: model, version, placement, state, reason. */
export class PromModelMetrics implements ModelMetrics {
  readonly #registry: Registry;
  readonly #meters = new Map<string, ModelMeter>();
  readonly #runSeconds: LatencyHistogram;
  readonly #runQuestions: LatencyHistogram;
  readonly #queueSeconds: LatencyHistogram;
  readonly #loadSeconds: LatencyHistogram;
  readonly #warmUpSeconds: LatencyHistogram;
  readonly #waiting: Gauge<(typeof MODEL_LABELS)[number]>;
  readonly #unanswered: Counter<(typeof MODEL_LABELS)[number] | 'reason'>;

  constructor(registry: Registry) {
    this.#registry = registry;
    const histogram = (name: string, help: string, seconds: readonly number[]) =>
      new LatencyHistogram({ name, help, seconds, registry });
    this.#runSeconds = histogram(
      'dh_advisor_model_run_seconds',
      'One call of the runtime, which may answer several questions.',
      SECONDS,
    );
    this.#runQuestions = histogram(
      'dh_advisor_model_batch_questions',
      'Questions answered by one call of the runtime.',
      QUESTIONS,
    );
    this.#queueSeconds = histogram(
      'dh_advisor_plugin_queue_seconds',
      'How long a question of a plugin waited for its model.',
      SECONDS,
    );
    this.#loadSeconds = histogram(
      'dh_advisor_model_load_seconds',
      'Reading and checking the files of a version that became ready.',
      LOAD_SECONDS,
    );
    this.#warmUpSeconds = histogram(
      'dh_advisor_model_warmup_seconds',
      'Trying out a version that became ready.',
      LOAD_SECONDS,
    );
    const registers = [registry];
    this.#waiting = new Gauge({
      name: 'dh_advisor_model_queue_questions',
      help: 'Questions that wait.',
      labelNames: MODEL_LABELS,
      registers,
    });
    this.#unanswered = new Counter({
      name: 'dh_advisor_model_unanswered_total',
      help: 'Questions to a model that ended without an answer.',
      labelNames: [...MODEL_LABELS, 'reason'],
      registers,
    });
  }

  /** A model that is loaded again goes on with its old figures. */
  model({ id: model, version }: ModelIdentity, placement: Placement): ModelMeter {
    const labels = { model, version, placement };
    const key = Object.values(labels).join(' ');
    const known = this.#meters.get(key);
    if (known !== undefined) return known;
    const seconds = this.#runSeconds.series(labels);
    const questions = this.#runQuestions.series(labels);
    const queue = this.#queueSeconds.series(labels);
    const meter: ModelMeter = {
      ran: (runMs, answered) => {
        seconds.record(runMs / 1000);
        questions.record(answered);
      },
      queued: (waiting) => this.#waiting.set(labels, waiting),
      waited: (waitMs) => queue.record(waitMs / 1000),
      unanswered: (reason, count) => this.#unanswered.inc({ ...labels, reason }, count),
    };
    this.#meters.set(key, meter);
    return meter;
  }

  modelReady({ id: model, version }: ModelIdentity, loadMs: number, warmUpMs: number): void {
    this.#loadSeconds.series({ model, version }).record(loadMs / 1000);
    this.#warmUpSeconds.series({ model, version }).record(warmUpMs / 1000);
  }

  watchModels(source: ModelGauges): void {
    const registers = [this.#registry];
    new Gauge({
      name: 'dh_advisor_model_state',
      help: '1 for the state that a model version is in.',
      labelNames: ['model', 'version', 'state'],
      registers,
      collect() {
        this.reset();
        for (const { id, version, state } of source.models()) {
          this.set({ model: id, version, state }, 1);
        }
      },
    });
    new Gauge({
      name: 'dh_advisor_worker_pool_busy',
      help: 'Questions that worker threads run now.',
      registers,
      collect() {
        this.set(source.workerPool().busy);
      },
    });
    new Gauge({
      name: 'dh_advisor_worker_pool_queue',
      help: 'Questions that wait for a worker thread.',
      registers,
      collect() {
        this.set(source.workerPool().queued);
      },
    });
  }
}
