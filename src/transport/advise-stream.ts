import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import { cutText } from '../domain/cut-text.js';
import { HostError } from '../domain/errors/host-error.js';
import type { ServerConfig } from '../domain/host-config.js';
import type { Log } from '../domain/log.js';
import { chain, isPromise, type MaybePromise } from '../domain/maybe-promise.js';
import { type AccessGuard, CALL_NEEDS, type Shown } from '../domain/operations/access.js';
import type { StreamMetrics } from '../domain/operations/metrics.js';
import type {
  Advisor,
  AdvisorSession,
  CloseReason,
  Notice,
  Reply,
} from '../domain/session/advisor.js';
import type { AdvisorEventInit } from '../generated/dh/advisor/v1/AdvisorEvent.js';
import type { OptimizerEvent } from '../generated/dh/advisor/v1/OptimizerEvent.js';
import type { VolumeChunk } from '../generated/dh/advisor/v1/VolumeChunk.js';
import type { VolumeKind } from '../plugin-sdk/index.js';
import { decodeEvent, decodeReceipt } from './codec/decode-event.js';
import { decodeStart } from './codec/decode-start.js';
import { encodeAcceptance, encodeNotice, encodeReply } from './codec/encode-reply.js';
import type { WantedKinds } from './codec/tensor-codec.js';
import { Undecodable } from './codec/undecodable.js';
import { VolumeAssembler } from './codec/volume-assembler.js';
import { tensorKindWord } from './codec/wire-names.js';
import { forcedArmsOf, shownBy } from './operator/operator-credentials.js';
import { toStatus } from './status.js';
import { type Answer, StreamPump } from './stream-pump.js';
import type { UnopenedStreams } from './unopened-streams.js';

export interface AdviseDependencies {
  readonly advisor: Advisor;
  readonly metrics: StreamMetrics;
  readonly log: Log;
  /** For plans, and for arms of experiments that a stream asks for. */
  readonly guard: AccessGuard;
  readonly limits: () => Pick<ServerConfig, 'maxVolumeBytes'>;
  /** Where a stream counts until it has opened. */
  readonly unopened: UnopenedStreams;
}

type Received = OptimizerEvent | Undecodable;
type AdviseCall = ServerDuplexStream<Received, AdvisorEventInit>;

/** Roles times a few iterations; more than any optimizer has to say at once. */
const MOST_RECEIPTS = 1000;

const kinds = ['start', 'volumeChunk', 'geometry', 'levelStart', 'iteration', 'levelEnd', 'finish'];

function eventName(message: OptimizerEvent): string {
  const present = kinds.find((kind) => message[kind as keyof OptimizerEvent]);
  return present?.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) ?? 'unknown';
}

/** One stream: opens its session with the first message, then answers event by event. */
export class AdviseStream {
  readonly #dependencies: AdviseDependencies;
  readonly #pump: StreamPump<Received, AdvisorEventInit>;
  /** Called once the stream has said what plan it is of, or is gone. */
  #opened: () => void = () => undefined;
  readonly #peer: string;
  readonly #traceParent: string;
  readonly #volumes = new Map<VolumeKind, VolumeAssembler | 'ignored'>();
  #session: AdvisorSession | undefined;
  #wanted: WantedKinds = new Set();
  #log: Log;
  readonly #metadata: Metadata;
  readonly #shown: Shown;
  /** Set when the stream ended; a session that opens afterwards is over at once. */
  #left: CloseReason | undefined;

