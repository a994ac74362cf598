import type { HostStatus, LivePlanUpdate, LiveUpdate } from '../api.js';
import type { LiveBoard } from './live-board.js';
import type { LivePlan } from './live-plan.js';

export interface FeedSource {
  readonly instance: string;
  readonly live: LiveBoard;
  readonly status: () => HostStatus;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/**
 * What one watcher has been told, and so what is new to him. An update is made when he can take it: one who reads slowly
 * gets fewer updates and always the newest state, and nothing waits for him in memory.
 */
export class LiveFeed {
  readonly #source: FeedSource;
  readonly #sent = new Map<string, { epoch: number; length: number }>();
  #change = 0;
  #membership = -1;
  #status = '';

  constructor(source: FeedSource) {
    this.#source = source;
  }

  /** Undefined when nothing has changed. The first has everything. */
  next(): LiveUpdate | undefined {
    const { live, instance, wallMs } = this.#source;
    const status = this.#newStatus();
    const members = this.#newMembers();
    const since = this.#change;
    this.#change = live.change;
    const plans =
      live.change === since
        ? []
        : live
            .plans()
            .filter(({ change }) => change > since)
            .map((plan) => this.#update(plan));
    if (status === undefined && members === undefined && plans.length === 0) return undefined;
    return {
      instance,
      sentAtMs: wallMs(),
      ...(status === undefined ? {} : { status }),
      ...(members === undefined ? {} : { members }),
      ...(plans.length === 0 ? {} : { plans }),
    };
  }

  #newStatus(): HostStatus | undefined {
    const status = this.#source.status();
    const text = JSON.stringify(status);
    if (text === this.#status) return undefined;
    this.#status = text;
    return status;
  }

  #newMembers(): readonly string[] | undefined {
    const { live } = this.#source;
    if (live.membership === this.#membership) return undefined;
    this.#membership = live.membership;
    const members = live.plans().map(({ sessionId }) => sessionId);
    const shown = new Set(members);
    for (const sessionId of this.#sent.keys())
      if (!shown.has(sessionId)) this.#sent.delete(sessionId);
    return members;
  }

  #update(plan: LivePlan): LivePlanUpdate {
    const { curve, sessionId } = plan;
    const sent = this.#sent.get(sessionId) ?? { epoch: -1, length: 0 };
    const part = curve.part(sent.epoch, sent.length);
    sent.epoch = curve.epoch;
    sent.length = curve.length;
    this.#sent.set(sessionId, sent);
    return { ...plan.summary(), curve: part };
  }
}

/** Where updates go. */
export interface UpdateWriter {
  readonly isOver: boolean;
  /** Resolves when the next update may be written. */
  write(update: LiveUpdate): Promise<void>;
  /** Keeps the connection alive when there is nothing to say. */
  beat(): Promise<void>;
  pause(milliseconds: number): Promise<void>;
}

const BEAT_MS = 15_000;

/** Writes updates, at most one in `intervalMs`, until the writer is over. */
export async function pumpFeed(
  feed: LiveFeed,
  writer: UpdateWriter,
  intervalMs: number,
): Promise<void> {
  let silentMs = 0;
  while (!writer.isOver) {
    const update = feed.next();
    if (update !== undefined) {
      silentMs = 0;
      await writer.write(update);
    } else if (silentMs >= BEAT_MS) {
      silentMs = 0;
      await writer.beat();
    }
    if (writer.isOver) return;
    await writer.pause(intervalMs);
    silentMs += intervalMs;
  }
}
