import type { StartShadowWorker, WorkerEvents } from '../shadow-link.js';
import type { ReadyShadowArm, ToShadows } from '../shadow-messages.js';

/** Workers of shadow arms that do what a test says, one after the other as they are started. */
export class FakeShadowWorkers {
  readonly sent: ToShadows[] = [];
  started = 0;
  terminated = 0;
  /** Whether configurations are answered at once. */
  answers = true;
  refusal: string | undefined;
  #events: WorkerEvents | undefined;

  /** What starting one throws. */
  failure: Error | undefined;

  readonly start: StartShadowWorker = (events) => {
    if (this.failure !== undefined) throw this.failure;
    this.started += 1;
    this.#events = events;
    return {
      post: (messages) => {
        for (const message of messages) this.#take(message);
      },
      terminate: () => {
        this.terminated += 1;
      },
    };
  };

  get events(): WorkerEvents {
    if (this.#events === undefined) throw new Error('no worker was started');
    return this.#events;
  }

  of<Kind extends ToShadows['kind']>(kind: Kind) {
    return this.sent.filter(
      (message): message is Extract<ToShadows, { kind: Kind }> => message.kind === kind,
    );
  }

  /** As if all that came had been computed. */
  catchUp(): void {
    const items = this.of('item');
    const bytes = items.reduce((sum, item) => sum + item.bytes, 0);
    this.events.onMessage({ kind: 'done', items: items.length, bytes });
  }

  #take(message: ToShadows): void {
    this.sent.push(message);
    if (message.kind !== 'prepare' || !this.answers) return;
    const { preparation, config } = message;
    const all = config.experiments.flatMap(({ id: experiment, shadowArms }, index) =>
      shadowArms.map(({ id: arm }, place) => ({
        experiment,
        arm,
        path: ['experiments', index, 'shadow_arms', place],
      })),
    );
    const roles: ReadyShadowArm['roles'] = [
      { role: 'early-stopping', wants: [{ kind: 'gradient', everyN: 1 }] },
    ];
    const problem = this.refusal;
    const answer =
      problem === undefined
        ? { ready: all.map(({ path: _, ...arm }) => ({ ...arm, roles })), refused: [] }
        : { ready: [], refused: all.map((arm) => ({ ...arm, problem })) };
    queueMicrotask(() => this.events.onMessage({ kind: 'prepared', preparation, ...answer }));
  }
}
