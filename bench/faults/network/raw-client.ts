import { Client, type ClientDuplexStream, credentials, type StatusObject } from '@grpc/grpc-js';

const METHOD = '/dh.advisor.v1.PlanAdvisor/Advise';
const same = (bytes: Buffer) => bytes;

export type RawCall = ClientDuplexStream<Buffer, Buffer>;

/** Speaks gRPC, and whatever bytes it is given instead of messages. */
export class RawClient {
  readonly #client: Client;

  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1,
      'grpc.enable_http_proxy': 0,
      'grpc.max_send_message_length': -1,
    });
  }

  open(): RawCall {
    const call = this.#client.makeBidiStreamRequest(METHOD, same, same);
    // The status says it all.
    call.on('error', () => undefined);
    return call;
  }

  close(): void {
    this.#client.close();
  }
}

/** How a call ends; undefined when it has not by then. */
export function endOf(call: RawCall, withinMs: number): Promise<StatusObject | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), withinMs);
    call.on('status', (status: StatusObject) => {
      clearTimeout(timer);
      resolve(status);
    });
  });
}
