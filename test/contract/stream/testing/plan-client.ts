import {
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  type StatusObject,
} from '@grpc/grpc-js';
import type { AdvisorEvent } from '../../../../src/generated/dh/advisor/v1/AdvisorEvent.js';
import type { OptimizerEventInit } from '../../../../src/generated/dh/advisor/v1/OptimizerEvent.js';
import type { PlanAdvisorClient } from '../../../../src/generated/dh/advisor/v1/PlanAdvisor.js';
import type { ProtoGrpcType } from '../../../../src/generated/plan_advisor.js';
import { loadContract } from '../../../../src/transport/proto-options.js';

const contract = loadContract(new URL('../../../../proto', import.meta.url).pathname);
export const grpc = loadPackageDefinition(contract) as unknown as ProtoGrpcType;

/** One stream of one plan, driven message by message. */
export class PlanClient {
  readonly #client: PlanAdvisorClient;
  readonly #call: ClientDuplexStream<OptimizerEventInit, AdvisorEvent>;
  readonly #received: AdvisorEvent[] = [];
  readonly #waiting: ((event: AdvisorEvent | undefined) => void)[] = [];
  #isOver = false;
  /** How the stream ended. */
  readonly status: Promise<StatusObject>;

  constructor(address: string, metadata = new Metadata(), secrets = credentials.createInsecure()) {
    this.#client = new grpc.dh.advisor.v1.PlanAdvisor(address, secrets);
    this.#call = this.#client.advise(metadata);
    this.#call.on('data', (event: AdvisorEvent) => {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#received.push(event);
      else waiting(event);
    });
    this.status = new Promise((resolve) => {
      this.#call.on('status', (status) => {
        this.#isOver = true;
        for (const waiting of this.#waiting.splice(0)) waiting(undefined);
        resolve(status);
        this.#client.close();
      });
    });
    // The status says it all; without a listener the error would end the process.
    this.#call.on('error', () => undefined);
  }

  send(event: OptimizerEventInit): boolean {
    return this.#call.write(event);
  }

  /** The next message, or undefined when the stream has ended. */
  next(): Promise<AdvisorEvent | undefined> {
    const event = this.#received.shift();
    if (event !== undefined || this.#isOver) return Promise.resolve(event);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async ask(event: OptimizerEventInit): Promise<AdvisorEvent | undefined> {
    this.send(event);
    return this.next();
  }

  /** Sends events in order, waiting for the answer of each that has one. Returns the answers. */
  async play(
    events: readonly OptimizerEventInit[],
  ): Promise<readonly (AdvisorEvent | undefined)[]> {
    const answers: (AdvisorEvent | undefined)[] = [];
    for (const event of events) {
      if (event.levelEnd || event.volumeChunk) this.send(event);
      else answers.push(await this.ask(event));
    }
    return answers;
  }

  /** Stops reading, as a client that is busy elsewhere. */
  stopReading(): void {
    this.#call.pause();
  }

  cancel(): void {
    this.#call.cancel();
  }

  halfClose(): void {
    this.#call.end();
  }

  async errorCode(): Promise<string> {
    const { metadata, code } = await this.status;
    return `${code} ${String(metadata.get('dh-error-code')[0] ?? '')}`.trim();
  }
}