  constructor(call: AdviseCall, dependencies: AdviseDependencies) {
    this.#dependencies = dependencies;
    this.#log = dependencies.log;
    this.#metadata = call.metadata;
    this.#shown = shownBy(call);
    // The port changes with every connection; the limit per client counts addresses.
    this.#peer = call.getPeer().replace(/:\d+$/, '');
    this.#traceParent = String(call.metadata.get('traceparent')[0] ?? '');
    this.#pump = new StreamPump<Received, AdvisorEventInit>(call, {
      handle: (message) => this.#handle(message),
      toStatus: (thrown) => {
        this.#leave('refused');
        return toStatus(thrown, this.#log);
      },
      inputEnded: () => this.#leave('broken'),
      broken: () => this.#leave('broken'),
    });
    this.#opened = dependencies.unopened.enter((error) => this.#pump.fail(error));
  }

  #leave(reason: CloseReason): void {
    const session = this.#session;
    this.#session = undefined;
    this.#left ??= reason;
    this.#opened();
    session?.streamClosed(reason);
  }

  #handle(message: Received): Answer<AdvisorEventInit> {
    this.#dependencies.metrics.received();
    if (message instanceof Undecodable) {
      throw new HostError('message-undecodable', { problem: cutText(message.problem) });
    }
    const session = this.#session;
    if (session === undefined) return this.#open(message);
    const { receipts = [] } = message;
    if (receipts.length > MOST_RECEIPTS) {
      const problem = `has ${receipts.length} entries, but at most ${MOST_RECEIPTS} are taken`;
      throw new HostError('invalid-field', { field: 'receipts', problem });
    }
    for (const wire of receipts) {
      const receipt = decodeReceipt(wire);
      if (receipt !== undefined) session.plan.receipt(receipt);
    }
    if (message.start) throw new HostError('event-duplicate', { event: 'start' });
    if (message.volumeChunk) return this.#addChunk(session, message.volumeChunk);
    const event = decodeEvent(message, this.#wanted);
    if (event === undefined) {
      if (receipts.length === 0) this.#ignoreUnknown();
      return undefined;
    }
    return chain(session.plan.handle(event), (reply) => this.#encode(reply));
  }

  #open({ start, ...message }: OptimizerEvent): Answer<AdvisorEventInit> {
    if (!start) throw new HostError('first-message-not-start', { event: eventName(message) });
    this.#opened();
    const forced = this.#admit();
    if (!isPromise(forced)) return this.#openPlan(start, forced);
    // Whoever has left meanwhile opens nothing.
    return forced.then((arms) =>
      this.#left === undefined ? this.#openPlan(start, arms) : undefined,
    );
  }

  /** That this caller may open plans, and the arms that it asks for. */
  #admit(): MaybePromise<Readonly<Record<string, string>>> {
    const { guard } = this.#dependencies;
    const admitted = guard.admit(this.#shown, CALL_NEEDS['PlanAdvisor.Advise']);
    const arms = () => forcedArmsOf(this.#metadata, this.#shown, guard);
    return isPromise(admitted) ? admitted.then(arms) : arms();
  }

  #openPlan(
    start: NonNullable<OptimizerEvent['start']>,
    forced: Readonly<Record<string, string>>,
  ): Answer<AdvisorEventInit> {
    const { advisor } = this.#dependencies;
    const listener = {
      notice: (notice: Notice) => this.#notify(notice),
      end: (error: unknown) => this.#end(error),
    };
    const opened = advisor.open(
      decodeStart(start, this.#traceParent),
      this.#peer,
      listener,
      forced,
    );
    if (!isPromise(opened)) return this.#accept(opened);
    return opened.then((session) => {
      if (this.#left === undefined) return this.#accept(session);
      session.streamClosed(this.#left);
      return undefined;
    });
  }

  #accept(session: AdvisorSession): AdvisorEventInit {
    this.#session = session;
    const { acceptance } = session;
    this.#wanted = new Set(acceptance.wanted.map(({ kind }) => kind));
    this.#log = this.#log.child({
      session: acceptance.sessionId,
      generation: acceptance.generation,
    });
    this.#dependencies.metrics.sent();
    return encodeAcceptance(acceptance);
  }

  #encode(reply: Reply | undefined): AdvisorEventInit | undefined {
    if (reply === undefined) return undefined;
    this.#dependencies.metrics.sent();
    const wire = encodeReply(reply);
    if (reply.kind !== 'summary') return wire;
    this.#pump.send(wire);
    this.#leave('finished');
    this.#pump.close();
    return undefined;
  }

  #addChunk(session: AdvisorSession, chunk: VolumeChunk): Answer<AdvisorEventInit> {
    const kind = tensorKindWord.get(chunk.kind ?? 0);
    if (kind !== 'ct' && kind !== 'structure-mask') {
      const problem = 'is not CT or STRUCTURE_MASK';
      throw new HostError('invalid-field', { field: 'volume_chunk.kind', problem });
    }
    let assembler = this.#volumes.get(kind);
    if (assembler === undefined) {
      const isWanted = this.#wanted.has(kind);
      const { maxVolumeBytes } = this.#dependencies.limits();
      assembler = isWanted ? new VolumeAssembler(kind, maxVolumeBytes) : 'ignored';
      this.#volumes.set(kind, assembler);
      if (!isWanted) this.#ignore(`volume ${kind} was not asked for`);
    }
    if (assembler === 'ignored') return undefined;
    const volume = assembler.add(chunk);
    if (volume === undefined) return undefined;
    const reply = session.plan.handle({ kind: 'volume', volumeKind: kind, volume });
    return chain(reply, (settled) => this.#encode(settled));
  }

  #ignoreUnknown(): void {
    this.#ignore('the message holds no event that this host knows');
  }

  #ignore(text: string): void {
    this.#dependencies.metrics.spurious();
    this.#notify({ kind: 'ignored', text });
  }

  #notify(notice: Notice): void {
    this.#pump.send(encodeNotice(notice));
  }

  #end(error: unknown): void {
    this.#session = undefined;
    if (error === undefined) this.#pump.close();
    else this.#pump.fail(error);
  }
}
